"""When a student was at it, from the statements: each act lasts until the next, at most for its cap."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest

from django.db import connection
from django.db.models import QuerySet

from ..engine import velocity
from ..engine.velocity import Span
from ..models import Activity, Statement, StudyTime, Verb

# The kind of act in `engine.velocity.CAPS`; mastering follows from another act at the same moment.
KINDS = {
    Activity.CARD: "card",
    Activity.STATEMENT: "card",
    Activity.QUIZ: "question",
    Activity.QUESTION: "question",
    Activity.PRETEST: "question",
    Activity.TALK: "tutor",
}


def kind_of(verb: str, activity: str) -> str:
    # a beat of an open page says no more than that it is open
    if verb == Verb.INTERACTED:
        return "lesson"
    return "video" if verb == Verb.PLAYED else KINDS.get(Activity(activity), "lesson")


def acts_of(student_id: int) -> QuerySet[Statement]:
    """What the student did, in order; what merely followed from it left out."""
    rows = Statement.objects.filter(actor_id=student_id).exclude(verb=Verb.MASTERED)
    return rows.order_by("at", "id")


def spans(
    student_id: int, since: datetime, until: datetime, course_id: int | None = None
) -> list[Span]:
    """The student's active time, overlaps counted once; of one course that of its acts."""
    rows = acts_of(student_id).filter(at__gte=since, at__lt=until)
    found = [
        span for span, course, _day in lasting(rows) if course_id is None or course == course_id
    ]
    return velocity.united(found)


def lasting(rows: QuerySet[Statement]) -> Iterable[tuple[Span, int | None, date]]:
    """The time of each of a student's acts, with its course and study day: no two overlap."""
    acts = list(rows.values_list("at", "verb", "activity", "course_id", "day"))
    following = [act[0] for act in acts[1:]]
    for (at, verb, activity, course, day), until in zip_longest(acts, following):
        yield velocity.lasting(at, kind_of(verb, activity), until), course, day


# each act of the lesson with the student's next one of any kind
OF_LESSON = """
SELECT act.at, act.verb, act.activity, following.at
FROM learning_statement act
LEFT JOIN LATERAL (
    SELECT later.at FROM learning_statement later
    WHERE later.actor_id = act.actor_id AND later.verb <> 'mastered'
      AND later.at >= act.at AND later.at < act.at + make_interval(secs => %(longest)s)
      AND (later.at, later.id) > (act.at, act.id)
    ORDER BY later.at, later.id LIMIT 1
) following ON true
WHERE act.actor_id = %(student)s AND act.lesson_id = %(lesson)s AND act.verb <> 'mastered'
  AND act.at < %(until)s
"""


def active_seconds(student_id: int, lesson_id: int, until: datetime) -> float | None:
    """How long the student was at the lesson before `until`; None when nothing was measured."""
    longest = max(velocity.CAPS.values()).total_seconds()
    with connection.cursor() as cursor:
        cursor.execute(
            OF_LESSON,
            {"student": student_id, "lesson": lesson_id, "until": until, "longest": longest},
        )
        acts = cursor.fetchall()
    if not acts:
        return None
    found = []
    for at, verb, activity, following in acts:
        span = velocity.lasting(at, kind_of(verb, activity), following)
        found.append(Span(span.start, max(span.start, min(span.end, until))))
    return velocity.hours(velocity.united(found)) * 3600


# ── By study day ──────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Studied:
    """A student's seconds at a course on a study day; None is what belongs to no course."""

    day: date
    course_id: int | None
    seconds: float
    acts: int


def studied(student_id: int, since: date, until: datetime) -> list[Studied]:
    """From the sums of the past, and from the statements where they aren't summed up yet."""
    kept = list(
        StudyTime.objects.filter(student_id=student_id, day__gte=since)
        .order_by("day", "course_id")
        .values_list("day", "course_id", "seconds", "acts")
    )
    summed = max((day for day, *_rest in kept), default=since - timedelta(days=1))
    rows = acts_of(student_id).filter(
        # the days after it begin later than its midnight in any zone
        day__gt=summed,
        at__gte=datetime.combine(summed, time(0), tzinfo=UTC),
        at__lt=until,
    )
    return [Studied(*row) for row in kept] + summed_up(rows)


def summed_up(rows: QuerySet[Statement]) -> list[Studied]:
    """A student's acts as seconds by day and course; an act counts for the day on which it began."""
    seconds: dict[tuple[date, int | None], float] = defaultdict(float)
    counts: dict[tuple[date, int | None], int] = defaultdict(int)
    for span, course, day in lasting(rows):
        seconds[day, course] += (span.end - span.start).total_seconds()
        counts[day, course] += 1
    return [
        Studied(day, course, spent, counts[day, course]) for (day, course), spent in seconds.items()
    ]
