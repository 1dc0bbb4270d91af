"""Every address of the URLconf × its parameters, its numbers and its form fields × hostile values: never a 500."""

import re
from collections.abc import Iterator
from itertools import cycle, islice, product
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from articles.search.index import follow
from tests.articles.admin.test_permission_matrix import forms, tried, typed_for
from tests.support.editors import at_desk, make_user
from tests.support.newsroom import admin_addresses, furnish, patterns, public_addresses

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = [
    *("abc", "-1", "0", "1e30", "1" + "0" * 30, "9" * 19, "9" * 25, "-" + "9" * 25, "NaN", "１２", "²", "1²"),
    *(
        "\0",
        "1\0",
        "\x1b[31m\r\n",
        "\ud800",
        "甲" * 2800,
        "' OR 1=1--",
        "%",
        "_",
        "None",
        "1,2",
        "1__2",
        "{}",
    ),
    *(
        "2024-02-30",
        "0000-00-00",
        "9999-12-31",
        "[1]",
        "../../etc",
        "a.b.c",
        ".",
        "..",
        "<b>",
        "True",
        "\ufeff1",
    ),
]
# Read by Django's admin and by ours; of ours alone those of forms are found by themselves.
ADMIN = [
    *("p", "o", "e", "q", "all", "_changelist_filters", "_popup", "_to_field", "_facets", "ot", "pop", "id"),
    *("id__exact", "pk__in", "_connector", "source", "source__id__exact", "category", "category__id__exact"),
    *(
        "status__exact",
        "pending",
        "outlet",
        "since",
        "until",
        "run",
        "outcome",
        "outcome__exact",
        "kind",
        "into",
    ),
    *(
        "kind__exact",
        "article",
        "state__exact",
        "decided",
        "standing__exact",
        "initial__exact",
        "initial",
        "pk",
    ),
    *("page", "name", "word", "tags", "title", "published_at", "security", "market", "active__exact", "term"),
    *(
        "enabled__exact",
        "is_staff__exact",
        "groups__id__exact",
        "app_label",
        "model_name",
        "field_name",
        "next",
    ),
    *("from", "sort", "user", "body_html", "url"),
]
PUBLIC = ["page", "from", "to", "source", "category", "security", "after", "before", "q", "sort", "v", "year"]


@pytest.fixture
def room(settings, tmp_path):
    settings.HOME = tmp_path
    room = furnish()
    follow.rebuild()
    return room


def root() -> Client:
    client = at_desk(make_user(is_superuser=True))
    client.raise_request_exception = True
    return client


def sent(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def ask(client: Client, address: str, *asked: tuple[str, str]) -> None:
    question = urlencode([(name, sent(value)) for name, value in asked])
    assert client.get(f"{address}?{question}").status_code < 500, f"{address}?{question[:200]}"


def each_with_some(names: list[str], addresses: int) -> Iterator[list[tuple[str, str]]]:
    """For each address every name with one value, and none with the same as at the address before."""
    values = cycle(HOSTILE)
    for _ in range(addresses):
        next(values)
        yield list(zip(names, islice(values, len(names)), strict=True))


def test_no_question_breaks_an_admin_page(room):
    client, addresses = root(), [one for name, one in admin_addresses(room).items() if name != "logout"]
    for address, asked in zip(addresses, each_with_some(ADMIN, len(addresses)), strict=True):
        # Filters that make no sense end the reading of the others: half of them at a time, then some alone.
        for some in (
            asked,
            asked[::2],
            asked[1::2],
            *([one] for one in asked[:: 8 if "/add/" in address else 16]),
        ):
            ask(client, address, *some)


def test_no_beginning_of_a_new_row_breaks_its_form(room):
    client = root()
    adds = [one for name, one in admin_addresses(room).items() if name.endswith("_add")]
    fields = [
        *("source", "category", "tags", "published_at", "edition_date", "status", "interval", "active"),
        *("groups", "permissions", "position", "url"),
    ]
    values = ["abc", "9" * 25, "9" * 19, "²", "１２", "-1", "\0", "2024-02-30", "甲" * 900]
    # All at once, and one alone: one that is refused could hide the others.
    for alone, (value, address) in zip(cycle(fields), product(values, adds), strict=False):
        ask(client, address, *((name, value) for name in fields))
        ask(client, address, (alone, value))


def readers_addresses(room) -> list[str]:
    return public_addresses(
        {
            "articles/": {"pk": str(room["article"])},
            "stories/": {"pk": str(room["story"])},
            "sources/": {"slug": "zhengquanshibao"},
            "categories/": {"slug": "jialan"},
            "tags/": {"slug": "甲签"},
            "securities/": {"symbol": "601939.SH"},
            "archive/": {"year": "2021", "day": "2021/12/29"},
            "media/": {"sha256": "ab" * 32},
        }
    )


def test_no_question_breaks_a_reader_s_page(room):
    client = Client(raise_request_exception=False)
    addresses = [*readers_addresses(room), "/healthz", "/readyz"]
    for address, asked in zip(addresses, each_with_some(PUBLIC, len(addresses)), strict=True):
        for some in (asked, *([one] for one in asked[::2]), [(name, "1") for name, _ in asked] + asked):
            ask(client, address, *some)
        assert client.get(f"{address}?%ff=%fe&&=&a[]=1&a[]=%00&page=1&page=x").status_code < 500
        assert client.post(address, {name: sent(value) for name, value in asked}).status_code < 500
    for value in HOSTILE:
        ask(client, "/search/", *((name, value) for name in PUBLIC))
        ask(client, "/search/feed.xml", ("q", value))


ENDS = ["_00", "_ZZ", "%25", "%00", "%ED%A0%80", "1_2F2", "a" * 8000, "9" * 5000]


def test_no_number_in_an_address_breaks_it(room):
    client = root()
    values = cycle([*(quote(sent(value), safe="") for value in HOSTILE), *ENDS])
    for route, _ in patterns():
        if "<" not in route or "(?P" in route:
            continue
        for value in islice(values, 4):
            path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", value.replace("\\", ""), route)
            with tried(client):
                assert client.get(path).status_code < 500, path[:200]
                assert client.post(path, {"post": "yes"}).status_code < 500, path[:200]


@pytest.mark.parametrize("forged", ["9" * 25, "-" + "9" * 25, "²", "abc", "1" * 5000])
def test_no_forged_choice_among_several_breaks_a_page(room, forged):
    client, addresses = root(), admin_addresses(room)
    for name, field in (
        ("auth_user", "groups"),
        ("auth_user", "user_permissions"),
        ("auth_group", "permissions"),
    ):
        assert post(client, addresses[f"{name}_change"], {field: forged}) == 400, (name, field)


def test_no_field_of_a_form_breaks_its_page(room):
    client, addresses = root(), admin_addresses(room)
    joining = f"{addresses['sources_sourcemerge_new']}?pk={room['source']}&into={room['other_source']}"
    values = cycle(["9" * 25, "²", "\0", "甲" * 3000, "abc", "\ud800", "-1", "1" * 5000])
    for address, payloads in forms(client, [*addresses.values(), joining], typed_for(room)).items():
        if address == addresses["logout"]:
            continue
        for fields in payloads[-1:]:
            for name in [*fields, "_selected_action", "select_across", "sample"]:
                changed = fields | {name: next(values)}
                assert post(client, address, changed) < 500, (address, name, changed[name][:20])
            bare = {name: value for name, value in fields.items() if "FORMS" not in name}
            assert post(client, address, bare) < 500, address


def post(client: Client, address: str, fields: dict) -> int:
    listed = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    pairs = [(name, sent(str(one))) for name, values in listed.items() for one in values]
    with tried(client):
        return client.post(
            address, urlencode(pairs), content_type="application/x-www-form-urlencoded"
        ).status_code


@pytest.mark.parametrize("name", ["\\ud800", "\\u0000", "\\u001b"])
def test_a_sample_s_header_that_no_database_holds_is_kept_without_it(room, name):
    sample = f'{{"names": ["标题{name}", "正文"], "rows": [["a{name}", "b"]]}}'
    fields = {"sample": sample, "name": "乙表", "column-0": "title", "column-1": "body", "outlet": ""}
    assert post(root(), "/admin/sources/columnmapping/add/", fields) == 302
