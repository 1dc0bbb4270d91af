"""What counts as a number of an address or a form."""

import pytest

from articles.admin.parameters import LARGEST, read_number, read_numbers

NO_NUMBERS = [
    *(
        "",
        " ",
        "1 ",
        " 1",
        "+1",
        "-1",
        "1.0",
        "1e3",
        "1_000",
        "0x1",
        "一",
        "１２",
        "²",
        "①",
        "1²",
        "\0",
        "1\0",
    ),
    *("\ud800", "NaN", str(LARGEST + 1), "9" * 25, "9" * 5000),
]


@pytest.mark.parametrize(("sent", "number"), [("0", 0), ("7", 7), ("007", 7), (str(LARGEST), LARGEST)])
def test_ascii_digits_are_a_number(sent, number):
    assert read_number(sent) == number


@pytest.mark.parametrize("sent", NO_NUMBERS)
def test_anything_else_is_none_and_never_an_error(sent):
    assert read_number(sent) is None


def test_a_number_is_no_larger_than_its_column():
    assert read_number("100", largest=100) == 100
    assert read_number("101", largest=100) is None


def test_of_several_the_numbers_stay_in_their_order():
    assert read_numbers(["3", *NO_NUMBERS, "1", "3"]) == [3, 1, 3]
