"""Addresses of notifications."""

from django.urls import path

from . import api, views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.notifications, name="list"),
    path("notifications/read-all/", views.read_all, name="read_all"),
    path("notifications/preferences/", views.preferences, name="preferences"),
    path("notifications/quiet-hours/", views.quiet_hours, name="quiet_hours"),
    path("notifications/<int:pk>/", views.open_notification, name="open"),
    path("notifications/stop/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
api_urlpatterns = [
    path("notifications", api.SendNotification.as_view(), name="send"),
    path("notifications/me", api.MyNotifications.as_view(), name="mine"),
    path("notifications/read-all", api.MarkAllRead.as_view(), name="read_all"),
    path("notifications/unread-count", api.UnreadCount.as_view(), name="unread_count"),
    path("notifications/preferences", api.Preferences.as_view(), name="preferences"),
    path("notifications/<int:pk>/read", api.MarkRead.as_view(), name="read"),
]
