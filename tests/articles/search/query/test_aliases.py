"""Aliases widen a question; what readers ask for in vain is counted, and an editor makes an alias of it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from articles.models.search_terms import SearchAlias, Unanswered, key_of
from articles.search.index import follow
from articles.search.query.aliases import known
from articles.search.query.results import (
    SearchRequest,
)
from articles.search.query.run import (
    search,
)
from articles.search.query.terms import Unit, units
from articles.search.unanswered import MOST_COUNTED, note, write_down
from tests.support import as_migrated
from tests.support.builders import make_article
from tests.support.editors import chief, editor, fields_of, words

pytestmark = pytest.mark.django_db
ALIASES = "/admin/articles/searchalias/"
UNANSWERED = "/admin/articles/unanswered/"


@pytest.fixture(autouse=True)
def only_ours():
    SearchAlias.objects.all().delete()


def write(*titles: str) -> None:
    for title in titles:
        make_article(title, body_html="<p>详见公告。</p>")
    follow.rebuild()


def titles(words: str) -> set[str]:
    return {"".join(text for text, _ in hit.title) for hit in search(SearchRequest(words)).hits}


# ------------------------------------------------------------------ what they do
def test_a_word_finds_its_aliases_and_they_find_it_and_each_other():
    SearchAlias.objects.create(word="沧行", expansions="沧澜银行\n澜银")
    write("沧行降息", "沧澜银行降息", "澜银降息", "别家降息")
    for word in ("沧行", "沧澜银行", "澜银"):
        assert titles(f"{word} 降息") == {"沧行降息", "沧澜银行降息", "澜银降息"}


def test_one_way_only_where_the_others_mean_more():
    SearchAlias.objects.create(word="沧行", expansions="沧澜银行", both_ways=False)
    write("沧行降息", "沧澜银行降息")
    assert titles("沧行") == {"沧行降息", "沧澜银行降息"}
    assert titles("沧澜银行") == {"沧澜银行降息"}


def test_an_alias_works_inside_a_longer_question_but_not_inside_quotes_or_other_words():
    SearchAlias.objects.create(word="沧行", expansions="沧澜银行")
    SearchAlias.objects.create(word="央行", expansions="中国人民银行")
    write("沧澜银行下调贷款利率")
    assert titles("沧行贷款利率") == {"沧澜银行下调贷款利率"}
    assert titles('"沧行"') == set()
    assert units("中央行动", known()) == [Unit("中央"), Unit("行动")]


def test_an_alias_of_three_characters_is_seen_wherever_it_stands():
    SearchAlias.objects.create(word="服贸会", expansions="服务贸易交易会")
    assert Unit("服贸会", ("服务贸易交易会",)) in units("向服贸会致贺信", known())


def test_a_disabled_alias_does_nothing_and_a_change_shows_at_once():
    alias = SearchAlias.objects.create(word="沧行", expansions="沧澜银行")
    write("沧澜银行降息")
    assert titles("沧行")
    alias.enabled = False
    alias.save()
    assert not titles("沧行")
    alias.enabled = True
    alias.save()
    alias.delete()
    assert not titles("沧行")


def test_a_newsroom_starts_with_aliases_that_are_all_in_order():
    as_migrated.aliases()
    assert SearchAlias.objects.count() >= 90
    for alias in SearchAlias.objects.all():
        alias.full_clean()
        assert alias.key == key_of(alias.word)
    assert ("工商银行", "工行") in known()["工行"]
    assert ("LPR", "贷款市场报价利率") in known()["贷款市场报价利率"]


@pytest.mark.parametrize(
    ("word", "expansions"),
    [("行", "银行"), ("工行", ""), ("工行", "银"), ("工行", "\n".join("甲乙丙丁戊己庚辛壬"))],
)
def test_an_alias_that_would_find_anything_is_refused(word, expansions):
    with pytest.raises(ValidationError):
        SearchAlias(word=word, expansions=expansions).full_clean()


# ------------------------------------------------------------------ at the desk
def test_a_chief_adds_an_alias_from_what_found_nothing():
    note("沧行贷款")
    write_down()
    desk = chief()
    page = desk.get(UNANSWERED)
    assert "沧行贷款" in words(page)
    add = f"{reverse('admin:articles_searchalias_add')}?word=%E6%B2%A7%E8%A1%8C%E8%B4%B7%E6%AC%BE"
    assert add in page.content.decode()
    sent = fields_of(desk.get(add).content, "searchalias_form")
    assert sent["word"] == "沧行贷款"
    assert desk.post(add, sent | {"expansions": "沧澜银行贷款"}).status_code == 302
    assert ("沧澜银行贷款", "沧行贷款") in known()["沧行贷款"]
    assert "“沧行贷款”已经有了" in words(desk.post(add, sent | {"expansions": "别的贷款"}))
    assert "沧澜银行贷款" in words(desk.get(f"{ALIASES}?q=沧澜"))


def test_aliases_deleted_from_the_list_are_gone_at_once():
    alias = SearchAlias.objects.create(word="沧行", expansions="沧澜银行")
    assert known()
    chosen = {"action": "delete_selected", "_selected_action": alias.pk, "post": "yes"}
    assert chief().post(ALIASES, chosen).status_code == 302
    assert not known()


def test_an_editor_may_look_but_not_change():
    SearchAlias.objects.create(word="沧行", expansions="沧澜银行")
    note("火星")
    write_down()
    desk = editor()
    assert "沧行" in words(desk.get(ALIASES))
    page = desk.get(UNANSWERED)
    assert "火星" in words(page) and "加别名" not in words(page)
    assert desk.get(f"{ALIASES}add/").status_code == 403
    asked = Unanswered.objects.get()
    assert desk.get(f"{UNANSWERED}{asked.pk}/delete/").status_code == 403
    assert chief().get(f"{UNANSWERED}{asked.pk}/delete/").status_code == 200
    assert chief().get(f"{UNANSWERED}add/").status_code == 403


# ------------------------------------------------------------------ counting
def test_a_question_is_counted_in_one_spelling_with_its_days():
    note("　ＬＰＲ  利率", date(2024, 5, 1))
    note("lpr 利率", date(2024, 5, 3))
    assert not Unanswered.objects.exists()
    write_down()
    row = Unanswered.objects.get()
    assert (row.words, row.count, row.first_day, row.last_day) == (
        *("lpr 利率", 2),
        *(date(2024, 5, 1), date(2024, 5, 3)),
    )


@pytest.mark.parametrize(
    "words",
    ["13800138000", "6222 0200 1234 5678", "138-0013-8000 张三", "li@example.com", "", "字\0", "长" * 61],
)
def test_what_may_be_personal_or_says_nothing_is_not_kept(words):
    note(words)
    write_down()
    assert not Unanswered.objects.exists()


def test_the_rarest_and_oldest_are_dropped_when_there_are_too_many():
    for day, asked in ((1, "老的"), (2, "新的"), (1, "常问"), (2, "常问")):
        note(asked, date(2024, 5, day))
    write_down()
    Unanswered.objects.trim(2)
    assert list(Unanswered.objects.values_list("words", flat=True)) == ["常问", "新的"]


def test_a_flood_of_questions_is_written_down_in_a_handful_of_statements(django_assert_max_num_queries):
    for number in range(1_000):
        note(f"火星第{number}问")
        note("火星")
    with django_assert_max_num_queries(8):
        write_down()
    assert Unanswered.objects.count() == MOST_COUNTED
    assert Unanswered.objects.get(words="火星").count == 1_000
    with django_assert_max_num_queries(0):
        write_down()


def test_what_many_processes_counted_adds_up():
    Unanswered.objects.create(words="火星", count=5, first_day=date(2024, 5, 1), last_day=date(2024, 5, 1))
    for day in (2, 3):
        note("火星", date(2024, 5, day))
        note("木星", date(2024, 5, day))
        write_down()
    rows = Unanswered.objects.order_by("count").values_list("words", "count", "first_day", "last_day")
    last = date(2024, 5, 3)
    assert list(rows) == [("木星", 2, date(2024, 5, 2), last), ("火星", 7, date(2024, 5, 1), last)]
