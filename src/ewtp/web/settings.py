"""Django's settings. An operator's come from the environment, and docs/operate/settings.md describes them."""

from __future__ import annotations

import logging
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.database.server import CONNECT_SECONDS, database_address
from ewtp.gateways.installation.home import home_path, secret_key
from ewtp.gateways.installation.log_level import log_format, log_level
from ewtp.gateways.installation.retention import answer_storage, idempotency_lifetime
from ewtp.gateways.mail.mail_server import mail_settings
from ewtp.web.log_line import without_traceback

WEB_DIRECTORY = Path(__file__).resolve().parent
HOME = home_path()
_given = load_configuration()

DEBUG = _given.debug
SECRET_KEY = secret_key(HOME)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *_given.hosts]
# Behind a proxy that ends TLS, everything that may leak over plain HTTP is switched off.
HTTPS = _given.https

ROOT_URLCONF = "ewtp.web.urls"
WSGI_APPLICATION = "ewtp.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
APPEND_SLASH = False

INSTALLED_APPS = [
    "ewtp.apps.log.apps.LogConfig",
    "ewtp.apps.jobs.apps.JobsConfig",
    "ewtp.apps.accounts.apps.AccountsConfig",
    "ewtp.apps.organisations.apps.OrganisationsConfig",
    "ewtp.apps.proposals.apps.ProposalsConfig",
    "ewtp.apps.hubs.apps.HubsConfig",
    "ewtp.apps.updates.apps.UpdatesConfig",
    "ewtp.apps.http.apps.HttpConfig",
    "ewtp.apps.rulebook.apps.RulebookConfig",
    "ewtp.apps.assessment.apps.AssessmentConfig",
    "ewtp.apps.barriers.apps.BarriersConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "ninja",
]

MIDDLEWARE = [
    "ewtp.web.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Outside of whatever answers, so that no answer goes without the policies: neither a file nor a refusal.
    "ewtp.web.security_headers.SecurityHeadersMiddleware",
    # Outside of whatever may refuse, and inside of what no request is refused by.
    "ewtp.web.refusal_log.RefusalLogMiddleware",
    "ewtp.web.https_only.HttpsOnlyMiddleware",
    # Pages, style and script travel compressed; pages with a form carry a random length against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Outside of everything that may refuse a request on its own.
    "ewtp.web.api_problems.ApiProblemsMiddleware",
    "ewtp.web.page_middleware.PageSessionMiddleware",
    "ewtp.web.page_middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "ewtp.web.page_middleware.PageCacheMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "ewtp.web.page_middleware.PageAuthenticationMiddleware",
    "ewtp.web.session_limits.SessionLimitsMiddleware",
    "ewtp.web.page_middleware.PageMessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ewtp.web.page_middleware.PageHtmxMiddleware",
]

# The tags of these modules are known in every template.
COMPONENTS = (
    *("figures", "names", "sentences", "navigation", "field", "notice", "rules", "table", "tiles", "barriers"),
    *("line_breaks", "hubs", "changes", "houses"),
)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB_DIRECTORY / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", *(f"ewtp.web.components.{name}" for name in COMPONENTS)],
        },
    },
]

# Tables and their migrations are in the store of an app.
MIGRATION_MODULES = {
    label: f"ewtp.apps.{label}.store.migrations"
    for label in (
        "accounts",
        "assessment",
        "barriers",
        "http",
        "hubs",
        "jobs",
        "log",
        "organisations",
        "proposals",
        "rulebook",
        "updates",
    )
}

_address = database_address(HOME)
if isinstance(_address, Refusal):
    raise ImproperlyConfigured(_address.message)
DATABASES = {
    "default": {
        # Django's own backend, except that it starts the installation's server when it is first needed.
        "ENGINE": "ewtp.gateways.database",
        **_address.as_django({"application_name": "ewtp", "connect_timeout": CONNECT_SECONDS}),
        "CONN_MAX_AGE": 300,
        # A connection that the server ended is replaced before the next request; finding that out asks nothing of it.
        "CONN_HEALTH_CHECKS": True,
    },
}

# Languages appear as their speakers write them; the text of each is in locale/.
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
    ("zh-hans", _("Chinese (simplified)")),
    ("sw", _("Swahili")),
]
LANGUAGE_CODE = "en"
# What the packages under the pages leave in English is translated apart: `make messages` does not find it here.
LOCALE_PATHS = [WEB_DIRECTORY / "locale", WEB_DIRECTORY / "dependency_locale"]
# Browsers take a cookie of such a name from this very host alone, over HTTPS, so that no other host can plant one.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [WEB_DIRECTORY / "static"] if (WEB_DIRECTORY / "static").is_dir() else []
# Files are served from where the packages have them, so that a checkout needs no collecting step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# Files of pages are for these pages; what others may read is the API.
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 0 if DEBUG else 3_600

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# How long a repeated request is answered as the first one was.
_lifetime = idempotency_lifetime()
if isinstance(_lifetime, Refusal):
    raise ImproperlyConfigured(_lifetime.message)
IDEMPOTENCY_LIFETIME = _lifetime
_storage = answer_storage()
if isinstance(_storage, Refusal):
    raise ImproperlyConfigured(_storage.message)
ANSWER_STORAGE = _storage

SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
# Forms carry the token themselves, so no script has to read it.
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = list(_given.origins)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
MESSAGE_STORAGE = "ewtp.web.message_storage.PageMessageStorage"
# Only a proxy can set this header, and only an operator who has one switches EWTP_HTTPS on.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# What sign-in counts and which codes were used holds in every process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Sign-in is django-allauth's: people are known by a confirmed e-mail address.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "organisations"
ACCOUNT_ADAPTER = "ewtp.apps.accounts.surface.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
# Attempts that fail are counted by ``AccountAdapter``: the library's count would let anybody close any account.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An invitation goes to an address, so an address is worth something only once it is confirmed.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
# Addresses and passwords decide who gets in, so changing one asks again who is there.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "eWTP: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_ADAPTER = "ewtp.apps.accounts.surface.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "eWTP"
# A clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Browsers allow a passkey over plain HTTP on the computer itself alone; a site with an address of its own has TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

try:
    globals().update(mail_settings(_given.smtp, HOME))
except ValueError as error:
    _reason = f"EWTP_SMTP: {error}"
    raise ImproperlyConfigured(_reason) from error
DEFAULT_FROM_EMAIL = _given.mail_from

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "ewtp.apps.accounts.surface.guessable_password.GuessablePasswordValidator"},
    {"NAME": "ewtp.apps.accounts.surface.guessable_password.SiteWordsValidator"},
]

_level = log_level()
if isinstance(_level, Refusal):
    raise ImproperlyConfigured(_level.message)
LOG_LEVEL = _level
_format = log_format()
if isinstance(_format, Refusal):
    raise ImproperlyConfigured(_format.message)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "ewtp.web.log_line.LogLine", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "ewtp.web.log_json.LogJson"},
    },
    "filters": {"brief": {"()": "django.utils.log.CallbackFilter", "callback": without_traceback}},
    # Answers go to standard output, so the program's own messages go to standard error.
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": _format}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # A refused question is the caller's concern; only our own failures are logged.
        "django.request": {"level": "ERROR"},
        # Who signed in and who was kept out is logged whatever else is not.
        "ewtp.security": {"level": min(LOG_LEVEL, "INFO", key=logging.getLevelName)},
        # A request for a host that is not served, or with too much in it, is refused; anybody can send one.
        **{
            f"django.security.{kind}": {"level": LOG_LEVEL, "filters": ["brief"]}
            for kind in ("DisallowedHost", "SuspiciousOperation", "TooManyFieldsSent", "RequestDataTooBig")
        },
    },
}
