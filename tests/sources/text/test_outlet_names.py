"""Outlet names, their keys, slugs and initials."""

import pytest

from sources.text.outlet_names import initial, name_key, outlet_slug


def test_spellings_of_one_outlet_share_a_key():
    assert name_key("TechWeb") == name_key("Techweb") == name_key("Ｔｅｃｈ Web")
    assert name_key("21世纪经济报道  南财理财通") == name_key("21世纪经济报道 南财理财通")
    assert name_key("国际商报") != name_key("国际商报网")


@pytest.mark.parametrize(
    ("name", "slug", "letter"),
    [
        ("国际商报", "guojishangbao", "G"),
        ("中国证券报·中证网", "zhongguozhengquanbao-zhongzhengwang", "Z"),
        ("21世纪经济报道", "21shijijingjibaodao", "#"),
        ("Career In投行PEVC", "career-intouxingpevc", "C"),
        ("安信国际证券(香港)", "anxinguojizhengquan-xianggang", "A"),
        ("！！！", "laiyuan", "#"),
        ("😀", "laiyuan", "#"),
    ],
)
def test_a_name_gives_its_address_and_letter(name, slug, letter):
    assert outlet_slug(name) == slug
    assert initial(name) == letter
