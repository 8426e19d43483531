"""Streaks follow from the days alone: whatever the order, however often told, with no job of the night."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.gamification.engine import streak
from apps.gamification.engine.fold import Act, Day, State, fold
from apps.gamification.engine.streak import Kept

DAY = timedelta(days=1)
MONDAY = date(2024, 2, 5)  # a leap year
numbers = st.sets(st.integers(0, 120), min_size=1, max_size=90)
# few days without anything, so that runs get long
nearly_all = st.sets(st.integers(0, 120), max_size=25).map(lambda out: set(range(120)) - out)
days_of_study = st.one_of(numbers, nearly_all).map(
    lambda found: sorted(MONDAY + number * DAY for number in found)
)
rests = st.lists(
    st.tuples(st.integers(0, 12), st.sets(st.integers(0, 6), max_size=2)), max_size=4
).map(
    lambda found: sorted(
        {MONDAY + week * 7 * DAY: tuple(sorted(weekdays)) for week, weekdays in found}.items()
    )
)
repairs = st.sets(st.integers(0, 120), max_size=3).map(
    lambda found: {MONDAY + number * DAY for number in found}
)
quick = settings(max_examples=60, deadline=None)
slower = settings(max_examples=20, deadline=None)


def by_hand(days, rests, repaired, until):
    """Day for day, as the rules are told: (run, freezes, longest) at the end of `until`."""
    run = freezes = longest = 0
    day = min(days)
    while day <= until:
        resting = (5, 6)
        for since, weekdays in rests:
            if since <= day:
                resting = weekdays
        if day in days:
            run += 1
            longest = max(longest, run)
            freezes = min(3, freezes + {7: 1, 30: 2}.get(run, 0))
        elif run and day.weekday() not in resting and day not in repaired:
            if freezes:
                freezes -= 1
            else:
                run = 0
        day += DAY
    return run, freezes, longest


class Log:
    """Folds acts as `services.acts` does: each cause once, and what follows from it."""

    def __init__(self):
        self.state, self.days, self.known, self.lines = State(), {}, set(), []

    def take(self, rule, source, day, **fields):
        if (rule, source) in self.known:
            return
        self.known.add((rule, source))
        at = datetime.combine(day, time(12), tzinfo=UTC)
        waiting = [Act(rule, source, day, at, **fields)]
        while waiting:
            line = waiting.pop(0)
            self.lines.append(line)
            totals = self.days.setdefault(line.day, Day(line.day))
            waiting += fold(self.state, line, totals, self.study_days)

    def study_days(self):
        return [day.day for day in self.days.values() if day.acts]

    def earned(self):
        return sorted((line.rule, line.source) for line in self.lines if line.rule == "badge")


@given(days_of_study, rests, repairs)
@quick
def test_the_streak_is_what_the_rules_say_day_for_day(days, rests, repaired):
    found = streak.fold(days, rests, repaired)
    until = days[-1]
    assert (found.run, found.freezes, found.longest) == by_hand(days, rests, repaired, until)
    assert (found.total, found.last_day) == (len(days), until)
    for ahead in (1, 2, 3, 5, 9):
        until = days[-1] + ahead * DAY
        now = streak.passed(found, until, rests, repaired)
        assert (now.run, now.freezes, now.longest) == by_hand(days, rests, repaired, until)


@given(days_of_study, rests, repairs)
@quick
def test_looking_at_it_in_between_changes_nothing(days, rests, repaired):
    """No job of the night: days that went by may be looked at each, some, or not at all."""
    found = streak.fold(days, rests, repaired)
    end = days[-1] + 20 * DAY
    once = streak.passed(found, end, rests, repaired)
    each = found
    for ahead in range(1, 21):
        each = streak.passed(each, days[-1] + ahead * DAY, rests, repaired)
    assert each == once


@given(days_of_study, st.randoms(use_true_random=False))
@slower
def test_late_acts_in_any_order_make_the_same_streak(days, chance):
    log, shuffled = Log(), days[:]
    chance.shuffle(shuffled)
    for day in shuffled:
        log.take("review", day.isoformat(), day)
    assert log.state.run == streak.fold(days, [], set())
    assert sum(day.points for day in log.days.values()) == log.state.xp


@given(days_of_study, st.randoms(use_true_random=False))
@slower
def test_two_devices_make_the_same_streak_as_one(days, chance):
    """Each tells all that it knows, interleaved; half of the acts were done on both."""
    one, two = Log(), Log()
    acts = [(day, n) for day in days for n in range(2)]
    both = acts + acts[::2]
    chance.shuffle(both)
    for day, n in acts:
        one.take("review", f"{day}:{n}", day)
    for day, n in both:
        two.take("review", f"{day}:{n}", day)
    assert one.state.run == two.state.run
    assert sum(day.by_rule["review"] for day in one.days.values()) == sum(
        day.by_rule["review"] for day in two.days.values() if "review" in day.by_rule
    )


@given(days_of_study, st.data())
@slower
def test_days_taken_back_were_never_there(days, data):
    """Acts undone in any order: the streak is that of the days which stand."""
    log = Log()
    for day in days:
        log.take("review", day.isoformat(), day)
    gone = data.draw(st.lists(st.sampled_from(days), unique=True))
    for day in gone:
        log.take("review_undone", day.isoformat(), day)
    left = [day for day in days if day not in gone]
    assert log.state.run == streak.fold(left, [], set())
    again = data.draw(st.permutations(gone))
    for day in again:
        log.take("review", f"{day}#2", day)
    assert log.state.run == streak.fold(days, [], set())
    assert len(log.earned()) == len(set(log.earned()))


@given(days_of_study, rests, repairs)
@quick
def test_the_year_shows_what_the_streak_counted(days, rests, repaired):
    until = days[-1] + 9 * DAY
    shown = list(streak.year(days, rests, repaired, until))
    assert {day for day, _, _ in shown} | set(days) == {
        days[0] + n * DAY for n in range((until - days[0]).days + 1)
    }
    for day, kind, run in shown:
        assert run == by_hand(days, rests, repaired, day)[0]
        if kind == Kept.MISSED:
            assert run == 0
    frozen = sum(kind == Kept.FROZEN for _, kind, _ in shown)
    assert frozen <= 3 * len(days)


@given(st.integers(0, 6), st.integers(5, 60))
@example(0, 20)
@quick
def test_who_studies_every_weekday_has_a_streak_on_monday(first, weeks):
    day = MONDAY + first * DAY
    days = [day + n * DAY for n in range(weeks * 7) if (day + n * DAY).weekday() < 5]
    found = streak.fold(days, [], set())
    assert (found.run, found.total) == (len(days), len(days))
    monday = streak.next_monday(days[-1])
    for morning in (monday, monday - DAY, monday - 2 * DAY):
        assert streak.passed(found, morning - DAY, [], set()).run in (len(days), 0)
    if days[-1].weekday() == 4:
        now = streak.passed(found, monday - DAY, [], set())
        assert (now.run, now.freezes) == (len(days), found.freezes)


@given(days_of_study, st.sets(st.integers(0, 6), max_size=2), st.integers(0, 120))
@quick
def test_days_of_rest_chosen_leave_the_days_before_alone(days, weekdays, number):
    """They hold from a Monday to come: what was is as it was."""
    chosen_on = MONDAY + number * DAY
    since = streak.next_monday(chosen_on)
    assert since.weekday() == 0
    assert DAY <= since - chosen_on <= 7 * DAY
    before = [day for day in days if day < since]
    rests = [(since, tuple(weekdays))]
    assert streak.fold(before, rests, set()) == streak.fold(before, [], set())


@given(days_of_study, repairs)
@quick
def test_a_repair_is_of_yesterday_and_once_in_thirty_days(days, repaired):
    found = streak.fold(days, [], repaired)
    for ahead in range(1, 12):
        today = days[-1] + ahead * DAY
        now = streak.passed(found, today - DAY, [], repaired)
        day = streak.repairable(now, today, repaired)
        if day is None:
            continue
        assert day == today - DAY
        assert (now.run, now.broken_on) == (0, day)
        assert not any(DAY <= day - other < 30 * DAY for other in repaired)
        mended = streak.fold(days, [], repaired | {day})
        mended = streak.passed(mended, today - DAY, [], repaired | {day})
        assert mended.run == now.broken_run > 0


def test_freezes_are_three_at_the_most():
    days = [MONDAY + n * DAY for n in range(365)]
    assert [streak.fold(days[:n], [], set()).freezes for n in (6, 7, 29, 30, 365)] == [
        0, 1, 1, 3, 3,
    ]  # fmt: skip


def test_a_run_over_the_leap_day_is_unbroken():
    days = [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
    assert streak.fold(days, [], set()).run == 3
    assert streak.fold([days[0], days[2]], [], set()).run == 1


def test_two_people_keep_a_streak_together():
    days = {MONDAY + n * DAY for n in range(12)}
    mine, theirs = days - {MONDAY + 5 * DAY}, days - {MONDAY + 2 * DAY}
    weekend, none = [], [(MONDAY, ())]
    today = MONDAY + 11 * DAY

    def joint(rests, on=today):
        return streak.joint(mine, theirs, rests, since=MONDAY, today=on)

    assert joint([weekend, none]) == 8  # since Thursday, without the Saturday of rest
    assert joint([none, none]) == 6
    assert joint([weekend, none], today + DAY) == 8  # today isn't over
    assert joint([none, none], today + 2 * DAY) == 0
