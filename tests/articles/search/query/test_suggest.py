"""While somebody types: outlets by name, alias, pinyin or initials; securities by code or name; aliases."""

import pytest

from articles.models.search_terms import SearchAlias
from articles.search.query.suggest import suggest
from sources.text.outlet_names import initials
from tests.support.builders import make_article, make_security, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def names():
    daily = make_source("国际商报")
    daily.add_alias("国商")
    make_article(source=daily)
    make_article(source=make_source("国际金融报"))
    make_article(source=make_source("21世纪经济报道"))
    make_source("国际空空报")  # nothing to read there
    bank = [make_security("601939.SH", name="建设银行"), make_security("00939.HK", name="建设银行H")]
    make_article(source=daily, securities=bank)
    make_security("601940.SH", name="空空银行")
    SearchAlias.objects.all().delete()
    SearchAlias.objects.create(word="沧行", expansions="沧澜银行")


def labels(words: str) -> list[str]:
    return [pointer.label for pointer in suggest(words)]


@pytest.mark.parametrize(
    "words",
    [
        "国际商报",
        "《国际商报》",
        "国商",
        "国际商",
        "guojishangbao",
        "GuojiSh",
        "gjsb",
        "ｇｊｓｂ",
        "國際商報",
    ],
)
def test_an_outlet_is_found_by_whatever_it_goes_by(words):
    assert "国际商报" in labels(words)


def test_the_closest_comes_first_and_the_rest_is_not_there():
    assert labels("国际") == ["国际商报", "国际金融报"]
    assert labels("gj") == ["国际商报", "国际金融报"]
    assert labels("商报") == ["国际商报"]
    assert labels("21sj") == ["21世纪经济报道"]
    assert labels("gjjrb") == ["国际金融报"]


def test_securities_are_found_by_code_and_name():
    assert labels("6019") == labels("601939.sh") == ["建设银行 601939.SH"]
    assert labels("建设银行")[0] == "建设银行 601939.SH" and len(labels("建设银行")) == 2
    assert suggest("601939")[0].href == "/securities/601939.SH/"


def test_an_alias_says_what_it_also_finds():
    (pointer,) = suggest("沧行")
    assert (pointer.label, pointer.note) == ("沧行", "也找：沧澜银行")
    assert pointer.href == "/search/?q=%E6%B2%A7%E8%A1%8C"
    assert labels("沧澜") == ["沧行"]


def test_only_so_many_are_given():
    assert len(suggest("国", limit=1)) == 1


@pytest.mark.parametrize("words", ["", " ", "\0", "\ud800", "%", "_", "'", "《》", "x" * 9000, ".", "火星"])
def test_nonsense_suggests_nothing(words):
    assert suggest(words) == []


def test_initials_are_the_first_letters_of_syllables():
    assert initials("国际商报") == "gjsb" and initials("21世纪经济报道") == "21sjjjbd"


def test_a_share_class_is_part_of_a_code():
    classes = [make_security("BRK.A.N", name="滨锐控股"), make_security("BRK.B.N", name="滨锐控股B")]
    make_article(securities=classes)
    assert labels("brk.b") == ["滨锐控股B BRK.B.N"]
    assert labels("BRK.A.N") == ["滨锐控股 BRK.A.N"]
