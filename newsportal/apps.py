"""The editors' desk: Django's admin under our own site class."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Puts newsportal.desk.Desk in the place of the stock admin site."""

    default_site = "newsportal.desk.Desk"
