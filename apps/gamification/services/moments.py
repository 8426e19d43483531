"""What was celebrated isn't celebrated again."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User

from ..models import Moment, MomentKind


@transaction.atomic
def mark_seen(*, user: User, upto: int, at: datetime) -> None:
    """The person's moments up to this one, those that were too old to be shown as well."""
    Moment.objects.filter(user=user, pk__lte=upto, seen_at=None).update(seen_at=at)


@transaction.atomic
def mark_course_seen(*, user: User, course_id: int, at: datetime) -> None:
    """The end of the course was celebrated on its own page, perhaps before the moment was made."""
    seen = Moment(user=user, kind=MomentKind.COURSE, key=str(course_id), created_at=at, seen_at=at)
    Moment.objects.bulk_create(
        [seen],
        update_conflicts=True,
        unique_fields=["user", "kind", "key"],
        update_fields=["seen_at"],
    )
