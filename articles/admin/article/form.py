"""The article form: its fields, and the rules for status, conflicts and duplicates."""

import re
from functools import cached_property

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from taggit.forms import TagField, TagWidgetMixin

from articles.admin.article.stale_digest import StaleDigest, compare_digest, look_at_digest
from articles.admin.parameters import read_number
from articles.models import Article
from articles.models.tags_and_securities import TagSpelling, tag_key
from sources.models import Source
from sources.models.outlet_history import SourceMerge
from sources.reading.limits import OverLimit
from sources.reading.reading_process import apart
from sources.text.plain import plain_text
from sources.text.sanitize import sanitize_html
from sources.text.visible import is_blank, visible

Status = Article.Status

# Changing one of these in a published article needs a reason.
READ_BY_READERS = {"title", "subtitle", "digest", "body_html"}
# Allowed status changes without and with the right to publish.
MOVES = {
    Status.DRAFT: {Status.DRAFT, Status.REVIEW},
    Status.REVIEW: {Status.DRAFT, Status.REVIEW},
    Status.PUBLISHED: {Status.PUBLISHED},
    Status.WITHDRAWN: {Status.WITHDRAWN},
}
CHIEF_MOVES = {
    Status.DRAFT: {Status.DRAFT, Status.REVIEW, Status.PUBLISHED},
    Status.REVIEW: {Status.DRAFT, Status.REVIEW, Status.PUBLISHED},
    Status.PUBLISHED: {Status.PUBLISHED, Status.WITHDRAWN},
    Status.WITHDRAWN: {Status.WITHDRAWN, Status.REVIEW, Status.PUBLISHED},
}
TAG_LENGTH = 100
# They turn the letters after them round, on this page and on every other that prints the headline.
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
UNSEEN = "{}里没有看得见的字。"
# Optional: of invisible characters they are as good as empty.
OPTIONAL = ("subtitle", "original_title", "digest", "byline", "editor", "page", "reason")
# What may stand in a body without words.
NOT_WORDS = ("<figure", "<hr")
# The body is shown with a line break after each block.
BETWEEN_BLOCKS = re.compile(r"(?:(?<=</p>)|(?<=</h[234]>)|(?<=</[uo]l>)|(?<=</li>)|(?<=</tr>))(?=<)")


class Prose(forms.CharField):
    """Multi-line text; CRLF from the browser does not count as a change."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class TagInput(TagWidgetMixin, AdminTextInputWidget):
    """Tags in one line, as wide as the admin's other inputs."""


class Tags(TagField):
    """Tags separated by commas, Chinese ones too; a tag may contain spaces."""

    def to_python(self, value):
        commas = super().to_python(value).translate(str.maketrans("，、；;\n", ",,,,,"))
        return f"{commas}," if commas else ""

    def clean(self, value):
        tags = super().clean(value)
        if long := [tag for tag in tags if len(tag) > TAG_LENGTH]:
            raise forms.ValidationError(f"标签太长（最多 {TAG_LENGTH} 字）：{long[0][:20]}……")
        if any(is_blank(tag) for tag in tags):
            raise forms.ValidationError(UNSEEN.format("标签"))
        known = TagSpelling.objects.tags(tags)
        alike = {tag_key(tag): known[tag].name if tag in known else tag for tag in reversed(tags)}
        return sorted(alike.values())


class ArticleForm(forms.ModelForm):
    """The admin sets `may_publish`, `is_busy` (the database is locked) and `shown_again` for each request."""

    may_publish = is_busy = False
    shown_again = None  # (data, files) to show again without saving
    refused_digest: StaleDigest | None = None

    # The version the form was opened at; saving over a newer one is a conflict.
    version = forms.CharField(widget=forms.HiddenInput, required=False)
    tags = Tags(label="标签", required=False, widget=TagInput, help_text="用逗号或顿号隔开。")
    reason = forms.CharField(
        label="修改说明",
        required=False,
        max_length=500,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text="改了什么、为什么改。已发布的稿件，改标题、副题、摘要或正文时必填；撤下时也必填。会留在版本历史里。",
    )

    class Meta:
        model = Article
        fields = ["title"]  # the admin adds the others
        field_classes = {"body_html": Prose, "digest": Prose}

    def __init__(self, *args, **kwargs):
        super().__init__(*(args or self.shown_again or ()), **kwargs)
        self.initial["body_html"] = BETWEEN_BLOCKS.sub("\n", self.initial.get("body_html", ""))
        self.was = Article(status=self.instance.status, title=self.instance.title)
        self.is_conflict = False
        if self.is_bound:
            self._follow_the_outlet()
            self._take_new_lead()
        if self.instance.pk is not None:
            self.initial["version"] = self.instance.version
        self._limit_status()

    def _follow_the_outlet(self):
        """If the outlet was merged while the form was open, use the one it was merged into."""
        name = self.add_prefix("source")
        sent = read_number(self.data.get(name, ""))
        if sent is not None and (heir := SourceMerge.objects.heir(sent)) != sent:
            self.data = self.data.copy()
            self.data[name] = str(heir)

    def _take_new_lead(self):
        """If the editor chose the new lead: an empty digest becomes it."""
        if self.data.get("digest_choice") == "new":
            self.data = self.data.copy()
            self.data[self.add_prefix("digest")] = ""

    def _limit_status(self):
        status = self.fields.get("status")
        if status is None:
            return
        moves = (CHIEF_MOVES if self.may_publish else MOVES)[self.was.status]
        status.choices = [(value, label) for value, label in Status.choices if value in moves]
        if not self.may_publish and self.was.status == Status.PUBLISHED:
            # A future date would hide it from readers, like a withdrawal.
            self.fields["published_at"].disabled = True

    def clean_title(self):
        title = self.cleaned_data["title"]
        self._refuse_unseen("title", "标题")
        if turns := TURNS.findall(title):
            named = "、".join(map(visible, dict.fromkeys(turns)))
            raise forms.ValidationError(
                f"标题里有看不见的换向符（{named}），会把字的次序倒过来。请删掉它，重写这一处。"
            )
        return title

    def clean_body_html(self):
        """Sanitise it; the line breaks added for reading are not a change."""
        typed = self.cleaned_data["body_html"]
        self._refuse_unseen("body_html", "正文")
        if typed == self.initial["body_html"]:
            return self.instance.body_html
        try:
            body = apart(sanitize_html, typed, size=len(typed))
        except OverLimit as why:
            raise forms.ValidationError(f"没有保存：{why}。你写的还在下面。") from why
        if body.strip() and is_blank(plain_text(body)) and not any(tag in body for tag in NOT_WORDS):
            raise forms.ValidationError(UNSEEN.format("正文"))
        return body

    def _refuse_unseen(self, name: str, label: str):
        """What was typed is looked at, as Django strips some of it and takes the rest for words."""
        typed = self.data.get(self.add_prefix(name), "").strip(" \t\r\n")
        if typed and is_blank(typed):
            raise forms.ValidationError(UNSEEN.format(label))

    def clean_status(self):
        """The button 发布 sets the status as well."""
        return (
            Status.PUBLISHED if self.may_publish and "_publish" in self.data else self.cleaned_data["status"]
        )

    def clean(self):
        cleaned = super().clean()
        cleaned |= {name: "" for name in OPTIONAL if name in cleaned and is_blank(cleaned[name])}
        if self.instance.pk is not None and cleaned.get("version") != str(self.instance.version):
            self.is_conflict, self.seen = True, cleaned.get("version", "")
            self._ask_again()
        elif self.is_busy:
            self.add_error(None, "没有保存：数据库正忙。你写的都还在下面，请再点一次保存。")
        elif not cleaned.get("reason"):
            self._ask_for_reason(cleaned)
        if not self.is_conflict and not self.is_busy:
            self._ask_for_digest(cleaned)
        return cleaned

    def _ask_again(self):
        """Refuse this save; the form then carries the current version, so the next save goes through."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(self.instance.version)
        self.add_error(None, "没有保存：你打开稿件之后，别人改过它。你写的都还在下面。")

    def _ask_for_reason(self, cleaned):
        if cleaned.get("status") == Status.WITHDRAWN != self.was.status:
            self.add_error("reason", "撤下稿件要说明原因。")
        elif self.was.status == Status.PUBLISHED and READ_BY_READERS & set(self.changed_data):
            self.add_error("reason", "这篇稿件已发布，请写明改了什么、为什么改。")

    def _ask_for_digest(self, cleaned):
        """Refuse, until the editor has chosen, a digest that says what his body no longer does."""
        if "body_html" not in cleaned or "body_html" not in self.changed_data:
            return
        now = plain_text(cleaned["body_html"])
        stale = compare_digest(cleaned.get("digest", ""), self.instance.text, now)
        if stale and self.data.get("digest_choice") != "keep":
            self.refused_digest = stale
            self.add_error(
                "digest", f"正文改了，摘要里还有{stale}。请选定：改用新的开头，还是照旧；也可以自己改。"
            )

    @cached_property
    def stale_digest(self) -> StaleDigest | None:
        """What the digest says and the text does not: of the form that was refused for it, or of an edited article."""
        if self.is_bound or self.instance.edited_at is None:
            return self.refused_digest
        return look_at_digest(self.instance.digest, self.instance.text)

    def full_clean(self):
        """Also check the article as it would be saved: complete if published, and no duplicate."""
        super().full_clean()
        if self.is_bound and not self.errors:
            self._check_article()

    def _check_article(self):
        self.instance.derive()
        if self.instance.status == Status.PUBLISHED and (lacks := self.instance.missing()):
            self.add_error("status", f"还不能发布，缺{'、'.join(lacks)}。")
        if self.instance.pk is None:
            self._refuse_twins()

    def _refuse_twins(self):
        """Lock the outlet's row, so that the second form of a double click finds the first one's article."""
        article = self.instance
        Source.objects.select_for_update().filter(pk=article.source_id).first()
        twin = Article.objects.filter(fingerprint=article.fingerprint, source=article.source_id).first()
        if twin:
            self.add_error(None, f"这个来源已有标题和正文都相同的稿件（第 {twin.pk} 号），没有再存一篇。")

    @property
    def changes_article(self) -> bool:
        """True if a new version is needed."""
        return self.status_moves or bool(set(self.changed_data) - {"version", "reason", "status"})

    @property
    def status_moves(self) -> bool:
        return self.cleaned_data.get("status", self.was.status) != self.was.status

    def summary(self) -> str:
        """The reason given, else the labels of the changed fields."""
        if self.cleaned_data.get("reason"):
            return self.cleaned_data["reason"]
        names = [name for name in self.changed_data if name not in ("version", "reason", "status")]
        said = ["发布"] if self.status_moves and self.instance.status == Status.PUBLISHED else []
        labels = [str(self.fields[name].label) for name in names]
        return "；".join(said + ([f"改了{'、'.join(labels)}"] if labels else []))
