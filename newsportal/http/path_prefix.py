"""A portal that lives under a path of its host, such as /news (NEWSPORTAL_PATH_PREFIX)."""

from collections.abc import Callable


def under_prefix(application: Callable, prefix: str) -> Callable:
    """The WSGI application, answering under the prefix as well: Django writes it into addresses (FORCE_SCRIPT_NAME)
    but does not take it off the paths that are asked for. A proxy may have taken it off, or not."""
    if not prefix:
        return application

    def without_prefix(environ: dict, start_response: Callable):
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            environ = environ | {"PATH_INFO": path.removeprefix(prefix)}
        return application(environ, start_response)

    return without_prefix
