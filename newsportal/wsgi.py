"""The door for an application server such as granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
application = get_wsgi_application()

# After the application: it needs Django set up. A server's processes keep the search index up to the database.
from articles.search import following  # noqa: E402
from newsportal import outages  # noqa: E402

outages.limit_waiting()
following.start()
