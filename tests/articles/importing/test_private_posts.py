"""What a source keeps from the public does not go public by an import, and comes to the desk with the reason."""

import pytest

from articles.importing.run import Options, import_paths
from articles.models import Article
from sources.models import ImportItem
from sources.problem import Code

pytestmark = pytest.mark.django_db

HEAD = "title: {0}\nsource: 澜州日报\ndate: 2022-03-01 09:00:00 +0800\n"
BODY = "渔港今天开市，{0}的价钱公道。\n"

FILES = {
    "_posts/2022-03-01-a.md": ("鱼", "---\n{head}draft: true\n---\n{body}"),
    "_posts/2022-03-01-b.md": ("虾", "---\n{head}published: 'No'\ntags:\n  - 渔业\n---\n{body}"),
    "_posts/2022-03-01-c.md": ("蟹", "---\n{head}status: pending\n---\n{body}"),
    "_posts/2022-03-01-d.md": ("贝", "---\n{head}password: 8848\n---\n{body}"),
    "_posts/2022-03-01-e.md": ("藻", "---\n{head}publishDate: 2099-01-01\n---\n{body}"),
    "_drafts/f.md": ("盐", "---\n{head}---\n{body}"),
    "content/g/index.md": (
        "网",
        '+++\ntitle = "网"\nsource = "澜州日报"\ndate = 2022-03-01\ndraft = true\n+++\n{body}',
    ),
}


def test_private_posts_wait_with_their_reason_and_public_ones_are_published(tmp_path):
    files = FILES | {"_posts/2022-03-01-z.md": ("船", "---\n{head}draft: false\npublished: yes\n---\n{body}")}
    for name, (title, text) in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(head=HEAD.format(title), body=BODY.format(title)))
    import_paths(Options([str(tmp_path)]))
    assert [article.title for article in Article.objects.published()] == ["船"]
    assert Article.objects.filter(status="review").count() == len(FILES)
    held = ImportItem.objects.filter(outcome="review")
    assert all(Code.UNPUBLISHED in [problem[0] for problem in item.problems] for item in held)
    assert "8848" not in str([item.problems for item in held])
