"""The portal's settings: one file, read top to bottom, changed only by environment variables."""

import os
import re
import sys
from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP

from articles.addresses import address
from newsportal.config import env, home, masking, public_site, secret_key
from newsportal.databases import journal
from sources.formats import READERS
from sources.reading import limits

BASE_DIR = Path(__file__).resolve().parent.parent
masking.hide_settings()
HOME = home.private_home(
    "NEWSPORTAL_HOME", Path(os.environ.get("NEWSPORTAL_HOME") or BASE_DIR / "var").resolve()
)
# Static files and media that nginx serves must be where it can read them, outside of the private HOME.
PUBLIC_HOME = env.public_home("NEWSPORTAL_PUBLIC_HOME", HOME)
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = home.modes(PUBLIC_HOME != HOME)

# ------------------------------------------------------------------ who we are
DEBUG = env.flag("NEWSPORTAL_DEBUG")
SITE_NAME = "新闻门户"
SITE_URL = env.site_url("NEWSPORTAL_SITE_URL", "http://127.0.0.1:8000")
# Prefix of entry ids in the old feed. Imported posts keep them, or feed readers would show all entries again.
LEGACY_FEED_BASE = env.site_url("NEWSPORTAL_LEGACY_FEED_BASE", "https://finews.withounder.com")
# The URL path of the portal, if it shares its host with other sites.
PATH_PREFIX = env.path_prefix("NEWSPORTAL_PATH_PREFIX")
FORCE_SCRIPT_NAME = PATH_PREFIX or None
HTTPS = SITE_URL.startswith("https://")
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
# Whether strangers can reach it: by the site's URL, or by where this server binds.
PUBLIC = public_site.is_public(SITE_URL, sys.argv, os.environ)
ALLOWED_HOSTS = env.words("NEWSPORTAL_ALLOWED_HOSTS")
if PUBLIC:
    public_site.require(DEBUG, os.environ.get("NEWSPORTAL_SECRET_KEY", ""), ALLOWED_HOSTS)
ALLOWED_HOSTS = ALLOWED_HOSTS or LOCAL_HOSTS
# A public site must be given a key (public_site.require); `migrate` makes one for a local site.
SECRET_KEY_FILE = HOME / "secret-key"
SECRET_KEY = secret_key.secret_key("NEWSPORTAL_SECRET_KEY", SECRET_KEY_FILE)
MAKES_SECRET_KEY = not PUBLIC and not os.environ.get("NEWSPORTAL_SECRET_KEY")

# ------------------------------------------------------------------ apps
INSTALLED_APPS = [
    "newsportal.apps.PortalConfig",
    "newsportal.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_filters",
    "django_tasks_db",
    "taggit",
    "sources",
    "articles",
]
MIDDLEWARE = [
    "newsportal.logs.RequestIdMiddleware",
    "newsportal.http.headers.HeadersMiddleware",
    "newsportal.http.outages.OutageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Responses from here on carry every header; nothing above reads a body.
    "newsportal.http.request_bodies.BodyRulesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsportal.http.conditional.ConditionalReadingMiddleware",
    "newsportal.http.cookies.PublicCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsportal.http.request_bodies.FormSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "articles.portal.legacy_urls.OldAddressMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it replaces the view's response
]
ROOT_URLCONF = "newsportal.urls"
# The models of `sources` know no URLs; this is an outlet's page.
ABSOLUTE_URL_OVERRIDES = {"sources.source": lambda outlet: address("outlet", outlet.slug)}
WSGI_APPLICATION = "newsportal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# ------------------------------------------------------------------ storage
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{HOME / 'newsportal.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # Connections are kept open: opening one costs more than a page (four pragmas, forty functions to register).
    DATABASES["default"] |= {"ENGINE": "newsportal.databases.sqlite", "OPTIONS": journal.options()}
    DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    # Tests use a file too: in memory, threads would not meet the locks that users meet.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
    home.keep_private(Path(DATABASES["default"]["NAME"]))
else:
    DATABASES["default"] |= {"ENGINE": "newsportal.databases.postgresql"}
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
CACHES = {"default": env.cache("NEWSPORTAL_CACHE_URL")}
# Where large uploads are imported: in the request, or by `make worker` (newsportal-worker.service).
IMMEDIATE, DATABASE = "django.tasks.backends.immediate.ImmediateBackend", "django_tasks_db.DatabaseBackend"
TASKS = {
    "default": {"BACKEND": env.choice("NEWSPORTAL_TASKS", {"immediate": IMMEDIATE, "database": DATABASE})}
}
STATIC_URL = f"{PATH_PREFIX}/static/"
STATIC_ROOT = PUBLIC_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Hashed names after collectstatic; before that (a fresh clone, tests), files are served from their folders.
COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() or "collectstatic" in sys.argv
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "newsportal.static.CollectedStorage"
            if COLLECTED
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = PUBLIC_HOME / "media"
# The search index is derived from the database: it may be deleted, and each machine has its own.
SEARCH_HOME = HOME / "search"

# ------------------------------------------------------------------ language and time
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
TAGGIT_CASE_INSENSITIVE = True

# ------------------------------------------------------------------ security
AUTH_PASSWORD_VALIDATORS = [{"NAME": "newsportal.passwords.PasswordRules"}]
AUTHENTICATION_BACKENDS = [
    "newsportal.signin.locks.LockBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# The number of proxies in front that append to X-Forwarded-For; other entries in that header are not trusted.
PROXIES = env.number("NEWSPORTAL_PROXIES", 0, least=0, most=10)
AXES_HANDLER = "newsportal.signin.locks.LockHandler"  # it holds the limits
AXES_CLIENT_IP_CALLABLE = "newsportal.signin.address.client_address"
AXES_LOCKOUT_CALLABLE = "newsportal.signin.pages.locked_out"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{PATH_PREFIX}/"
# Browsers accept __Host- only over https and for the whole host, __Secure- only over https.
COOKIE_NAMES = "" if not HTTPS else "__Secure-" if PATH_PREFIX else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_NAMES}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_NAMES}csrftoken"
SESSION_COOKIE_AGE = 2 * 60 * 60  # 2 hours; newsportal.signin.sessions extends it, to 12 at most
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "articles.portal.render.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [rf"^{re.escape(f'{PATH_PREFIX}/{page}'[1:])}$" for page in ("healthz", "readyz")]
# Over https only. Subdomains and the browsers' preload lists are opt-in, since they affect the whole domain.
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0  # 2 years
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("NEWSPORTAL_HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD = env.flag("NEWSPORTAL_HSTS_PRELOAD")
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # about these two being off
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
DESK_CSP = SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "connect-src": [CSP.SELF],
}
# Feeds and pictures are fetched from public addresses only, and from these (IP address, port) pairs.
FETCH_ALLOW = env.addresses("NEWSPORTAL_FETCH_ALLOW")
# Limits for reading one input: seconds, and MiB of memory. A large file gets more (sources.reading.limits).
READ_SECONDS = env.number("NEWSPORTAL_READ_SECONDS", limits.SECONDS, 1, 3600)
READ_MEMORY = env.number("NEWSPORTAL_READ_MEMORY", limits.MEMORY // limits.MIB, 64, 65_536) * limits.MIB
# Modules that a reading process imports before its first input (sources.reading.reading_process).
READING_MODULES = [
    *("sources.reading.read_again", "sources.reading.explain_input", "articles.search.index.cut_texts"),
    *READERS.values(),
]
# A form field for a long article's HTML. Uploaded files have their own limits (run_control.stored_uploads).
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Splitting a printed page takes four fields per block, and pages have hundreds of blocks.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# ------------------------------------------------------------------ errors and logs
DEFAULT_EXCEPTION_REPORTER = "newsportal.http.debug_pages.MaskedReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "newsportal.http.debug_pages.SecretsFilter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "newsportal.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "filters": {"skip_already_logged": {"()": "newsportal.logs.SkipAlreadyLogged"}},
    "loggers": {
        # Django gives these two their own handlers, which use another format.
        **{name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
        "django.request": {"filters": ["skip_already_logged"]},
    },
}
