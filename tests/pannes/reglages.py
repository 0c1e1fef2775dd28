"""The settings of the tests, for processes of their own: files in the folder of the test, tasks in the database."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403 -- what changes comes after

_DOSSIER = Path(os.environ["DOSSIER_DES_PANNES"])
MEDIA_ROOT = _DOSSIER / "fichiers"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = _DOSSIER / "courriels"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
if "postgresql" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    DATABASES["default"]["OPTIONS"]["pool"] = POOL  # noqa: F405 -- as an installation has it
if "PANNE_APRES" in os.environ:
    EMAIL_BACKEND = "tests.pannes.courriel.EmailBackend"
