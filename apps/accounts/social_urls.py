"""Sign-in by Google, Apple and Telegram: allauth's own addresses, hung up only when keys are set."""

from importlib import import_module
from typing import Any

from allauth.socialaccount import views
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path

from .views import sign_in

urlpatterns: list[URLPattern] = [
    path(
        "3rdparty/login/cancelled/",
        views.login_cancelled,
        name="socialaccount_login_cancelled",
    ),
    path(
        "3rdparty/login/error/",
        login_not_required(views.login_error),
        name="socialaccount_login_error",
    ),
    path("3rdparty/signup/", views.signup, name="socialaccount_signup"),
    # the names that allauth asks for
    path("login/", sign_in.login, name="account_login"),
    path("signup/", sign_in.sign_up, name="account_signup"),
    path("password/", sign_in.forgot_password, name="account_reset_password"),
]
for provider in settings.SOCIALACCOUNT_PROVIDERS:
    module: Any = import_module(f"allauth.socialaccount.providers.{provider}.urls")
    urlpatterns += module.urlpatterns
