"""Which course is a good first one: its first lesson is short, open and asks something."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length

from apps.accounts.models import User
from apps.courses.models import Category, Course, Lesson, Level
from apps.enrollment.models import Enrollment
from apps.enrollment.selectors import lessons_open_to
from apps.learning.models import Question
from apps.search.queries import Search
from apps.search.selectors import find_courses

from .subjects import topics_of

CANDIDATES = 60  # the most popular of the wanted ones are looked at
OTHERS = 2  # to choose instead
SHORT, LONGEST = 5, 20  # minutes: what a first lesson should take, and what it may
CHARACTERS = 1000  # read in a minute, where the teacher gave no time
HOUSE = ("en", "ru")  # languages of the house; who reads one may read the other


@dataclass(frozen=True)
class Pick:
    """A first course: `topic` is the chosen subject that it is of, "" when it is of none."""

    course: Course
    lesson: Lesson
    minutes: int
    topic: str
    is_held: bool

    @property
    def takes_seat(self) -> bool:
        """Else its first lesson is read as a preview."""
        return self.course.is_free or self.is_held

    @property
    def place(self) -> tuple[Any, ...]:
        """Among others: what one has, what is free, short, for beginners; then rating and popularity."""
        return (
            not self.is_held,
            not self.course.is_free,
            self.minutes > SHORT,
            self.course.level != Level.BEGINNER,
            -(self.course.avg_rating or 0),
            -self.course.student_count,
            self.course.pk,
        )


@dataclass(frozen=True)
class Offer:
    """The course picked, and what may be taken instead; no `first` when nothing fits the wishes."""

    first: Pick | None
    others: list[Pick]


def offer_for(user: User, subjects: Collection[str], *, chosen: int | None = None) -> Offer:
    """`chosen` is the course that the person took instead of the picked one, if it can still be."""
    topics = topics_of(subjects)
    own, other = user.locale, next(each for each in HOUSE if each != user.locale)
    found = _found(user, topics, own, subjects) or _found(user, topics, other, subjects)
    taken = _picks(user, [chosen], topics) if chosen else []
    first = next(iter([*taken, *found]), None)
    known = {first.course.pk} if first else set()
    others = [pick for pick in found if pick.course.pk not in known]
    if len(others) < OTHERS:
        known |= {pick.course.pk for pick in others}
        rest = _found(user, topics, own, ())
        others += [pick for pick in rest if pick.course.pk not in known]
    return Offer(first, others[: OTHERS if first else OTHERS + 1])


def pick_of(user: User, course_id: int) -> Pick | None:
    """The course as a first one of this person; None when it can't be."""
    return next(iter(_picks(user, [course_id], {})), None)


def first_lesson_of(user: User, course_id: int) -> Lesson | None:
    """None also when it is open to the person no more: a seat was left, a preview withdrawn."""
    open_ones = lessons_open_to(user).filter(pk=OuterRef("pk"))
    rows = Lesson.objects.filter(course=course_id).annotate(is_open=Exists(open_ones))
    first: Any = rows.without_content().in_order().first()
    return first if first is not None and first.is_open else None


def _found(
    user: User, topics: Mapping[int, str], language: str, subjects: Collection[str]
) -> list[Pick]:
    """Of the subjects, or of all when none is named, the best first."""
    categories = tuple(Category.objects.filter(slug__in=subjects)) if subjects else ()
    if subjects and not categories:
        return []
    search = Search(categories=categories, languages=(language,), sort="popular")
    ids = find_courses(search, cursor=None, limit=CANDIDATES).ids
    return sorted(_picks(user, ids, topics), key=lambda pick: pick.place)


def _picks(user: User, ids: Iterable[int], topics: Mapping[int, str]) -> list[Pick]:
    """Those of the courses that can be begun with, in four queries."""
    courses = Course.objects.published().exclude(owner=user).with_card().in_bulk(list(ids))
    if not courses:
        return []
    lessons = _first_lessons(courses)
    asking = _asking(lesson.pk for lesson in lessons)
    seats = Enrollment.objects.of(user).open().filter(course__in=list(courses))
    held = set(seats.values_list("course_id", flat=True))
    found = []
    for lesson in lessons:
        course, is_held = courses[lesson.course_id], lesson.course_id in held
        minutes = lesson.duration_minutes or max(1, round(lesson.length / CHARACTERS))
        is_open = course.is_free or is_held or lesson.is_preview
        if lesson.pk in asking and is_open and minutes <= LONGEST:
            topic = topics.get(course.category_id or 0, "")
            found.append(Pick(course, lesson, minutes, topic, is_held))
    return found


def _first_lessons(course_ids: Collection[int]) -> list[Any]:
    """With `length`, for which the texts of these alone are read, not of all lessons."""
    rows = Lesson.objects.filter(course__in=list(course_ids))
    firsts = rows.order_by("course", "module__position", "position").distinct("course")
    found = Lesson.objects.filter(pk__in=firsts.values("pk")).annotate(length=Length("content"))
    return list(found.without_content())


def _asking(lesson_ids: Iterable[int]) -> set[int]:
    """Those of the lessons that have a published quiz with a question."""
    published = Q(quiz__lesson__in=list(lesson_ids), quiz__published_at__isnull=False)
    rows = Question.objects.approved().filter(published)
    return set(rows.order_by().values_list("quiz__lesson_id", flat=True).distinct())
