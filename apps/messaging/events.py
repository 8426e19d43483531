"""What messaging announces."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    name: ClassVar[str] = "message.sent"
    message_id: int
    conversation_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationRead(Event):
    """Somebody who had unread messages has none any more in the conversation."""

    name: ClassVar[str] = "conversation.read"
    conversation_id: int
    user_id: int
