"""The app configs of the project's own commands and of the admin."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.utils.module_loading import import_string

from newsportal.signin import log, sessions


class PortalConfig(AppConfig):
    """Registers the project-wide management commands; it has no tables."""

    name = "newsportal"


class DeskConfig(SimpleAdminConfig):
    """Replaces the stock admin site with newsportal.admin_site.PortalAdminSite.

    newsportal.urls discovers the admin pages, so commands that need none start in two thirds of the time.
    """

    default_site = "newsportal.admin_site.PortalAdminSite"

    def ready(self):
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_desk, checks.Tags.admin)
        log.connect()
        sessions.connect()


def check_desk(app_configs, **kwargs):
    """Django's check of the admin, run after the admin pages are registered."""
    import_string("newsportal.admin_site.register_pages")()
    return check_admin_app(app_configs, **kwargs)
