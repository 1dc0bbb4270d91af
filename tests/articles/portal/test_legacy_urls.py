"""Old addresses: one hop to the page of today, and never off the site."""

from urllib.parse import quote, unquote_to_bytes

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Revision
from sources.models import ImportItem, ImportRun
from tests.support.builders import make_article, make_source

pytestmark = pytest.mark.django_db
NUMBER = "NW202112292230342473"
PATH = f"/guojishangbao/2021/12/29/{NUMBER}.html"


def goes_to(client, path):
    """Where a path leads in one hop, or its status."""
    response = client.get(path)
    if response.status_code != 301:
        return response.status_code
    assert client.get(response["Location"]).status_code == 200
    return response["Location"]


@pytest.fixture
def post():
    source = make_source("国际商报")
    source.keep_old_slug("guojishangbao")
    return make_article(source=source, external_id=NUMBER, legacy_path=PATH)


@pytest.mark.parametrize(
    "path",
    [
        PATH,
        f"/guojishangbao/2021/12/30/{NUMBER}.html",
        f"/guojishangbao/2099/01/01/{NUMBER}.html",
        f"/career/intouxingpevc/2022/02/25/{NUMBER}.html",
        f"/zhongguozhengquanbao%C2%B7zhongzhengwang/2022/01/16/{NUMBER}.html",
        f"/a/b/c/d/0000/99/99/{NUMBER}.html",
    ],
)
def test_a_numbered_post_is_found_whatever_the_path_says(client, post, path):
    assert goes_to(client, path) == post.get_absolute_url()


def test_a_post_without_a_number_is_found_by_its_path_give_or_take_a_day(client):
    post = make_article(legacy_path="/sitenews/2021/12/01/init.html")
    other = make_article(legacy_path="/sitenews/2021/12/02/init.html")
    assert goes_to(client, "/sitenews/2021/12/01/init.html") == post.get_absolute_url()
    assert goes_to(client, "/sitenews/2021/12/02/init.html") == other.get_absolute_url()
    assert goes_to(client, "/sitenews/2021/11/30/init.html") == post.get_absolute_url()
    assert goes_to(client, "/sitenews/2021/12/04/init.html") == 404
    assert goes_to(client, "/elsewhere/2021/12/01/init.html") == 404


def test_a_path_in_another_script_is_found(client):
    post = make_article(legacy_path="/证券报·中证网/2022/01/16/头条.html")
    assert goes_to(client, quote("/证券报·中证网/2022/01/16/头条.html")) == post.get_absolute_url()


def test_the_number_of_a_twin_leads_to_the_article_that_took_it_in(client, post):
    item = ImportItem.objects.create(run=ImportRun.objects.create(), name="x.md", external_id=NUMBER[2:])
    Revision.objects.create(article=post, kind="import", state=Revision.State.TWIN, import_item=item)
    assert goes_to(client, f"/emnews/2021/12/29/{NUMBER[2:]}.html") == post.get_absolute_url()


def test_a_text_that_was_dropped_is_no_twin(client, post):
    item = ImportItem.objects.create(run=ImportRun.objects.create(), name="x.md", external_id=NUMBER[2:])
    Revision.objects.create(article=post, kind="import", state=Revision.State.DROPPED, import_item=item)
    assert goes_to(client, f"/emnews/2021/12/29/{NUMBER[2:]}.html") == 404


@pytest.mark.parametrize(("status", "answer"), [("withdrawn", 410), ("draft", 404), ("review", 404)])
def test_what_readers_may_not_see_is_gone_or_not_there(client, post, status, answer):
    post.status = status
    post.save()
    assert goes_to(client, PATH) == answer


@pytest.mark.parametrize(
    ("old", "paths"),
    [
        ("guojishangbao", ["/category/guojishangbao.html", "/guojishangbao/", "/guojishangbao/index.html"]),
        ("emnews", ["/emnews/", "/emnews"]),
        ("TechWeb", ["/category/TechWeb.html"]),
        ("zhongguozhengquanbao·zhongzhengwang", ["/category/zhongguozhengquanbao%C2%B7zhongzhengwang.html"]),
        (
            "Career In投行",
            [f"/category/{quote('Career In投行')}.html", f"/category/Career+In{quote('投行')}.html"],
        ),
        ("a+b", ["/category/a+b.html", "/category/a%2Bb.html"]),
        ("anxinguojizhengquan(xianggang)", ["/category/anxinguojizhengquan(xianggang).html"]),
    ],
)
def test_an_outlets_old_addresses_lead_to_it(client, old, paths):
    source = make_source("国际商报")
    source.keep_old_slug(old)
    make_article(source=source)
    for path in paths:
        assert goes_to(client, path) == source.get_absolute_url()


def test_case_tells_two_outlets_apart(client):
    upper, lower = make_source("Tech Web A"), make_source("Tech Web B")
    upper.keep_old_slug("TechWeb")
    lower.keep_old_slug("Techweb")
    for source in (upper, lower):
        make_article(source=source)
    assert goes_to(client, "/category/TechWeb.html") == upper.get_absolute_url()
    assert goes_to(client, "/category/Techweb.html") == lower.get_absolute_url()
    assert goes_to(client, "/category/techweb.html") == 404


def test_the_old_home_leads_home(client):
    assert goes_to(client, "/index.html") == "/"


@pytest.mark.parametrize(
    "path",
    [
        *(
            "//evil.example",
            "//evil.example/",
            "/\\evil.example",
            "/%5Cevil.example/",
            "/%2F%2Fevil.example/",
        ),
        *("/%09/evil.example/", "/%0D%0ALocation:%20https://evil.example/", "/category/%0D%0Aevil.html"),
        *(
            "/https:evil.example/",
            "/javascript:alert(1)/",
            "/category//evil.example.html",
            "//evil.example/index.html",
        ),
        *(
            "/category/..%2F..%2Fevil.html",
            f"//evil.example/2021/12/29/{NUMBER}.html",
            "/%00/",
            "/\t/evil.example",
        ),
        *(
            "/category/%E2%80%AE.html",
            "/@evil.example/",
            "/.evil.example/",
            "/%E3%80%82/",
            "//evil.example%2f..",
        ),
    ],
)
def test_nothing_leads_off_the_site(client, post, path):
    # As a server hands it on: the test client would take //evil.example for a host.
    response = client.get("/", PATH_INFO=unquote_to_bytes(path).decode("latin-1"))
    assert response.status_code == 404
    assert "Location" not in response


def test_only_reading_is_redirected(client, post):
    assert client.post(PATH).status_code == 405
    assert client.head(PATH).status_code == 301


def test_good_pages_pay_nothing(client, post):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(post.get_absolute_url()).status_code == 200
    assert not [query for query in captured if "old" in query["sql"] or 'legacy_path" IN' in query["sql"]]


def test_looking_for_what_never_was_costs_little(client, post):
    client.get("/nope/")
    for path in ("/nope/", "/a/2021/12/29/NW000000000000000000.html", "/wp-login.php", "/a/b/c/d"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 404
        assert len(captured) <= 3
