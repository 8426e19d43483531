"""What counts as a referral: somebody registered by a code, somebody finished a course."""

from datetime import datetime

from django.utils import timezone

from apps.accounts.events import UserRegistered
from apps.core.bus import Event, subscribe
from apps.enrollment.events import EnrollmentCompleted

from . import services


def _when(event: Event) -> datetime:
    return event.occurred_at or timezone.now()


@subscribe(UserRegistered)
def count_who_came(event: UserRegistered) -> None:
    if event.referral_code:
        services.refer(
            referee_id=event.user_id,
            code=event.referral_code,
            address_hash=event.address_hash,
            device_hash=event.browser_hash,
            at=_when(event),
        )


@subscribe(EnrollmentCompleted)
def count_first_course(event: EnrollmentCompleted) -> None:
    services.complete_referral(referee_id=event.student_id, at=_when(event))
