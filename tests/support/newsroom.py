"""A newsroom with one of everything, every admin address with what fills it, and users of every kind."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from taggit.models import Tag

from articles.models import Picture, Revision
from articles.models.search_terms import SearchAlias, Unanswered
from articles.models.story import Story
from articles.taxonomy.merge_outlets import merge
from sources.files.raw_bytes import pack
from sources.models import FeedSubscription, ImportItem, ImportRun
from sources.models.outlet_history import Renaming
from sources.reading.saved_columns import keep
from sources.run_control.stored_uploads import store_upload
from tests.support.builders import make_article, make_category, make_security, make_source
from tests.support.editors import at_desk, make_user

NOBODY, STAFF, LOOKER, EDITOR, CHIEF, ROOT = "路人", "没有权限", "只看", "编辑", "主编", "超级用户"
LETTERS = {NOBODY: "N", STAFF: "S", LOOKER: "L", EDITOR: "E", CHIEF: "C", ROOT: "R"}


def clients() -> dict[str, Client]:
    looker = make_user()
    looker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return {
        NOBODY: Client(),
        STAFF: at_desk(make_user()),
        LOOKER: at_desk(looker),
        EDITOR: at_desk(make_user("编辑")),
        CHIEF: at_desk(make_user("主编")),
        ROOT: at_desk(make_user(is_superuser=True)),
    }


def furnish() -> dict[str, int]:
    """One of each model that has a page (by name), and the two revisions that pages are about."""
    owner = make_user("主编")
    paper, other = make_source("证券时报"), make_source("证券时报网")
    story = Story.objects.create()
    article = make_article("甲", paper, category=make_category("甲栏"), tags=["甲签"])
    told = make_article("乙", other, status="review")
    type(article).objects.file_under({article.pk: story.pk, told.pk: story.pk})
    run = ImportRun.objects.create(started_by=owner)
    item = ImportItem.objects.create(run=run, name="甲.md", outcome="created", raw=pack("正文".encode()))
    old = Revision.objects.create(article=article, version=0, kind="import", snapshot=article.kept())
    arrived = article.kept() | {"body_html": "<p>新来的正文。</p>"}
    waiting = Revision.objects.create(
        article=article, kind="import", state="pending", snapshot=arrived, import_item=item
    )
    picture = Picture.objects.create(article=article, version=1, position=1, url="https://a.cn/1.jpg")
    renaming = Renaming.objects.create(
        source=paper, name_was="时报", slug_was="shibao", name="证券时报", slug="x"
    )
    joined = merge(make_source("证券老报").pk, paper.pk, owner)
    layout = {"blocks": ["一段。"], "articles": [], "repeats": {}, "left_over": [1], "variants": {}}
    waits = {"name": "表.csv", "outcome": "rejected", "raw": pack(b"a,b\n1,2\n"), "layout": layout}
    return {
        "article": article.pk,
        "story": story.pk,
        "importrun": run.pk,
        "importitem": item.pk,
        "shelveditem": ImportItem.objects.create(run=run, **waits).pk,
        "clash": ImportItem.objects.create(
            run=run, name="丁.md", outcome="conflict", external_id="丁", raw=pack("正文".encode())
        ).pk,
        "source": paper.pk,
        "category": article.category_id,
        "security": make_security().pk,
        "tag": Tag.objects.get().pk,
        "picture": picture.pk,
        "sourcemerge": joined.pk,
        "searchalias": SearchAlias.objects.create(word="沧行", expansions="沧澜银行").pk,
        "unanswered": Unanswered.objects.create(
            words="火星", first_day="2024-05-01", last_day="2024-05-01"
        ).pk,
        "feedsubscription": FeedSubscription.objects.create(source=paper, url="https://a.cn/feed").pk,
        "columnmapping": keep("甲表", ["a", "b"], {"a": "title"}, None, owner).pk,
        "upload": store_upload([SimpleUploadedFile("甲.md", b"---\ntitle: A\n---\n")], by=owner).pk,
        "unwanted": store_upload([SimpleUploadedFile("乙.md", b"x")], by=owner).pk,
        "user": _idle().pk,
        "group": owner.groups.get().pk,
        "old": old.pk,
        "waiting": waiting.pk,
        "renaming": renaming.pk,
        "other_source": other.pk,
        "alone": make_article("丙", other).pk,
        "other_story": Story.objects.create().pk,
    }


def _idle() -> User:
    """Somebody who has done nothing and so can be deleted, the first of the list."""
    user = make_user()
    user.username = "a"
    user.save()
    return user


def patterns(found=None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the portal, as it is written, with its pattern."""
    for one in get_resolver().url_patterns if found is None else found:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, route)
        else:
            yield route, one


def public_addresses(filled: dict[str, dict[str, str]]) -> list[str]:
    """Every address that readers have, each feed in both kinds; `filled`: what a route's parts stand for, by how it
    begins. A KeyError says that a new route is not filled yet."""
    found = []
    for route, _ in patterns():
        if route.startswith(("admin/", "healthz", "readyz")):
            continue
        begin = re.match(r"[a-z]*/?", route)[0]
        for name in ("feed.xml", "feed.json") if "<feed:name>" in route else ("",):
            words = filled.get(begin, {}) | {"name": name}
            pieces = re.split(r"<(?:\w+:)?(\w+)>", route)
            pieces[1::2] = [words[part] for part in pieces[1::2]]
            found.append("/" + quote("".join(pieces)))
    return list(dict.fromkeys(found))


def admin_addresses(room: dict[str, int]) -> dict[str, str]:
    """The address of every named admin page, by its name, for what stands in the room."""
    named = {one.name: route for route, one in patterns() if route.startswith("admin/") and one.name}
    return {name: _address(name, route, room) for name, route in named.items()}


def _address(name: str, route: str, room: dict[str, int]) -> str:
    model = (re.match(r"admin/[a-z]+/([a-z]+)/", route) or ["", ""])[1]
    revision = "old" if name.endswith(("version", "restore")) else "waiting"
    row = {"discard": "unwanted", "clash": "clash"}.get(name.rpartition("_")[2], model)
    filled = {
        "pk": room.get(row),
        "object_id": room.get(model),
        "id": room.get(model),
        "revision_pk": room[revision],
        "renaming_pk": room["renaming"],
        "app_label": "articles",
        "content_type_id": 1,
    }
    names = re.findall(r"<(?:\w+:)?(\w+)>", route)
    try:
        return reverse(f"admin:{name}", kwargs={one: filled[one] for one in names})
    except NoReverseMatch:
        return f"/{route}"
