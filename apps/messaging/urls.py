"""Addresses of conversations."""

from django.urls import path

from . import api
from .views import conversations, messages, people, talk

app_name = "messaging"
urlpatterns = [
    path("messages/", conversations.conversations, name="list"),
    path("messages/rows/", conversations.conversation_rows, name="rows"),
    path("messages/new/", conversations.new, name="new"),
    path("messages/people/", conversations.people, name="people"),
    path("messages/<int:pk>/", talk.conversation, name="conversation"),
    path("messages/<int:pk>/messages/", talk.messages, name="messages"),
    path("messages/<int:pk>/read/", talk.read, name="read"),
    path("messages/<int:pk>/people/", people.people, name="people_of"),
    path("messages/<int:pk>/people/<int:place>/remove/", people.remove, name="remove"),
    path("messages/<int:pk>/people/<int:place>/appoint/", people.appoint, name="appoint"),
    path("messages/<int:pk>/title/", people.rename, name="rename"),
    path("messages/<int:pk>/leave/", people.leave, name="leave"),
    path("messages/<int:pk>/mute/", people.mute, name="mute"),
    path("messages/<int:pk>/block/", people.block, name="block"),
    path("messages/m/<int:pk>/", messages.message, name="message"),
    path("messages/files/<int:pk>/", messages.attachment, name="attachment"),
    path("messages/m/<int:pk>/edit/", messages.edit, name="edit"),
    path("messages/m/<int:pk>/delete/", messages.delete, name="delete"),
    path("messages/m/<int:pk>/restore/", messages.restore, name="restore"),
    path("messages/m/<int:pk>/report/", messages.report, name="report"),
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
