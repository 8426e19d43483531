"""Whose day it is: daylight saving, leap days, journeys, and a clock that is set to gain a day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.gamification.engine.clock import CHANGES, SETTLED, Clock, Setting, chosen, day_at

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
BEGIN = datetime(2024, 1, 10, tzinfo=UTC)  # before a leap day
# From the last zone of the earth to the first, halves and quarters of an hour, both hemispheres,
# half an hour of daylight saving, one that begins at midnight, and none.
ZONES = [
    "Pacific/Pago_Pago",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Santiago",
    "UTC",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Europe/Berlin",
    "Europe/Moscow",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
]
PLACES = ZONES[1:]  # less than a day apart
clocks = st.builds(Clock, st.sampled_from(ZONES), st.integers(0, 23))
moments = st.integers(0, 3 * 365 * 24 * 4).map(lambda quarter: BEGIN + quarter * HOUR / 4)
quick = settings(max_examples=60, deadline=None)

# the earliest and the latest that the day of a moment can be by any clock: 11 hours behind with a day
# that begins at 23, and 14 ahead with one that begins at midnight
BEHIND, AHEAD = 34 * HOUR, 14 * HOUR


class Person:
    """Notes another clock with the first act after it was set, as `services.acts` does."""

    def __init__(self):
        self.settings, self.seen, self.last_day = (), BEGIN, None

    def act(self, at, clock):
        before, self.seen = self.seen, max(self.seen, at)
        self.settings = chosen(self.settings, clock, self.seen, seen=before, studied=self.last_day)
        day = day_at(self.settings, at)
        self.last_day = max(day, self.last_day or day)
        return day


# ── One clock ─────────────────────────────────────────────────────────────────────────────────
@given(clocks, moments)
@quick
def test_a_day_holds_from_its_beginning_to_the_next(clock, moment):
    day = clock.day_of(moment)
    begins, ends = clock.begin_of(day), clock.begin_of(day + DAY)
    assert begins <= moment < ends
    assert 23 * HOUR <= ends - begins <= 25 * HOUR


@given(clocks, moments)
@quick
def test_no_day_is_left_out(clock, moment):
    """Also where an hour is skipped, told twice, or it is 29 February."""
    days = [clock.day_of(moment + n * HOUR) for n in range(72)]
    assert {after - before for before, after in pairwise(days)} <= {timedelta(0), DAY}


@pytest.mark.parametrize(
    ("zone", "day_start", "moment", "day"),
    [
        # Berlin, 31 March 2024: two o'clock is three
        ("Europe/Berlin", 0, "2024-03-30T22:59", "2024-03-30"),
        ("Europe/Berlin", 0, "2024-03-30T23:00", "2024-03-31"),
        ("Europe/Berlin", 2, "2024-03-31T00:59", "2024-03-30"),
        ("Europe/Berlin", 2, "2024-03-31T01:00", "2024-03-31"),
        ("Europe/Berlin", 4, "2024-03-31T01:59", "2024-03-30"),
        ("Europe/Berlin", 4, "2024-03-31T02:00", "2024-03-31"),
        # 27 October 2024: three o'clock is two again
        ("Europe/Berlin", 2, "2024-10-26T23:59", "2024-10-26"),
        ("Europe/Berlin", 2, "2024-10-27T00:00", "2024-10-27"),
        ("Europe/Berlin", 2, "2024-10-27T01:00", "2024-10-27"),
        ("Europe/Berlin", 4, "2024-10-27T02:59", "2024-10-26"),
        ("Europe/Berlin", 4, "2024-10-27T03:00", "2024-10-27"),
        # New York, 3 November 2024
        ("America/New_York", 4, "2024-11-03T08:59", "2024-11-02"),
        ("America/New_York", 4, "2024-11-03T09:00", "2024-11-03"),
        # a leap day, and the end of it
        ("Asia/Tokyo", 4, "2024-02-29T18:59", "2024-02-29"),
        ("Asia/Tokyo", 4, "2024-02-29T19:00", "2024-03-01"),
        ("Asia/Tokyo", 23, "2024-02-29T13:59", "2024-02-28"),
        ("Asia/Tokyo", 23, "2024-02-29T14:00", "2024-02-29"),
    ],
)
def test_days_over_daylight_saving(zone, day_start, moment, day):
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert Clock(zone, day_start).day_of(at) == date.fromisoformat(day)


# ── Journeys ──────────────────────────────────────────────────────────────────────────────────
def at_noon(zone, day):
    """Noon of the traveller's own wall clock."""
    return Clock(zone, 12).begin_of(day)


@given(
    st.lists(st.tuples(st.sampled_from(PLACES), st.integers(7, 25)), min_size=2, max_size=6),
    st.integers(0, 8),
)
@example([("Asia/Tokyo", 9), ("America/Los_Angeles", 9), ("Asia/Tokyo", 9)], 4)
@settings(max_examples=80, deadline=None)
def test_who_studies_every_day_of_the_place_misses_none(journey, day_start):
    """A week at least in each place; the date line is crossed both ways. Places a day apart, as Pago
    Pago and Auckland, have a calendar that leaves a whole day out: see below."""
    person, days, last, day = Person(), [], BEGIN, BEGIN.date()
    for zone, stay in journey:
        while at_noon(zone, day) <= last:  # the calendar of the place, after the flight
            day += DAY
        while at_noon(zone, day - DAY) > last:
            day -= DAY
        for _ in range(stay):
            last = at_noon(zone, day)
            days.append(person.act(last, Clock(zone, day_start)))
            day += DAY
    assert {after - before for before, after in pairwise(days)} <= {timedelta(0), DAY}


def test_there_and_back_over_the_date_line():
    """Twenty-five hours apart: the clocks never show the same day."""
    person = Person()
    east, west = Clock("Pacific/Kiritimati", 4), Clock("Pacific/Pago_Pago", 4)
    there = [person.act(BEGIN + n * DAY, west if n >= 5 else east) for n in range(12)]
    # to the east a day stands still
    assert [(after - before).days for before, after in pairwise(there)] == [1] * 4 + [0] + [1] * 6
    # to the west it is still today, and tomorrow once today is done
    home = BEGIN + 12 * DAY
    assert person.act(home, east) == there[-1] + DAY
    assert person.act(home + HOUR, east) == there[-1] + 2 * DAY
    assert person.act(home + DAY, east) == there[-1] + 3 * DAY


def test_who_comes_from_the_east_in_the_evening_may_study_for_two_days():
    """From Los Angeles to Tokyo the evening of a day is missing."""
    person = Person()
    angeles, tokyo = Clock("America/Los_Angeles", 4), Clock("Asia/Tokyo", 4)
    evening = datetime(2024, 3, 5, 4, tzinfo=UTC)  # 20:00 of 4 March in Los Angeles
    assert person.act(evening, angeles) == date(2024, 3, 4)
    landed = datetime(2024, 3, 6, 11, tzinfo=UTC)  # 20:00 of 6 March in Tokyo, 5 March over there
    assert person.act(landed, tokyo) == date(2024, 3, 5)
    assert person.act(landed + HOUR / 6, tokyo) == date(2024, 3, 6)
    assert person.act(landed + DAY, tokyo) == date(2024, 3, 7)


def test_who_studies_on_weekdays_and_flies_at_the_weekend_has_both_mondays():
    person = Person()
    for zone, friday in [
        ("Asia/Tokyo", date(2024, 4, 26)),
        ("America/Los_Angeles", date(2024, 5, 10)),
        ("Asia/Tokyo", date(2024, 5, 31)),
        ("Europe/Moscow", date(2024, 6, 21)),
    ]:
        for day in (friday - 4 * DAY, friday):
            assert person.act(at_noon(zone, day), Clock(zone, 4)) == day


# ── A clock that is set to gain something ─────────────────────────────────────────────────────
steps = st.lists(
    st.tuples(st.integers(1, 30 * 4), st.one_of(st.none(), clocks)), min_size=5, max_size=120
)
EXTREMES = [Clock("Pacific/Pago_Pago", 23), Clock("Pacific/Kiritimati", 0)]
to_and_fro = [(24, EXTREMES[n % 2]) for n in range(100)]


def lived(hostile):
    """(moment, day) of an act after every step: quarters of an hour, and a clock or the one before."""
    person, at, clock, found = Person(), BEGIN, Clock("UTC", 4), []
    for quarters, another in hostile:
        at, clock = at + quarters * HOUR / 4, another or clock
        found.append((at, person.act(at, clock)))
    return person, found


@given(steps)
@example(to_and_fro)
@quick
def test_days_never_go_back(hostile):
    _person, found = lived(hostile)
    assert all(before <= after for (_, before), (_, after) in pairwise(found))


@given(steps)
@example(to_and_fro)
@quick
def test_as_many_days_as_go_by(hostile):
    """However often the clock is set, a day is one that some clock of the earth shows. So between any
    two acts lie as many study days as days went by, but for the three between the extremes, and
    those once, not once a year: set forward a day is gained, set back it stands still. A streak of
    a fortnight without rest and freezes takes eleven days of study at least, one of a year 362."""
    _person, found = lived(hostile)
    for at, day in found:
        assert (at - BEHIND).date() <= day <= (at + AHEAD).date()
    for first, (since, begun) in enumerate(found):
        for until, ended in found[first:]:
            assert abs((ended - begun) - (until - since)) <= 3 * DAY


def test_back_and_forth_gains_a_day_once():
    """Twice a fortnight for a year, an act every hour: no more days than a year has, and one."""
    person, days = Person(), set()
    for hour in range(365 * 24):
        days.add(person.act(BEGIN + hour * HOUR, EXTREMES[hour // (7 * 24) % 2]))
    assert len(days) <= 365 + 3
    assert sorted(days)[-1] <= (BEGIN + 365 * DAY + AHEAD).date()


@given(steps)
@example(to_and_fro)
@quick
def test_no_more_than_two_changes_in_a_fortnight(hostile):
    person, found = lived(hostile)
    held = [setting.since for setting in person.settings[1:] if setting.since <= found[-1][0]]
    for first, third in zip(held, held[CHANGES:], strict=False):
        assert third - first >= SETTLED


@given(steps)
@quick
def test_an_act_told_a_week_late_is_of_the_day_it_was_of(hostile):
    person, found = lived(hostile)
    end = found[-1][0]
    for at, day in found:
        if end - at <= 7 * DAY:
            assert day_at(person.settings, at) == day


def test_a_clock_is_stored_and_read_again():
    setting = Setting(BEGIN, Clock("Asia/Tokyo", 5))
    assert Setting.restored(setting.stored()) == setting


def test_one_that_waits_is_forgotten_for_the_last_word():
    person = Person()
    tokyo, angeles = Clock("Asia/Tokyo", 4), Clock("America/Los_Angeles", 4)
    person.act(BEGIN, angeles)
    person.act(BEGIN + 20 * HOUR, tokyo)  # there it is tomorrow
    assert person.settings[-1].since > BEGIN + 20 * HOUR
    person.act(BEGIN + 21 * HOUR, angeles)
    assert [setting.clock for setting in person.settings] == [angeles]
