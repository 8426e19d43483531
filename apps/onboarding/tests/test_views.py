"""The pages of the way in, for whom they are, and where each leads."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.selectors import interests_of
from apps.accounts.services import choose_interests
from apps.accounts.tests.factories import UserFactory
from apps.courses.models import CourseStatus
from apps.courses.tests.factories import LessonFactory
from apps.enrollment.models import Enrollment
from apps.enrollment.services import complete_lesson, grant_seat
from apps.gamification.models import Habit
from apps.learning.models import Card
from apps.learning.services.notes import add_note
from apps.learning.tests.test_pretests import a_course
from apps.onboarding import services
from apps.onboarding.models import Start
from apps.search import services as search

from .factories import beginning, first_lesson, subject, take_quiz

pytestmark = pytest.mark.django_db
ANSWERS = {"subjects": ["mathematics"], "goal": "work", "minutes": "40"}
HTMX = {"HX-Request": "true"}
QUESTIONS, COURSE = "/welcome/questions/", "/welcome/course/"


@pytest.fixture
def course():
    found = beginning(category=subject("mathematics"), title="Numbers")
    search.rebuild()
    return found


def goes_to(answer):
    assert answer.status_code in (302, 200), answer.status_code
    return answer.headers.get("Location") or answer.headers.get("HX-Redirect")


def lesson_url(course):
    return f"/learn/{course.slug}/{first_lesson(course).pk}/"


def on_the_way(site, student, course):
    browser = site(student)
    browser.post(QUESTIONS, ANSWERS)
    browser.post("/welcome/course/start/", {"course": course.pk})
    return browser


# ── Being led ─────────────────────────────────────────────────────────────────────────────────
def test_a_newcomer_is_led_from_home_to_the_questions(site, student):
    browser = site(student)
    assert goes_to(browser.get("/")) == "/welcome/"
    assert goes_to(browser.get("/welcome/")) == QUESTIONS
    page = browser.get(QUESTIONS).content.decode()
    assert "What would you like to learn, Dana?" in page and "Step 2 of 3" in page


def test_registration_leads_there_and_a_page_of_choice_does_not(client, course):
    form = {
        "name": "Dana Kim",
        "email": "dana@new.test",
        "password": "demo-pass-123",
        "role": "student",
    }
    answer = client.post("/accounts/signup/", form)
    assert goes_to(client.get(goes_to(answer))) == "/welcome/"
    other, wanted = Client(), f"/courses/{course.slug}/"
    answer = other.post("/accounts/signup/", {**form, "email": "d2@new.test", "next": wanted})
    assert goes_to(answer) == wanted
    today = other.get("/")
    assert today.status_code == 200
    assert "Get started in three minutes" in today.content.decode()


def test_who_has_a_seat_is_invited_until_they_have_learnt(site, student, course):
    grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
    assert "Get started in three minutes" in site(student).get("/").content.decode()
    complete_lesson(student=student, lesson=first_lesson(course), at=timezone.now())
    assert "Get started in three minutes" not in site(student).get("/").content.decode()


def test_others_have_pages_of_their_own(site, teacher, moderator, admin, course):
    for person in (teacher, moderator, admin):
        browser = site(person)
        assert browser.get("/").status_code == 200
        assert "Get started in three minutes" not in browser.get("/").content.decode()
        for address in ("/welcome/", QUESTIONS, COURSE, "/welcome/done/"):
            assert goes_to(browser.get(address)) == "/"
        for act in ("course/choose", "course/start", "card", "skip", "finish"):
            sent = browser.post(f"/welcome/{act}/", {"course": course.pk})
            assert sent.status_code == 404, act
        assert browser.get("/welcome/steps/").content == b""
    assert not Start.objects.exists()


@pytest.mark.parametrize("end", ["skip", "finish"])
def test_after_the_end_every_page_leads_home_and_home_stays(
    site, student, course, deliver_all, end
):
    browser = on_the_way(site, student, course)
    if end == "finish":
        complete_lesson(student=student, lesson=first_lesson(course), at=timezone.now())
        take_quiz(student, course, right=False)
        deliver_all()
    answer = browser.post(f"/welcome/{end}/")
    assert goes_to(answer) == ("/" if end == "skip" else "/welcome/done/")
    assert browser.get("/").status_code == 200
    for address in ("/welcome/", QUESTIONS, COURSE):
        assert goes_to(browser.get(address)) == "/"
    assert goes_to(browser.post(QUESTIONS, ANSWERS)) == "/"
    assert browser.get("/welcome/steps/").content == b""
    if end == "skip":
        Enrollment.objects.all().delete()  # nothing is there to keep them
        assert browser.get("/").status_code == 200


def test_skipping_says_where_the_answers_are(site, student):
    page = site(student).post("/welcome/skip/", follow=True).content.decode()
    assert "Subjects and your daily goal are in the settings." in page


# ── The questions ─────────────────────────────────────────────────────────────────────────────
def test_the_answers_are_saved_and_lead_to_the_course(site, student, course):
    browser = site(student)
    assert goes_to(browser.post(QUESTIONS, ANSWERS)) == COURSE
    assert [each.value for each in interests_of(student)] == ["mathematics"]
    assert Habit.objects.get(pk=student.pk).daily_goal == 100
    assert goes_to(browser.get("/")) == "/welcome/"
    assert goes_to(browser.get("/welcome/")) == COURSE
    page = browser.get(QUESTIONS).content.decode()
    assert ticked(page) == {"mathematics", "work", "40"}


def ticked(page):
    return set(re.findall(r'<input[^>]*value="([^"]+)" checked', page))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("subjects", [], "Choose at least one"),
        ("subjects", ["no-such"], "offered any more"),
        ("goal", "", "Choose what is nearest."),
        ("goal", "fame", "offered any more"),
        ("minutes", "", "Choose how much time"),
        ("minutes", "15", "offered any more"),
        ("minutes", "٤٠", "offered any more"),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_stays_ticked(site, student, course, field, value, said):
    sent = {**ANSWERS, field: value}
    answer = site(student).post(QUESTIONS, sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    rest = {"mathematics", "work", "40"} - {
        ANSWERS[field][0] if field == "subjects" else ANSWERS[field]
    }
    assert ticked(page) == rest
    fragment = site(student).post(QUESTIONS, sent, headers=HTMX)
    assert fragment.status_code == 422 and "<html" not in fragment.content.decode()
    assert not interests_of(student).exists()


def test_each_field_names_its_error(site, student, course):
    page = site(student).post(QUESTIONS, {}).content.decode()
    for name in ("subjects", "goal", "minutes"):
        told = re.search(rf'name="{name}"[^>]*aria-invalid="true" aria-describedby="(\w+)"', page)[
            1
        ]
        assert f'id="{told}"' in page


def test_a_house_without_courses_asks_for_no_subjects(site, student):
    browser = site(student)
    assert "Subjects" not in browser.get(QUESTIONS).content.decode()
    assert goes_to(browser.post(QUESTIONS, {"goal": "work", "minutes": "40"})) == COURSE
    assert "Choose in the catalogue" in browser.get(COURSE).content.decode()


def test_more_interests_than_anybody_has_are_told(site, student, course):
    choose_interests(user=student, subjects=[], words=[f"topic {n}" for n in range(20)])
    answer = site(student).post(QUESTIONS, ANSWERS)
    assert answer.status_code == 422 and "Twenty at most" in answer.content.decode()
    assert Start.objects.get().chosen_at is None


def test_htmx_is_led_on_too(site, student, course):
    answer = site(student).post(QUESTIONS, ANSWERS, headers=HTMX)
    assert answer.headers["HX-Redirect"] == COURSE


def test_the_outlook_follows_what_is_ticked(site, student, course):
    browser = site(student)
    ask = "/welcome/questions/outlook/?subjects=mathematics&minutes={}"
    assert "“Numbers” takes about 10 days" not in browser.get(ask.format(60)).content.decode()
    assert "takes about 2 days" in browser.get(ask.format(60)).content.decode()
    for nonsense in ("", "15", "x", "٤٠"):
        assert browser.get(ask.format(nonsense)).content.strip() == b""
    assert browser.get("/welcome/questions/outlook/?subjects=%00&minutes=20").status_code < 500


def test_in_russian(site, student, course):
    student.locale = "ru"
    student.save()
    page = site(student).get(QUESTIONS).content.decode()
    assert "Чему вы хотите учиться, Dana?" in page and "Шаг 2 из 3" in page
    assert "What for" not in page


# ── The course ────────────────────────────────────────────────────────────────────────────────
def test_the_course_says_why_and_opens_its_first_lesson(site, student, course):
    browser = site(student)
    browser.post(QUESTIONS, ANSWERS)
    page = browser.get(COURSE).content.decode()
    assert "Because you chose Mathematics; the first lesson takes 3 minutes." in page
    assert "takes about 3 days" in page
    answer = browser.post("/welcome/course/start/", {"course": course.pk})
    assert goes_to(answer) == lesson_url(course)
    assert goes_to(browser.get("/welcome/")) == lesson_url(course)
    assert goes_to(browser.get(COURSE)) == lesson_url(course)
    assert browser.get("/").status_code == 200


def test_another_one_is_kept(site, student, course):
    other = beginning(category=course.category, title="Shapes")
    search.rebuild()
    browser = site(student)
    browser.post(QUESTIONS, ANSWERS)
    assert goes_to(browser.post("/welcome/course/choose/", {"course": other.pk})) == COURSE
    page = browser.get(COURSE).content.decode()
    assert page.index("Shapes") < page.index("Numbers")


def test_a_tab_that_is_behind_takes_nobody_out_of_the_lesson_that_is_open(site, student, course):
    """The other course has no seat yet: its lesson would be a closed door, in the strip too."""
    other = beginning(category=course.category, title="Shapes")
    other.lessons.update(is_preview=False)
    browser = on_the_way(site, student, course)
    answer = browser.post("/welcome/course/choose/", {"course": other.pk})
    assert goes_to(browser.get(goes_to(answer))) == lesson_url(course)
    assert Start.objects.get().course_id == course.pk


@pytest.mark.parametrize("sent", ["", "x", "0", "9" * 30, "²"])
@pytest.mark.parametrize("act", ["choose", "start"])
def test_a_course_that_is_none_is_not_found(site, student, act, sent):
    assert site(student).post(f"/welcome/course/{act}/", {"course": sent}).status_code == 404


def test_where_nothing_fits_it_says_so_and_offers_others(site, student, course):
    subject("music")
    beginning(category=subject("dance"), price_minor=100, minutes=30)
    search.rebuild()
    browser = site(student)
    browser.post(QUESTIONS, {**ANSWERS, "subjects": ["dance"]})
    page = browser.get(COURSE).content.decode()
    assert "Nothing to begin with there yet" in page
    assert "Numbers" in page and "Choose in the catalogue" in page


def test_before_the_questions_there_is_no_course(site, student):
    assert goes_to(site(student).get(COURSE)) == QUESTIONS


# ── The steps ─────────────────────────────────────────────────────────────────────────────────
STRIP = 'hx-get="/welcome/steps/"'


def test_the_strip_is_asked_for_only_on_the_way(site, student, course):
    browser = on_the_way(site, student, course)
    for address in (lesson_url(course), "/"):
        assert STRIP in browser.get(address).content.decode()
    for address in ("/courses/", "/cards/", f"{lesson_url(course)}quiz/"):
        assert STRIP not in browser.get(address).content.decode()
    browser.post("/welcome/skip/")
    assert STRIP not in browser.get(lesson_url(course)).content.decode()


def test_another_browser_finds_the_way_on_today(site, student, course):
    on_the_way(site, student, course)
    other = Client()
    other.force_login(student)
    assert STRIP not in other.get(lesson_url(course)).content.decode()
    assert STRIP in other.get("/").content.decode()
    assert STRIP in other.get(lesson_url(course)).content.decode()


def test_a_celebration_waits_until_the_steps_are_off_the_screen(site, student, course):
    browser = on_the_way(site, student, course)
    assert 'id="celebration"' not in browser.get("/").content.decode()
    assert 'id="celebration"' in browser.get("/courses/").content.decode()
    browser.post("/welcome/skip/")
    assert 'id="celebration"' in browser.get("/").content.decode()


def test_the_pre_test_is_offered_once_the_strip_is_off(site, student, teacher):
    course = a_course(teacher)
    grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
    browser = site(student)
    assert "Already know some of this?" in browser.get(lesson_url(course)).content.decode()
    session = browser.session
    session["first_steps"] = True
    session.save()
    assert "Already know some of this?" not in browser.get(lesson_url(course)).content.decode()


def test_the_strip_says_what_comes_next(site, student, course, deliver_all):
    browser = on_the_way(site, student, course)

    def strip():
        page = browser.get("/welcome/steps/").content.decode()
        return re.search(r"(\d) of 4 done", page)[1], page

    assert strip()[0] == "0" and "Open the lesson" in strip()[1]
    here = browser.get(
        "/welcome/steps/",
        headers={**HTMX, "HX-Current-URL": f"http://testserver{lesson_url(course)}"},
    )
    assert "Open the lesson" not in here.content.decode()
    complete_lesson(student=student, lesson=first_lesson(course), at=timezone.now())
    deliver_all()
    assert strip()[0] == "2" and "To the questions" in strip()[1]
    take_quiz(student, course, right=True)
    assert strip()[0] == "3" and "Keep a question as a card" in strip()[1]
    kept = browser.post("/welcome/card/", headers=HTMX)
    assert "See your first day" in kept.content.decode()
    assert Card.objects.filter(student=student).count() == 1


def test_a_card_without_scripts_leads_to_the_cards(site, student, course):
    browser = on_the_way(site, student, course)
    take_quiz(student, course, right=True)
    assert goes_to(browser.post("/welcome/card/")) == "/cards/"


def test_the_steps_cost_the_same_however_much_was_done(site, student, course, deliver_all):
    browser = on_the_way(site, student, course)
    complete_lesson(student=student, lesson=first_lesson(course), at=timezone.now())

    def queries():
        with CaptureQueriesContext(connection) as asked:
            browser.get("/welcome/steps/")
        return len(asked)

    queries()
    take_quiz(student, course, right=False)
    before = queries()
    for _ in range(3):
        take_quiz(student, course, right=False)
    deliver_all()
    assert queries() <= before <= 12


def test_a_lesson_that_is_closed_since_is_no_dead_end(site, student, course):
    """A preview of a paid course that was withdrawn, or a seat that was left."""
    browser = on_the_way(site, student, course)
    Enrollment.objects.all().delete()
    course.status = CourseStatus.DRAFT
    course.save()
    assert browser.get(lesson_url(course)).status_code == 404
    for address in ("/welcome/", QUESTIONS, COURSE):
        assert goes_to(browser.get(address)) == "/"
    assert browser.get("/welcome/steps/").content == b""
    assert browser.get("/").status_code == 200


def test_a_course_that_is_gone_ends_the_strip(site, student, course):
    browser = on_the_way(site, student, course)
    Start.objects.update(course=None)
    assert browser.get("/welcome/steps/").content == b""
    assert STRIP not in browser.get(lesson_url(course)).content.decode()


# ── The end ───────────────────────────────────────────────────────────────────────────────────
def test_the_end_shows_the_day_and_the_next_lesson(site, student, course, deliver_all):
    browser = on_the_way(site, student, course)
    assert browser.post("/welcome/finish/").status_code == 409
    assert goes_to(browser.get("/welcome/done/")) == "/"
    complete_lesson(student=student, lesson=first_lesson(course), at=timezone.now())
    take_quiz(student, course, right=False)
    add_note(student=student, kind="basic", front="Later?", back="Yes.", at=timezone.now())
    later = Card.objects.filter(note__front="Later?")
    later.update(due=timezone.now() + timedelta(days=10))
    deliver_all()
    assert goes_to(browser.post("/welcome/finish/")) == "/welcome/done/"
    page = browser.get("/welcome/done/").content.decode()
    second = course.lessons.in_order().last()
    assert "A good first day, Dana" in page and "Which organelle makes ATP?" in page
    assert second.title in page and f"/learn/{course.slug}/{second.pk}/" in page
    assert "1 card to review" in page


def test_the_next_lesson_is_that_of_the_path(site, student, course, deliver_all, monkeypatch):
    third = LessonFactory(module=course.modules.first(), title="Where the path goes on")
    monkeypatch.setattr("apps.onboarding.selectors.day.lesson_ahead", lambda *_: third.pk)
    browser = on_the_way(site, student, course)
    complete_lesson(student=student, lesson=first_lesson(course), at=timezone.now())
    take_quiz(student, course, right=False)
    deliver_all()
    browser.post("/welcome/finish/")
    page = browser.get("/welcome/done/").content.decode()
    assert third.title in page and f"/learn/{course.slug}/{third.pk}/" in page


def test_the_end_is_shown_on_its_day_alone(site, student, course, deliver_all):
    test_the_end_shows_the_day_and_the_next_lesson(site, student, course, deliver_all)
    Start.objects.update(finished_at=timezone.now() - timedelta(days=2))
    assert goes_to(site(student).get("/welcome/done/")) == "/"


def test_after_a_preview_the_end_shows_the_course(site, student, deliver_all):
    paid = beginning(category=subject("mathematics"), price_minor=2900)
    search.rebuild()
    browser = on_the_way(site, student, paid)
    assert browser.get(lesson_url(paid)).status_code == 200
    take_quiz(student, paid, right=False)
    deliver_all()
    assert goes_to(browser.post("/welcome/finish/")) == "/welcome/done/"
    page = browser.get("/welcome/done/").content.decode()
    assert "See the whole course" in page and f"/courses/{paid.slug}/" in page


def test_nobody_reads_or_ends_anothers(site, student, stranger, course):
    on_the_way(site, student, course)
    browser = site(stranger)
    assert browser.get("/welcome/steps/").content == b""
    assert goes_to(browser.get("/welcome/done/")) == "/"
    browser.post("/welcome/skip/")
    assert Start.objects.get(pk=student.pk).skipped_at is None


def test_staff_read_the_list_and_change_nothing(site, admin, course):
    services.begin(user=UserFactory(name="Nora Lind"), at=timezone.now())
    browser = site(admin)
    assert "Nora Lind" in browser.get("/admin/onboarding/start/").content.decode()
    assert browser.get("/admin/onboarding/start/add/").status_code == 403
