"""Hours of study summed up by day, so that a year of acts is read as a few hundred rows."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max

from apps.accounts.models import User

from ..engine.fold import LATEST
from ..models import Statement, StudyTime
from ..selectors.activity import acts_of, summed_up
from ..selectors.schedule import schedule_of

# Days summed up again: an act may be told a week late.
AGAIN = LATEST + timedelta(days=1)
RECENT = timedelta(days=40)


@transaction.atomic
def sum_up(*, student: User, at: datetime) -> None:
    """The student's study days that are over and not summed up for good."""
    student = User.objects.select_for_update(of=("self",)).get(pk=student.pk)
    times = StudyTime.objects.filter(student=student)
    last: date | None = times.aggregate(last=Max("day"))["last"]
    rows = acts_of(student.pk).filter(at__lt=at)
    if last is not None:
        since = last - AGAIN
        # a study day begins within a day of its date, in any zone
        rows = rows.filter(
            day__gte=since, at__gte=datetime.combine(since, time(0), tzinfo=UTC) - timedelta(days=1)
        )
        times.filter(day__gte=since).delete()
    today = schedule_of(student).day_of(at)
    StudyTime.objects.bulk_create(
        StudyTime(
            student=student,
            course_id=each.course_id,
            day=each.day,
            seconds=each.seconds,
            acts=each.acts,
        )
        for each in summed_up(rows)
        if each.day < today
    )


def students_to_sum_up(at: datetime) -> set[int]:
    """Whoever did anything lately."""
    rows = Statement.objects.filter(at__gte=at - RECENT, actor_id__isnull=False)
    return {
        actor for actor in rows.order_by().values_list("actor_id", flat=True).distinct() if actor
    }
