"""Every setting is an environment variable, read once and refused when odd. README.md lists them.

Migrations run through `owner`: the serving role of `default` owns nothing and may not change a table.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import drf_spectacular_sidecar
from whitenoise.compress import Compressor  # type: ignore[import-untyped]

from bookingoffice.database import addresses
from bookingoffice.database.server.folder import DataFolder
from bookingoffice.env import Environment
from bookingoffice.limits.rates import Rates
from bookingoffice.look import UNFOLD as UNFOLD
from bookingoffice.mail import MailServer
from bookingoffice.safety import refuse_unsafe
from bookingoffice.watching.logs import FORMATS, LEVELS, logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
environment = Environment()
DATA = DataFolder.of(environment)

DEBUG = environment.flag("BOOKINGOFFICE_DEBUG")
SECRET_KEY = environment.text("BOOKINGOFFICE_SECRET_KEY") or DATA.secret_key()
ALLOWED_HOSTS = environment.words("BOOKINGOFFICE_HOSTS", ("127.0.0.1", "localhost", "[::1]"))
ROOT_URLCONF = "bookingoffice.urls"
WSGI_APPLICATION = "bookingoffice.wsgi.application"

INSTALLED_APPS = [
    "unfold",  # before the admin, whose templates it replaces
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "rest_framework",
    "django_filters",
    "bookingoffice.database",
    "bookingoffice.serving",
    "bookingoffice.keeping",
    "bookingoffice.accounts",
    "bookingoffice.datafiles",
    "bookingoffice.references",
    "bookingoffice.audit",
    "bookingoffice.languages",
    "bookingoffice.idempotency",
    "bookingoffice.webhooks",
    "bookingoffice.request_log",
    "coupons",
    "seasons",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bookingoffice.languages.middleware.StaffLanguage",
    "bookingoffice.accounts.middleware.StaffOrganization",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = addresses.connections(environment, DATA.socket_folder())
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("nl", "Nederlands"), ("de", "Deutsch")]  # of the admin; the API answers in English
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "bookingoffice.formats"

STATIC_URL = "static/"
STATIC_ROOT = DATA.static
# Of the two browsers of API documents in the package, the one that is used.
SWAGGER = Path(drf_spectacular_sidecar.__file__).parent / "static" / "drf_spectacular_sidecar" / "swagger-ui-dist"
STATICFILES_DIRS = [("swagger", SWAGGER)]
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")  # large, and rarely asked for
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Coupons may be bound to seasons, and neither app knows the other: this is who answers for them.
SEASONS_OF_NIGHTS = "seasons.nights.seasons_of_nights"

# Webhooks to private addresses and without https, for receivers on one's own machine or network.
WEBHOOKS_PRIVATE = environment.flag("BOOKINGOFFICE_WEBHOOKS_PRIVATE")
# How long a notification is remembered once it was sent or given up.
WEBHOOKS_KEPT_DAYS = environment.integer("BOOKINGOFFICE_WEBHOOKS_KEPT_DAYS", 30, least=1, most=3650)

# What staff may import: uploads wait under these names, and whoever works them off finds their columns here.
FILE_SHEETS = {
    "bookings": "bookingoffice.references.files.BookingSheet",
    "coupons": "coupons.files.CouponSheet",
    "products": "bookingoffice.references.files.ProductSheet",
    "seasons": "seasons.files.SeasonSheet",
}

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
CSRF_FAILURE_VIEW = "bookingoffice.accounts.entrance.sorry.stale_form"
# Wrong passwords: first for one user name at one address, then for the address; after the last one both wait so long.
AUTHENTICATION_BACKENDS = ["bookingoffice.accounts.lockout.LockOut", "django.contrib.auth.backends.ModelBackend"]
PROXIES = environment.integer("BOOKINGOFFICE_PROXIES", 0, least=0, most=10)
LOG_IN_FAILURES_PER_ADDRESS = environment.integer("BOOKINGOFFICE_LOG_IN_FAILURES_PER_ADDRESS", 30, least=1, most=10_000)
AXES_HANDLER = "bookingoffice.accounts.lockout.TwoLimits"
AXES_FAILURE_LIMIT = environment.integer("BOOKINGOFFICE_LOG_IN_FAILURES", 5, least=1, most=100)
AXES_COOLOFF_TIME = timedelta(minutes=environment.integer("BOOKINGOFFICE_LOG_IN_WAIT_MINUTES", 15, least=1, most=1440))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_CLIENT_IP_CALLABLE = "bookingoffice.accounts.clients.household_of"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else whoever keeps trying would lengthen everybody's wait
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # its middleware draws a page of its own; ours says it on the log-in form
OTP_TOTP_ISSUER = "bookingoffice"
PASSWORD_RESET_TIMEOUT = int(timedelta(days=1).total_seconds())
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Behind a proxy that speaks https: cookies only over it, and the proxy's word for the scheme is believed.
HTTPS = environment.flag("BOOKINGOFFICE_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# What this office promises for its own name it may not promise for its neighbours', unless the operator owns them all.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = environment.flag("BOOKINGOFFICE_HSTS_SUBDOMAINS")
SILENCED_SYSTEM_CHECKS += [] if SECURE_HSTS_PRELOAD else ["security.W005", "security.W021"]
CSRF_TRUSTED_ORIGINS = environment.words("BOOKINGOFFICE_ORIGINS")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True

# 8 MiB is the largest body that a door takes and refuses in its own words; Django's own limit stands just above it.
LARGEST_BODY = 8 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY + 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a season of many rows in one admin form

# Letters are sent where a mail server is named; without one, links are shown to be copied.
MAIL = MailServer.of(environment)
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = MAIL.host, MAIL.port, 10
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, DEFAULT_FROM_EMAIL = MAIL.username, MAIL.password, MAIL.sender
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.security == "starttls", MAIL.security == "tls"

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # each dialect names its own: nothing is open by an omission
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {"OAS_VERSION": "3.1.0", "POSTPROCESSING_HOOKS": []}

# Hyperline's reference makes its clients send three keys that may be null. Switched off, absent ones mean null.
HYPERLINE_REQUIRE_NULLABLE_KEYS = environment.flag("HYPERLINE_REQUIRE_NULLABLE_KEYS", default=True)

LOG_FORMAT = environment.choice("BOOKINGOFFICE_LOG_FORMAT", FORMATS)
LOG_LEVEL = environment.choice("BOOKINGOFFICE_LOG_LEVEL", LEVELS, "WARNING")
LOGGING = logging_settings(LOG_LEVEL, LOG_FORMAT)
ACCESS_LOG = environment.flag("BOOKINGOFFICE_ACCESS_LOG")
SLOW_QUERY_SECONDS = environment.integer("BOOKINGOFFICE_SLOW_QUERY_MS", 1000, least=0, most=3_600_000) / 1000
METRICS_TOKEN = environment.text("BOOKINGOFFICE_METRICS_TOKEN")
REQUESTS_KEPT_DAYS = environment.integer("BOOKINGOFFICE_REQUESTS_KEPT_DAYS", 30, least=0, most=3650)

RATES = Rates.of(environment)

refuse_unsafe(debug=DEBUG, secret_key=SECRET_KEY, hosts=ALLOWED_HOSTS, metrics_token=METRICS_TOKEN)
