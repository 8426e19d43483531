"""Settings of the measured server: the project's, and one address more."""

from eduplatform.settings import *  # noqa: F403
from eduplatform.settings import STORAGES

ROOT_URLCONF = "tests.bench.urls"
# with DEBUG off pages otherwise want the collected static files
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
