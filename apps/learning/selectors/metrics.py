"""How the mechanisms of learning do, for the platform or a course; figures of people, never of a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from apps.courses.models import Course
from apps.enrollment.models import Enrollment

from ..engine import memory
from ..models import (
    Activity,
    Answer,
    Attempt,
    Card,
    Mastery,
    Pretest,
    Review,
    Statement,
    TalkRating,
    TutorMessage,
    TutorThread,
    Verb,
)
from .memory import BUCKETS
from .quiz_statistics import Median

MONTH = timedelta(days=30)
FEWEST_PEOPLE = 5  # below it a share tells of persons
FEWEST_REVIEWS = 20


@dataclass(frozen=True)
class Quizzes:
    began: int
    submitted: int
    accuracy: float | None
    passed: float | None
    median_seconds: float | None

    @property
    def completion(self) -> float | None:
        return self.submitted / self.began if self.began else None


@dataclass(frozen=True)
class Recall:
    """Reviews about so many days after the one before; of the very first reviews as the baseline."""

    days: int
    count: int
    measured: float | None
    predicted: float | None


@dataclass(frozen=True)
class Talks:
    questions: int
    lessons: int  # that students opened or finished
    understanding: float | None  # mean of judged turns, 0 … 1
    judged: int
    rating: float | None  # mean of talk ratings, 1 … 5
    rated: int

    @property
    def per_lesson(self) -> float | None:
        return self.questions / self.lessons if self.lessons else None


@dataclass(frozen=True)
class Active:
    """People with a learning act."""

    daily: float  # mean over the days
    monthly: int

    @property
    def stickiness(self) -> float | None:
        return self.daily / self.monthly if self.monthly else None


@dataclass(frozen=True)
class Mechanism:
    """Seats of those who used it and of the others, and how many of each finished the course."""

    name: str
    using: int
    finished_using: int
    others: int
    finished_others: int

    @property
    def is_enough(self) -> bool:
        return min(self.using, self.others) >= FEWEST_PEOPLE


@dataclass(frozen=True)
class Metrics:
    days: int
    quizzes: Quizzes
    recall: list[Recall]
    baseline: Recall
    talks: Talks
    mastered_per_week: list[int]  # of seven days each, the oldest first
    active: Active
    mechanisms: list[Mechanism]


def metrics_of(at: datetime, *, days: int, course: Course | None = None) -> Metrics:
    """The last `days`, in a fixed number of queries; teachers in their own courses aren't counted."""
    since = at - timedelta(days=days)
    return Metrics(
        days=days,
        quizzes=_quizzes(since, at, course),
        recall=[_recall(since, at, course, each) for each in (7, 30)],
        baseline=_baseline(since, at, course),
        talks=_talks(since, at, course),
        mastered_per_week=_mastered(at, days // 7, course),
        active=_active(since, at, days, course),
        mechanisms=_mechanisms(at, course),
    )


def _quizzes(since: datetime, at: datetime, course: Course | None) -> Quizzes:
    attempts = Attempt.objects.filter(started_at__gte=since, started_at__lt=at)
    attempts = attempts.exclude(student=F("quiz__course__owner"))
    if course:
        attempts = attempts.filter(quiz__course=course)
    over = Q(submitted_at__isnull=False)
    found = attempts.aggregate(
        began=Count("pk"),
        submitted=Count("pk", filter=over),
        accuracy=Avg("percent", filter=over),
        passed=Count("pk", filter=Q(passed=True)),
    )
    timed = Answer.objects.filter(attempt__in=attempts.filter(over)).values("attempt")
    spent = timed.annotate(spent=Sum("duration_ms")).aggregate(median=Median("spent"))["median"]
    submitted = found["submitted"]
    return Quizzes(
        began=found["began"],
        submitted=submitted,
        accuracy=found["accuracy"] / 100 if submitted else None,
        passed=found["passed"] / submitted if submitted else None,
        median_seconds=spent / 1000 if spent else None,
    )


# ── Memory ────────────────────────────────────────────────────────────────────────────────────
def _reviews(since: datetime, at: datetime, course: Course | None) -> QuerySet[Review]:
    rows = Review.objects.filter(undone_at=None, reviewed_at__gte=since, reviewed_at__lt=at)
    return rows.filter(course=course) if course else rows


def _share(rows: QuerySet[Review], days: int) -> Recall:
    found = rows.aggregate(
        count=Count("pk"),
        remembered=Count("pk", filter=Q(rating__gt=memory.AGAIN)),
        predicted=Avg("retrievability"),
    )
    enough = found["count"] >= FEWEST_REVIEWS
    return Recall(
        days=days,
        count=found["count"],
        measured=found["remembered"] / found["count"] if enough else None,
        predicted=found["predicted"] if enough else None,
    )


def _recall(since: datetime, at: datetime, course: Course | None, days: int) -> Recall:
    return _share(_reviews(since, at, course).filter(elapsed_days__range=BUCKETS[days]), days)


def _baseline(since: datetime, at: datetime, course: Course | None) -> Recall:
    """Around a week after a card was seen for the first and only time: memory without reviews."""
    earlier = Review.objects.filter(card=OuterRef("card"), undone_at=None, pk__lt=OuterRef("pk"))
    second = _reviews(since, at, course).filter(
        Exists(earlier.filter(retrievability=None)),
        ~Exists(earlier.filter(retrievability__isnull=False)),
        elapsed_days__range=BUCKETS[7],
    )
    return _share(second, 7)


# ── Talks, mastery, people ────────────────────────────────────────────────────────────────────
def _talks(since: datetime, at: datetime, course: Course | None) -> Talks:
    said = TutorMessage.objects.filter(speaker="student", created_at__gte=since, created_at__lt=at)
    ratings = TalkRating.objects.filter(rated_at__gte=since, rated_at__lt=at)
    seen = _acts(since, at, course).filter(
        activity=Activity.LESSON, verb__in=[Verb.EXPERIENCED, Verb.COMPLETED]
    )
    if course:
        said, ratings = said.filter(thread__course=course), ratings.filter(thread__course=course)
    asked = said.aggregate(questions=Count("pk"), judged=Count("score"), understanding=Avg("score"))
    rated = ratings.aggregate(rated=Count("pk"), rating=Avg("value"))
    lessons = seen.order_by().values("actor_id", "lesson_id").distinct().count()
    return Talks(lessons=lessons, **asked, **rated)


def _mastered(at: datetime, weeks: int, course: Course | None) -> list[int]:
    rows = Mastery.objects.filter(mastered_on__gt=(at - timedelta(days=7 * weeks)).date())
    rows = rows.filter(course=course) if course else rows
    counts = [0] * weeks
    by_day = rows.order_by().values_list("mastered_on").annotate(n=Count("pk"))
    for day, count in by_day:
        back = max(0, (at.date() - day).days) // 7
        if back < weeks:
            counts[weeks - 1 - back] += count
    return counts


def _acts(since: datetime, at: datetime, course: Course | None) -> QuerySet[Statement]:
    rows = Statement.objects.filter(at__gte=since, at__lt=at, actor_id__isnull=False)
    return rows.filter(course_id=course.pk) if course else rows


def _active(since: datetime, at: datetime, days: int, course: Course | None) -> Active:
    month = _acts(at - MONTH, at, course).order_by()
    daily = _acts(since, at, course).order_by().annotate(on=TruncDate("at"))
    pairs = daily.values("on", "actor_id").distinct().count()
    return Active(daily=pairs / days, monthly=month.values("actor_id").distinct().count())


# ── With and without ──────────────────────────────────────────────────────────────────────────
def _mechanisms(at: datetime, course: Course | None) -> list[Mechanism]:
    """Over all seats of the last year; who uses more was often keener from the start."""
    seats = Enrollment.objects.filter(enrolled_at__gte=at - timedelta(days=365))
    seats = seats.filter(course=course) if course else seats
    own = {"student": OuterRef("student"), "course": OuterRef("course")}
    uses: dict[str, Any] = {
        "quiz": Attempt.objects.filter(
            student=OuterRef("student"),
            quiz__course=OuterRef("course"),
            submitted_at__isnull=False,
        ),
        "cards": Card.objects.filter(**own, last_review__isnull=False),
        "tutor": TutorThread.objects.filter(**own),
        "pretest": Pretest.objects.filter(**own, finished_at__isnull=False),
    }
    marked = seats.annotate(**{f"uses_{name}": Exists(rows) for name, rows in uses.items()})
    done = Q(completed_at__isnull=False)
    counts = marked.aggregate(
        **{
            f"{name}_{group}": Count("pk", filter=Q(**{f"uses_{name}": used}) & condition)
            for name in uses
            for group, used, condition in (
                ("using", True, Q()),
                ("finished_using", True, done),
                ("others", False, Q()),
                ("finished_others", False, done),
            )
        }
    )
    groups = ("using", "finished_using", "others", "finished_others")
    return [
        Mechanism(name, **{group: counts[f"{name}_{group}"] for group in groups}) for name in uses
    ]
