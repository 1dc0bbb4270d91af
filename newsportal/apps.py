"""The project's own commands, and the editors' desk: Django's admin under our own site class."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.utils.module_loading import import_string

from newsportal.signin import log, sessions


class PortalConfig(AppConfig):
    """Makes the commands known that are the whole project's; it has no tables."""

    name = "newsportal"


class DeskConfig(SimpleAdminConfig):
    """Puts newsportal.admin_site.PortalAdminSite in the place of the stock admin site.

    Its pages are discovered by newsportal.urls: a command that asks for none starts in two thirds of the time.
    """

    default_site = "newsportal.admin_site.PortalAdminSite"

    def ready(self):
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_desk, checks.Tags.admin)
        log.connect()
        sessions.connect()


def check_desk(app_configs, **kwargs):
    """Django's own check of the admin, once there is something to check."""
    import_string("newsportal.admin_site.register_pages")()
    return check_admin_app(app_configs, **kwargs)
