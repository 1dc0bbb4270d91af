"""What is no part of a name, and the outlet that a bracket at the end may name."""

import pytest

from sources.text.clean.names import bare_credit, is_named_as_outlet, only_name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("证券时报网", "证券时报网"),
        ("www.stcn.example.com", ""),
        ("https://news.example.com/a?b=1", ""),
        ("澜州日报 www.lanzhou.com.cn", "澜州日报"),
        ("澜州日报(lanzhou.cn)", "澜州日报"),
        ("澜州日报网www.lanzhou.com", "澜州日报网"),
        ("林越 <linyue@example.com>", "林越"),
        ("linyue@example.com (林越)", "林越"),
        ("linyue.z@mail.example.cn", ""),
        ("用户8812345678", ""),
        ("林越 | 用户编号：99213", "林越"),
        ("user_10293", ""),
        ("UID:5531", ""),
        ("20391822", ""),
        ("21财经APP", "21财经APP"),
        ("36氪", "36氪"),
        ("e公司", "e公司"),
        ("A.B.林越", "A.B.林越"),
    ],
)
def test_addresses_and_user_numbers_are_no_part_of_a_name(value, name):
    assert only_name(value)[0] == name
    assert bool(only_name(value)[1]) == (value != name)


@pytest.mark.parametrize(
    ("end", "outlet"),
    [
        ("（财联社）", "财联社"),
        ("(证券时报网) ", "证券时报网"),
        ("（21财经APP）", ""),  # with figures in it, it could be anything
        ("（央视新闻）", "央视新闻"),
        ("（第一财经）", "第一财经"),
        ("（完）", ""),
        ("（记者 林越）", ""),
        ("（责编：林越）", ""),
        ("（详见公告）", ""),
        ("（单位：亿元）", ""),
        ("（渝州）", ""),
    ],
)
def test_a_bracket_at_the_end_may_name_an_outlet(end, outlet):
    assert bare_credit(f"沧澜银行一日公布季报。{end}") == outlet
    assert bare_credit(f"沧澜银行{end}一日公布季报。") == ""


@pytest.mark.parametrize(
    "name", ["澜州日报", "渝州网", "沧澜通讯社", "澜州电视台", "银行家杂志", "澜州新闻客户端"]
)
def test_outlets_have_names_of_their_kind(name):
    assert is_named_as_outlet(name)


@pytest.mark.parametrize("name", ["国际", "财经", "互联网", "财报", "国家电网", "天气预报", "平台", "A股"])
def test_topics_have_none(name):
    assert not is_named_as_outlet(name)
