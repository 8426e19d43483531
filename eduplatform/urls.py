"""All addresses. Each app names its own; the root says where they hang."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from .pages import errors
from .pages import urls as pages
from .pages.setup import views as setup
from .routing import ByShape

# apps with pages, in the order their addresses are tried; those with an API of their own
SITE = [
    "core",
    "media",
    "accounts",
    "ai",
    "social",
    "courses",
    "payments",
    "enrollment",
    "learning",
    "search",
    "community",
    "messaging",
    "referrals",
    "gamification",
    "onboarding",
    "activity",
    "notifications",
]
API = [app for app in SITE if app != "onboarding"]  # a way of the site alone


def api_patterns(app: str) -> tuple[list[URLPattern], str]:
    """An app's API patterns, under the namespace `<app>_api`."""
    module: Any = import_module(f"apps.{app}.urls")
    return module.api_urlpatterns, f"{app}_api"


api = ByShape(
    "api/",
    [
        *[path("", include(api_patterns(app))) for app in API],
        *pages.api_urlpatterns,
    ],
)
site: list[URLPattern | URLResolver] = [
    # before the admin's own, which end with one that takes everything
    path("admin/", ([*setup.urlpatterns, *admin.site.urls[0]], *admin.site.urls[1:])),
    *[path("", include(f"apps.{app}.urls")) for app in SITE],
    path("", include(pages)),
]
if settings.SOCIALACCOUNT_PROVIDERS:
    site.append(path("accounts/", include("apps.accounts.social_urls")))
unknown = re_path(r"", errors.unknown_page, name="unknown_page")
urlpatterns: list[URLPattern | URLResolver] = [ByShape("", [*site, api, unknown])]
handler400 = "eduplatform.pages.errors.bad_request"
handler403 = "eduplatform.pages.errors.forbidden"
handler404 = "eduplatform.pages.errors.not_found"
handler500 = "eduplatform.pages.errors.broken"
