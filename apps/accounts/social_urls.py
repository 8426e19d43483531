"""Sign-in by Google, Apple and Telegram: allauth's own addresses, hung up only when keys are set."""

from allauth.socialaccount import views
from allauth.urls import build_provider_urlpatterns
from django.urls import path

from .views import sign_in

urlpatterns = [
    path(
        "3rdparty/login/cancelled/",
        views.login_cancelled,
        name="socialaccount_login_cancelled",
    ),
    path(
        "3rdparty/login/error/",
        views.login_error,
        name="socialaccount_login_error",
    ),
    path("3rdparty/signup/", views.signup, name="socialaccount_signup"),
    # the names that allauth asks for
    path("login/", sign_in.login, name="account_login"),
    path("signup/", sign_in.sign_up, name="account_signup"),
    path("password/", sign_in.forgot_password, name="account_reset_password"),
    *build_provider_urlpatterns(),
]
