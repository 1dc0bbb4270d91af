"""列对应: the form for what the columns of a table mean, with its first rows as a preview."""

import json

from django import forms
from django.db import IntegrityError, transaction

from sources.formats.raw_article import Broken, Unreadable
from sources.formats.table.table_file import first_of
from sources.formats.table.table_header import CELL, MOST_COLUMNS, ROWS, Header
from sources.models import ColumnMapping, Source
from sources.reading.limits import OverLimit
from sources.reading.reading_process import apart
from sources.reading.saved_columns import keep, mapping_of
from sources.text.sanitize import UNSTORABLE

FIELD_NAMES = {
    "": "（不用）",
    "title": "标题",
    "body": "正文",
    "date": "发布时间",
    "outlet": "来源",
    "author": "作者",
    "editor": "责任编辑",
    "digest": "摘要",
    "url": "原文链接",
    "id": "稿件编号",
    "tags": "标签",
    "category": "栏目",
    "page": "版次",
    "edition_date": "见报日期",
    "site": "所在网站",
}
SHOWN = 5  # rows of a preview


class MappingForm(forms.Form):
    """A name, an outlet, and one select per column."""

    name = forms.CharField(
        label="名称", max_length=100, help_text="以后在条目的说明里看到它，例如“渝州晨报月度表”。"
    )
    outlet = forms.CharField(
        label="来源",
        required=False,
        max_length=100,
        help_text="填了，只用于导入时指定了这个来源的表格，没有写来源的行也算作它的；留空则用于所有来源。",
    )

    def __init__(self, data, header: Header, initial: dict, instance: ColumnMapping | None = None):
        given = {f"column-{at}": header.guess(name) for at, name in enumerate(header.names)}
        super().__init__(data, initial=given | initial)
        self.header, self.instance = header, instance
        for at, name in enumerate(header.names):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=name, choices=FIELD_NAMES.items(), required=False
            )

    def rows(self):
        """For each column, its select and first cells."""
        for at, _ in enumerate(self.header.names):
            yield self[f"column-{at}"], [row[at] for row in self.header.rows]

    def clean_outlet(self):
        name = self.cleaned_data["outlet"].strip()
        self.source = Source.objects.named(name) if name else None
        if name and self.source is None:
            raise forms.ValidationError(f"没有“{name}”这个来源；请先在“来源”里登记，或留空。")
        return name

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        return name

    def clean(self):
        cleaned = super().clean()
        meant = set(self.meanings().values())
        for field in ("title", "body"):
            if field not in meant:
                self.add_error(None, f"还没有指定哪一列是{FIELD_NAMES[field]}。")
        if "outlet" in meant and cleaned.get("outlet"):
            self.add_error(None, "表里有“来源”列，就不要再填来源：填了，整张表都算作它的。")
        return cleaned

    def meanings(self) -> dict[str, str]:
        """Column name -> our field, or "" to ignore the column."""
        return {name: self.cleaned_data.get(f"column-{at}", "") for at, name in enumerate(self.header.names)}

    def keep(self, user) -> ColumnMapping | None:
        """Save it; None, with an error on the form, if that name or header is taken."""
        said = self.cleaned_data["name"], self.header.names, self.meanings(), self.source
        there = self.instance is None and mapping_of(self.header.names, self.source)
        if there and not user.has_perm("sources.change_columnmapping"):
            self.add_error(None, f"这样的表头已有列对应“{there}”，你没有修改它的权限。")
            return None
        try:
            with transaction.atomic():
                return keep(*said, user, self.instance)
        except IntegrityError:
            self.add_error(None, "已有同名的列对应，或者这个来源已有同样表头的列对应；请换名称，或改那一个。")
            return None


def preview(data: bytes, name: str, meanings: dict[str, str]) -> list[dict]:
    """The first rows as articles, for admin/articles/review_queue/preview.html."""
    try:
        found = apart(first_of, data, name, meanings, SHOWN, name=name, size=len(data))
    except (Unreadable, OverLimit) as reason:
        return [{"outcome": "rejected", "label": "退回", "name": "", "reason": str(reason)}]
    return [_shown(one) for one in found]


def _shown(one) -> dict:
    if isinstance(one, Broken):
        return {
            "outcome": "rejected",
            "label": "退回",
            "name": f"第 {one.part} 行",
            "reason": one.problem.text,
        }
    outcome, label = ("review", "待审") if one.problems else ("created", "新建")
    return {
        "outcome": outcome,
        "label": label,
        "raw": one,
        "problems": [problem.text for problem in one.problems],
        "notes": one.notes,
        "paragraphs": one.plain.text[:500].split("\n"),
        "left": max(len(one.plain.text) - 500, 0),
    }


def header_as_json(header: Header) -> str:
    """A sample's header and rows, for a hidden field."""
    return json.dumps({"names": header.names, "rows": header.rows}, ensure_ascii=False)


def header_of_json(sent: str) -> Header | None:
    """Read the hidden field; None if it is malformed."""
    try:
        kept = json.loads(sent)
        names = [UNSTORABLE.sub("", str(name))[:CELL] for name in kept["names"]][:MOST_COLUMNS]
        rows = [[UNSTORABLE.sub("", str(cell))[:CELL] for cell in row] for row in kept["rows"]][:ROWS]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return Header(names, rows) if names and all(len(row) == len(names) for row in rows) else None


def sample_bytes(header: Header) -> bytes:
    """The sample rows as a JSON Lines table."""
    rows = [dict(zip(header.names, row, strict=True)) for row in header.rows]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode("utf-8", "replace")
