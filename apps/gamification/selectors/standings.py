"""The order of a leaderboard: sorted sets in Redis, made from the rows, corrected by them.

What is true stands in `Entrant` and `CourseTotal`. A set holds the entrants of one course and period
with what they have, and lives for `LIFETIME` at most; one that isn't there is made again by whoever
wants it first, under a lease. Whoever is told of a change meanwhile notes that person, and the maker
looks at them once more. Without Redis the order is read from the rows each time.

Redis orders by score: more points first, among equal points who had them first, then by id.
"""

import logging
import math
import time
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.crypto import get_random_string
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from ..models import CourseTotal, Entrant

logger = logging.getLogger(__name__)

LIFETIME = 3600  # seconds
LEASE = 20_000  # milliseconds, for whoever makes a set and may die over it
WAIT, LONGEST_WAIT = 0.02, 0.5  # seconds
PAUSE = 1.0  # seconds in which a Redis that was away isn't asked again
GUARD = 60  # seconds in which an older figure can't follow a newer one
CHUNK = 5000
TOP, NEAR = 10, 10
SPAN = 2**31  # seconds: one point weighs more than any time; exact up to four million points
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
LAST = "-"  # a member behind all others, so that the set of a board without people is there
TRIES = 5
_away_until = 0.0

# ARGV: the viewer, how many of the top, how many on either side, SPAN, and who isn't seen
_CUT = """
local size = redis.call('zcard', KEYS[1])
if size == 0 then return false end
local hidden = {}
for at = 5, #ARGV do
  local score = redis.call('zscore', KEYS[1], ARGV[at])
  if score then hidden[#hidden + 1] = score end
end
local top = redis.call('zrange', KEYS[1], 0, ARGV[2] + #hidden - 1, 'withscores')
local place = redis.call('zrank', KEYS[1], ARGV[1])
local start, above, around = 0, 0, {}
if place then
  start = math.max(0, place - ARGV[3] - #hidden)
  around = redis.call('zrange', KEYS[1], start, place + ARGV[3] + #hidden, 'withscores')
  local points = math.ceil(-around[2] / ARGV[4])
  above = redis.call('zcount', KEYS[1], '-inf', string.format('(%.17g', -points * ARGV[4]))
end
return {size - 1, hidden, top, start, above, around}
"""
# A new figure of somebody who is there; one that is older than what was told already is let go.
_CORRECT = """
local seen = redis.call('get', KEYS[4])
if seen and tonumber(seen) > tonumber(ARGV[3]) then return end
redis.call('set', KEYS[4], ARGV[3], 'ex', ARGV[4])
if redis.call('exists', KEYS[2]) == 1 then
  redis.call('sadd', KEYS[3], ARGV[1])
  redis.call('pexpire', KEYS[3], ARGV[5])
end
redis.call('zadd', KEYS[1], 'xx', ARGV[2], ARGV[1])
"""
# Somebody's place, or that they have none.
_SETTLE = """
if redis.call('exists', KEYS[2]) == 1 then
  redis.call('sadd', KEYS[3], ARGV[1])
  redis.call('pexpire', KEYS[3], ARGV[3])
end
if ARGV[2] == '' then
  redis.call('zrem', KEYS[1], ARGV[1])
elseif redis.call('exists', KEYS[1]) == 1 then
  redis.call('zadd', KEYS[1], ARGV[2], ARGV[1])
end
"""
# The new set in the place of the old one; who changed while it was made.
_FINISH = """
if redis.call('get', KEYS[2]) ~= ARGV[1] then
  redis.call('del', KEYS[4])
  return false
end
redis.call('rename', KEYS[4], KEYS[1])
redis.call('expire', KEYS[1], ARGV[2])
local late = redis.call('smembers', KEYS[3])
redis.call('del', KEYS[2], KEYS[3])
return late
"""


class Away(Exception):
    """Redis doesn't answer, or didn't a moment ago."""


@dataclass(frozen=True)
class Board:
    """The leaderboard of a course: of the week that begins with the Monday, or of all time."""

    course_id: int
    week: date | None

    @property
    def keys(self) -> list[str]:
        """The set, the lease of who makes it, who changed meanwhile."""
        key = f"board:1:{self.course_id}:{self.week or 'all'}"
        return [key, f"{key}:building", f"{key}:late"]


@dataclass(frozen=True)
class Standing:
    rank: int
    user_id: int
    points: int


@dataclass(frozen=True)
class Cut:
    """What one person sees of a board: the first, and those around them where they have a place."""

    participants: int
    top: list[Standing]
    around: list[Standing]


@dataclass(frozen=True)
class Raw:
    """A cut as the set gives it. `start` is where `around` begins, `above` how many have more points
    than its first."""

    size: int
    hidden: list[float]
    top: list[tuple[int, float]]
    start: int
    above: int
    around: list[tuple[int, float]]


def score_of(points: int, reached_at: datetime | None) -> float:
    seconds = int((reached_at - EPOCH).total_seconds()) if reached_at else 0
    return float(-max(0, points) * SPAN + min(max(0, seconds), SPAN - 1))


def points_of(score: float) -> int:
    return math.ceil(-score / SPAN)


# ── Reading ───────────────────────────────────────────────────────────────────────────────────
def cut_of(board: Board, viewer_id: int, hidden: Collection[int]) -> Cut:
    """From Redis, made there when it is missing; else from the rows."""
    try:
        raw = _read(board, viewer_id, hidden)
        if raw is None:
            raw = _read_when_made(board, viewer_id, hidden)
    except Away:
        raw = None
    if raw is None:
        return cut_from_rows(board, viewer_id, hidden)
    return _seen(raw, hidden)


def cut_from_rows(board: Board, viewer_id: int, hidden: Collection[int]) -> Cut:
    scores = scores_from_rows(board)
    order = sorted((score, _member(pk)) for pk, score in scores.items())
    apart = [scores[pk] for pk in hidden if pk in scores]
    more, start, above, around = len(apart), 0, 0, []
    if viewer_id in scores:
        place = bisect_left(order, (scores[viewer_id], _member(viewer_id)))
        start = max(0, place - NEAR - more)
        around = order[start : place + NEAR + more + 1]
        above = bisect_left(order, (-float(points_of(around[0][0])) * SPAN, ""))
    top = order[: TOP + more]
    raw = Raw(len(order), apart, _people(top), start, above, _people(around))
    return _seen(raw, hidden)


def _people(rows: Sequence[tuple[float, str]]) -> list[tuple[int, float]]:
    return [(int(member), score) for score, member in rows]


def _seen(raw: Raw, hidden: Collection[int]) -> Cut:
    """As it is without those who aren't seen: they have no row and take nobody's rank."""
    apart = sorted(points_of(score) for score in raw.hidden)

    def ranked(rows: list[tuple[int, float]], start: int, above: int) -> list[Standing]:
        found: list[Standing] = []
        before = None
        for number, (pk, score) in enumerate(rows):
            points = points_of(score)
            if before is not None and points != before:
                above = start + number
            before = points
            if pk not in hidden:
                more = len(apart) - bisect_left(apart, points + 1)
                found.append(Standing(above - more + 1, pk, points))
        return found

    return Cut(
        participants=raw.size - len(apart),
        top=ranked(raw.top, 0, 0)[:TOP],
        around=ranked(raw.around, raw.start, raw.above),
    )


def _read(board: Board, viewer_id: int, hidden: Collection[int]) -> Raw | None:
    others = [_member(pk) for pk in sorted(hidden)]
    with _asked() as redis:
        found = redis.eval(
            _CUT, 1, board.keys[0], _member(viewer_id), TOP, NEAR, SPAN, *others
        )  # fmt: skip
    if not found:
        return None
    size, apart, top, start, above, around = found
    return Raw(size, [float(each) for each in apart], _pairs(top), start, above, _pairs(around))


def _pairs(flat: Sequence[bytes]) -> list[tuple[int, float]]:
    pairs = zip(flat[::2], flat[1::2], strict=True)
    return [(int(pk), float(score)) for pk, score in pairs if pk != LAST.encode()]


def _read_when_made(board: Board, viewer_id: int, hidden: Collection[int]) -> Raw | None:
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        build(board)
        if (raw := _read(board, viewer_id, hidden)) is not None:
            return raw
        time.sleep(WAIT)
    return None


# ── Making ────────────────────────────────────────────────────────────────────────────────────
def scores_from_rows(board: Board) -> dict[int, float]:
    """Everybody on the board with their score; who has no points is there with none."""
    entrants = Entrant.objects.shown().filter(course=board.course_id)
    totals = CourseTotal.objects.filter(course=board.course_id, week=board.week)
    figures = {
        pk: score_of(points, at)
        for pk, points, at in totals.values_list("user_id", "points", "reached_at")
    }
    return {pk: figures.get(pk, 0.0) for pk in entrants.values_list("user_id", flat=True)}


def build(board: Board) -> bool:
    """Make the set from the rows, unless somebody else does so just now; whether it was made."""
    key, building, late = board.keys
    token, fresh = get_random_string(12), f"{key}:new:{get_random_string(12)}"
    with _asked() as redis:
        if not redis.set(building, token, nx=True, px=LEASE):
            return False
    # only now: whoever changes from here on is noted
    scores = scores_from_rows(board)
    with _asked() as redis:
        members = [*((_member(pk), score) for pk, score in scores.items()), (LAST, math.inf)]
        for first in range(0, len(members), CHUNK):
            redis.zadd(fresh, dict(members[first : first + CHUNK]))
            redis.expire(fresh, LIFETIME)
        changed = redis.eval(_FINISH, 4, key, building, late, fresh, token, LIFETIME)
    if changed is None:
        return False
    for member in changed:
        settle(int(member), [board.course_id])
    return True


def drift(board: Board) -> int:
    """How many people have another score in the set than by the rows, or are in only one of them;
    0 when there is no set."""
    with _asked() as redis:
        held = redis.zrange(board.keys[0], 0, -1, withscores=True)
    if not held:
        return 0
    kept = {int(member): score for member, score in held if member != LAST.encode()}
    return len(kept.items() ^ scores_from_rows(board).items())


def is_held(board: Board) -> bool:
    with _asked() as redis:
        return bool(redis.exists(board.keys[0]))


# ── Correcting ────────────────────────────────────────────────────────────────────────────────
def correct(user_id: int, totals: Iterable[tuple[Board, float]], version: int) -> None:
    """Give the sets the figures as they stand after a change; `version` grows with each change of
    this person's."""
    member = _member(user_id)
    with _asked() as redis, redis.pipeline(transaction=False) as pipe:
        for board, score in totals:
            keys = [*board.keys, f"{board.keys[0]}:by:{user_id}"]
            pipe.eval(_CORRECT, 4, *keys, member, repr(score), version, GUARD, LEASE)
        pipe.execute()


def settle(user_id: int, course_ids: Collection[int]) -> None:
    """Have the sets of these courses say of the person what the rows say.

    The rows are read again after writing: whoever writes last has seen that nothing came between.
    """
    told = None
    for _ in range(TRIES):
        truth = _truth(user_id, course_ids)
        if truth == told:
            return
        with _asked() as redis, redis.pipeline(transaction=False) as pipe:
            for board, score in truth.items():
                written = "" if score is None else repr(score)
                pipe.eval(_SETTLE, 3, *board.keys, _member(user_id), written, LEASE)
            pipe.execute()
        told = truth


def _truth(user_id: int, course_ids: Collection[int]) -> dict[Board, float | None]:
    weeks: list[date | None] = [None, *weeks_of(timezone.now())]
    shown = Entrant.objects.shown().filter(user=user_id, course__in=course_ids)
    there = set(shown.values_list("course_id", flat=True))
    rows = CourseTotal.objects.filter(user=user_id, course__in=there)
    figures = {
        (course, week): score_of(points, at)
        for course, week, points, at in rows.values_list(
            "course_id", "week", "points", "reached_at"
        )
    }
    return {
        Board(course, week): figures.get((course, week), 0.0) if course in there else None
        for course in course_ids
        for week in weeks
    }


def weeks_of(at: datetime) -> list[date]:
    """The Mondays of the weeks in which somebody on Earth is, wherever their day begins."""
    days = [(at + timedelta(hours=hours)).date() for hours in (-48, 0, 24)]
    return sorted({day - timedelta(days=day.weekday()) for day in days})


# ── Redis ─────────────────────────────────────────────────────────────────────────────────────
def _member(user_id: int) -> str:
    return f"{user_id:012d}"


@contextmanager
def _asked() -> Iterator[Any]:
    global _away_until
    if time.monotonic() < _away_until:
        raise Away
    try:
        yield get_redis_connection("default")
    except RedisError as error:
        _away_until = time.monotonic() + PAUSE
        logger.warning("leaderboards_away")
        raise Away from error
