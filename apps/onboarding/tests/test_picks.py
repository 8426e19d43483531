"""Which course is picked first, and what is said about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from apps.courses.models import CourseStatus
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.models import Question, QuestionStatus, Quiz
from apps.learning.tests.factories import quiz_with
from apps.onboarding import wording
from apps.onboarding.selectors import offer_for, offered_subjects, pick_of
from apps.search import services as search

from .factories import beginning, first_lesson, subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def maths():
    return subject("mathematics")


def offered(user, *subjects, **options):
    search.rebuild()
    offer = offer_for(user, subjects, **options)
    return offer.first and offer.first.course, [pick.course for pick in offer.others]


def test_the_best_rated_free_one_of_the_subject_comes_first(student, maths):
    loved = beginning(category=maths, avg_rating="4.80", review_count=23, student_count=1)
    known = beginning(category=maths, avg_rating="4.10", review_count=90, student_count=900)
    new = beginning(category=maths)
    beginning(category=subject("music"), avg_rating="5.00", review_count=1)
    assert offered(student, "mathematics") == (loved, [known, new])


def test_a_course_below_the_subject_counts(student, maths):
    course = beginning(category=subject("algebra", parent=maths))
    assert offered(student, "mathematics")[0] == course
    assert offered(student, "algebra")[0] == course


@pytest.mark.parametrize(
    "lack", ["draft", "quiz", "question", "approved", "short", "lesson", "own"]
)
def test_what_cannot_be_begun_with_is_not_picked(student, maths, lack):
    course = beginning(category=maths)
    lesson = first_lesson(course)
    match lack:
        case "draft":
            course.status = CourseStatus.ARCHIVED
            course.save()
        case "quiz":
            Quiz.objects.update(published_at=None)
        case "question":
            Question.objects.all().delete()
        case "approved":
            Question.objects.update(status=QuestionStatus.DRAFT)
        case "short":
            lesson.duration_minutes = 21
            lesson.save()
        case "lesson":
            LessonFactory(course=course, module=lesson.module, position=0)
            lesson.position = 99
            lesson.save()
        case "own":
            course.owner = student
            course.save()
    assert offered(student, "mathematics") == (None, [])
    assert pick_of(student, course.pk) is None


def test_a_paid_one_stands_behind_and_needs_an_open_lesson(student, maths):
    paid = beginning(category=maths, price_minor=2900, avg_rating="5.00", review_count=9)
    assert offered(student, "mathematics")[0] == paid
    assert not pick_of(student, paid.pk).takes_seat
    free = beginning(category=maths, minutes=12, level="advanced")
    assert offered(student, "mathematics") == (free, [paid])
    lesson = first_lesson(paid)
    lesson.is_preview = False
    lesson.save()
    assert offered(student, "mathematics") == (free, [])
    EnrollmentFactory(student=student, course=paid)
    assert offered(student, "mathematics") == (paid, [free])
    assert pick_of(student, paid.pk).takes_seat


def test_a_short_beginning_goes_before_a_long_one(student, maths):
    beginning(category=maths, minutes=12, avg_rating="5.00", review_count=9)
    short = beginning(category=maths, minutes=4)
    assert offered(student, "mathematics")[0] == short


def test_one_for_beginners_goes_before_a_better_rated_one(student, maths):
    beginning(category=maths, level="advanced", avg_rating="5.00", review_count=9)
    easy = beginning(category=maths, level="beginner")
    assert offered(student, "mathematics")[0] == easy


def test_the_persons_language_first_the_other_of_the_house_else(student, maths):
    russian = beginning(category=maths, language="ru", avg_rating="5.00", review_count=9)
    beginning(category=maths, language="de")
    assert offered(student, "mathematics")[0] == russian
    english = beginning(category=maths, language="en")
    assert offered(student, "mathematics")[0] == english
    student.locale = "ru"
    assert offered(student, "mathematics")[0] == russian


def test_others_come_from_elsewhere_when_the_subject_has_too_few(student, maths):
    only, music = beginning(category=maths), beginning(category=subject("music"))
    assert offered(student, "mathematics") == (only, [music])
    assert offered(student, "no-such") == (None, [only, music])


def test_what_the_person_took_stands_first_while_it_can_be_begun(student, maths):
    best = beginning(category=maths, avg_rating="5.00", review_count=3)
    taken = beginning(category=maths)
    assert offered(student, "mathematics", chosen=taken.pk) == (taken, [best])
    Quiz.objects.filter(course=taken).update(published_at=None)
    assert offered(student, "mathematics", chosen=taken.pk) == (best, [])


def test_queries_do_not_grow_with_courses(student, maths):
    beginning(category=maths)
    beginning(category=subject("music"))
    assert 0 < queries_of(student) <= 12
    before = queries_of(student)
    for _ in range(4):
        beginning(category=maths)
    assert queries_of(student) <= before


def queries_of(student):
    search.rebuild()
    with CaptureQueriesContext(connection) as asked:
        offer_for(student, ["mathematics"])
    return len(asked)


def test_subjects_without_courses_are_not_offered(maths):
    subject("empty")
    CourseFactory(category=maths)
    assert offered_subjects() == [("mathematics", "Mathematics")]


# ── Words ─────────────────────────────────────────────────────────────────────────────────────
def picked(student, **fields):
    course = beginning(category=subject("mathematics"), **fields)
    search.rebuild()
    pick = offer_for(student, ["mathematics"]).first
    assert pick.course == course
    return pick


def test_one_sentence_says_why(student):
    pick = picked(student, avg_rating="4.80", review_count=23)
    assert wording.why(pick) == (
        "Because you chose Mathematics; 4.8 of 5 from 23 people; the first lesson takes 3 minutes."
    )
    with translation.override("ru"):
        assert "4,8 из 5" in wording.why(pick)


def test_without_ratings_none_are_invented(student):
    assert wording.why(picked(student)) == (
        "Because you chose Mathematics; the first lesson takes 3 minutes."
    )


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(10, "takes about 10 weeks"), (40, "takes about 3 weeks"), (60, "takes about 2 weeks")],
)
def test_the_outlook_is_computed(student, minutes, told):
    pick = picked(student)
    pick.course.duration_minutes = 700
    assert told in wording.outlook(pick, minutes)


def test_a_short_course_is_told_in_days_and_none_without_a_duration(student):
    pick = picked(student)
    pick.course.duration_minutes = 41
    assert "takes about 3 days" in wording.outlook(pick, 20)
    pick.course.duration_minutes = 20
    assert "takes a day" in wording.outlook(pick, 20)
    pick.course.duration_minutes = 0
    assert wording.outlook(pick, 20) == ""


def test_a_lesson_without_a_time_is_measured_by_its_text(student, maths):
    course = beginning(category=maths, minutes=0)
    lesson = first_lesson(course)
    lesson.content = "word " * 800
    lesson.save()
    assert pick_of(student, course.pk).minutes == 4
    quiz_with("single", lesson=LessonFactory(course=course, module=lesson.module))
    assert pick_of(student, course.pk).lesson == lesson
