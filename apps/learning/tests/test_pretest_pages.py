"""The pre-test on the site: from the invitation to the result, with and without scripts."""

import pytest
from django.urls import reverse

from apps.courses.models import CourseSlug
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.models import Pretest, TakenLesson
from apps.learning.selectors import pretests as selectors
from apps.learning.services import pretests

from .test_pretests import LATER, NOW, a_course, knowing, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(teacher, student):
    found = a_course(teacher)
    EnrollmentFactory(student=student, course=found)
    return found


def url_of(course, tail=""):
    return f"/learn/{course.slug}/pretest/{tail}"


def form_of(pretest, given=None, **more):
    """What the page sends: an answer in words, or that one doesn't know."""
    row = selectors.open_question(pretest)
    data = {"pretest": pretest.pk, "asked": row.question_id, f"t{row.question_id}": "9000"}
    if given is not None:
        data[f"q{row.question_id}"] = given
    return data | more


def text_of(response):
    return response.content.decode()


# ── The way through ───────────────────────────────────────────────────────────────────────────
def test_from_the_invitation_to_the_result(site, student, course):
    browser = site(student)
    first = course.lessons.order_by("position").first()
    lesson = text_of(browser.get(f"/learn/{course.slug}/{first.pk}/"))
    assert "Already know some of this?" in lesson
    assert url_of(course) in lesson
    assert "Already know some of this?" in text_of(browser.get(f"/courses/{course.slug}/"))
    intro = text_of(browser.get(url_of(course)))
    assert "What do you know already?" in intro
    assert "I’m new to this" in intro
    began = browser.post(url_of(course, "start/"))
    assert (began.status_code, began.url) == (302, url_of(course))
    pretest = Pretest.objects.get()
    for number in range(1, 10):
        page = text_of(browser.get(url_of(course)))
        assert f"Question {number} of about" in page
        assert "accepted" not in page
        answer = browser.post(url_of(course, "answer/"), form_of(pretest, "yes"))
        if answer.url != url_of(course):
            break
    assert answer.url == url_of(course, f"result/{pretest.pk}/")
    result = text_of(browser.get(answer.url))
    assert "You can skip 6 lessons of 6" in result
    assert "Take it all the same" in result
    assert "Skipped concepts come back once" in result
    for page in (f"/learn/{course.slug}/{first.pk}/", f"/courses/{course.slug}/"):
        assert "Already know some of this?" not in text_of(browser.get(page))
    assert "You took this test on" in text_of(browser.get(url_of(course)))


def test_who_is_new_begins_with_the_first_lesson(site, student, course):
    browser = site(student)
    went = browser.post(url_of(course, "decline/"))
    assert went.url == reverse("learning:course", args=[course.slug])
    page = text_of(browser.get(went.url, follow=True))
    assert "Already know some of this?" not in page


def test_not_knowing_finds_that_there_is_nothing_to_skip(site, student, course):
    browser = site(student)
    pretest = start(student, course)
    while selectors.open_question(pretest):
        answer = browser.post(url_of(course, "answer/"), form_of(pretest, unknown="1"))
    result = text_of(browser.get(answer.url))
    assert "Nothing to skip: begin at the beginning" in result
    assert "Take every lesson" not in result
    assert "You answered “I don’t know”." in result
    assert "Needed first: Concept " in result
    assert '<span class="num">1</span>' in result


def test_answers_that_look_random_are_told(site, student, course):
    done = knowing(start(student, course), lambda _: True, duration_ms=300)
    result = text_of(site(student).get(url_of(course, f"result/{done.pk}/")))
    assert "The answers look random" in result
    assert "What you know" not in result.partition("<main")[2]
    assert "Take it all the same" not in result


# ── What goes wrong ───────────────────────────────────────────────────────────────────────────
def test_nothing_chosen_is_told_where_it_was_asked(site, student, course):
    pretest = start(student, course)
    browser = site(student)
    for given, said in (
        (None, "Give an answer, or say that you don’t know."),
        ("x" * 1500, "That is too long for an answer."),
    ):
        answer = browser.post(url_of(course, "answer/"), form_of(pretest, given))
        assert answer.status_code == 422
        assert said in text_of(answer)
    assert selectors.open_question(pretest).position == 1


def test_a_stale_tab_is_led_to_what_is_open_now(site, student, course):
    pretest = start(student, course)
    browser = site(student)
    stale = form_of(pretest, "no")
    browser.post(url_of(course, "answer/"), form_of(pretest, "yes"))
    answer = browser.post(url_of(course, "answer/"), stale)
    assert answer.url == url_of(course)
    assert pretest.answers.first().given == "yes"
    done = knowing(pretest, lambda _: True)
    answer = browser.post(url_of(course, "answer/"), stale)
    assert answer.url == url_of(course, f"result/{done.pk}/")


def test_what_was_never_asked_is_not_found(site, student, course):
    pretest = start(student, course)
    browser = site(student)
    good = form_of(pretest, "yes")
    for change in (
        {"asked": "0"},
        {"asked": "x"},
        {"asked": "9" * 40},
        {"pretest": "0"},
        {"pretest": ""},
    ):
        assert browser.post(url_of(course, "answer/"), good | change).status_code == 404


def test_a_course_with_too_little_to_ask_says_so(site, student, teacher):
    for concepts, questions in ((0, 0), (3, 0)):
        course = a_course(teacher, concepts, questions)
        EnrollmentFactory(student=student, course=course)
        page = text_of(site(student).get(url_of(course)))
        assert "This course has no pre-test yet" in page
        assert site(student).post(url_of(course, "start/")).status_code == 409


def test_it_is_for_those_with_a_seat(site, student, stranger, course, client):
    done = knowing(start(student, course), lambda _: True)
    browser = site(stranger)
    assert browser.get(url_of(course)).url == f"/courses/{course.slug}/"
    assert browser.post(url_of(course, "start/")).status_code == 403
    assert browser.post(url_of(course, "decline/")).status_code == 403
    assert browser.get(url_of(course, f"result/{done.pk}/")).status_code == 404
    form = {"pretest": done.pk, "asked": done.answers.first().question_id}
    assert browser.post(url_of(course, "answer/"), form).status_code == 404
    client.logout()
    assert "/accounts/login/" in client.get(url_of(course)).url


def test_an_old_address_leads_to_the_new_one(site, student, course):
    CourseSlug.objects.create(course=course, slug="as-it-was")
    assert site(student).get("/learn/as-it-was/pretest/").url == url_of(course)
    assert site(student).get("/learn/never-was/pretest/").status_code == 404


# ── Taken all the same ────────────────────────────────────────────────────────────────────────
def test_a_lesson_is_taken_all_the_same_and_skipped_after_all(site, student, course):
    done = knowing(start(student, course), lambda _: True)
    browser = site(student)
    lesson = course.lessons.order_by("position").first()
    take = url_of(course, f"result/{done.pk}/take/")
    went = browser.post(take, {"lesson": lesson.pk})
    assert went.url == url_of(course, f"result/{done.pk}/")
    assert TakenLesson.objects.get().lesson == lesson
    page = text_of(browser.get(went.url))
    assert "You can skip 5 lessons of 6" in page
    assert "Skip it after all" in page
    browser.post(take, {"lesson": lesson.pk, "skip": "1"})
    assert not TakenLesson.objects.exists()
    went = browser.post(take)
    assert went.url == reverse("learning:course", args=[course.slug])
    assert TakenLesson.objects.count() == 6
    for foreign in ("0", "x", str(10**14)):
        assert browser.post(take, {"lesson": foreign}).status_code == 404


def test_in_russian(site, student, course):
    student.locale = "ru"
    student.save()
    done = knowing(start(student, course), lambda _: True)
    page = text_of(site(student).get(url_of(course, f"result/{done.pk}/")))
    assert "Можно пропустить 6 уроков из 6" in page.replace("\xa0", " ")


# ── Cost ──────────────────────────────────────────────────────────────────────────────────────
def test_pages_cost_the_same_however_large_the_course(
    site, student, teacher, django_assert_max_num_queries
):
    browser = site(student)
    for concepts in (4, 12):
        course = a_course(teacher, concepts)
        EnrollmentFactory(student=student, course=course)
        with django_assert_max_num_queries(22):
            browser.get(url_of(course))
        pretests.start_pretest(student=student, course=course, at=NOW)
        with django_assert_max_num_queries(14):
            browser.get(url_of(course))
        done = knowing(selectors.open_pretest(student, course), lambda _: True, LATER)
        with django_assert_max_num_queries(24):
            browser.get(url_of(course, f"result/{done.pk}/"))
