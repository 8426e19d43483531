"""Telling students that cards wait: once a study day, while they are awake."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.core.bus import publish

from ..engine.memory import DAY
from ..events import CardsDue
from ..models import Card, MemorySettings, Review
from ..selectors.cards import due_count_by
from ..selectors.schedule import Schedule, schedule_by

AWAKE = range(9, 21)  # hours of the student's own clock
AT_IT = timedelta(hours=1)  # who has reviewed within it needs no reminder
BATCH = 500


def remind(*, at: datetime) -> int:
    """Announce to each student with due cards how many there are; how many students that were."""
    told = after = 0
    while batch := _students_with_cards(at, after):
        told += sum(_remind(schedule, at) for schedule in _to_remind(batch, at))
        after = batch[-1]
    return told


def _students_with_cards(at: datetime, after: int) -> list[int]:
    """The next students, by id, with a card that may be due on their present study day."""
    cards = Card.objects.filter(student_id__gt=after, suspended_at=None, due__lt=at + DAY)
    ids = cards.order_by("student_id").values_list("student_id", flat=True).distinct()
    return list(ids[:BATCH])


def _to_remind(student_ids: list[int], at: datetime) -> list[Schedule]:
    """Of these, who is awake, not at it already, and not reminded today."""
    settings = MemorySettings.objects.select_related("parameters").in_bulk(
        student_ids, field_name="student_id"
    )
    at_it = set(
        Review.objects.filter(
            student_id__in=student_ids, reviewed_at__gt=at - AT_IT, reviewed_at__lte=at
        ).values_list("student_id", flat=True)
    )
    found = []
    for student in User.objects.filter(pk__in=student_ids, is_active=True).order_by("pk"):
        chosen = settings.get(student.pk) or MemorySettings(student=student)
        schedule = schedule_by(student, chosen)
        is_awake = at.astimezone(schedule.zone).hour in AWAKE
        is_told = chosen.reminded_on is not None and chosen.reminded_on >= schedule.day_of(at)
        if is_awake and not is_told and student.pk not in at_it:
            found.append(schedule)
    return found


@transaction.atomic
def _remind(schedule: Schedule, at: datetime) -> bool:
    """Claim the study day and announce; False when nothing is due or another has claimed it."""
    count = due_count_by(schedule, at)
    if not count:
        return False
    day = schedule.day_of(at)
    mine = MemorySettings.objects.filter(student_id=schedule.student_id)
    MemorySettings.objects.get_or_create(student_id=schedule.student_id)
    claimed = mine.filter(Q(reminded_on=None) | Q(reminded_on__lt=day)).update(reminded_on=day)
    if claimed:
        publish(CardsDue(student_id=schedule.student_id, count=count, day=day.isoformat()))
    return bool(claimed)
