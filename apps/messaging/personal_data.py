"""What messaging holds on a person."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from . import selectors, services
from .models import (
    Conversation,
    HiddenMessage,
    Message,
    MessageReport,
    Participant,
    ReportedWords,
)


def export(user: Any) -> dict[str, Any]:
    """The person's own words and places; what others wrote is theirs."""
    places = Participant.objects.of(user).select_related("conversation").order_by("pk")
    written = Message.objects.filter(author=user).select_related("attachment").order_by("pk")
    reports = MessageReport.objects.filter(reporter=user).order_by("pk")
    return {
        "conversations": [
            {
                "id": place.conversation_id,
                "title": place.conversation.title,
                "joined_at": place.joined_at.isoformat(),
                "left_at": place.left_at.isoformat() if place.left_at else None,
                "is_muted": place.is_muted,
                "read_sequence": place.read_sequence,
            }
            for place in places
        ],
        "messages": [
            {
                "conversation": message.conversation_id,
                "content": message.content,
                "attachment": message.attachment.name if message.attachment else None,
                "created_at": message.created_at.isoformat(),
                "edited_at": message.edited_at.isoformat() if message.edited_at else None,
                "deleted_at": message.deleted_at.isoformat() if message.deleted_at else None,
            }
            for message in written
        ],
        "reported_messages": [
            {
                "message": report.message_id,
                "reason": report.reason,
                "at": report.created_at.isoformat(),
            }
            for report in reports
        ],
    }


@transaction.atomic
def erase(user: Any, at: datetime) -> None:
    """The person's words go and leave stubs, so that numbers stay without gaps and counts true."""
    wrote = Q(pk__in=Message.objects.filter(author=user).values("conversation"))
    sits = Q(pk__in=Participant.objects.of(user).values("conversation"))
    touched = Conversation.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    conversations = list(touched.filter(wrote | sits))
    written = Message.objects.filter(author=user)
    written.filter(deleted_at=None).update(deleted_at=at)
    written.update(content="", attachment=None)
    HiddenMessage.objects.filter(user=user).delete()
    for conversation in conversations:
        if conversation.is_group and selectors.is_participant(user, conversation.pk):
            services.leave_conversation(conversation=conversation, user=user, at=at)
    MessageReport.objects.filter(reporter=user).update(reason="")
    ReportedWords.objects.filter(author=user).update(content="", attachment_name="")
    for conversation in conversations:
        services.recount(conversation=conversation)
