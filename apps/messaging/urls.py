"""Addresses of conversations."""

from django.urls import path

from . import api, views

app_name = "messaging"
urlpatterns = [
    path("messages/files/<int:pk>/", views.attachment, name="attachment"),
]
api_urlpatterns = [
    path("messages/conversations", api.Conversations.as_view(), name="conversations"),
    path("messages/conversations/<int:pk>", api.OneConversation.as_view(), name="conversation"),
    path("messages/conversations/<int:pk>/messages", api.Messages.as_view(), name="messages"),
    path("messages/conversations/<int:pk>/leave", api.Leave.as_view(), name="leave"),
    path("messages/conversations/<int:pk>/mute", api.Mute.as_view(), name="mute"),
    path("messages/conversations/<int:pk>/delivered", api.Delivered.as_view(), name="delivered"),
    path(
        "messages/conversations/<int:pk>/participants",
        api.Participants.as_view(),
        name="participants",
    ),
    path("messages/participants/<int:pk>", api.OneParticipant.as_view(), name="participant"),
    path("messages/unread-count", api.UnreadCount.as_view(), name="unread_count"),
    path("messages/search", api.Search.as_view(), name="search"),
    path("messages/<int:pk>", api.OneMessage.as_view(), name="message"),
    path("messages/<int:pk>/read", api.Read.as_view(), name="read"),
    path("messages/<int:pk>/report", api.Report.as_view(), name="report"),
    path("messages/<int:pk>/attachment", api.Attachment.as_view(), name="attachment"),
]
