"""Every admin address × every kind of user × GET and POST: made from the URLconf, so no new page is left out.

A POST is the very form that a superuser is shown, with every button and every action, sent by somebody else.
"""

import re
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection, transaction
from lxml import html

from tests.support.newsroom import LETTERS, ROOT, admin_addresses, clients, furnish

pytestmark = pytest.mark.django_db
WRITING = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b(?!.*django_session)", re.I)


class _Rollback(Exception):
    pass


@contextmanager
def tried(client):
    """What is written in here is collected, and then taken back; the client stays signed in."""
    written, cookies = [], client.cookies.copy()

    def watch(execute, sql, params, many, context):
        if WRITING.match(sql):
            written.append(sql)
        return execute(sql, params, many, context)

    try:
        with transaction.atomic(), connection.execute_wrapper(watch):
            yield written
            raise _Rollback
    except _Rollback:
        client.cookies = cookies


def forms(client, addresses, typed: dict) -> dict[str, list[dict]]:
    """Every form of every page that is shown to this client, by where it is sent to."""
    found: dict[str, list[dict]] = {}
    for address in addresses:
        response = client.get(address)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        for form in html.document_fromstring(response.content).forms:
            if form.method != "POST":
                continue
            for action, fields in _sent(form, typed):
                path = urlsplit(urljoin(response.request["PATH_INFO"], action)).path
                found.setdefault(path, []).append(fields)
    return found


# What a second page would ask for, so that nothing is only asked about.
SURE = {"sure": "1", "post": "yes", "reason": "缘由"}
# What somebody types into fields that stand empty.
TYPED = {
    **{
        "reason": "缘由",
        "byline": "记者",
        "name": "名",
        "note": "注",
        "title": "题",
        "body_html": "<p>文</p>",
    },
    **{"published_at_0": "2024-05-01", "published_at_1": "08:00:00", "homepage": "https://a.cn/"},
    **{"usable_password": "false", "username": "somebody", "password1": "Zq8-kettle-fjord"},
    **{"password2": "Zq8-kettle-fjord", "code": "600000", "market": "SH", "slug": "ming", "word": "沧农"},
    **{"expansions": "沧澜农商行", "url": "https://b.cn/feed", "column-0": "title", "column-1": "body"},
}


def typed_for(room: dict[str, int]) -> dict[str, str | int]:
    return TYPED | {"other": room["alone"], "into": room["other_story"], "source": room["source"]}


def _sent(form, typed: dict) -> list[tuple[str, dict]]:
    """The form as it stands, by each of its buttons and with each of its actions; and where each goes."""
    fields: dict[str, list] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    boxes = form.xpath(".//input[@type='checkbox'][@name='_selected_action' or @name='article']")
    for box in boxes[:1]:
        fields[box.get("name")] = [box.get("value")]
    for name, value in typed.items():
        if name in form.fields and fields.get(name, [""]) == [""]:
            fields[name] = [value]
    buttons = form.xpath(".//button[@name or @formaction]|.//input[@type='submit'][@name]")
    pressed = [
        (one.get("formaction") or form.action or "", {one.get("name") or "_": one.get("value") or "1"})
        for one in buttons
    ]
    actions = form.xpath(".//select[@name='action']/option/@value")
    chosen = [("", {"action": one, "index": "0", "post": "yes", "reason": "缘由"}) for one in actions if one]
    return [(to, fields | SURE | more) for to, more in [(form.action or "", {}), *pressed, *chosen]]


# Address; who is shown it; whose forms it takes. N nobody, S staff without rights, L who may only look,
# E 编辑, C 主编, R superuser. What is somebody else's (an upload) is shown to C and R alone.
MATRIX = """
    index                               SLECR  -
    session                             NSLECR -
    session_back                        SLECR  -
    login                               N      -
    logout                              -      -
    password_change                     SLECR  -
    password_change_done                SLECR  -
    autocomplete                        -      -
    jsi18n                              SLECR  -
    view_on_site                        -      -
    auth_group_changelist               LR     R
    auth_group_add                      R      R
    auth_group_history                  LR     -
    auth_group_delete                   R      R
    auth_group_change                   LR     R
    auth_user_password_change           R      R
    auth_user_changelist                LR     R
    auth_user_add                       R      R
    auth_user_history                   LR     -
    auth_user_delete                    R      R
    auth_user_change                    LR     R
    sources_importrun_changelist        LECR   -
    sources_importrun_add               -      -
    sources_importrun_history           LECR   -
    sources_importrun_delete            -      -
    sources_importrun_change            LECR   -
    sources_importitem_raw              LECR   -
    sources_importitem_explained        LECR   -
    sources_importitem_changelist       LECR   -
    sources_importitem_add              -      -
    sources_importitem_history          LECR   -
    sources_importitem_delete           -      -
    sources_importitem_change           LECR   -
    sources_source_check                LECR   -
    sources_source_name_back            -      -
    sources_source_changelist           LECR   -
    sources_source_add                  CR     CR
    sources_source_history              LECR   -
    sources_source_delete               R      -
    sources_source_change               LECR   CR
    articles_picture_changelist         LECR   ECR
    articles_picture_add                -      -
    articles_picture_history            LECR   -
    articles_picture_delete             -      -
    articles_picture_change             LECR   -
    articles_article_withdraw           CR     CR
    articles_article_leave_story        -      ECR
    articles_article_join_story         -      ECR
    articles_article_version            LECR   -
    articles_article_restore            ECR    ECR
    articles_article_merge              ECR    -
    articles_article_take               -      ECR
    articles_article_drop               -      ECR
    articles_article_changelist         LECR   CR
    articles_article_add                ECR    ECR
    articles_article_history            LECR   -
    articles_article_delete             -      -
    articles_article_change             LECR   ECR
    sources_sourcemerge_new             -      -
    sources_sourcemerge_undo            -      CR
    sources_sourcemerge_changelist      LECR   -
    sources_sourcemerge_add             -      -
    sources_sourcemerge_history         LECR   -
    sources_sourcemerge_delete          -      -
    sources_sourcemerge_change          LECR   -
    sources_columnmapping_changelist    LECR   R
    sources_columnmapping_add           ECR    -
    sources_columnmapping_history       LECR   -
    sources_columnmapping_delete        R      R
    sources_columnmapping_change        ECR    ECR
    articles_security_changelist        LECR   R
    articles_security_add               CR     CR
    articles_security_history           LECR   -
    articles_security_delete            R      R
    articles_security_change            LECR   CR
    taggit_tag_changelist               LCR    R
    taggit_tag_add                      R      R
    taggit_tag_history                  LCR    -
    taggit_tag_delete                   R      R
    taggit_tag_change                   LCR    -
    articles_searchalias_changelist     LECR   CR
    articles_searchalias_add            CR     -
    articles_searchalias_history        LECR   -
    articles_searchalias_delete         CR     CR
    articles_searchalias_change         LECR   CR
    articles_unanswered_changelist      LECR   CR
    articles_unanswered_add             -      -
    articles_unanswered_history         LECR   -
    articles_unanswered_delete          CR     CR
    articles_unanswered_change          LECR   -
    articles_category_try               LECR   -
    articles_category_rehearse          -      -
    articles_category_apply             CR     CR
    articles_category_changelist        LECR   R
    articles_category_add               CR     CR
    articles_category_history           LECR   -
    articles_category_delete            R      R
    articles_category_change            LECR   CR
    sources_shelveditem_retry            ECR    -
    sources_shelveditem_retry_unchanged           -      -
    sources_shelveditem_clash           ECR    ECR
    sources_shelveditem_columns         ECR    ECR
    sources_shelveditem_dismiss         ECR    ECR
    sources_shelveditem_back            -      ECR
    sources_shelveditem_split           ECR    -
    sources_shelveditem_changelist      LECR   -
    sources_shelveditem_add             -      -
    sources_shelveditem_history         LECR   -
    sources_shelveditem_delete          -      -
    sources_shelveditem_change          -      -
    articles_story_remove               -      ECR
    articles_story_split                -      -
    articles_story_merge                -      -
    articles_story_confirm              -      ECR
    articles_story_changelist           LECR   -
    articles_story_add                  -      -
    articles_story_history              LECR   -
    articles_story_delete               -      -
    articles_story_change               LECR   -
    sources_feedsubscription_changelist LECR   CR
    sources_feedsubscription_add        CR     CR
    sources_feedsubscription_history    LECR   -
    sources_feedsubscription_delete     CR     CR
    sources_feedsubscription_change     LECR   CR
    sources_upload_start                -      CR
    sources_upload_discard              -      CR
    sources_upload_changelist           ECR    -
    sources_upload_add                  ECR    -
    sources_upload_history              CR     -
    sources_upload_delete               -      -
    sources_upload_change               CR     -
    app_list                            LECR   -
"""
ROWS = {name: (reads, writes) for name, reads, writes in map(str.split, MATRIX.strip().splitlines())}


@pytest.fixture
def room(settings, tmp_path):
    settings.HOME = tmp_path  # where the uploads lie
    return furnish()


def test_every_admin_address_is_in_the_matrix(room):
    assert admin_addresses(room).keys() == ROWS.keys()


def test_each_page_opens_for_those_who_may_see_it_and_a_get_changes_nothing(room):
    users = clients()
    for name, address in admin_addresses(room).items():
        seen = ""
        for role, client in users.items():
            with tried(client) as written:
                seen += LETTERS[role] if client.get(address).status_code == 200 else ""
            assert not written, (name, role)
        assert (seen or "-") == ROWS[name][0], name


def test_each_form_is_taken_from_those_who_may_send_it_and_no_one_else(room):
    users, addresses = clients(), admin_addresses(room)
    joining = f"{addresses['sources_sourcemerge_new']}?pk={room['source']}&into={room['other_source']}"
    sent = forms(users[ROOT], [*addresses.values(), joining], typed_for(room))
    assert {re.sub(r"\d+", "1", to) for to in sent} <= {
        re.sub(r"\d+", "1", one) for one in addresses.values()
    }
    wrong = {}
    for name, address in addresses.items():
        may_send = ROWS[name][1].strip("-")
        for role, client in users.items():
            if LETTERS[role] in may_send[1:] or name == "logout":
                continue  # the first of those who may stands for all
            writes = [len(write(client, address, fields)) for fields in [*sent.get(address, ()), {}, SURE]]
            if any(writes) != (LETTERS[role] in may_send):
                wrong[name, role] = writes
    assert not wrong


def write(client, address: str, fields: dict) -> list[str]:
    """What sending this would have written."""
    with tried(client) as written:
        assert client.post(address, fields).status_code < 500
    return written
