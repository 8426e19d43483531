"""Made-up conversations for tests, through the services."""

from datetime import timedelta

from django.utils import timezone

from apps.messaging import services

LONG_AGO = timedelta(days=100)


def old(user):
    """An account beyond the limits of its first days."""
    user.created_at = timezone.now() - LONG_AGO
    user.save(update_fields=["created_at"])
    return user


def conversation_of(by, *others, **fields):
    found, _made = services.start_conversation(
        by=by, participants=others, at=fields.pop("at", None) or timezone.now(), **fields
    )
    return found


def say(conversation, author, content="Hello", at=None, **fields):
    return services.send_message(
        conversation=conversation,
        author=author,
        content=content,
        at=at or timezone.now(),
        **fields,
    )
