"""Feeds, put together when they are read.

Of each person followed the newest entry is read along the index, of those who are newest the next
few, and the newest of all are the page. What its owner keeps to themselves is left out by the question itself; whether this reader
may see course, lesson, topic or comment is asked of a page's things at once.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.community.models import Comment
from apps.core.errors import NotFound
from apps.core.pagination import Page, Position, cut, position_of
from apps.core.statements import rows_of
from apps.courses.models import Course
from apps.enrollment.models import Enrollment
from apps.enrollment.selectors import courses_open_to, lessons_open_to
from apps.gamification.models import Award, Habit
from apps.social.models import Follow, Profile
from apps.social.selectors import ids_apart_from, people_visible_to, profile_of

from .models import OF_HABIT, FeedEntry, Kind

ROUNDS = 5  # of a page whose things are nearly all hidden; it then goes on behind its cursor
SPARE = 10
ORDER = "feed"
TEACHERS = 60

_FOLLOWED = """
    SELECT follow.followed_id AS id
    FROM social_follow follow
    JOIN social_profile profile ON profile.user_id = follow.followed_id AND profile.show_activity
    JOIN accounts_user person ON person.id = follow.followed_id
    WHERE follow.follower_id = %s
      AND person.is_profile_public AND person.is_active AND person.erased_at IS NULL
      AND NOT EXISTS (
          SELECT 1 FROM social_block block
          WHERE block.blocker_id = follow.follower_id AND block.blocked_id = follow.followed_id
      )
      AND NOT EXISTS (
          SELECT 1 FROM social_block block
          WHERE block.blocker_id = follow.followed_id AND block.blocked_id = follow.follower_id
      )
"""
# The first so many entries of all are by people whose own first ones are among the first so many.
_ENTRIES = """
WITH first AS (
    SELECT who.id
    FROM ({people}) who
    CROSS JOIN LATERAL (
        SELECT one.created_at, one.id FROM activity_feedentry one
        WHERE one.actor_id = who.id AND (one.created_at, one.id) {side} (%s, %s)
        ORDER BY one.created_at {order}, one.id {order} LIMIT 1
    ) head
    ORDER BY head.created_at {order}, head.id {order} LIMIT %s
)
SELECT entry.created_at, entry.id
FROM first
CROSS JOIN LATERAL (
    SELECT one.created_at, one.id FROM activity_feedentry one
    WHERE one.actor_id = first.id AND (one.created_at, one.id) {side} (%s, %s)
    ORDER BY one.created_at {order}, one.id {order} LIMIT %s
) entry
ORDER BY entry.created_at {order}, entry.id {order} LIMIT %s
"""
_ONE = "SELECT %s::bigint AS id"
_SIDES = {False: {"side": "<", "order": "DESC"}, True: {"side": ">", "order": "ASC"}}
_NEWEST: tuple[datetime, int] = (datetime(9999, 1, 1, tzinfo=UTC), 0)

Key = tuple[Any, ...]
Read = Callable[[Key, int], list[Key]]


# ── Feeds ─────────────────────────────────────────────────────────────────────────────────────
def feed_of(user: User, *, cursor: str | None, limit: int) -> Page[FeedEntry]:
    """What the people whom one follows did, and show; newest first."""
    return _page(_FOLLOWED, user.pk, viewer=user, cursor=cursor, limit=limit)


def entries_of(person: User, viewer: Any, *, cursor: str | None, limit: int) -> Page[FeedEntry]:
    """What the person did, for the eyes of a viewer who may see it: ask `get_active_person`."""
    return _page(_ONE, person.pk, viewer=viewer, cursor=cursor, limit=limit)


def get_active_person(username: str, viewer: Any) -> User:
    """The person, if they show the viewer what they do; else NotFound. Oneself sees it always."""
    person = people_visible_to(viewer).filter(username=username.lower()).first()
    if person is None or (person.pk != viewer.pk and not profile_of(person).show_activity):
        raise NotFound
    return person


def explained(user: User) -> tuple[str, list[Any]]:
    """The statement of a first page, asked for its plan."""
    statement = _ENTRIES.format(people=_FOLLOWED, **_SIDES[False])
    return f"EXPLAIN (ANALYZE, BUFFERS) {statement}", [user.pk, *_NEWEST, 30, *_NEWEST, 30, 30]


def _page(
    people: str, asked_for: int, *, viewer: Any, cursor: str | None, limit: int
) -> Page[FeedEntry]:
    position = position_of(cursor, order=ORDER, types=(datetime, int))
    backwards = position is not None and position.backwards
    statement = _ENTRIES.format(people=people, **_SIDES[backwards])

    def read(beyond: Key, count: int) -> list[Key]:
        return rows_of(statement, [asked_for, *beyond, count, *beyond, count, count])

    return _gather(read, viewer=viewer, position=position, limit=limit)


def _gather(read: Read, *, viewer: Any, position: Position | None, limit: int) -> Page[FeedEntry]:
    found: dict[Key, FeedEntry] = {}
    keys: list[Key] = []
    beyond: Key = position.values if position else _NEWEST
    is_end = False
    count = limit + SPARE
    for _round in range(ROUNDS):
        some = read(beyond, count)
        shown = dict(_shown(some, viewer))
        found |= shown
        keys += [key for key in some if key in shown]
        is_end = len(some) < count
        if is_end or len(keys) > limit:
            break
        beyond = some[-1]
        count *= 2
    if is_end or len(keys) > limit:
        page = cut(keys[: limit + 1], position=position, limit=limit, order=ORDER)
    else:  # the page ends where reading stopped, at an entry that isn't shown
        keys = [*keys, beyond, beyond]
        page = cut(keys, position=position, limit=len(keys) - 1, order=ORDER)
    items = [found[key] for key in page.items if key in found]
    return Page(items, page.next, page.previous)


# ── What of it is shown ───────────────────────────────────────────────────────────────────────
def _shown(keys: list[Key], viewer: Any) -> Iterator[tuple[Key, FeedEntry]]:
    """The entries whose things this viewer may see, and whose owners show them."""
    rows = FeedEntry.objects.select_related("actor", "course", "lesson", "topic", "award")
    entries = rows.defer("topic__content", "course__description", "lesson__content").in_bulk(
        [key[1] for key in keys]
    )
    of_kind: dict[str, list[FeedEntry]] = {kind: [] for kind in Kind.values}
    for entry in entries.values():
        of_kind[entry.kind].append(entry)
    comments = of_kind[Kind.COMMENT_POSTED]
    standing = set(
        Comment.objects.standing()
        .filter(pk__in=[entry.object_id for entry in comments])
        .values_list("pk", flat=True)
    )
    courses = _open(courses_open_to(viewer), {entry.course_id for entry in entries.values()})
    lessons = _open(lessons_open_to(viewer), {entry.lesson_id for entry in comments})
    finished = {entry.actor_id for entry in of_kind[Kind.COURSE_COMPLETED]} - {viewer.pk}
    discreet = _ids(Profile.objects.filter(pk__in=finished, show_courses=False))
    of_habit = [entry for kind in OF_HABIT for entry in of_kind[kind]]
    silent = _without_badges({entry.actor_id for entry in of_habit}, viewer)
    _keep_secrets(of_kind[Kind.BADGE_EARNED], viewer)

    def is_shown(entry: FeedEntry) -> bool:
        if entry.kind in OF_HABIT:
            return entry.actor_id not in silent
        if entry.kind == Kind.TOPIC_CREATED:
            return entry.topic is not None and entry.topic.is_standing
        if entry.course_id not in courses:
            return False
        if entry.kind == Kind.COMMENT_POSTED:
            is_open = entry.lesson_id is None or entry.lesson_id in lessons
            return is_open and entry.object_id in standing
        return entry.kind != Kind.COURSE_COMPLETED or entry.actor_id not in discreet

    for key in keys:
        found = entries.get(key[1])
        if found is not None and is_shown(found):
            yield key, found


def _without_badges(people: set[int], viewer: Any) -> set[int]:
    """Who of them shows this viewer neither badges nor level; a habit switched off nobody's eyes."""
    off = _ids(Habit.objects.filter(pk__in=people, is_on=False))
    return off | _ids(Profile.objects.filter(pk__in=people - {viewer.pk}, show_badges=False))


def _keep_secrets(entries: list[FeedEntry], viewer: Any) -> None:
    """A hidden badge is named to those alone who have it."""
    hidden = {entry.award.badge for entry in entries if entry.award and entry.award.shape.hidden}
    own = Award.objects.filter(user=viewer.pk, badge__in=hidden)
    secret = hidden - set(own.values_list("badge", flat=True)) if hidden else set()
    for entry in entries:
        entry.is_secret = entry.award is not None and entry.award.badge in secret


def _open(things: QuerySet[Any], ids: set[int | None]) -> set[int]:
    return _ids(things.filter(pk__in=ids - {None})) if ids - {None} else set()


def _ids(rows: QuerySet[Any]) -> set[int]:
    return set(rows.order_by().values_list("pk", flat=True))


# ── Whom to follow ────────────────────────────────────────────────────────────────────────────
def follows_somebody(user: User) -> bool:
    return Follow.objects.filter(follower=user).exists()


def people_to_follow(user: User, *, count: int) -> list[User]:
    """Teachers of one's courses, then those of the courses with the most students."""
    known = {user.pk, *Follow.objects.filter(follower=user).values_list("followed", flat=True)}
    known |= ids_apart_from(user)
    own = Enrollment.objects.of(user).open().order_by("-last_activity_at")
    popular = Course.objects.published().order_by("-student_count", "-pk")
    ids = [
        *own.values_list("course__owner", flat=True)[:TEACHERS],
        *popular.values_list("owner", flat=True)[:TEACHERS],
    ]
    wanted = [pk for pk in dict.fromkeys(ids) if pk not in known]
    people = people_visible_to(user).filter(is_profile_public=True).in_bulk(wanted)
    return [people[pk] for pk in wanted if pk in people][:count]
