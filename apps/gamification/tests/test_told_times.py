"""What a device says about when a card was graded: believed for two days, never of days to come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.gamification.models import Act, DayTotal
from apps.gamification.selectors import summary_of
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts
from apps.gamification.services.replay import replay
from apps.learning.services import notes

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("made_ago", "told_ago", "counted_ago"),
    [
        (9 * DAY, None, timedelta(0)),
        (9 * DAY, -3 * DAY, timedelta(0)),  # a clock set forward
        (9 * DAY, DAY, DAY),  # a day without a net
        (9 * DAY, 47 * HOUR, 47 * HOUR),
        (9 * DAY, 3 * DAY, timedelta(0)),  # too long ago: it counts for today
        (9 * DAY, 300 * DAY, timedelta(0)),
        (HOUR, DAY, HOUR),  # before there was the card
    ],
)
def test_a_told_moment(api, student, deliver_all, made_ago, told_ago, counted_ago):
    now = timezone.now()
    note, _made = notes.add_note(
        student=student, kind="basic", front="2 + 2", back="4", at=now - made_ago
    )
    body = {"rating": 3}
    if told_ago is not None:
        body["reviewed_at"] = (now - told_ago).isoformat()
    answer = api(student).post(f"/api/flashcards/{note.cards.get().pk}/review", body, format="json")
    assert answer.status_code == 200
    deliver_all()
    act = Act.objects.get(user=student, rule="review")
    assert abs(act.at - (now - counted_ago)) < timedelta(minutes=5)
    assert summary_of(student, timezone.now()).streak.total == 1


def test_one_day_gone_by_is_believed_a_week(student):
    """Somebody who opens their cards every third day and says that it was every day."""
    now = timezone.now()
    for number in range(12):
        told = now + (number - number % 3) * DAY
        at = told - (2 - number % 3) * DAY
        deed = Deed("review", str(number), min(at, told), told=told)
        acts.settle(user_id=student.pk, deed=deed, holds=True, at=told)
    days = DayTotal.objects.filter(user=student, acts__gt=0).order_by("day")
    # four visits, and one day before them in each week
    assert len(days) <= 4 + 2
    assert replay(user_id=student.pk) == []


def test_an_evening_on_a_train_counts_whole(student):
    now = timezone.now()
    for number in range(5):
        deed = Deed("review", str(number), now - DAY, told=now)
        acts.settle(user_id=student.pk, deed=deed, holds=True, at=now)
    assert DayTotal.objects.get(user=student).reviews == 5


def test_taking_a_day_gone_by_back_frees_no_other(student):
    """Days gone by that are taken back one card at a time, each for another day."""
    now = timezone.now()

    def tell(number, at, told, holds=True):
        deed = Deed("review", str(number), at, told=told)
        acts.settle(user_id=student.pk, deed=deed, holds=holds, at=told)

    for number in range(3):
        tell(number, now - DAY, now)
    later = now + 9 * DAY
    tell(10, later - DAY, later)
    tell(0, now - DAY, later, holds=False)
    tell(11, later - 2 * DAY, later)
    assert Act.objects.get(user=student, source="11").at == later
    tell(0, now - DAY, later, holds=True)
    tell(12, later - 2 * DAY, later)
    assert Act.objects.get(user=student, source="12").at == later
    assert replay(user_id=student.pk) == []
