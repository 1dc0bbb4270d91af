"""Reading the portal in tests."""


def text(client, path, status=200) -> str:
    """The page at a path, which must answer with this status."""
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def lists(article) -> list[str]:
    """Every list the article `bank` stands in."""
    return [
        article.source.get_absolute_url(),
        article.category.get_absolute_url(),
        "/tags/服务贸易/",
        "/securities/601939.SH/",
        "/archive/2021/12/29/",
    ]
