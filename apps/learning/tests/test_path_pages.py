"""The pages of the path: what is ahead, skipping and taking, refreshing before a lesson."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.courses.tests.factories import CourseFactory, LessonFactory, ModuleFactory
from apps.enrollment.models import LessonCompletion
from apps.enrollment.selectors import seat_of
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning import personal_path
from apps.learning.engine.trace import interval
from apps.learning.models import (
    Evidence,
    KnownLesson,
    Mastery,
    NoteConcept,
    Question,
    Refresh,
    RefreshItem,
    Review,
    TakenLesson,
)
from apps.learning.services.attempts import start_attempt, submit_attempt
from apps.learning.services.notes import add_note
from apps.learning.services.reviews import review_card
from apps.learning.tests.factories import ConceptFactory, quiz_with

from .knowing import knows, needs, pretested, teaches

pytestmark = pytest.mark.django_db
PATH = "/learn/statistics/path/"


@pytest.fixture
def course(student):
    found = CourseFactory(title="Statistics", slug="statistics")
    EnrollmentFactory(student=student, course=found)
    return found


@pytest.fixture
def module(course):
    return ModuleFactory(course=course, title="Describing data")


@pytest.fixture
def mean(course):
    return ConceptFactory(course=course, name="Mean")


@pytest.fixture
def first(course, module, mean):
    found = LessonFactory(course=course, module=module, title="The mean")
    teaches(found, mean)
    return found


@pytest.fixture
def second(course, module, mean):
    variance = ConceptFactory(course=course, name="Variance")
    needs(variance, mean)
    found = LessonFactory(course=course, module=module, title="The variance")
    teaches(found, variance)
    return found


@pytest.fixture
def faded(student, mean, second):
    """The mean was known and has faded."""
    return knows(student, mean, at=timezone.now(), days=interval(10.0, 0.6))


def page(client, address=PATH):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def choose(client, **data):
    return client.post(f"{PATH}choose/", data)


# ── The path ──────────────────────────────────────────────────────────────────────────────────
def test_the_path_shows_what_is_ahead_and_what_is_skipped(
    site, student, course, first, second, mean
):
    pretested(student, course, at=timezone.now(), skip=[mean])
    html = page(site(student))
    assert "1 lesson is left" in html
    assert "Start with “The variance”" in html
    assert "You knew its concept in the pre-test." in html
    assert "Take it all the same" in html
    assert "/map/statistics/" in html


def test_a_skipped_lesson_is_taken_and_skipped_again(site, student, course, first, mean):
    knows(student, mean, at=timezone.now())
    client = site(student)
    assert choose(client, do="take", lesson=first.pk).url == PATH
    assert TakenLesson.objects.filter(student=student, lesson=first).exists()
    assert "Skip it after all" in page(client)
    choose(client, do="skip", lesson=first.pk)
    assert not TakenLesson.objects.exists()


def test_counting_the_rest_as_done_ends_the_course(site, student, course, first, mean, deliver_all):
    knows(student, mean, at=timezone.now())
    client = site(student)
    assert "Count them as done and finish the course" in page(client)
    assert choose(client, do="known").url == "/learn/statistics/done/"
    assert seat_of(student, course.pk).is_completed
    deliver_all()
    assert KnownLesson.objects.filter(student=student, lesson=first).exists()
    assert not Evidence.objects.exists()  # nothing was read


def test_what_is_not_known_is_not_counted_as_done(site, student, course, first):
    assert choose(site(student), do="known", lesson=first.pk).status_code == 409
    assert not LessonCompletion.objects.exists()


def test_wrong_decisions_are_told(site, student, course, first):
    client = site(student)
    assert choose(client, do="burn", lesson=first.pk).status_code == 400
    assert choose(client, do="skip").status_code == 400
    assert choose(client, do="take", lesson="x").status_code == 404
    assert choose(client, do="take", lesson=LessonFactory().pk).status_code == 404


def test_a_module_is_chosen(site, student, course, first, second):
    other = LessonFactory(course=course, title="Elsewhere")
    html = page(site(student), f"{PATH}?module={other.module_id}")
    assert "Elsewhere" in html
    assert "New to you." not in html


def test_pages_stand_without_concepts_and_without_lessons(site, student, course):
    client = site(student)
    assert "This course has no lessons yet." in page(client)
    LessonFactory(course=course, title="Alone")
    assert "in the teacher’s order" in page(client).lower()


def test_all_pages_are_for_those_who_learn_in_the_course(site, stranger, course, first):
    client = site(stranger)
    refresh = f"/learn/statistics/{first.pk}/refresh/"
    assert client.get(PATH).status_code == 404
    assert choose(client, do="take", lesson=first.pk).status_code == 404
    assert client.get(refresh).status_code == 404
    for way in ("start/", "leave/", "1/"):
        assert client.post(f"{refresh}{way}").status_code == 404


def test_the_lesson_says_that_it_may_be_skipped(site, student, course, first, mean):
    knows(student, mean, at=timezone.now())
    html = page(site(student), f"/learn/statistics/{first.pk}/")
    assert "Your path skips this lesson." in html
    assert "skipped" in html
    answer = choose(site(student), do="take", lesson=first.pk, next="lesson")
    assert answer.url == f"/learn/statistics/{first.pk}/"


def test_the_lesson_names_its_concepts(site, student, first, mean):
    html = page(site(student), f"/learn/statistics/{first.pk}/")
    assert "Concepts here" in html
    assert f'href="/map/statistics/concepts/{mean.pk}/"' in html


# ── Refreshing ────────────────────────────────────────────────────────────────────────────────
def a_faded_card(student, concept):
    long_ago = timezone.now() - timedelta(days=200)
    note, _made = add_note(student=student, kind="basic", front="mean?", back="μ", at=long_ago)
    NoteConcept.objects.create(note=note, concept=concept)
    review_card(card=note.cards.get(), rating=4, at=long_ago)
    return note.cards.get()


def test_the_lesson_offers_to_refresh_what_it_builds_on(site, student, course, first, second, mean):
    card = a_faded_card(student, mean)
    client = site(student)
    lesson = f"/learn/statistics/{second.pk}/"
    assert "Before you start: 1" in page(client, lesson)
    assert "1 question, about 1" in page(client, f"{lesson}refresh/")
    assert client.post(f"{lesson}refresh/start/").url == f"{lesson}refresh/"
    html = page(client, f"{lesson}refresh/")
    assert "mean?" in html
    assert "μ" not in html
    assert "μ" in page(client, f"{lesson}refresh/?turned")
    item = RefreshItem.objects.get()
    card.refresh_from_db()
    told = {"rating": 3, "reps": card.reps}
    assert client.post(f"{lesson}refresh/{item.pk}/", told).url == lesson
    assert Review.objects.filter(card=card).count() == 2
    assert Refresh.objects.get().finished_at
    assert "Before you start" not in page(client, lesson)
    assert client.get(f"{lesson}refresh/").url == lesson


@pytest.mark.parametrize(("given", "right"), [("the nucleus", True), ("a wall", False)])
def test_without_cards_a_question_is_asked_and_counts(
    site, student, course, first, second, faded, given, right
):
    quiz_with("short", lesson=first, course=course)
    client = site(student)
    lesson = f"/learn/statistics/{second.pk}/"
    client.post(f"{lesson}refresh/start/")
    item = RefreshItem.objects.get()
    question = Question.objects.get()
    assert "What holds the DNA?" in page(client, f"{lesson}refresh/")
    empty = client.post(f"{lesson}refresh/{item.pk}/", {f"q{question.pk}": ""})
    assert empty.status_code == 422
    answer = client.post(f"{lesson}refresh/{item.pk}/", {f"q{question.pk}": given})
    html = page(client, answer.url)
    assert ("Right" in html) is right
    assert "Go to the lesson" in html
    item.refresh_from_db()
    assert (item.given, item.is_right) == (given, right)
    evidence = Evidence.objects.get()
    assert (evidence.key, evidence.score) == (f"refresh:{item.pk}", float(right))
    before = faded.m
    faded.refresh_from_db()
    assert (faded.m > before) is right
    client.post(f"{lesson}refresh/{item.pk}/", {f"q{question.pk}": "nucleus"})
    assert Evidence.objects.count() == 1


def test_a_check_that_fails_brings_the_lesson_back(site, student, course, first, second, mean):
    quiz_with("short", lesson=first, course=course)
    pretested(student, course, at=timezone.now(), skip=[mean], days=6)
    Mastery.objects.update(m=0.5)
    client = site(student)
    lesson = f"/learn/statistics/{second.pk}/"
    assert "You skipped it after the pre-test" in page(client, lesson)
    client.post(f"{lesson}refresh/start/")
    client.post(f"{lesson}refresh/{RefreshItem.objects.get().pk}/", {"dont_know": "1"})
    assert Mastery.objects.get(concept=mean).m < 0.35
    assert "You skipped it, but the check showed a gap" in page(client)


def test_a_refresh_is_left_for_the_lesson(site, student, course, first, second, faded):
    quiz_with("short", "single", lesson=first, course=course)
    client = site(student)
    lesson = f"/learn/statistics/{second.pk}/"
    client.post(f"{lesson}refresh/start/")
    client.post(f"{lesson}refresh/start/")
    assert Refresh.objects.count() == 1
    assert client.post(f"{lesson}refresh/leave/").url == lesson
    assert Refresh.objects.get().finished_at


def test_quizzes_with_counted_tries_or_under_way_are_not_asked_from(
    site, student, course, first, second, faded
):
    quiz = quiz_with("short", lesson=first, course=course, attempts_limit=1)
    client = site(student)
    address = f"/learn/statistics/{second.pk}/refresh/"
    assert client.get(address).status_code == 302
    quiz.attempts_limit = None
    quiz.save()
    assert client.get(address).status_code == 200
    start_attempt(quiz=quiz, student=student, at=timezone.now())
    assert client.get(address).status_code == 302


def test_what_is_right_is_not_told_while_the_quiz_is_taken(
    site, student, course, first, second, faded
):
    quiz = quiz_with("short", lesson=first, course=course)
    client = site(student)
    address = f"/learn/statistics/{second.pk}/refresh/"
    client.post(f"{address}start/")
    attempt = start_attempt(quiz=quiz, student=student, at=timezone.now())
    answer = f"{address}{RefreshItem.objects.get().pk}/"
    assert client.post(answer, {"dont_know": "1"}).status_code == 409
    assert client.get(f"{address}?seen={RefreshItem.objects.get().pk}").status_code == 404
    submit_attempt(attempt=attempt, answers=[], at=timezone.now())
    assert client.post(answer, {"dont_know": "1"}).status_code == 302


def test_another_students_refresh_is_not_there(
    site, student, stranger, course, first, second, faded
):
    quiz_with("short", lesson=first, course=course)
    site(student).post(f"/learn/statistics/{second.pk}/refresh/start/")
    EnrollmentFactory(student=stranger, course=course)
    item = RefreshItem.objects.get()
    address = f"/learn/statistics/{second.pk}/refresh/"
    assert site(stranger).post(f"{address}{item.pk}/", {"dont_know": "1"}).status_code == 404
    assert site(stranger).get(f"{address}?seen={item.pk}").status_code == 404


def test_the_lesson_page_costs_a_set_number_of_queries(
    site, student, course, first, second, faded, django_assert_max_num_queries
):
    client = site(student)
    page(client, f"/learn/statistics/{second.pk}/")
    with django_assert_max_num_queries(36) as few:
        page(client, f"/learn/statistics/{second.pk}/")
    for _lesson in range(5):
        concept = ConceptFactory(course=course)
        teaches(LessonFactory(course=course), concept)
        knows(student, concept, at=timezone.now())
    with django_assert_max_num_queries(len(few) + 3):  # the curriculum is kept from then on
        page(client, f"/learn/statistics/{second.pk}/")


def test_choices_and_answers_are_handed_out_and_forgotten(
    site, student, course, first, second, mean, faded
):
    quiz_with("short", lesson=first, course=course)
    client = site(student)
    client.post(f"/learn/statistics/{second.pk}/refresh/start/")
    address = f"/learn/statistics/{second.pk}/refresh/{RefreshItem.objects.get().pk}/"
    client.post(address, {f"q{Question.objects.get().pk}": "a wall"})
    KnownLesson.objects.create(student=student, lesson=second, counted_at=timezone.now())
    found = personal_path.export(student)
    assert [each["lesson"] for each in found["lessons_known"]] == ["The variance"]
    assert [each["answer"] for each in found["refreshed"]] == ["a wall"]
    personal_path.erase(student, timezone.now())
    assert not any(personal_path.export(student).values())
