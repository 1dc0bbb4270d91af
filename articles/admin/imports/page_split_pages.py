"""版面拆分: which article each block of a printed page belongs to; works without scripts."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from articles.admin.model_admin import DeskAdmin
from articles.admin.parameters import read_number
from articles.models import Article
from articles.models.page_split import PageSplit
from articles.review.page_splits import BadSplit, Overtaken, pieces_of, redo_split, split_in_force
from sources.formats.newspaper.layout import Piece, Split
from sources.models import ImportItem
from sources.reading.limits import OverLimit
from sources.text.visible import visible, visible_lines

RIGHTS = ["articles.change_article", "articles.add_article"]
# Four fields per block plus a few; Django limits the fields of a form.
MOST_BLOCKS = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS // 4 - 5
MORE_PIECES = 5  # additional articles that can be chosen
REPEAT, LEFT = "repeat", "left"
HEAD, BYLINE, BODY = "head", "byline", "body"
ROLES = {BODY: "正文", HEAD: "标题", BYLINE: "署名"}


class BlockForm(forms.Form):
    """The article a block belongs to. `pieces`: how many articles can be chosen."""

    to = forms.ChoiceField(label="归入")
    role = forms.ChoiceField(label="作为", choices=ROLES.items())
    at = forms.IntegerField(label="次序", min_value=0, max_value=9999, required=False)
    of = forms.IntegerField(label="与第几段重复", min_value=1, max_value=9999, required=False)

    def __init__(self, *args, pieces: int, **kwargs):
        super().__init__(*args, **kwargs)
        numbered = [(str(number), f"稿件 {number}") for number in range(1, pieces + 1)]
        self.fields["to"].choices = [*numbered, (REPEAT, "重复"), (LEFT, "剩余")]


@dataclass(slots=True)
class Row:
    """A block of the page, with its form."""

    number: int
    words: str
    form: BlockForm
    variant: int | None


class SplitPage(DeskAdmin):
    """Page split view of the review queue admin."""

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Form, preview, and saving a new split."""
        item = _find(request, pk)
        if (count := len(item.layout["blocks"])) > MOST_BLOCKS:
            said = f"这一版有 {count} 段，一页表单最多 {MOST_BLOCKS} 段；请把原文分成几个文件再导入。"
            self.message_user(request, said, messages.ERROR)
            return self.redirect_to("admin:sources_importitem_change", pk)
        split, newest = split_in_force(item), PageSplit.objects.filter(item=item).first()
        pieces = len(split.pieces) + MORE_PIECES
        rows = _rows(item, split, pieces, request.POST or None)
        seen = newest.pk if newest else 0
        faults, redone = [], None
        if request.method == "POST":
            redone, faults = _read_split(rows, split, len(rows))
            if not faults and "_apply" in request.POST:
                seen_then = read_number(request.POST.get("seen", ""))
                if self._save_split(request, item, redone, -1 if seen_then is None else seen_then):
                    return HttpResponseRedirect(request.path)
        shown = {"rows": rows, "faults": faults, "seen": request.POST.get("seen", str(seen))}
        shown["previews"] = _previews(item, redone) if redone and not faults else None
        shown["present"] = _previews(item, split)
        return self._render_split(request, item, shown)

    def _render_split(self, request: HttpRequest, item: ImportItem, shown: dict) -> HttpResponse:
        context = {
            "title": "版面拆分",
            "subtitle": visible(item.name),
            "item": item,
            "past": PageSplit.objects.filter(item=item).select_related("made_by").order_by("-id")[:10],
            **shown,
        }
        return self.render(request, "admin/articles/review_queue/split.html", context)

    def _save_split(self, request: HttpRequest, item: ImportItem, split: Split, seen: int) -> bool:
        try:
            done = redo_split(item, split, seen, request.user)
        except (Overtaken, BadSplit, OverLimit) as why:
            self.message_user(request, f"没有保存：{why}。", messages.ERROR)
            return False
        self.message_user(request, f"已按新的拆分保存：{done.summary}。", messages.SUCCESS)
        return True


# ------------------------------------------------------------------ between the form and the split
def _rows(item: ImportItem, split: Split, pieces: int, data) -> list[Row]:
    initial = _initial_by_block(split)
    variants = {int(block): of for block, of in (item.layout.get("variants") or {}).items()}
    rows = []
    for number, block in enumerate(item.layout["blocks"], 1):
        form = BlockForm(
            data, prefix=str(number), initial=initial[number], pieces=pieces, use_required_attribute=False
        )
        rows.append(Row(number, visible_lines(block.strip()), form, variants.get(number)))
    return rows


def _initial_by_block(split: Split) -> dict[int, dict]:
    """Initial data of the form of each block, by block number."""
    initial: dict[int, dict] = {}
    for number, piece in enumerate(split.pieces, 1):
        roles = [(HEAD, piece.heads), (BYLINE, piece.bylines), (BODY, piece.body)]
        placed = [(role, block) for role, blocks in roles for block in blocks]
        for at, (role, block) in enumerate(placed, 1):
            # Steps of ten, so that a block can be moved between two others.
            initial[block] = {"to": str(number), "role": role, "at": at * 10}
    initial |= {block: {"to": REPEAT, "of": of, "role": BODY} for block, of in split.repeats.items()}
    initial |= {block: {"to": LEFT, "role": BODY} for block in split.left_over}
    return initial


def _read_split(rows: list[Row], present: Split, count: int) -> tuple[Split, list[str]]:
    """The split that the forms ask for, and what is wrong with it."""
    if wrong := [str(row.number) for row in rows if not row.form.is_valid()]:
        return Split(), [f"第 {'、'.join(wrong)} 段的选择无效，请改正"]
    split = Split([Piece(article=one.article) for one in present.pieces])
    chosen = [(row.number, row.form.cleaned_data) for row in rows]
    # Sort by 次序; blocks without one come last, in page order.
    for number, asked in sorted(chosen, key=lambda one: (one[1]["at"] or 10_000, one[0])):
        if asked["to"] == REPEAT:
            split.repeats[number] = asked["of"] or 0
        elif asked["to"] == LEFT:
            split.left_over.append(number)
        else:
            _add_block(split, int(asked["to"]), number, asked["role"])
    split.left_over.sort()
    return split, split.faults(count)


def _add_block(split: Split, to: int, number: int, role: str) -> None:
    while len(split.pieces) < to:
        split.pieces.append(Piece())
    piece = split.pieces[to - 1]
    {HEAD: piece.heads, BYLINE: piece.bylines, BODY: piece.body}[role].append(number)


def _previews(item: ImportItem, split: Split) -> list[dict]:
    """Each article as it would be, beside what it is now."""
    articles = Article.objects.in_bulk([one.article for one in split.pieces if one.article])
    found = []
    for number, (piece, raw) in enumerate(zip(split.pieces, pieces_of(item, split), strict=True), 1):
        article = articles.get(piece.article)
        found.append(
            {"number": number, "raw": raw if piece.blocks else None, "piece": piece, "article": article}
        )
    return [one for one in found if one["raw"] or one["article"]]


def _find(request: HttpRequest, pk: int) -> ImportItem:
    if not request.user.has_perms(RIGHTS) or not request.user.has_perm("sources.view_importitem"):
        raise PermissionDenied
    item = get_object_or_404(ImportItem.objects.select_related("run").defer("raw"), pk=pk)
    if item.layout is None:
        raise Http404
    return item
