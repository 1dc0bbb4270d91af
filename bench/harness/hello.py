"""The reference for pages: the least that a WSGI application can do."""

WORDS = b"hello, world\n"
HEADERS = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(WORDS)))]


def application(environ, start_response):
    """Say hello to every request."""
    start_response("200 OK", HEADERS)
    return [WORDS]
