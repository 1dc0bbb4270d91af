"""Front matter in the languages of several generators; a bad line costs itself and is named."""

import pytest

from sources.formats import FORMATS, detect
from sources.formats.raw_article import NotAnArticle
from sources.problem import Code

BODY = "渔港的钟修好了，今天开市。\n"


def read(text: str, name: str = "_posts/2022-03-01-kaishi.md"):
    (raw,) = FORMATS[detect(name, text.encode())](text.encode(), name)
    raw.fit()
    return raw


def faults(raw) -> list[int | None]:
    """The lines of the faults of front matter."""
    return [problem.line for problem in raw.problems if problem.code == Code.BAD_FRONT_MATTER]


GOOD = {
    "TOML of Hugo": (
        '+++\ntitle = "渔港开市"\ndate = 2021-12-08T09:05:00+08:00\ntags = ["渔业", "市场"]\nsource = "澜州日报"\n+++\n'
    ),
    "TOML of Zola": (
        '+++\ntitle = "渔港开市"\ndate = 2021-12-08 09:05:00\n[taxonomies]\ntags = ["渔业", "市场"]\n'
        '[extra]\nsource = "澜州日报"\n+++\n'
    ),
    "JSON of Hugo": (
        '{\n  "title": "渔港开市",\n  "date": "2021-12-08T09:05:00+08:00",\n  "tags": ["渔业", "市场"],\n'
        '  "source": "澜州日报"\n}\n\n'
    ),
    "JSON on one line": (
        '{"title": "渔港开市", "date": "2021-12-08 09:05", "tags": ["渔业", "市场"], "source": "澜州日报"}\n'
    ),
    "JSON of Hexo": (
        '"title": "渔港开市",\n"date": "2021/12/08 9:05",\n"tags": ["渔业", "市场"],\n"source": "澜州日报"\n;;;\n'
    ),
    "Hexo without an opening line": (
        "title: 渔港开市\ndate: 2021/12/8 9:05\ntags:\n- 渔业\n- 市场\nsource: 澜州日报\n---\n"
    ),
    "Hexo": "---\ntitle: 渔港开市\ndate: 2021/12/8 9:05\ntags: [渔业, 市场]\nsource: 澜州日报\n---\n",
    "Pelican": "Title: 渔港开市\nDate: 2021-12-08 09:05\nTags: 渔业, 市场\nSource: 澜州日报\n\n",
    "Wiki.js in HTML": (
        "<!--\ntitle: 渔港开市\ndescription: \npublished: true\ndate: 2021-12-08T01:05:00.000Z\ntags: 渔业, 市场\n"
        "editor: code\nsource: 澜州日报\n-->\n\n"
    ),
    "Wiki.js": (
        "---\ntitle: 渔港开市\ndescription: \npublished: true\ndate: 2021-12-08T01:05:00.000Z\ntags: 渔业, 市场\n"
        "editor: markdown\nsource: 澜州日报\n---\n"
    ),
}


@pytest.mark.parametrize("front", GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_every_generator_says_the_same_in_its_own_way(front, end):
    raw = read((front + BODY).replace("\n", end))
    assert (raw.title, raw.outlet, raw.tags) == ("渔港开市", "澜州日报", ["渔业", "市场"])
    assert raw.published_at.isoformat()[:16] in ("2021-12-08T09:05", "2021-12-08T01:05")
    assert raw.plain.text == BODY.strip()
    assert raw.problems == []


@pytest.mark.parametrize(
    ("lines", "tags"),
    [
        ("categories:\n  - [财经, 股市]\n  - 要闻", ["财经", "股市", "要闻"]),
        ("categories:\n- - 财经\n  - 股市\n- - 要闻", ["财经", "股市", "要闻"]),
        ("categories: [[财经, [股市]], 要闻]", ["财经", "股市", "要闻"]),
        ("categories:\n  - 财经\ntags:\n  - 股市", ["股市", "财经"]),
        ("tags:\n  - 央行: 下调\n  - 利率", ["央行: 下调", "利率"]),
    ],
)
def test_lists_in_lists_lose_nothing(lines, tags):
    raw = read(f"---\ntitle: 渔港开市\nsource: 澜州日报\ndate: 2021-12-08\n{lines}\n---\n{BODY}")
    assert (raw.tags, raw.problems) == (tags, [])


BAD = {
    # front matter: (title, tags, lines of the faults)
    "title: 央行: 下调\ntags:\n  - 利率\n": ("央行: 下调", ["利率"], []),
    "title: &t 央行下调\ncopy: *t\ntags:\n  - 利率\n": ("&t 央行下调", ["利率"], [2]),
    "title: *t\ntags:\n  - 利率\n": ("*t", ["利率"], [2]),
    "title: *STAR 市场\ntags:\n  - 利率\n": ("*STAR 市场", ["利率"], [2]),
    "title: !重磅 央行下调\ntags:\n  - 利率\n": ("!重磅 央行下调", ["利率"], [2]),
    'title: "央行下调\ntags:\n  - 利率\n': ("央行下调", ["利率"], [2]),
    'title: "央行下调\nauthor: 何青"\ntags:\n  - 利率\n': ("央行下调", ["利率"], [2]),
    "title: '央行下调\ntags:\n  - 利率\n": ("央行下调", ["利率"], [2]),
    "title: 央行下调\ntags:\n\t- 利率\n": ("央行下调", ["利率"], []),
    "title:\t央行下调\ntags:\n  - 利率\n": ("央行下调", ["利率"], []),
    "title: 央行下调\n这一行什么也不是\ntags:\n  - 利率\n": ("央行下调", ["利率"], [3]),
    "title: 央行下调\ntags:\n  - 利率\n  - @央行\n": ("央行下调", ["利率", "@央行"], [5]),
    "title：央行: 下调\ntags:\n  - 利率\n": ("央行: 下调", ["利率"], []),
    "title:央行下调\ntags:\n  - 利率\n": ("央行下调", ["利率"], []),
    "title: 央行下调\ntitle: 又一个\ntags:\n  - 利率\n": ("央行下调", ["利率"], [3]),
    "title: 【央行】下调 100% #1\nx: {a: [b\ntags:\n  - 利率\n": ("【央行】下调 100% #1", ["利率"], []),
    "title: 央行下调\nx: !!python/object:os.system 1\ntags:\n  - 利率\n": ("央行下调", ["利率"], [3]),
    'title: "央行下调" # 改过\ntags:\n  - 利率\nx: a: b\n': ("央行下调", ["利率"], []),
    "title: 央行下调\nx: [a,\n  b\ntags:\n  - 利率\n": ("央行下调", ["利率"], [3]),
}


@pytest.mark.parametrize(("front", "wanted"), BAD.items())
def test_a_bad_line_costs_itself_alone_and_is_named(front, wanted):
    raw = read(f"---\n{front}source: 澜州日报\ndate: 2021-12-08 09:05\n---\n{BODY}")
    assert (raw.title, raw.tags, faults(raw)) == wanted
    assert raw.outlet == "澜州日报"
    assert raw.published_at.isoformat() == "2021-12-08T09:05:00+08:00"


HEADLINES = [
    "*ST临港：重整计划获批",
    "＊ST临港：重整",
    "*ST 临港: 获批",
    "*ST GQY视讯复牌",
    "*SST中纺 停牌",
    "@所有人：今晚停水",
]


@pytest.mark.parametrize("title", [*HEADLINES, "%5的人：还在等", "`临港`：复牌"])
@pytest.mark.parametrize("tags", ["tags:\n  - 重整\n", "tags: [重整]\n"])
def test_a_headline_that_only_looks_like_yaml_is_certain(title, tags):
    raw = read(f"---\ntitle: {title}\ndate: 2022-03-01 09:12\nsource: 临江证券报\n{tags}---\n{BODY}")
    assert (raw.title, raw.tags, raw.outlet, raw.problems) == (title, ["重整"], "临江证券报", [])


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("title = 央行: 下调\n", 2),
        ('title = "央行: 下调\n', 2),
        ("title = '央行: 下调\n", 2),
        ('title = "央行: 下调"\ntitle = "又一个"\n', 3),
        ('title = "央行: 下调"\n这一行什么也不是\n', 3),
        ('title = "央行: 下调"\nx = [1,\n', 5),
    ],
)
def test_so_does_one_of_toml(front, line):
    raw = read(f'+++\n{front}source = "澜州日报"\ndate = 2021-12-08\ntags = ["利率"]\n+++\n{BODY}')
    assert raw.title == "央行: 下调"
    assert faults(raw)[0] <= line
    assert raw.plain.text == BODY.strip()


def test_so_does_one_of_json():
    raw = read(
        f'{{\n  "title": "央行: 下调",\n  "source": "澜州日报",\n  "x": oops,\n  "date": "2021-12-08"\n}}\n{BODY}'
    )
    assert (raw.title, raw.outlet, faults(raw)) == ("央行: 下调", "澜州日报", [4])
    assert raw.published_at


@pytest.mark.parametrize("opening", ["+++\n", '{\n"title": "渔港开市",\n', "---\n"])
def test_front_matter_that_never_ends_is_held_with_all_its_words(opening):
    raw = read(f"{opening}source: 澜州日报\n\n{BODY}")
    assert len(faults(raw)) == 1
    assert "今天开市" in raw.plain.text


@pytest.mark.parametrize(
    "text",
    [
        f"说明: 一段话\n---\n{BODY}",
        f"{BODY}\n---\n\n{BODY}",
        f"title 渔港\n---\n{BODY}",
        f"{{% raw %}}\n{BODY}{{% endraw %}}\n",
        f'"渔港"开市。\n\n{BODY}',
    ],
)
def test_a_text_that_looks_like_front_matter_at_first_keeps_its_words(text):
    raw = read(text)
    assert "今天开市" in raw.plain.text
    assert raw.title == "" or raw.title in text


DEEP = [
    "---\ntitle: a\nx:\n  " + "[" * 900 + "\n---\n",
    "{" + '"a": {' * 900,
    "+++\nx = " + "[" * 5000 + "\n+++\n",
]


@pytest.mark.parametrize("text", DEEP)
def test_front_matter_nested_too_deep_is_held(text):
    raw = read(text + BODY)
    assert faults(raw)
    assert "今天开市" in raw.plain.text


# ------------------------------------------------------------------ leaf bundles and sections
POST = f"---\ntitle: 渔港开市\nsource: 澜州日报\n---\n{BODY}"


@pytest.mark.parametrize(
    "name",
    [
        "content/posts/2022-03-01-kaishi/index.md",
        "a.zip!content/2022-03-01-kaishi/index.zh-cn.md",
        "posts/2022-03-01-kaishi/Index.md",
    ],
)
def test_a_leaf_bundle_is_the_article_its_folder_names(name):
    raw = read(POST, name)
    assert (raw.title, raw.published_at.isoformat()) == ("渔港开市", "2022-03-01T00:00:00+08:00")
    assert raw.external_id == read(POST, "_posts/2022-03-01-kaishi.md").external_id


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("content/posts/_index.md", POST),
        ("content/_index.zh.md", POST),
        ("index.md", POST),
        ("about/index.md", POST),
        ("posts/index.md", POST.replace("title", "layout: archive\ntitle")),
        ("tags/index.md", '---\ntitle: 标签\ntype: "tags"\n---\n'),
        ("posts/index.md", "---\ntitle: 文章\n---\n"),
        ("_posts.html", POST),
    ],
)
def test_pages_of_sections_and_folders_are_skipped_by_name(name, text):
    with pytest.raises(NotAnArticle, match="页面|模板"):
        read(text, name)


def test_a_post_in_html_is_an_article():
    raw = read(POST.replace(BODY, f"<p>{BODY}</p>"), "_posts/2022-03-01-kaishi.html")
    assert (raw.title, raw.body_html) == ("渔港开市", f"<p>{BODY.strip()}</p>")


@pytest.mark.parametrize("published", ["true", "false"])
def test_a_page_of_wiki_js_is_an_article_and_says_if_it_is_public(published):
    front = f"<!--\ntitle: 渔港开市\npublished: {published}\ndate: 2022-03-01\neditor: code\nsource: 澜州日报\n-->\n"
    raw = read(f"{front}<p>{BODY}</p>\n", "wiki/kaishi.html")
    assert (raw.title, raw.body_html) == ("渔港开市", f"<p>{BODY.strip()}</p>")
    assert [problem.code for problem in raw.problems] == [Code.UNPUBLISHED] * (published == "false")


def test_a_text_over_its_first_blank_line_is_no_front_matter_unless_it_gives_a_title():
    raw = read(f"date: 明天\nsource: 港口\n\n{BODY}", "a.md")
    assert raw.plain.text.startswith("date: 明天")
