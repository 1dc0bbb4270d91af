"""Security codes of the quote site."""

import pytest

from sources.text.clean.mentions import read_code


@pytest.mark.parametrize(
    ("value", "symbol", "kind"),
    [
        ("1,600160", "600160.SH", "share"),
        ("601939|1|1", "601939.SH", "share"),
        ("K 002752|0|2", "002752.SZ", "share"),
        ("http://quote.eastmoney.com/unify/r/116.00939", "00939.HK", "share"),
        ("https://webquoteklinepic.eastmoney.com/GetPic.aspx?nid=0.430047&token=x", "430047.BJ", "share"),
        ("0,920001", "920001.BJ", "share"),
        ("106,NIO", "NIO.N", "share"),
        ("105,aapl", "AAPL.O", "share"),
        ("90,BK0493", "BK0493.BK", "board"),
        ("1,000001", "000001.SH", "index"),
        ("0,399001", "399001.SZ", "index"),
        ("0,000001", "000001.SZ", "share"),
        ("100,HSI", "HSI.IDX", "index"),
        ("106,BRK.B", "BRK.B.N", "share"),
        ("106,BRK_A", "BRK.A.N", "share"),
        ("BRK-A|106|1", "BRK.A.N", "share"),
        ("K BRK_B|106|1", "BRK.B.N", "share"),
        ("https://quote.eastmoney.com/unify/r/106.BRK_B?from=x", "BRK.B.N", "share"),
        ("https://quote.eastmoney.com/unify/r/1.601939.html", "601939.SH", "share"),
        ("https://quote.eastmoney.com/unify/r/106.NIO.htm", "NIO.N", "share"),
    ],
)
def test_a_code_becomes_a_symbol(value, symbol, kind):
    named = read_code(value)
    assert f"{named.code}.{named.market}" == symbol
    assert named.kind == kind


@pytest.mark.parametrize(
    "value",
    [
        *("", "http://example.com/", "999,12345", "600160", "1,", "<script>,1"),
        *("106,BRK_PREFERRED", "106,BRK.A.B", "106,ABCDEFGHIJKLMN", "1,600160_A"),
    ],
)
def test_anything_else_is_no_security(value):
    assert read_code(value) is None
