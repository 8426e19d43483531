"""What students think of replies and talks, and talks begun anew."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid

from ...events import TutorRated
from ...models import RatingReason, Speaker, TalkRating, TutorMessage, TutorRating, TutorThread

LONGEST_COMMENT = 1000
UP, DOWN = 1, -1


@transaction.atomic
def rate_reply(
    *, message: TutorMessage, value: int, at: datetime, reason: str = "", comment: str = ""
) -> TutorRating:
    """Thumbs up or down on a reply; a second time replaces the first."""
    if message.speaker != Speaker.TUTOR:
        raise Conflict(_("Only the tutor’s replies can be rated."))
    if value not in (UP, DOWN):
        raise Invalid(errors={"value": [_("Rate with 1 or -1.")]})
    if reason and reason not in RatingReason.values:
        raise Invalid(errors={"reason": [_("Choose one of the reasons.")]})
    if len(comment) > LONGEST_COMMENT:
        raise Invalid(errors={"comment": [_("That is too long.")]})
    rating, _made = TutorRating.objects.update_or_create(
        message=message,
        defaults={
            "value": value,
            "reason": reason if value == DOWN else "",
            "comment": comment.strip(),
            "rated_at": at,
        },
    )
    publish(TutorRated(message_id=message.pk, student_id=message.thread.student_id, value=value))
    return rating


@transaction.atomic
def rate_talk(*, thread: TutorThread, value: int, at: datetime) -> TalkRating:
    """How far the talk helped, 1 … 5; a later talk of the thread may be rated again."""
    if not isinstance(value, int) or not 1 <= value <= 5:
        raise Invalid(errors={"value": [_("A number from 1 to 5.")]})
    last = thread.messages.filter(speaker=Speaker.TUTOR).order_by("-pk").first()
    if last is None:
        raise Conflict(_("There is nothing to rate yet."))
    rating, _made = TalkRating.objects.update_or_create(
        message=last, defaults={"thread": thread, "value": value, "rated_at": at}
    )
    return rating


@transaction.atomic
def clear_talk(*, thread: TutorThread, at: datetime) -> None:
    """Begin anew: earlier messages aren't shown or sent to a model any more."""
    TutorThread.objects.filter(pk=thread.pk).update(state={}, cleared_at=at, updated_at=at)
