"""Addresses of accounts."""

from django.urls import path

from . import api
from .views import settings, sign_in, teaching

app_name = "accounts"
urlpatterns = [
    path("accounts/login/", sign_in.login, name="login"),
    path("accounts/logout/", sign_in.logout, name="logout"),
    path("accounts/signup/", sign_in.sign_up, name="sign_up"),
    path("accounts/verify/", sign_in.resend_verification, name="resend_verification"),
    path("accounts/verify/<str:key>/", sign_in.verify_email, name="verify_email"),
    path("accounts/password/", sign_in.forgot_password, name="forgot_password"),
    path("accounts/password/<str:key>/", sign_in.reset_password, name="reset_password"),
    path("language/", sign_in.set_language, name="set_language"),
    path("settings/", settings.profile, name="settings"),
    path("settings/avatar/", settings.avatar, name="avatar"),
    path("settings/language/", settings.language, name="language"),
    path("settings/security/", settings.security, name="security"),
    path("settings/security/password/", settings.password, name="password"),
    path("settings/security/email/", settings.email, name="email"),
    path("settings/devices/", settings.sign_out_everywhere, name="sign_out_everywhere"),
    path("settings/devices/<int:pk>/", settings.sign_out_device, name="sign_out_device"),
    path("teach/", teaching.teach, name="teach"),
    path("teach/apply/", teaching.apply, name="apply"),
    path("teach/apply/documents/", teaching.documents, name="documents"),
]
api_urlpatterns = [
    path("auth/register", api.RegisterView.as_view(), name="register"),
    path("auth/login", api.LoginView.as_view(), name="login"),
    path("auth/refresh", api.RefreshView.as_view(), name="refresh"),
    path("auth/logout", api.LogoutView.as_view(), name="logout"),
    path("auth/me", api.MeView.as_view(), name="me"),
    path("auth/sessions", api.SessionListView.as_view(), name="sessions"),
    path("auth/sessions/<int:pk>", api.SessionView.as_view(), name="session"),
    path("auth/verify-email", api.VerifyEmailView.as_view(), name="verify_email"),
    path(
        "auth/resend-verification",
        api.ResendVerificationView.as_view(),
        name="resend_verification",
    ),
    path("auth/forgot-password", api.ForgotPasswordView.as_view(), name="forgot_password"),
    path("auth/reset-password", api.ResetPasswordView.as_view(), name="reset_password"),
    path("teachers/application", api.ApplicationView.as_view(), name="application"),
    path("admin/teachers/pending", api.PendingTeachersView.as_view(), name="pending_teachers"),
    path("admin/teachers/<int:pk>/verify", api.VerifyTeacherView.as_view(), name="verify_teacher"),
    path("admin/teachers/<int:pk>/refuse", api.RefuseTeacherView.as_view(), name="refuse_teacher"),
]
