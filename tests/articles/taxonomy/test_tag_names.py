"""One tag for all names that read the same: whatever their width, case and spaces, at the desk and at import."""

import pytest
from django.core.management import call_command
from taggit.models import Tag

from articles.models import Article
from articles.models.tags_and_securities import TagSpelling, tag_key
from tests.support.builders import make_article
from tests.support.editors import at_desk, chief, correct, editor, fields_of, make_user, words

pytestmark = pytest.mark.django_db
# A name, others that read the same, and some that do not.
ALIKE = [
    ("AI", ["ＡＩ", "ai", "Ａi", " AI ", "AI\u200b", "\ufeffAI"], ["A I", "AIGC", "A1"]),
    ("数字金融", ["数字 金融", "数字\u3000金融", "数字金\u200b融"], ["数字货币", "金融数字"]),
    ("AI 芯片", ["AI芯片", "ａｉ　芯片", "ai 芯 片"], ["AI-芯片"]),
    ("C++", ["c++", "Ｃ＋＋"], ["C", "C#", "C+"]),
    ("New York", ["new york", "NEW  YORK", "Ｎｅｗ Ｙｏｒｋ"], ["NewYork"]),
    ("5G", ["５Ｇ", "5g"], ["5", "G5"]),
    ("Straße", ["STRASSE", "straße"], ["Strase"]),
    ("Ёлка", ["ёлка", "ЁЛКА"], ["Елка"]),
]
SIGNS = [
    "..",
    "/",
    "#",
    "%",
    "?",
    "%2F",
    "a/b",
    "\\",
    ".",
    "...",
    "&amp;",
    "'",
    '"',
    ";",
    "=",
    "+",
    "％",
    "～",
    "🇨🇳",
]


@pytest.mark.parametrize(
    ("name", "others", "unlike"), ALIKE, ids=lambda one: one if isinstance(one, str) else ""
)
def test_names_that_read_the_same_are_one_tag(name, others, unlike):
    article = make_article(tags=[name])
    for number, other in enumerate(others):
        article.tags.add(other)
        another = make_article(tags=[f"别的{number}", other, name])
        assert set(another.tags.names()) == {f"别的{number}", name}, other
        article.tags.set([other, other.upper()])
    assert list(article.tags.names()) == [name]
    article.tags.add(*unlike)
    assert set(article.tags.names()) == {name, *unlike}


@pytest.mark.parametrize(
    ("name", "others", "unlike"), ALIKE, ids=lambda one: one if isinstance(one, str) else ""
)
def test_the_form_takes_any_spelling_and_sees_no_change_in_it(name, others, unlike):
    article, client = make_article(status="draft"), editor()
    assert correct(client, article, tags=f"{name},").status_code == 302
    version = Article.objects.get(pk=article.pk).version
    for other in others:
        assert correct(client, article, tags=f"{other}，").status_code == 302
        assert list(article.tags.names()) == [name], other
    assert Article.objects.get(pk=article.pk).version == version, "nothing has changed"
    correct(client, article, tags="，".join([*others, name, unlike[0]]))
    assert set(article.tags.names()) == {name, unlike[0]}
    assert Tag.objects.count() == 2


def test_an_import_brings_one_tag_for_one_reading(tmp_path):
    head = '---\ntitle: "{0}"\ndate: 2022-03-01 09:00:00 +0800\ntags: [{1}]\n---\n<p>{0}的正文。</p>\n'
    Tag.objects.create(name="数字金融")
    for number, tags in enumerate(["AI, 数字 金融", "ＡＩ, ai, 5G", "数字金融, ５ｇ, 数字\u3000金融"]):
        path = tmp_path / "_posts" / f"2022-03-0{number + 1}-a{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(head.format(f"第{number}篇", tags))
    call_command("import_articles", str(tmp_path), verbosity=0)
    assert sorted(Tag.objects.values_list("name", flat=True)) in (
        ["5G", "AI", "数字金融"],
        ["AI", "５ｇ", "数字金融"],
    )
    assert sorted(article.tags.count() for article in Article.objects.all()) == [2, 2, 2]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_name_of_signs_has_an_address_that_works(client, sign):
    """Named by the desk, by an import, and by who gives it a slug of his own making."""
    forced = Tag.objects.create(name=f"{sign}一", slug=sign)
    article = make_article("甲", status="draft")
    assert correct(chief(), article, tags=f'"{sign}",' if sign != '"' else "引号,").status_code == 302
    article.refresh_from_db()
    article.tags.add(forced)
    article.status = "published"
    article.save()
    links = client.get(article.get_absolute_url()).content.decode().split('rel="tag" href="')[1:]
    assert len(links) == 2
    for link in links:
        path = link.partition('"')[0]
        assert article.title in client.get(path).content.decode(), path
        assert client.get(f"{path}feed.xml").status_code == 200
        assert "/../" not in path and "//" not in path and "/./" not in path


@pytest.mark.parametrize("other", ["ＡＩ", "ai", " ai", "AI\u200b"])
def test_the_desk_makes_no_second_tag_of_one_reading(other):
    Tag.objects.create(name="AI")
    desk = at_desk(make_user(is_superuser=True))
    add = "/admin/taggit/tag/add/"
    answer = desk.post(add, fields_of(desk.get(add).content, "tag_form") | {"name": other})
    assert "已有标签“AI”" in words(answer)
    assert Tag.objects.count() == 1


@pytest.mark.parametrize("name", ["\u200b", "\u2066\u2069", "\u3164", "\u00ad"])
def test_a_tag_of_nothing_to_see_is_refused(name):
    article, desk = make_article(tags=["旧"]), at_desk(make_user(is_superuser=True))
    answer = correct(desk, article, tags=f"新，{name}，")
    assert "没有看得见的字" in words(answer)
    add = "/admin/taggit/tag/add/"
    answer = desk.post(add, fields_of(desk.get(add).content, "tag_form") | {"name": name})
    assert answer.status_code == 200
    assert list(Tag.objects.values_list("name", flat=True)) == ["旧"]


def test_a_renamed_tag_is_found_by_its_new_name():
    tag = Tag.objects.create(name="旧名")
    tag.name = "新名"
    tag.save()
    assert make_article(tags=["新 名"]).tags.get() == tag
    assert make_article(tags=["旧名"]).tags.get() != tag


def test_of_two_that_an_earlier_version_left_each_keeps_its_articles():
    one, two = Tag.objects.create(name="AI"), Tag.objects.create(name="ＡＩ")
    assert make_article(tags=["ＡＩ"]).tags.get() == two
    assert make_article(tags=["AI"]).tags.get() == make_article(tags=["ai"]).tags.get() == one


def test_a_key_has_room_for_every_name():
    keys = {tag_key("ﷺ" * length) for length in range(1, 101)}
    assert len(keys) == 100
    assert max(map(len, keys)) <= TagSpelling._meta.get_field("key").max_length


@pytest.mark.django_db(transaction=True)
def test_tags_of_an_earlier_version_are_found_by_their_reading():
    call_command("migrate", "articles", "0022", verbosity=0)
    Tag.objects.bulk_create(
        [Tag(name="数字金融", slug="a"), Tag(name="AI", slug=".."), Tag(name="x", slug="a/b")]
    )
    call_command("migrate", verbosity=0)
    assert make_article(tags=["数字 金融", "ａｉ"]).tags.count() == 2
    assert Tag.objects.count() == 3
    assert not {"..", "a/b"} & set(Tag.objects.values_list("slug", flat=True))
    assert Tag.objects.get(name="数字金融").slug == "a"
