"""Django's debug pages, and its reports of errors, with no secret in them."""

import re

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from newsportal.config.masking import mask


class SecretsFilter(SafeExceptionReporterFilter):
    """Hides addresses of databases and caches among the settings, too."""

    hidden_settings = re.compile(
        "API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|HTTP_COOKIE|LOCATION|CACHE_URL|DATABASE_URL|DSN|CONNINFO",
        re.I,
    )


class MaskedReporter(ExceptionReporter):
    """The whole page is masked: a secret may stand in any message, and in a variable of any frame."""

    def get_traceback_html(self):
        return mask(super().get_traceback_html())

    def get_traceback_text(self):
        return mask(super().get_traceback_text())
