"""The WSGI application for a server such as granian."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from newsportal.config.home import keep_to_ourselves
from newsportal.config.masking import quiet_errors
from newsportal.http.path_prefix import under_prefix

keep_to_ourselves()
quiet_errors()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
settings.SECRET_KEY  # noqa: B018 (a server without a key fails at start, not at the first sign-in)
application = under_prefix(get_wsgi_application(), settings.PATH_PREFIX)

# Imported after the application, because they need Django set up. The server's processes keep the search index up to
# date, and count queries that found nothing.
from articles.search import unanswered  # noqa: E402
from articles.search.index import follow  # noqa: E402
from newsportal.http import outages  # noqa: E402

outages.limit_waiting()
follow.start()
unanswered.start()
