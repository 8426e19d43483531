"""Addresses of accounts."""

from django.urls import path

from . import api

app_name = "accounts"
urlpatterns: list[object] = []
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
