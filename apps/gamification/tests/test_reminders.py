"""The evening's reminder: at the right hour of the person's own clock, once, and only if it helps."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.accounts.models import QuietHours
from apps.accounts.services import choose_quiet_hours
from apps.accounts.tests.factories import UserFactory
from apps.core.models import Delivery
from apps.gamification.models import Habit
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, choices
from apps.gamification.services.reminders import is_evening, remind
from apps.learning.models import MemorySettings

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, tzinfo=UTC)


def evening(day=TUESDAY, hour=19, minute=0):
    return day.replace(hour=hour, minute=minute)


def study(user, *moments):
    for at in moments:
        acts.record(user_id=user.pk, deeds=[Deed("lesson", at.isoformat(), at)])


def announced():
    rows = Delivery.objects.filter(event="streak.at_risk", subscriber__startswith="notifications")
    return [
        (row.payload["user_id"], row.payload["current"], row.payload["day"])
        for row in rows.order_by("pk")
    ]


@pytest.fixture
def learner(student):
    study(student, MONDAY)
    return student


def test_once_in_the_evening_of_a_day_without_learning(learner):
    assert remind(at=evening(hour=18, minute=59)) == 0
    assert remind(at=evening()) == 1
    assert remind(at=evening(minute=15)) == 0
    assert announced() == [(learner.pk, 1, "2026-03-03")]
    assert Habit.objects.get().reminded_on.isoformat() == "2026-03-03"


def test_not_when_the_day_is_kept_and_again_on_the_next(learner):
    study(learner, evening(hour=8))
    assert remind(at=evening()) == 0
    assert remind(at=evening() + DAY) == 1
    assert announced() == [(learner.pk, 2, "2026-03-04")]


@pytest.mark.parametrize(
    ("zone", "utc_hour"),
    [
        ("Asia/Almaty", 14),
        ("America/New_York", 24),
        ("Pacific/Kiritimati", 5),
        ("Asia/Kolkata", 14),
    ],
)
def test_by_the_persons_own_clock(zone, utc_hour):
    person = UserFactory(timezone=zone)
    study(person, datetime(2026, 3, 2, 10, tzinfo=ZoneInfo(zone)))
    midnight = TUESDAY
    for quarter in range(-96, 192):
        at = midnight + quarter * timedelta(minutes=15)
        if remind(at=at):
            wall = at.astimezone(ZoneInfo(zone))
            assert (wall.day, wall.hour, wall.minute) == (3, 19, 0)
            return
    raise AssertionError("nobody was told")


@pytest.mark.parametrize("day", [28, 29])
def test_at_seven_before_and_after_the_clocks_change(day):
    """Berlin loses an hour in the night to Sunday, 29 March 2026."""
    zone = ZoneInfo("Europe/Berlin")
    person = UserFactory(timezone="Europe/Berlin")
    before = datetime(2026, 3, 26, 10, tzinfo=zone)
    choices.choose_rest_days(user=person, weekdays=[], at=before - 10 * DAY)
    study(person, *(before + n * DAY for n in range(day - 26)))
    at = datetime(2026, 3, day, 19, tzinfo=zone).astimezone(UTC)
    assert remind(at=at - timedelta(minutes=1)) == 0
    assert remind(at=at) == 1


def test_a_day_of_rest_asks_for_nothing(student):
    friday = MONDAY + 4 * DAY
    study(student, friday)
    assert [remind(at=evening(friday + n * DAY)) for n in (0, 1, 2, 3)] == [0, 0, 0, 1]


def test_evenings_on_which_nobody_called_are_gone(learner):
    """The job was away for three evenings; the run that ended on the first isn't spoken of."""
    assert remind(at=evening() + 3 * DAY) == 0
    assert announced() == []


def test_a_freeze_left_does_not_silence_it(student):
    study(student, *(MONDAY + n * DAY for n in range(7)))
    week = MONDAY + 7 * DAY
    assert remind(at=evening(week)) == 1
    # the next evening the freeze is used up already, and the run still at risk
    assert remind(at=evening(week + DAY)) == 1
    assert remind(at=evening(week + 2 * DAY)) == 0


def test_not_while_one_is_at_it(student):
    """Who learns over the beginning of their study day has just learnt."""
    MemorySettings.objects.create(student=student, day_start=11)
    study(student, evening(hour=10, minute=30))
    choose_quiet_hours(user=student, is_on=True, begins=time(11, 30), ends=time(23))
    assert remind(at=evening(hour=11)) == 0


def test_a_day_that_begins_in_the_evening_is_not_at_risk_then(student):
    MemorySettings.objects.create(student=student, day_start=18)
    study(student, TUESDAY.replace(hour=12))  # of the day that began on Monday
    assert remind(at=evening()) == 0
    assert remind(at=evening() + DAY) == 0
    assert announced() == []


def test_switched_off_or_gone_nobody_is_told(learner, stranger):
    study(stranger, MONDAY)
    choices.choose(user=learner, changes={"is_on": False})
    stranger.is_active = False
    stranger.save(update_fields=["is_active"])
    assert remind(at=evening()) == 0


@pytest.mark.parametrize(
    ("begins", "ends", "told"),
    [
        ("22:00", "08:00", ["19:00", "21:45"]),
        ("00:30", "08:00", ["19:00", "23:45"]),
        ("19:30", "07:00", ["18:30", "19:15"]),
        ("18:00", "08:00", ["17:00", "17:45"]),
        ("19:00", "20:00", ["20:00", "23:45"]),
        ("12:00", "20:30", ["20:30", "23:45"]),
        ("09:00", "23:00", ["08:00", "23:45"]),
    ],
)
def test_never_in_quiet_hours_but_before_them(begins, ends, told):
    quiet = QuietHours(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends))
    person = UserFactory.build(timezone="UTC")
    quarters = [TUESDAY + n * timedelta(minutes=15) for n in range(96)]
    fitting = [f"{at:%H:%M}" for at in quarters if is_evening(quiet, person, at)]
    assert [fitting[0], fitting[-1]] == told
    assert not any(quiet.hold_at(time.fromisoformat(each)) for each in fitting)


def test_the_hour_before_quiet_hours_is_asked_for_too(learner):
    choose_quiet_hours(user=learner, is_on=True, begins=time(18), ends=time(8))
    assert remind(at=evening(hour=16, minute=45)) == 0
    assert remind(at=evening(hour=17)) == 1
    assert remind(at=evening(hour=17, minute=15)) == 0


def test_without_quiet_hours_the_evening_lasts_till_midnight(learner):
    choose_quiet_hours(user=learner, is_on=False, begins=time(22), ends=time(8))
    assert remind(at=evening(hour=23, minute=45)) == 1


def test_the_number_of_questions_does_not_grow_with_people(
    django_assert_max_num_queries, django_assert_num_queries
):
    for _ in range(7):
        study(UserFactory(), MONDAY)
    with django_assert_max_num_queries(14):
        assert remind(at=evening()) == 7
    with django_assert_num_queries(1):
        assert remind(at=evening(minute=15)) == 0
