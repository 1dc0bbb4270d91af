"""Serve the portal under a path of its host, such as /news (NEWSPORTAL_PATH_PREFIX)."""

from collections.abc import Callable


def under_prefix(application: Callable, prefix: str) -> Callable:
    """The WSGI application with the prefix removed from request paths.

    Django adds it to URLs (FORCE_SCRIPT_NAME) but does not remove it. A proxy may have removed it already.
    """
    if not prefix:
        return application

    def without_prefix(environ: dict, start_response: Callable):
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            environ = environ | {"PATH_INFO": path.removeprefix(prefix)}
        return application(environ, start_response)

    return without_prefix
