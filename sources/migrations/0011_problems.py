"""Problems as data: a code, a line and a text of each, read once more out of the sentences of earlier imports."""

import json
import re
from itertools import batched

from django.db import migrations, models

AT_ONCE = 2000
# The sentences of the readers before codes were, by what is in them; the first that matches names the code.
SENTENCES = [
    (code, re.compile(words))
    for code, words in (
        ("broken-xml", r"^订阅源的 XML 当?时?有错"),
        ("repeated-id", r"^编号 .*(?:在订阅源里不止一次|在第 .+ 行已经用过)"),
        ("held", r"请主编核对后发布"),
        ("no-outlet", r"^不知道是哪个来源，请选定"),
        ("no-title", r"^没有标题，请补上再发布"),
        ("no-body", r"^没有正文，请对照"),
        ("no-date", r"^没有日期，请对照原文补上"),
        ("to-check", r"^(?:OCR 版面拆出的稿件，请核对|抓取来的文本：)"),
        ("unpublished", r"^来源标明不发布"),
        ("bad-bytes", r"^第 \d+ 行有坏字节"),
        ("guessed-with-faults", r"^编码不是 UTF-8，.*行起有坏字节"),
        ("guessed-encoding", r"^编码不是 UTF-8"),
        ("lost-characters", r"^正文里有 .：来源自己已经丢了字|行有 NUL 字符"),
        ("bad-link", r"^原文链接不能用"),
        ("too-long", r"^\w+ 有 \d+ 个字，超过 \d+"),
        ("doubtful-outlet", r"^(?:来源写的是“|标签写的来源是“|来源是从网址看出来的|文中署名来源“)"),
        (
            "doubtful-date",
            r"^(?:日期不可信|没有这样的日期|时区 CST 可指|见报日期读不懂|网页里写的发布时间不一致)",
        ),
        ("doubtful-title", r"标题取自网页标题|^原标题|标题是从正文开头取出的|^导语出现两次"),
        (
            "doubtful-body",
            r"没认出哪里是正文|正文由程序从网页里取出|正文像是截断了的摘要|^文末像是网站上的其他内容"
            r"|^第 \d+ 段(?:没有写完|从句子中间开始|与第 \d+ 段相同)|^有一格正好 \d+ 字",
        ),
        ("bad-front-matter", r"front matter|YAML|行又写了一次 |里有转义符"),
        ("read-differently", r"^(?:读出来的不是稿件|今天的程序把它拆成了别的稿件)"),
        ("not-kept", r"^(?:没有保存原文|保存的原文已损坏)"),
        ("wrong-format", r"^(?:不是文本文件|不是网页|不是表格|不是文本表格|不是 JSON Feed|今天的程序认不出)"),
        ("wrong-format", r"^(?:文件名是 |是旧式 Excel 文件)"),
        ("empty", r"^(?:文件是空的|表格没有表头，也没有内容|工作簿里没有内容)"),
        ("no-articles", r"^(?:文件里没有稿件|订阅源里没有条目|表格只有表头)"),
        ("over-limit", r"^读它(?:超过|要用的内存超过|的进程崩溃了)|^正在读别的文件"),
        ("reader-failed", r"^程序没能读懂它"),
        ("hash-collision", r"^校验码的开头与先前"),
        ("refused-by-database", r"^数据库不收"),
        ("bad-header", r"^(?:表头|第一行没有认得的列名|没有读出表头)"),
        ("damaged", r"^(?:工作簿坏了|工作簿加了密码|不是订阅源，或 XML|JSON 不完整|数组没有结束)"),
        ("bad-part", r"^(?:工作表“|第 \d+ (?:至 \d+ )?[行项条]|第 \d+ 项（|.*行起没有读)"),
        ("too-large", r"未读；请拆开|不合常理，未读|各项合计已远大于文件本身|^网页太大|^工作簿的单元格太多"),
        ("not-opened", r"^(?:读不出：|压缩包|成员已损坏|打不开文件夹|实际大小与|压缩比超过|解开)"),
    )
]
LINE = re.compile(r"第 ?(\d{1,9}) ?(?:行|至)")
UNDONE = re.compile(r"\A已撤销（原为(退回|待审|冲突)）")
WAS = {"退回": "rejected", "待审": "review", "冲突": "conflict"}
BEFORE = re.compile(r"\A(?:新来|重新清洗)的文本有问题，不覆盖已发布的：")
GOES_ON = "有发布权的人保存一次这个订阅"  # of one sentence with a semicolon in it


def read_reasons(apps, schema_editor):
    """Once through the table by its key: it may hold a million rows, of which few have a problem."""
    item = apps.get_model("sources", "ImportItem")
    outcomes = ["rejected", "review", "conflict", "updated", "undone"]
    rows = item.objects.using(schema_editor.connection.alias).filter(outcome__in=outcomes).exclude(reason="")
    statement = f"UPDATE {item._meta.db_table} SET problems = %s WHERE id = %s"
    last = 0
    while some := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", "name", "outcome", "reason")[:AT_ONCE]
    ):
        last = some[-1][0]
        found = [(problems_of(*row), pk) for pk, *row in some]
        with schema_editor.connection.cursor() as cursor:
            for few in batched(((json.dumps(said), pk) for said, pk in found if said), 500, strict=False):
                cursor.executemany(statement, few)


def problems_of(name: str, outcome: str, reason: str) -> list[list]:
    """[code, line, text] of each problem in a reason. What it says besides is no problem."""
    if outcome == "undone":
        match = UNDONE.match(reason)
        outcome, reason = (WAS[match[1]], reason[match.end() :]) if match else ("", "")
    if outcome == "rejected":
        return [problem_of(name, reason)] if reason else []
    if outcome == "conflict":
        match = BEFORE.match(reason)
        reason = reason[match.end() :] if match else ""
    problems = [problem_of(name, sentence) for sentence in sentences(reason)]
    # An update says why in words of its own; only what a reader would say is a problem.
    return [one for one in problems if one[0] != "other"] if outcome == "updated" else problems


def sentences(reason: str) -> list[str]:
    found = []
    for sentence in reason.split("；"):
        if found and sentence.startswith(GOES_ON):
            found[-1] += f"；{sentence}"
        elif sentence:
            found.append(sentence)
    return found


def problem_of(name: str, sentence: str) -> list:
    code = next((code for code, words in SENTENCES if words.search(sentence)), "other")
    if code == "repeated-id":  # the line it names is another row's
        part = name.rpartition(":")[2]
        is_row = "行已经用过" in sentence and part.isdecimal()
        return [code, int(part) if is_row else None, sentence]
    match = LINE.search(sentence)
    return [code, int(match[1]) if match else None, sentence]


class Migration(migrations.Migration):
    dependencies = [("sources", "0010_outlet_and_maker")]

    operations = [
        migrations.AddField(
            model_name="importitem",
            name="problems",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.RunPython(read_reasons, migrations.RunPython.noop),
    ]
