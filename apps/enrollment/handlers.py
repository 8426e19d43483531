"""What enrollment does when payments and courses announce something."""

from datetime import datetime

from django.utils import timezone

from apps.core.bus import Event, subscribe
from apps.core.kept import shown_with
from apps.courses.events import LessonChanged
from apps.payments.events import PaymentProcessed, PaymentRefunded
from apps.payments.models import Payment, PaymentStatus

from . import services
from .models import Review


@shown_with("user")
def courses_reviewed_by(user_id: int) -> list[str]:
    reviews = Review.objects.filter(student=user_id).order_by()
    return [f"course:{pk}" for pk in reviews.values_list("course_id", flat=True)]


def _when(event: Event) -> datetime:
    return event.occurred_at or timezone.now()


@subscribe(PaymentProcessed)
def seat_the_buyer(event: PaymentProcessed) -> None:
    # a refund may have overtaken this
    if Payment.objects.filter(pk=event.payment_id, status=PaymentStatus.SUCCEEDED).exists():
        services.grant_seat(student_id=event.buyer_id, course_id=event.course_id, at=_when(event))


@subscribe(PaymentRefunded)
def free_the_seat(event: PaymentRefunded) -> None:
    services.free_seat(student_id=event.buyer_id, course_id=event.course_id, at=_when(event))


# in batches, so that a burst of edits counts each course once
@subscribe(LessonChanged, batch=200)
def recount_progress(events: list[LessonChanged]) -> None:
    for course_id in sorted({event.course_id for event in events}):
        services.recount_seats(course_id=course_id, at=timezone.now())
