"""The project's settings, without the `.env` of a demonstration, quick and silent."""

import os
import tempfile

os.environ["ENV_FILE"] = os.devnull
os.environ |= {"SECRET_KEY": "0123456789abcdef" * 4, "DEBUG": "0", "DEMO": "1", "HTTPS": "0"}
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"

from ctg.settings import *  # noqa: F403 -- the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
if "sqlite" in DATABASES["default"]["ENGINE"]:  # noqa: F405 -- a file, as in real life: threads wait for each other
    DATABASES["default"]["TEST"] = {"NAME": f"{tempfile.gettempdir()}/ctg-tests-{os.getpid()}.sqlite3"}  # noqa: F405
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
WHITENOISE_AUTOREFRESH = True
if "pool" in DATABASES["default"].get("OPTIONS", {}):  # noqa: F405 -- a test database is dropped at the end
    del DATABASES["default"]["OPTIONS"]["pool"]  # noqa: F405
