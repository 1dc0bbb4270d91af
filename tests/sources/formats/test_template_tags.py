"""Tags of site generators in a post: what they plainly say is set, for the others an editor is asked."""

import pytest

from sources.formats import FORMATS
from sources.problem import Code

FRONT = "---\ntitle: 渔港开市\nsource: 澜州日报\ndate: 2022-03-01\nauthor: 何青\n---\n"
QUOTE = "<blockquote>\n{}\n</blockquote>"


def read(body: str):
    (raw,) = FORMATS["jekyll"]((FRONT + body).encode(), "_posts/2022-03-01-kaishi.md")
    raw.fit()
    return raw


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("{% raw %}写作 {{ 名字 }}。{% endraw %}", "<p>写作 {{ 名字 }}。</p>"),
        ("{%- raw -%}**写作** {% if %}。{%- endraw -%}", "<p><strong>写作</strong> {% if %}。</p>"),
        ("```liquid\n{% raw %}{{ x }}{% endraw %}\n```", "<pre><code>{{ x }}\n</code></pre>"),
        ("```\n{{ x }} {% include a.html %}\n```", "<pre><code>{{ x }} {% include a.html %}\n</code></pre>"),
        ("写作 `{{ 名字 }}`。", "<p>写作 <code>{{ 名字 }}</code>。</p>"),
        ("{% highlight python linenos %}\na = '**1**'\n{% endhighlight %}", "<pre><code>a = '**1**'\n</code></pre>"),
        ("{% codeblock 题 lang:js %}\nlet a;\n{% endcodeblock %}", "<pre><code>let a;\n</code></pre>"),
        ("{{< highlight go >}}\na := 1\n{{< /highlight >}}", "<pre><code>a := 1\n</code></pre>"),
        ("{{</* ref x */>}}", "<p>{{&lt; ref x &gt;}}</p>"),
        ("开市。{% comment %}\n不给人看\n{% endcomment %}", "<p>开市。</p>"),
        ("[开市]({{ site.url }}/a.html)。", "<p>开市。</p>"),
        ("[开市]({{ site.baseurl }}{% post_url 2022-02-01-x %})。", "<p>开市。</p>"),
        ("[开市]({% link _posts/2022-02-01-x.md %})。", "<p>开市。</p>"),
        ('[开市]({{< relref "x.md" >}})。', "<p>开市。</p>"),
        ('<a href="{{ site.url }}{{ site.baseurl }}/x">开市</a>。', "<p>开市。</p>"),
        ("[开市]({{ '/a/' | relative_url }})。", "<p>开市。</p>"),
        ("[开市]({{ '/a/' | prepend: site.baseurl }})。", "<p>开市。</p>"),
        ("{{ page.title }}，{{page.author}}。", "<p>渔港开市，何青。</p>"),
        ("{{ '{{' }} 是记号。", "<p>{{ 是记号。</p>"),
        ("{% note tip 提示 %}\n**开市**。\n{% endnote %}", QUOTE.format("<p>提示</p>\n<p><strong>开市</strong>。</p>")),
        ("{% blockquote 何青 %}\n开市。\n{% endblockquote %}", QUOTE.format("<p>开市。</p>\n<p>—— 何青</p>")),
        ("{% post_link kaishi 开市 %}。", "<p>开市。</p>"),
        ("::: \n开市。", "<p>:::</p>\n<p>开市。</p>"),
        ("价格 100%，{甲}{{乙。", "<p>价格 100%，{甲}{{乙。</p>"),
    ],
)  # fmt: skip
def test_a_plain_tag_is_set_as_it_says(body, html):
    raw = read(body)
    assert raw.body_html == html
    assert raw.problems == []


@pytest.mark.parametrize(
    ("body", "picture"),
    [
        ("![码头]({{ site.url }}/a.png)", ("/a.png", "码头")),
        ("![码头]({{ site.baseurl }}/a.png 'x')", ("/a.png", "码头")),
        ('![码头]({{ "/a.png" | absolute_url }})', ("/a.png", "码头")),
        ("{% asset_img a.png 码头 %}", ("a.png", "码头")),
        ('{% img left /a.png 300 200 "码头" %}', ("/a.png", "码头")),
        ('{{< figure src="/a.png" alt="码头" caption="新码头" >}}', ("/a.png", "码头")),
        ('<img src="{{ site.url }}/a.png" alt="码头">', ("/a.png", "码头")),
    ],
)
def test_a_picture_is_found_through_its_tag(body, picture):
    raw = read(f"开市。\n\n{body}\n")
    assert [tuple(one) for one in raw.pictures] == [picture]
    assert raw.problems == []
    assert "{" not in raw.body_html


@pytest.mark.parametrize(
    "tag",
    [
        "{% include figure.html src='/a.png' caption='码头' %}",
        "{% include_relative a.md %}",
        "{% if site.x %}",
        "{% for one in site.posts %}",
        "{% assign a = 1 %}",
        "{% youtube abc %}",
        "{% gist 123 %}",
        "{{ content }}",
        "{{ page.date | date: '%Y' }}",
        "{{ page.nothing }}",
        "{{ site.url }}/a.html",
        "{% post_url 2022-02-01-x %}",
        "{{< youtube abc >}}",
        '{{% notice tip "a" %}}',
        "{{< gallery >}}",
        "{% raw %}",
        "::: warning 当心",
    ],
)
def test_for_any_other_an_editor_is_asked(tag):
    raw = read(f"开市。\n\n{tag}\n\n休市。\n")
    assert [(problem.code, problem.line) for problem in raw.problems] == [(Code.DOUBTFUL_BODY, 9)]
    assert tag[:12] in raw.problems[0].text
    assert tag[:6].strip("{<%") in raw.plain.text
    assert raw.plain.text.startswith("开市。") and raw.plain.text.endswith("休市。")


def test_many_tags_are_counted_and_not_all_named():
    raw = read("{{ a }}\n" * 500)
    assert len(raw.problems) == 11
    assert "490" in raw.problems[-1].text


def test_posts_in_html_are_asked_about_too():
    raw = read("<p>开市。</p>\n{% include ad.html %}\n<p>休市。</p>\n")
    assert [problem.code for problem in raw.problems] == [Code.DOUBTFUL_BODY]
