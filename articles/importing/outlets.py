"""Outlets during an import: found by any alias or old slug, or created."""

from collections.abc import Sequence

from sources.formats.raw_article import OldAddress, RawArticle
from sources.models import ImportRun, OldSlug, Source, SourceAlias
from sources.text.outlet_names import initial, name_key, pinyin, untaken_slug


class Outlets:
    """Resolves outlet names to ids, all held in memory; call `forget` after a rolled-back transaction.

    `always` is the outlet that all articles are filed under, `hold` the reason to send all of them to review, `apart`
    an external id: an editor said that the input is another article than the one that has it.
    """

    def __init__(self, always: str = "", run: ImportRun | None = None, hold: str = "", apart: str = ""):
        self.always = always
        self.hold = hold
        self.apart = apart
        self.run = run
        self.forget()

    def forget(self) -> None:
        """Load all names and old slugs from the database."""
        self.ids = dict(SourceAlias.objects.values_list("key", "source_id"))
        self.names = dict(Source.objects.values_list("pk", "name"))
        self.old_slugs = dict(OldSlug.objects.values_list("slug", "source_id"))
        # An old slug stays taken: it redirects to its outlet.
        self.tried: dict[str, int] = {}
        self.slugs = {*Source.objects.values_list("slug", flat=True), *self.old_slugs}
        unnamed = Source.objects.filter(standing=Source.Standing.UNNAMED)
        self.unnamed = set(unnamed.values_list("pk", flat=True))

    def known(self, raw: RawArticle) -> int | None:
        """The id of the article's outlet, or None if it does not exist yet."""
        return self.ids.get(name_key(self.always or raw.outlet))

    def resolve(self, name: str | int) -> int | str:
        """The id of the outlet with this name; the name's key if there is none yet."""
        if isinstance(name, int):
            return name
        key = name_key(name)
        return self.ids.get(key, key)

    def same(self, one: str, other: str) -> bool:
        """Whether two names mean one outlet."""
        return self.resolve(one) == self.resolve(other)

    def called(self, name: str) -> str:
        """The portal's name of the outlet with this name or alias."""
        return self.names.get(self.resolve(name), name)

    def said_by(self, raw: RawArticle) -> str:
        """The outlet within which the article's external id is unique: who brings it, not whom it credits."""
        return self.always or raw.teller or raw.channel or raw.outlet

    def expect(self, raws: Sequence[RawArticle]) -> None:
        """Create all new outlets and old slugs of a batch in three statements: a batch may bring hundreds.

        An outlet of which only the old slug was known is left to `meet`, which names it.
        """
        renamed = {
            name_key(raw.channel) for raw in raws if self.old_slugs.get(raw.channel_slug) in self.unnamed
        }
        named = [name for raw in raws for name in (raw.channel, self.always or raw.outlet) if name]
        by_key = {name_key(name): name for name in dict.fromkeys(reversed(named))}
        fresh = [name for key, name in reversed(by_key.items()) if key not in self.ids and key not in renamed]
        self._introduce_all(fresh)
        slugs = {raw.channel_slug: raw.channel for raw in reversed(raws) if raw.channel and raw.channel_slug}
        bound = {
            slug: self.ids.get(name_key(name)) for slug, name in slugs.items() if slug not in self.old_slugs
        }
        bound = {slug: source for slug, source in reversed(bound.items()) if source}
        OldSlug.objects.bulk_create(
            OldSlug(slug=slug, source_id=source, introduced_by=self.run) for slug, source in bound.items()
        )
        self.old_slugs |= bound
        self.slugs |= bound.keys()

    def _introduce_all(self, names: list[str]) -> None:
        sources = []
        for name in names:
            source = Source(
                name=name, slug=untaken_slug(name, self.slugs, tried=self.tried), introduced_by=self.run
            )
            source.initial = initial(name)
            self.slugs.add(source.slug)
            sources.append(source)
        Source.objects.bulk_create(sources)
        SourceAlias.objects.bulk_create(
            SourceAlias(source=source, name=source.name, key=name_key(source.name), introduced_by=self.run)
            for source in sources
        )
        self.ids |= {name_key(source.name): source.pk for source in sources}
        self.names |= {source.pk: source.name for source in sources}

    def meet(self, raw: RawArticle) -> int:
        """The id of the article's outlet, created if need be; also creates its channel with the old slug."""
        if raw.channel:
            channel = self._source(raw.channel, raw.channel_slug)
            if raw.channel_slug and self.old_slugs.get(raw.channel_slug) is None:
                self._bind(raw.channel_slug, channel)
        return self._source(self.always or raw.outlet)

    def learn(self, address: OldAddress) -> None:
        """Learn an old category page's slug; its name only if the slug is that name in pinyin."""
        if address.slug in self.old_slugs:
            return
        if pinyin(address.name).casefold() == address.slug.casefold():
            source = self._source(address.name)
        else:
            note = "只从旧栏目页得知，名称待定。"
            source = self._introduce(address.slug, Source.Standing.UNNAMED, note=note)
            self.unnamed.add(source)
        self._bind(address.slug, source)

    def _source(self, name: str, old_slug: str = "") -> int:
        """The id of an outlet that a post names; one of which only the old slug was known gets that name."""
        key = name_key(name)
        nameless = self.ids.get(key) or self.old_slugs.get(old_slug)
        if nameless in self.unnamed:
            self._name(nameless, name)
        elif key not in self.ids:
            self._introduce(name, Source.Standing.NEW)
        return self.ids[key]

    def _introduce(self, name: str, standing: str, **fields) -> int:
        """As Source.objects.introduce, without its queries: an import may create two thousand outlets."""
        key = name_key(name)
        if key not in self.ids:
            slug = untaken_slug(name, self.slugs, tried=self.tried)
            source = Source.objects.create(
                name=name, slug=slug, standing=standing, introduced_by=self.run, **fields
            )
            SourceAlias.objects.create(source=source, name=name, introduced_by=self.run)
            self.slugs.add(slug)
            self.ids[key] = source.pk
            self.names[source.pk] = name
        return self.ids[key]

    def _name(self, source_id: int, name: str) -> None:
        """Name an outlet that was known only by its old slug, as its posts do."""
        source = Source.objects.get(pk=source_id)
        source.name, source.standing, source.note = name, Source.Standing.NEW, ""
        source.slug = Source.objects.free_slug(name, source_id)
        source.save()
        source.add_alias(name)
        self.unnamed.discard(source_id)
        self.ids[name_key(name)] = source_id
        self.names[source_id] = name

    def _bind(self, slug: str, source_id: int) -> None:
        OldSlug.objects.create(slug=slug, source_id=source_id, introduced_by=self.run)
        self.old_slugs[slug] = source_id
