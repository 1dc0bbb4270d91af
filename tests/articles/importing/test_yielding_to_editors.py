"""An editor who saves in the moment between an import's look-up and its writing is not overwritten either."""

import pytest

from articles.importing.lookup import (
    BatchLookup,
)
from articles.importing.match import (
    Decision,
    Matcher,
)
from articles.importing.outlets import Outlets
from articles.importing.write import Writer
from articles.models import Article, Revision
from sources.files.inputs import Found
from sources.models import ImportItem, ImportRun, Outcome
from sources.reading.read import read_inputs
from tests.support.editors import correct, editor

pytestmark = pytest.mark.django_db
ROLL, OUTLET = ("emnews", "东财滚动新闻"), ("guojishangbao", "国际商报新闻")


class Import:
    """An import of one input that can be held between deciding and writing."""

    def __init__(self, where: tuple[str, str], number: str, body: str):
        run = ImportRun.objects.create()
        self.outlets, known = Outlets("", run), BatchLookup()
        categories, tags = where
        head = "layout: post\ntitle: 沧澜银行发布季报\ndate: 2022-03-01 09:00:00 +0800"
        post = f"---\n{head}\ncategories: {categories}\ntags: {tags}\n---\n{body}"
        reads = read_inputs([Found(f"2022-03-01-{number}.md", "", data=post.encode())])
        known.look_up(reads)
        self.writer = Writer(run, self.outlets)
        self.decisions: list[Decision] = Matcher(known, self.outlets).decide(reads[0])

    def write(self) -> Decision:
        self.writer.write(self.decisions)
        [decision] = self.decisions
        return decision


def test_a_new_text_waits_for_the_editor_who_was_quicker():
    Import(OUTLET, "NW202203010000000001", "<p>净利润增长百分之三。</p>").write()
    coming = Import(OUTLET, "NW202203010000000001", "<p>净利润增长百分之四。</p>")
    assert coming.decisions[0].outcome == Outcome.UPDATED
    article = Article.objects.get()
    assert correct(editor(), article, title="编辑改的题", reason="核实").status_code == 302
    decision = coming.write()
    assert decision.outcome == Outcome.CONFLICT
    article.refresh_from_db()
    assert (article.title, article.text, article.version) == ("编辑改的题", "净利润增长百分之三。", 2)
    item = ImportItem.objects.latest("pk")
    assert (item.outcome, item.reason) == (Outcome.CONFLICT, decision.reason)
    waiting = Revision.objects.get(state="pending")
    assert (waiting.article, waiting.import_item) == (article, item)
    assert "百分之四" in waiting.snapshot["body_html"]


def test_an_outlet_that_an_editor_has_just_corrected_is_left_as_it_is():
    text = "<p>沧澜银行今日发布季报，净利润同比增长百分之三，资产质量保持稳定，董事会已审议通过。</p>"
    Import(ROLL, "202203010000000001", text).write()
    coming = Import(OUTLET, "NW202203010000000001", text)
    assert (coming.decisions[0].outcome, coming.decisions[0].credits) == (Outcome.DUPLICATE, True)
    article = Article.objects.get()
    assert correct(editor(), article, title="编辑改的题", reason="核实").status_code == 302
    coming.write()
    article.refresh_from_db()
    assert (article.title, article.source.name, article.version) == ("编辑改的题", "东财滚动新闻", 2)
    assert article.revisions.filter(state="twin").count() == 1
