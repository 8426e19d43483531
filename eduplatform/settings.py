"""All settings, read from the environment; defaults are safe and complete for development.

With DEBUG off a missing secret stops the start with a sentence that names it.
`.env.example` lists every variable.
"""

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if "PYTEST_VERSION" not in os.environ:
    environ.Env.read_env(BASE_DIR / ".env")


def secret(name: str, development: str) -> str:
    """The variable `name`; without DEBUG it must be set."""
    value: str = env.str(name, default="")
    if value:
        return value
    if DEBUG:
        return development
    raise ImproperlyConfigured(f"Set {name}: with DEBUG off EduPlatform doesn't start without it.")


# ── Mode ──────────────────────────────────────────────────────────────────────────────────────
DEBUG = env.bool("DEBUG", default=True)
TESTING = "PYTEST_VERSION" in os.environ
# Demo accounts and the test payment provider; off in production unless said by name.
DEMO_MODE = env.bool("DEMO_MODE", default=DEBUG)
SECRET_KEY = secret("SECRET_KEY", "development-only-secret-key-of-no-worth-whatsoever-0001")
ACCESS_TOKEN_KEY = secret("ACCESS_TOKEN_KEY", "development-only-access-token-key-of-no-worth-02")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if DEBUG else [])
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.str('PORT', default='8000')}")
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "Set ALLOWED_HOSTS: with DEBUG off EduPlatform doesn't start without it."
    )
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many proxies of ours stand before the application: 0 trusts no forwarded header.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# ── Apps, from the lowest floor to the highest ────────────────────────────────────────────────
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.apple",
    "allauth.socialaccount.providers.telegram",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "csp",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "tree_queries",
    "apps.core",
    "apps.media",
    "apps.accounts",
    "apps.ai",
    "apps.social",
    "apps.courses",
    "apps.payments",
    "apps.enrollment",
    "apps.learning",
    "apps.search",
    "apps.community",
    "apps.messaging",
    "apps.referrals",
    "apps.gamification",
    "apps.onboarding",
    "apps.activity",
    "apps.analytics",
    "apps.notifications",
]
if DEMO_MODE or TESTING:
    INSTALLED_APPS.append("apps.demo")

# ── Requests ──────────────────────────────────────────────────────────────────────────────────
MIDDLEWARE = [
    "apps.core.request_log.RequestLogMiddleware",
    "apps.core.middleware.UnstorableTextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "eduplatform.middleware.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "apps.core.middleware.SiteMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.core.middleware.PrivateAnswerMiddleware",
    "apps.accounts.middleware.InvitationMiddleware",
    "apps.core.middleware.DomainErrorMiddleware",
]
ROOT_URLCONF = "eduplatform.urls"
WSGI_APPLICATION = "eduplatform.wsgi.application"
ASGI_APPLICATION = "eduplatform.asgi.application"
APPEND_SLASH = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # cotton's loader first, so that component tags are compiled in every template
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ]
            if not DEBUG or TESTING
            else [
                "django_cotton.cotton_loader.Loader",
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ],
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "eduplatform.context.header",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "apps.core.templatetags.ui",
                "apps.core.templatetags.once",
                "apps.accounts.templatetags.people",
            ],
        },
    }
]
COTTON_DIR = "components"
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees its attributes, not the page

# ── Database, cache, broker ───────────────────────────────────────────────────────────────────
DATABASES = {
    "default": env.db("DATABASE_URL", default="postgres://postgres@127.0.0.1:5432/eduplatform")
}
DATABASES["default"]["ENGINE"] = "apps.core.database"
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 3)
# Milliseconds; for processes that answer people, whom no statement may keep for longer.
if STATEMENT_TIMEOUT := env.int("STATEMENT_TIMEOUT", default=0):
    DATABASES["default"]["OPTIONS"]["options"] = (
        DATABASES["default"]["OPTIONS"].get("options", "")
        + f" -c statement_timeout={STATEMENT_TIMEOUT}"
    )
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if not TESTING:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL", default=20),
        "timeout": 3,
        "max_idle": 300,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
# seconds to connect and to answer; the tests' own store may be slow on a busy machine, never away
REDIS_TIMEOUT = 10.0 if TESTING else 0.3
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "page",
        "TIMEOUT": 300,
        "OPTIONS": {
            # a page cache that is away costs time, never an answer
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": REDIS_TIMEOUT,
            "SOCKET_TIMEOUT": REDIS_TIMEOUT,
        },
    }
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            # a receiver waits 5 s for the next frame, and the client's own limit must be longer;
            # what a request pushes has a limit of its own in core.realtime
            "hosts": [
                {
                    "address": REDIS_URL,
                    "socket_timeout": 15,
                    "socket_connect_timeout": 3,
                }
            ],
            "prefix": "ws",
            "expiry": 30,
            "capacity": 500,
        },
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "events"
CELERY_TASK_ROUTES = {
    "core.run_job": {"queue": "jobs"},
    "search.cut_tiers": {"queue": "jobs"},
    "search.check_index": {"queue": "jobs"},
    "search.merge_tallies": {"queue": "jobs"},
    "search.fill_index": {"queue": "jobs"},
    "learning.prepare_digest": {"queue": "jobs"},  # loads the dictionaries of two languages
}
CELERY_TASK_PUBLISH_RETRY = False  # the sweeper retries; a request doesn't wait for a broker
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": REDIS_TIMEOUT,
    "socket_timeout": 5,
    "visibility_timeout": 20 * 60,
    "retry_on_timeout": False,
    "max_retries": 0,
    "global_keyprefix": "celery:",
}
CELERY_TIMEZONE = "UTC"

# ── People and sign-in ────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "apps.accounts.backends.RolePermissions",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# verification, mails, limits and messages are ours: apps/accounts/services
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# per-address limits are a hundred times wider in development
ADDRESS_LIMIT_FACTOR = env.int("ADDRESS_LIMIT_FACTOR", default=100 if DEBUG else 1)
ACCOUNT_RATE_LIMITS: dict[str, str] = {}
SOCIALACCOUNT_AUTO_SIGNUP = True
# a verified address of a provider opens the account that has it, once: from then on it is found by
# the provider's subject; what that does to an unproved account is said in apps/accounts/adapter.py
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# a form's way there would be stopped by the policy's form-action
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_ADAPTER = "apps.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
for _provider in ("google", "apple", "telegram"):
    _client = env.str(f"{_provider.upper()}_CLIENT_ID", default="")
    if _client:
        SOCIALACCOUNT_PROVIDERS[_provider] = {
            "APPS": [
                {
                    "client_id": _client,
                    "secret": env.str(f"{_provider.upper()}_CLIENT_SECRET", default=""),
                    "key": env.str(f"{_provider.upper()}_CLIENT_KEY", default=""),
                }
            ]
        }
ACCESS_TOKEN_LIFETIME = timedelta(minutes=5)
REFRESH_TOKEN_LIFETIME = timedelta(days=60)
PASSWORD_RESET_TIMEOUT = int(timedelta(minutes=30).total_seconds())

SESSION_ENGINE = "apps.accounts.session_store"
SESSION_COOKIE_AGE = int(timedelta(days=60).total_seconds())
SESSION_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_HTTPONLY = False  # htmx sends it back as a header
CSRF_FAILURE_VIEW = "eduplatform.pages.errors.form_expired"

# ── Headers ───────────────────────────────────────────────────────────────────────────────────
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-src": ["https://www.youtube-nocookie.com", "https://player.vimeo.com"],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# ── API ───────────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.authentication.AccessTokenAuthentication",
        "apps.accounts.authentication.SiteSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.core.api.Refused"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.api.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.api.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["apps.core.api.AccountThrottle"],
    "DEFAULT_SCHEMA_CLASS": "apps.core.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.core.api.handle_exception",
    "PAGE_SIZE": 20,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,  # an unknown parameter changes nothing
    "COERCE_DECIMAL_TO_STRING": True,
}
ACCOUNT_REQUESTS_PER_MINUTE = 600
ACCOUNT_WRITES_PER_MINUTE = 120
# of one person to all others; of an account in its first three days
MESSAGES_PER_MINUTE = 60
MESSAGES_PER_MINUTE_NEW = 15
# Minutes that an account has to have existed before it may write in the community: for times in
# which many are made to spam. 0: at once, within the limits of new accounts.
COMMUNITY_MINIMUM_AGE = env.int("COMMUNITY_MINIMUM_AGE", default=0)
SPECTACULAR_SETTINGS = {
    "TITLE": "EduPlatform API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Courses that are finished and remembered: the API of site and mobile clients.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.openapi.problem_answers",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ApplicationStatus": "apps.accounts.models.TeacherApplication.Status",
        "SeatStatus": "apps.enrollment.models.SeatStatus",
        "PaymentStatus": "apps.payments.api.SHOWN_STATUSES",
        "NoteKind": "apps.learning.models.NoteKind",
        "QuestionKind": "apps.learning.models.QuestionKind",
        "LevelEnum": "apps.courses.models.Level",
        "MasteryLevel": "apps.learning.api.maps.LEVELS",
        "PathReason": "apps.learning.api.path.REASONS",
        "TutorRatingReason": "apps.learning.models.RatingReason",
    },
}

# ── Languages and time ────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "eduplatform" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# ── Files ─────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / ".data" / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# ── Mail ──────────────────────────────────────────────────────────────────────────────────────
if env.str("EMAIL_URL", default=""):
    vars().update(env.email("EMAIL_URL"))
elif not (DEBUG or DEMO_MODE):
    raise ImproperlyConfigured(
        "Set EMAIL_URL: with DEBUG off nobody would get a mail, and its keys would stay in a folder."
    )
else:
    # to the console, and kept for the page /dev/mails/
    EMAIL_BACKEND = "apps.core.mail.DevelopmentMailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="EduPlatform <hello@example.com>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ── Payments ──────────────────────────────────────────────────────────────────────────────────
# The built-in test provider completes every payment; security rule 17.
TEST_PAYMENTS = env.bool("TEST_PAYMENTS", default=DEMO_MODE)

# ── AI ────────────────────────────────────────────────────────────────────────────────────────
# Without a key and without a server of one's own everything is made by the offline engine.
AI_BASE_URL = env.str("AI_BASE_URL", default="")  # an OpenAI-compatible server
AI_API_KEY = env.str("AI_API_KEY", default="")
# Names are LiteLLM's, `provider/model`; with AI_BASE_URL they are that server's own.
AI_MODELS = {
    tier: env.list(f"AI_{tier.upper()}_MODELS", default=[] if AI_BASE_URL else [model])
    for tier, model in [
        ("cheap", "gemini/gemini-3.8-flash"),
        ("mid", "anthropic/claude-haiku-5-5"),
        ("expensive", "anthropic/claude-sonnet-5-5"),
    ]
}
AI_TASK_TIERS = env.dict("AI_TASK_TIERS", default={})
if AI_BASE_URL and not any(AI_MODELS.values()):
    raise ImproperlyConfigured("Set AI_CHEAP_MODELS: AI_BASE_URL needs the names of its models.")
if unknown := set(AI_TASK_TIERS.values()) - AI_MODELS.keys():
    raise ImproperlyConfigured(f"AI_TASK_TIERS knows cheap, mid and expensive, not {unknown}.")
# provider → key, for the providers that models are named of
AI_KEYS = {
    provider: key
    for provider in {model.partition("/")[0] for named in AI_MODELS.values() for model in named}
    if (key := env.str(f"{provider.upper()}_API_KEY", default="")) and not TESTING
}
AI_JSON_MODE = env.bool("AI_JSON_MODE", default=True)
AI_CONNECT_SECONDS = 3.0
# A job without a sign of life for 60 s is taken up by another worker: asking stays below that.
AI_REQUEST_SECONDS = env.float("AI_REQUEST_SECONDS", default=40.0)
AI_ASK_SECONDS = 55
AI_TRIES = 3
AI_PAUSE_SECONDS = 0.5
AI_LONGEST_PAUSE_SECONDS = 8.0
AI_BREAKER_FAILURES = 5
AI_BREAKER_SECONDS = 60
AI_ANSWERS_KEPT_SECONDS = 30 * 24 * 3600
AI_MAX_CHARACTERS = env.int("AI_MAX_CHARACTERS", default=60_000)
AI_CREDITS_PER_DAY = env.int("AI_CREDITS_PER_DAY", default=20)
AI_TEACHER_CREDITS_PER_DAY = env.int("AI_TEACHER_CREDITS_PER_DAY", default=100)
TUTOR_MESSAGES_PER_MINUTE = env.int("TUTOR_MESSAGES_PER_MINUTE", default=10)
TUTOR_MESSAGES_PER_DAY = env.int("TUTOR_MESSAGES_PER_DAY", default=300)


def micro_dollars(name: str, default: str) -> int:
    """Millionths of a dollar from a variable in dollars."""
    return int(Decimal(env.str(name, default=default)) * 1_000_000)


AI_SITE_MICRO_PER_DAY = micro_dollars("AI_SITE_DOLLARS_PER_DAY", "5")
AI_COURSE_MICRO_PER_DAY = micro_dollars("AI_COURSE_DOLLARS_PER_DAY", "1")
AI_TARGET_MICRO_PER_USER = micro_dollars("AI_TARGET_DOLLARS_PER_USER", "0.03")  # and month
# model → dollars per million tokens in and out, where LiteLLM's own list has none or another
AI_PRICES = {
    model: (Decimal(prices.partition("/")[0]), Decimal(prices.partition("/")[2]))
    for model, prices in env.dict("AI_PRICES", default={}).items()
}
AI_UNKNOWN_PRICE = (Decimal(3), Decimal(15))

# ── Domain wiring ─────────────────────────────────────────────────────────────────────────────
# how a socket signs in: core asks accounts without importing it (each takes one argument and
# answers None when nobody is signed in by it)
REALTIME_SIGN_IN = {
    "session": "apps.accounts.selectors.device_of_session",
    "token": "apps.accounts.selectors.device_of_access_token",
    "user": "apps.accounts.selectors.user_of_device",
}

# Sockets open at once; those of an address hold a school behind one router, who is refused polls.
SOCKETS_PER_USER = 10
SOCKETS_PER_ADDRESS = env.int("SOCKETS_PER_ADDRESS", default=40) * ADDRESS_LIMIT_FACTOR
HANDSHAKES_PER_MINUTE = env.int("HANDSHAKES_PER_MINUTE", default=120) * ADDRESS_LIMIT_FACTOR

# whose invitation a code is, and whether it counts: accounts asks referrals without importing it
REFERRAL_CODES = {
    "is_usable": "apps.referrals.selectors.is_usable_code",
    "inviter": "apps.referrals.selectors.inviter_of",
}
# how often a new code can be used, and for how many days; the admin changes it for single codes
REFERRAL_CODE_USES = env.int("REFERRAL_CODE_USES", default=100)
REFERRAL_CODE_DAYS = env.int("REFERRAL_CODE_DAYS", default=365)
# people whom one inviter may bring within a day from one address, and from one browser, before the
# next waits for a member of staff
REFERRALS_PER_ADDRESS = env.int("REFERRALS_PER_ADDRESS", default=3) * ADDRESS_LIMIT_FACTOR
REFERRALS_PER_BROWSER = env.int("REFERRALS_PER_BROWSER", default=3)

# what higher apps add to the checklist of a course: each takes the course and answers a Check
COURSE_CHECKS = ["apps.learning.selectors.course_checks.quiz_check"]

# ── Operation ─────────────────────────────────────────────────────────────────────────────────
METRICS_ADDRESSES = env.list("METRICS_ADDRESSES", default=["127.0.0.1", "::1"])
LOG_FORMAT = env.str("LOG_FORMAT", default="console" if DEBUG else "json")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
from apps.core.logs import logging_config  # noqa: E402

LOGGING = logging_config(LOG_FORMAT, LOG_LEVEL, testing=TESTING)

# ── Admin ─────────────────────────────────────────────────────────────────────────────────────
UNFOLD = {
    "SITE_TITLE": "EduPlatform",
    "SITE_HEADER": "EduPlatform",
    "SITE_SYMBOL": "school",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "DASHBOARD_CALLBACK": "eduplatform.pages.admin_index.figures",
    "SIDEBAR": {
        "show_search": True,
        "navigation": "eduplatform.pages.admin_nav.navigation",
    },
    "COLORS": {
        "primary": {
            "50": "240 249 247",
            "100": "225 238 235",
            "200": "185 219 212",
            "300": "133 211 199",
            "400": "99 191 178",
            "500": "70 150 141",
            "600": "15 95 89",
            "700": "12 82 77",
            "800": "10 71 67",
            "900": "9 56 53",
            "950": "5 33 31",
        }
    },
}
