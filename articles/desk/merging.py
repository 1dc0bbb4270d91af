"""The page of a text that waits: what the source and the editors changed, and the merged text to take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.desk.differences import SAME, Paragraph, Piece, compare_texts
from articles.desk.publishing import may_publish
from articles.desk.versions import changes, differing, label, word
from articles.merging import BODY, MergedField, Proposal
from articles.models import Article, Revision
from sources.desk.names import visible
from sources.text.merging import Choice, Hunk, Kind, Passage, words

REASON_LENGTH = 500
TYPED = ("title", BODY)  # what may be put right in the merged text before it is saved
OVERTAKEN = "没有保存：你打开页面之后，别人改过这篇稿件。下面已按现在的文字重新合并。"
WHO = {Kind.THEIRS: "来源", Kind.OURS: "编辑", Kind.BOTH: "来源和编辑都"}


class NotSaved(Exception):
    """Nothing was written; the message says why. What the editor sent is shown to him again."""


# ------------------------------------------------------------------ what the page shows
@dataclass(slots=True)
class Shown:
    """A field or a passage of the body, ready to print: who changed it, its words marked, its forms if they clash."""

    kind: Kind
    name: str = ""
    label: str = ""
    marked: list[Paragraph] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)
    chosen: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def who(self) -> str:
        return WHO.get(self.kind, "")


@dataclass(slots=True)
class Row:
    """One block of the body with its passages, or how many blocks are left out because nobody changed them."""

    parts: list[Shown] = field(default_factory=list)
    skipped: int = 0


def _fields(proposal: Proposal, chosen: Mapping[str, str]) -> list[Shown]:
    changed = (one for one in proposal.merge.fields if one.kind is not Kind.SAME)
    return [_field(one, chosen.get(one.name, "")) for one in changed]


def _field(one: MergedField, chosen: str) -> Shown:
    said = {side: word(one.name, getattr(one, side)) for side in ("base", "theirs", "ours")}
    shown = Shown(one.kind, one.name, label(one.name), chosen=chosen, choices=(Choice.OURS, Choice.THEIRS))
    if one.kind is Kind.CONFLICT:
        shown.forms = said
    else:
        shown.marked = _marked(said["base"], word(one.name, one.taken()))
    return shown


def _marked(before: str, after: str) -> list[Paragraph]:
    """What was changed, marked; words that stayed, as they stand."""
    return compare_texts(before, after) if before != after else [[Piece(SAME, after)]]


def _rows(passages: list[Passage], chosen: Mapping[str, str]) -> Iterator[Row]:
    """The body's blocks in order; of those that nobody changed only the neighbours of a change."""
    touched = {n for n, hunks in enumerate(passages) if any(hunk.kind is not Kind.SAME for hunk in hunks)}
    near = {n + step for n in touched for step in (-1, 0, 1)}
    number, skipped = count(), 0
    for n, hunks in enumerate(passages):
        if n not in near:
            skipped += 1
            continue
        if skipped:
            yield Row(skipped=skipped)
        skipped = 0
        yield Row([_passage(hunk, number, chosen) for hunk in hunks if _has_words(hunk)])
    if skipped:
        yield Row(skipped=skipped)


def _has_words(hunk: Hunk) -> bool:
    """Tags that only open or close a block are no passage."""
    return any(words(form) or form.count("<") > 1 for form in (hunk.base, hunk.theirs, hunk.ours))


def _passage(hunk: Hunk, number: Iterator[int], chosen: Mapping[str, str]) -> Shown:
    if hunk.kind is Kind.CONFLICT:
        name = f"body-{next(number)}"
        forms = {side: words(getattr(hunk, side)) for side in ("base", "theirs", "ours")}
        both = (Choice.BOTH,) if hunk.theirs and hunk.ours else ()
        return Shown(
            hunk.kind, name, "正文", [], forms, chosen.get(name, ""), (Choice.OURS, Choice.THEIRS, *both)
        )
    before, after = words(hunk.base), words(hunk.taken())
    only_markup = hunk.kind is not Kind.SAME and before == after and bool(after)
    return Shown(hunk.kind, marked=_marked(before, after), label="（只改了格式）" if only_markup else "")


# ------------------------------------------------------------------ the page
def merge_page(desk, request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
    """Shows the three texts merged; asks about conflicts; shows the result; saves what was shown."""
    article = get_object_or_404(Article, pk=pk)
    if not desk.has_change_permission(request, article):
        raise PermissionDenied
    revision = get_object_or_404(_revisions(article), pk=revision_pk)
    if revision.version is not None or revision.snapshot is None or revision.state == Revision.State.TWIN:
        raise Http404
    if revision.state != Revision.State.PENDING:
        return _settled(desk, request, article, revision)
    if request.method == "POST" and request.POST.get("do") == "save":
        try:
            return _save(desk, request, article, revision)
        except NotSaved as why:
            article.refresh_from_db()
            return _show(desk, request, article, revision, str(why), status=409)
    return _show(desk, request, article, revision)


def _settled(desk, request: HttpRequest, article: Article, revision: Revision) -> HttpResponse:
    """Somebody has decided already, or a newer text has come: say so, and lead on."""
    desk.message_user(request, said_of(revision), messages.WARNING)
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def said_of(revision: Revision) -> str:
    """Why a text that had waited waits no longer."""
    if revision.state == Revision.State.SUPERSEDED:
        return "来源后来又有更新的一稿，这份文本不用再处理；请处理最新的那一份。"
    return "这份文本刚被别人处理过。"


def _show(desk, request, article, revision, error: str = "", status: int = 200) -> HttpResponse:
    proposal = Proposal.of(revision, article, _dated(request, article))
    conflicts = proposal.merge.conflicts()
    # What was chosen for one text says nothing of another.
    error = error or ("" if _is_current(request, article) else OVERTAKEN)
    chosen = {} if error else _chosen(request, conflicts)
    asks_for_result = request.POST.get("do") == "result" and not error
    unsettled = len(conflicts.keys() - chosen.keys())
    context = {
        **desk.admin_site.each_context(request),
        "title": "合并来源新稿",
        "subtitle": visible(str(article)),
        "opts": desk.opts,
        "article": article,
        "revision": revision,
        "proposal": proposal,
        "fields": _fields(proposal, chosen),
        "rows": list(_rows(proposal.merge.body.passages, chosen)),
        "conflicts": len(conflicts),
        "unsettled": unsettled if asks_for_result else 0,
        "counts": {side: proposal.merge.changed_by(kind) for side, kind in COUNTED.items()},
        "error": error,
        "lost": {name: request.POST[name] for name in TYPED if name in request.POST} if error else {},
        "reason": request.POST.get("reason", ""),
        "reason_length": REASON_LENGTH,
    }
    if not unsettled:
        context |= _result(proposal, chosen, show=asks_for_result)
    return TemplateResponse(request, "admin/articles/article/merge.html", context, status=status)


COUNTED = {"theirs": Kind.THEIRS, "ours": Kind.OURS, "both": Kind.BOTH}


def _result(proposal: Proposal, chosen: Mapping[str, Choice], show: bool) -> dict:
    """The merged text, and what taking it would change."""
    now, seal = proposal.article.kept(), proposal.seal(chosen)
    proposal.dress(chosen)
    merged = {name: getattr(proposal.article, name) for name in TYPED}
    found = {"changes": changes(now, proposal.article.kept()), "seal": seal, "merged": merged}
    return found | {"shows_result": show, "chosen": chosen}


def _chosen(request: HttpRequest, conflicts: Mapping) -> dict[str, Choice]:
    sent = {name: request.POST.get(f"choose-{name}", "") for name in conflicts}
    return {name: Choice(value) for name, value in sent.items() if value in list(Choice)}


def _is_current(request: HttpRequest, article: Article) -> bool:
    """Whether a form was made for the article as it still is."""
    return request.method != "POST" or request.POST.get("version") == str(article.version)


def _dated(request: HttpRequest, article: Article) -> bool:
    return may_publish(request.user) or article.status != Article.Status.PUBLISHED


# ------------------------------------------------------------------ saving
def _save(desk, request: HttpRequest, article: Article, revision: Revision) -> HttpResponse:
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        if not _is_current(request, article):
            raise NotSaved(OVERTAKEN)
        said = _put_in_force(request, article, revision)
    desk.log_change(request, article, said)
    desk.message_user(request, f"{said}，现在是第 {article.version} 版。", messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def _put_in_force(request: HttpRequest, article: Article, revision: Revision) -> str:
    """Save the merged text as the article's next version, if it is the one that was shown; what was done, in words."""
    proposal = Proposal.of(revision, article, _dated(request, article))
    chosen = _chosen(request, proposal.merge.conflicts())
    if chosen.keys() != proposal.merge.conflicts().keys():
        raise NotSaved("没有保存：还有冲突没有选定。")
    if request.POST.get("seal") != proposal.seal(chosen):
        raise NotSaved("没有保存：要合并的文字刚刚有了变化，请再看一遍。")
    waiting = Revision.objects.filter(pk=revision.pk, state=Revision.State.PENDING)
    if not waiting.update(state=Revision.State.APPLIED):
        raise NotSaved("没有保存：这份文本刚被别人处理过。")
    now, typed = article.kept(), _typed(request)
    if len(typed.get("title", "")) > (longest := Article._meta.get_field("title").max_length):
        raise NotSaved(f"没有保存：标题最多 {longest} 字。")
    proposal.dress(chosen, typed)
    if article.status == Article.Status.PUBLISHED and (lacks := article.missing()):
        raise NotSaved(f"没有保存：稿件已发布，而合并稿缺{'、'.join(lacks)}。")
    if not differing(now, article.kept()):
        return "来源新稿里没有现稿还没有的内容，稿件不变"
    article.revise(Revision.Kind.MERGE, request.user, _reason(request, chosen))
    return "采用了合并稿"


def _typed(request: HttpRequest) -> dict[str, str]:
    """What the editor made of the merged title and body; browsers send CRLF."""
    sent = {name: request.POST[name].replace("\0", "") for name in TYPED if name in request.POST}
    return {name: value.replace("\r\n", "\n").replace("\r", "\n") for name, value in sent.items()}


def _reason(request: HttpRequest, chosen: Mapping[str, Choice]) -> str:
    if typed := request.POST.get("reason", "").replace("\0", "").strip()[:REASON_LENGTH]:
        return typed
    settled = f"，{len(chosen)} 处冲突由编辑选定" if chosen else ""
    return f"合并了来源新稿{settled}"


def _revisions(article: Article):
    return article.revisions.select_related("editor", "import_item").defer("import_item__raw")
