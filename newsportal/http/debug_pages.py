"""Django's debug pages and error reports without secrets."""

import re

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from newsportal.config.masking import mask


class SecretsFilter(SafeExceptionReporterFilter):
    """Also hides settings with URLs of databases and caches."""

    hidden_settings = re.compile(
        "API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|HTTP_COOKIE|LOCATION|CACHE_URL|DATABASE_URL|DSN|CONNINFO",
        re.I,
    )


class MaskedReporter(ExceptionReporter):
    """Masks the whole page: a secret may be in any message or local variable."""

    def get_traceback_html(self):
        return mask(super().get_traceback_html())

    def get_traceback_text(self):
        return mask(super().get_traceback_text())
