"""One settings file, read from the environment; safe when nothing is set. Variables: see `.env.example`."""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from ctg.environnement import charger_env, env, env_bool, env_int, env_list, refuser_ce_qui_expose
from ctg.fonds import choisir_fond

BASE_DIR = Path(__file__).resolve().parent.parent
charger_env(Path(env("ENV_FILE", str(BASE_DIR / ".env"))))

DEBUG = env_bool("DEBUG")
# Demonstration accounts on the login page. Never on a real installation.
DEMO = env_bool("DEMO")
SECRET_KEY = env("SECRET_KEY")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY manque : voir .env.example (« make demo » en écrit une).")
    SECRET_KEY = "insecure-key-for-debug-only"  # noqa: S105 -- refused unless DEBUG
# HTTPS=0 is for a machine that serves itself only (demonstration, development).
HTTPS = env_bool("HTTPS", default=not DEBUG)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost" if DEBUG else "")
refuser_ce_qui_expose(secret=SECRET_KEY, debug=DEBUG, hosts=ALLOWED_HOSTS)
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
# Where links in mails lead, when no request says it.
ADRESSE = (
    env("ADRESSE").rstrip("/") or f"{'https' if HTTPS else 'http'}://{next(iter(ALLOWED_HOSTS), 'localhost')}"
)

INSTALLED_APPS = [
    "ctg.admin_config.PilotageAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.humanize",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "import_export",
    "simple_history",
    "ctg",
    "structures",
    "fiches",
    "gouvernance",
    "evaluation",
]

MIDDLEWARE = [
    # The first four are around all the others: an error and a static file have their headers too.
    "ctg.entetes.EnTetesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ctg.middleware.AdresseLisibleMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "ctg.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ctg.middleware.SecondFacteurMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "ctg.middleware.MauvaiseAdresseMiddleware",
    "ctg.middleware.ActeMiddleware",
    "ctg.replique.EcritureMiddleware",
]

ROOT_URLCONF = "ctg.urls"
WSGI_APPLICATION = "ctg.wsgi.application"

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
                "ctg.context_processors.page",
            ],
        },
    }
]
# All that is written: nothing else of the code's folder needs to be writable.
DONNEES = Path(env("DOSSIER_DONNEES") or BASE_DIR / "var")
DONNEES.mkdir(exist_ok=True)
DATABASES = {
    nom: dj_database_url.parse(url, conn_max_age=0, conn_health_checks=True)
    for nom, url in (
        ("default", env("DATABASE_URL") or f"sqlite:///{DONNEES / 'db.sqlite3'}"),
        ("lecture", env("DATABASE_URL_LECTURE")),  # see ctg/replique.py
    )
    if url
}
# A server that is gone is said within seconds, and found again as soon as it is back.
POOL = {"min_size": 1, "max_size": 4, "timeout": 5, "reconnect_timeout": 5}
OPTIONS = {
    # Concurrent writers wait instead of failing; a commit that was answered survives a crash.
    "django.db.backends.sqlite3": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    },
    "django.db.backends.postgresql": {"connect_timeout": 5, "pool": POOL},
}
for _base in DATABASES.values():
    _base["OPTIONS"] = OPTIONS[_base["ENGINE"]]
DATABASE_ROUTERS = ["ctg.replique.Routeur"]
# The entry grid as a plain form sends some ten fields an indicator; Django's 1,000 would be a hundred of them.
# The size of a request stays bounded (2.5 MB).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "ctg.Utilisateur"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "ctg:home"
LOGOUT_REDIRECT_URL = "account_login"

# Accounts: django-allauth. No sign-up (see ctg/adaptateurs.py); the e-mail address is the only identifier.
ACCOUNT_ADAPTER = "ctg.adaptateurs.CompteAdapter"
ACCOUNT_FORMS = {"login": "ctg.formulaires_compte.ConnexionForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account exists because its address was invited
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody receives our mail uninvited
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Pilotage CTG – "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_SESSION_REMEMBER = True  # how long a session lasts is ctg.middleware.SessionMiddleware's
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Codes sent by mail rather than links: no secret in an address, hence none in a log.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env_bool("TRUST_PROXY") else 0
MFA_FORMS = {
    "add_webauthn": "ctg.formulaires_compte.AjouterCleForm",
    "edit_webauthn": "ctg.formulaires_compte.RenommerCleForm",
}
MFA_ADAPTER = "ctg.adaptateurs.SecondFacteurAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Pilotage CTG"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# Whether the roles that write everything, grant rights or give the aval must have a second factor.
SECOND_FACTEUR = env_bool("SECOND_FACTEUR", default=not (DEBUG or DEMO))

# In seconds: without a request, and in all.
SESSION_INACTIVITE = env_int("SESSION_INACTIVITE_MINUTES", 60) * 60
SESSION_COOKIE_AGE = SESSION_DUREE = env_int("SESSION_DUREE_HEURES", 12) * 3600

# OpenID Connect (ProConnect or another provider), where the provider and our identity there are given: ctg/oidc.py.
OIDC_NOM = env("OIDC_NOM", "ProConnect")
OIDC_OP_ISSUER = env("OIDC_OP_ISSUER")
OIDC_OP_AUTHORIZATION_ENDPOINT = env("OIDC_OP_AUTHORIZATION_ENDPOINT")
OIDC_OP_TOKEN_ENDPOINT = env("OIDC_OP_TOKEN_ENDPOINT")
OIDC_OP_USER_ENDPOINT = env("OIDC_OP_USER_ENDPOINT")
OIDC_OP_JWKS_ENDPOINT = env("OIDC_OP_JWKS_ENDPOINT")
OIDC_RP_CLIENT_ID = env("OIDC_RP_CLIENT_ID")
OIDC_RP_CLIENT_SECRET = env("OIDC_RP_CLIENT_SECRET")
OIDC_RP_SCOPES = env("OIDC_RP_SCOPES", "openid email given_name usual_name")
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_USE_NONCE = OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10
OIDC_ACTIF = bool(OIDC_RP_CLIENT_ID and OIDC_OP_AUTHORIZATION_ENDPOINT)
if OIDC_ACTIF:
    if not all((OIDC_OP_ISSUER, OIDC_OP_TOKEN_ENDPOINT, OIDC_OP_USER_ENDPOINT, OIDC_OP_JWKS_ENDPOINT)):
        raise ImproperlyConfigured(
            "OpenID Connect : il manque une adresse du fournisseur, voir .env.example."
        )
    AUTHENTICATION_BACKENDS.append("ctg.oidc.OIDCBackend")

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

MEDIA_ROOT = DONNEES / "fichiers"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_ALLOW_ALL_ORIGINS = False
NODE_MODULES = BASE_DIR / "node_modules"
# Third-party assets, installed by npm; only what a page or a document uses.
STATICFILES_DIRS = [
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist" / "css"),
    ("vendor/editeur", NODE_MODULES / ".editeur"),
    ("vendor/leaflet", NODE_MODULES / "leaflet" / "dist"),
    ("vendor/leaflet.markercluster", NODE_MODULES / "leaflet.markercluster" / "dist"),
    ("captures", BASE_DIR / "docs" / "captures"),
    *(
        (f"vendor/{police}", NODE_MODULES / "@fontsource" / police / "files")
        for police in (
            "source-sans-3",
            "noto-emoji",
            "noto-sans-arabic",
            "noto-sans-hebrew",
            "noto-sans-math",
            "noto-sans-symbols",
            "noto-sans-symbols-2",
        )
    ),
]
STORAGES = {
    "default": {"BACKEND": "ctg.stockage.Dossier"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$"]  # asked from the machine itself
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("TRUST_PROXY") else None
SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 31536000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
# These two ask for what binds the other sites of the same domain: its owner decides, not this application.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if HTTPS:  # bound to this very host: no other one of the same domain can set them
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
MESSAGE_STORAGE = "ctg.messages_courts.Stockage"
MESSAGES_COOKIE_NAME = "__Host-messages" if HTTPS else "messages"
X_FRAME_OPTIONS = "DENY"
# What the maps are drawn on; empty: nothing, and no address outside is asked for.
CARTE_FOND = choisir_fond(env("CARTE_FOND"))
CSRF_FAILURE_VIEW = "ctg.views.brouillons.echec_csrf"  # what was typed is kept as a draft
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # Bootstrap draws its form arrows with data: images.
        "img-src": [SELF, "data:", *([CARTE_FOND.origine] if CARTE_FOND else [])],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Without a server, mail is written to files: nothing is lost, and no log holds a name.
EMAIL_HOST = env("EMAIL_HOST")
EMAIL_PORT = env_int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DONNEES / "courriels"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", "Pilotage CTG <ne-pas-repondre@localhost>")

# Address of the national address service, or of one that answers like it: `manage.py geocoder`.
GEOCODEUR = env("GEOCODEUR", "https://data.geopf.fr/geocodage")

# Named on the legal notice and the accessibility statement.
EDITEUR = env("EDITEUR")
CONTACT = env("CONTACT")
# Retention of personal data, in months; `manage.py anonymiser` applies them, the legal notice shows them.
CONSERVATION_PERSONNES = env_int("CONSERVATION_PERSONNES_MOIS", 24)
CONSERVATION_BROUILLONS = env_int("CONSERVATION_BROUILLONS_MOIS", 3)

# Shared by all the web processes: limits on attempts count for all of them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = False

# Long work is done by `manage.py db_worker`, never by the request that asks for it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# One handler, one formatter: ctg/journaux.py says what a line may hold.
CONSOLE = {"handlers": ["console"], "propagate": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "ctg.journaux.Discret",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"()": "ctg.journaux.DiscretJson"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json" if env_bool("LOG_JSON") else "line"}
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {
        # Django's own handlers go: one of them mails whole requests.
        "django": {"handlers": [], "level": "INFO"},
        "django.server": CONSOLE | {"level": "INFO"},
        # At DEBUG, they write values and whole addresses.
        "django.db.backends": {"level": "INFO"},
        "import_export": {"level": "INFO"},
        "urllib3": {"level": "INFO"},
        # A server that is gone is said by each request that asks for it.
        "psycopg.pool": {"level": "ERROR"},
        # Of a service that is down, what it raises is said by who asked; it would write the whole trace of each try.
        "geopy": {"level": "ERROR"},
        "gunicorn.error": CONSOLE,
        "gunicorn.access": CONSOLE,
        # The arguments and the words of a failure stay with the task.
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        # WeasyPrint and fontTools tell every step at INFO.
        "weasyprint": {"level": "ERROR"},
        "weasyprint.progress": {"level": "INFO", "propagate": False},  # heard by ctg/pdf.py alone
        "fontTools": {"level": "ERROR"},
    },
}

# Errors are also told to a service that speaks Sentry's protocol, where one is named: ctg/signalement.py.
SENTRY_DSN = env("SENTRY_DSN")
if SENTRY_DSN:
    from ctg.signalement import signaler_a

    signaler_a(SENTRY_DSN)
