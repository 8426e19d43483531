"""A course's leaderboard as one person sees it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.core.compiled import any_of, compiled
from apps.courses.models import Course, CourseQuerySet
from apps.enrollment.selectors import courses_taken_part_in, has_open_seat
from apps.social.selectors import ids_apart_from

from ..models import Act, CourseTotal, Entrant
from . import standings
from .habits import habit_of, today_of
from .standings import Board, Cut

PERIODS = ("week", "all")
BESIDE = 5  # on either side of oneself, more on one where the other ends
REPAIRS = 2


@dataclass(frozen=True)
class Place:
    """Equal XP share a rank, and the next one counts them all."""

    rank: int
    user: User
    xp: int


@dataclass(frozen=True)
class Leaderboard:
    """`obstacle` is why the viewer has no place and can't join: private, off, seat, or nothing."""

    course: Course
    period: str
    participants: int
    leaders: list[Place] = field(default_factory=list)
    around: list[Place] = field(default_factory=list)
    me: Place | None = None
    is_entrant: bool = False
    obstacle: str = ""

    @property
    def places(self) -> list[Place]:
        """The first ten, then those around oneself who aren't among them."""
        first = {place.user.pk for place in self.leaders}
        return [*self.leaders, *(each for each in self.around if each.user.pk not in first)]

    @property
    def rest(self) -> list[Place]:
        return self.places[len(self.leaders) :]

    @property
    def has_gap(self) -> bool:
        """Whether there are people between the first ten and those around oneself."""
        return bool(self.rest) and self.rest[0].rank > len(self.leaders) + 1


def courses_with_board_for(user: Any) -> CourseQuerySet:
    """Courses whose leaderboard the person may see: they learn there, teach it, or keep order."""
    if user.is_moderator:
        found: CourseQuerySet = Course.objects.all()
        return found
    return courses_taken_part_in(user)


def course_shown(user: Any) -> Course | None:
    """Of the courses with a leaderboard for the person the one they studied last."""
    courses = {course.pk: course for course in courses_taken_part_in(user)}
    acts = Act.objects.filter(user=user, course_id__in=courses).order_by("-id")
    last = acts.values_list("course_id", flat=True).first() if courses else None
    return courses[last] if last else next(iter(courses.values()), None)


def obstacle(user: User, course: Course) -> str:
    """What keeps the person from the leaderboard: private, off, seat; empty for nothing."""
    if not has_open_seat(user, course.pk):
        return "seat"
    if not habit_of(user).is_on:
        return "off"
    return "" if user.is_profile_public else "private"


def courses_entered(user_id: int) -> set[int]:
    return set(Entrant.objects.filter(user=user_id).values_list("course_id", flat=True))


def leaderboard_of(viewer: User, course: Course, period: str, at: datetime) -> Leaderboard:
    """The first ten, the viewer's own place and the ten around it.

    Whoever doesn't show themselves, or is kept apart from the viewer by a block, has no row, no rank
    and isn't counted. What the sorted set says is compared with the rows of all that are shown.
    """
    board = _board(viewer, course, period, at)
    hidden = set() if viewer.is_moderator else ids_apart_from(viewer)
    cut, people = _checked(board, viewer, hidden)
    own = people.get(viewer.pk)
    places = [
        Place(each.rank, people[each.user_id].user, each.points)
        for each in _shown(cut)
        if each.user_id in people
    ]
    leading = {each.user_id for each in cut.top}
    by_id = {place.user.pk: place for place in places}
    is_entrant = own is not None or Entrant.objects.filter(user=viewer, course=course).exists()
    return Leaderboard(
        course=course,
        period=period,
        participants=cut.participants,
        leaders=[place for place in places if place.user.pk in leading and place.xp],
        around=_around([by_id[e.user_id] for e in cut.around if e.user_id in by_id], viewer),
        me=by_id.get(viewer.pk) if own else None,
        is_entrant=is_entrant,
        obstacle="" if own else obstacle(viewer, course),
    )


def _board(viewer: User, course: Course, period: str, at: datetime) -> Board:
    if period == "all":
        return Board(course.pk, None)
    today = today_of(viewer, habit_of(viewer), at)
    return Board(course.pk, today - timedelta(days=today.weekday()))


def _checked(board: Board, viewer: User, hidden: set[int]) -> tuple[Cut, dict[int, "_Shown"]]:
    """A cut in which everybody shown has a place by the rows, with the points of their row."""
    for _ in range(REPAIRS):
        cut = standings.cut_of(board, viewer.pk, hidden)
        people = _people(board, cut, viewer)
        wrong = _wrong(cut, people, viewer)
        if not wrong:
            return cut, people
        try:
            for pk in wrong:
                standings.settle(pk, [board.course_id])
        except standings.Away:
            break
    cut = standings.cut_from_rows(board, viewer.pk, hidden)
    return cut, _people(board, cut, viewer)


def _shown(cut: Cut) -> list[standings.Standing]:
    """Each once, in order."""
    found = {each.user_id: each for each in [*cut.top, *cut.around]}
    return list(found.values())


def _people(board: Board, cut: Cut, viewer: User) -> dict[int, "_Shown"]:
    """Of those in the cut, and of the viewer, who has a place by the rows, and with which points."""
    ids = list({each.user_id for each in _shown(cut)} | {viewer.pk})
    if board.week is None:
        points = dict(_points_in_all(people=ids, course=board.course_id))
    else:
        points = dict(_points_in_week(people=ids, course=board.course_id, week=board.week))
    rows = _entrants(people=ids, course=board.course_id)
    return {row.user_id: _Shown(row.user, max(0, points.get(row.user_id, 0))) for row in rows}


@dataclass(frozen=True)
class _Shown:
    user: User
    points: int


_entrants = compiled(
    lambda people, course: (
        Entrant.objects.shown()
        .filter(any_of("user", people), course_id=course)
        .select_related("user")
    )
)
_points_in_all = compiled(
    lambda people, course: CourseTotal.objects.filter(
        any_of("user", people), course_id=course, week__isnull=True
    ).values_list("user_id", "points")
)
_points_in_week = compiled(
    lambda people, course, week: CourseTotal.objects.filter(
        any_of("user", people), course_id=course, week=week
    ).values_list("user_id", "points")
)


def _wrong(cut: Cut, people: dict[int, "_Shown"], viewer: User) -> set[int]:
    shown = _shown(cut)
    found = {
        each.user_id
        for each in shown
        if each.user_id not in people or people[each.user_id].points != each.points
    }
    missing = {viewer.pk} & people.keys() - {each.user_id for each in shown}
    return found | missing


def _around(places: list[Place], viewer: User) -> list[Place]:
    """Ten people with points around the viewer: five above and five below, more where one side ends."""
    own = next((at for at, place in enumerate(places) if place.user.pk == viewer.pk), None)
    if own is None:
        return []
    above = [place for place in places[:own] if place.xp]
    below = [place for place in places[own + 1 :] if place.xp]
    first = min(len(above), max(BESIDE, 2 * BESIDE - len(below)))
    taken = above[len(above) - first :]
    return [*taken, places[own], *below[: 2 * BESIDE - len(taken)]]
