"""Conversations and messages of the API."""

from .conversations import (
    Conversations,
    Delivered,
    Leave,
    Mute,
    OneConversation,
    OneParticipant,
    Participants,
)
from .messages import (
    Attachment,
    Messages,
    OneMessage,
    Read,
    Report,
    Search,
    UnreadCount,
)

__all__ = [
    "Attachment",
    "Conversations",
    "Delivered",
    "Leave",
    "Messages",
    "Mute",
    "OneConversation",
    "OneMessage",
    "OneParticipant",
    "Participants",
    "Read",
    "Report",
    "Search",
    "UnreadCount",
]
