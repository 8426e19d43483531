"""The quiz of a lesson on the site, as students, strangers and a slow network meet it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.courses.tests.factories import DraftFactory, LessonFactory, ModuleFactory
from apps.enrollment.models import SeatStatus
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.engine.marking import right_answer
from apps.learning.models import Attempt
from apps.learning.services.attempts import start_attempt, submit_attempt

from .factories import QuizFactory, quiz_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def lessons(teacher):
    module = ModuleFactory(course__owner=teacher)
    return LessonFactory.create_batch(2, module=module, course=module.course)


@pytest.fixture
def quiz(lessons):
    return quiz_with(lesson=lessons[0])


@pytest.fixture
def seat(quiz, student):
    return EnrollmentFactory(student=student, course=quiz.course)


def url_of(quiz, tail=""):
    return f"/learn/{quiz.course.slug}/{quiz.lesson_id}/quiz/{tail}"


def fields_of(answer, given):
    """What a form sends for the answer."""
    name = f"q{answer.question_id}"
    match answer.version.kind:
        case "ordering":
            fields = {f"{name}:{item}": str(place) for place, item in enumerate(given, 1)}
        case "matching":
            fields = {f"{name}:{left}": right for left, right in given.items()}
        case "cloze":
            fields = {f"{name}:{n}": text for n, text in enumerate(given)}
        case "true_false":
            fields = {name: str(given).lower()}
        case _:
            fields = {name: given}
    return fields


def form_of(attempt, *, right=()):
    """The whole form; questions of the kinds in `right` are answered right, others left open."""
    data = {"attempt": attempt.pk, "asked": []}
    for answer in attempt.answers.select_related("version"):
        data["asked"].append(answer.question_id)
        data[f"t{answer.question_id}"] = "1500"
        if answer.version.kind in right:
            data |= fields_of(answer, right_answer(answer.version.kind, answer.version.body))
    return data


KINDS = ("single", "multiple", "true_false", "short", "numeric", "ordering", "matching", "cloze")


def begun(client, quiz, student):
    assert client.post(url_of(quiz, "start/")).url == url_of(quiz)
    return Attempt.objects.get(student=student, quiz=quiz, submitted_at=None)


# ── The way through ───────────────────────────────────────────────────────────────────────────
def test_the_first_page_says_what_to_expect(site, seat, quiz, student):
    quiz.attempts_limit, quiz.time_limit_minutes = 2, 30
    quiz.save()
    page = site(student).get(url_of(quiz)).content.decode()
    for text in ("Attempts left", "30", "70%", "Begin", "Each right pair gives its part"):
        assert text in page
    assert not Attempt.objects.exists()


def test_every_kind_is_asked_and_marked(site, seat, quiz, student):
    client = site(student)
    attempt = begun(client, quiz, student)
    page = client.get(url_of(quiz)).content.decode()
    assert page.count('class="quiz-question"') == 8
    assert page.count('class="gap"') == 2
    assert "option-right" not in page
    assert "In the lesson: mitochondria make ATP." not in page
    answer = client.post(url_of(quiz, "submit/"), form_of(attempt, right=KINDS))
    assert answer.url == url_of(quiz, f"result/{attempt.pk}/")
    attempt.refresh_from_db()
    assert (attempt.percent, attempt.passed) == (100, True)
    page = client.get(answer.url).content.decode()
    assert "8 of 8" in page
    assert "In the lesson: mitochondria make ATP." in page


def test_mistakes_are_shown_with_what_is_right(site, seat, quiz, student):
    client = site(student)
    attempt = begun(client, quiz, student)
    data = form_of(attempt, right=("single", "multiple", "true_false"))
    answers = {row.version.kind: row for row in attempt.answers.select_related("version")}
    cloze, order = answers["cloze"], answers["ordering"]
    data |= fields_of(cloze, ["nucleus", "something"])
    items = [item["id"] for item in order.version.body["items"]]
    data |= fields_of(order, [items[1], items[0], items[2], items[3]])
    page = client.get(client.post(url_of(quiz, "submit/"), data).url).content.decode()
    assert "Partly right: 50% of the point" in page
    assert "No answer" in page
    assert "gap-right" in page
    assert "gap-wrong" in page
    assert "9.81 m/s²" in page
    assert "Try again" in page


def test_answers_are_kept_as_they_are_given(site, seat, quiz, student):
    client = site(student)
    attempt = begun(client, quiz, student)
    short = attempt.answers.select_related("version").get(version__kind="short")
    data = {"attempt": attempt.pk, "asked": short.question_id, f"q{short.question_id}": "Core"}
    json = {"Accept": "application/json"}
    assert client.post(url_of(quiz, "answer/"), data, headers=json).json() == {"errors": {}}
    short.refresh_from_db()
    assert short.given == "Core"
    assert 'value="Core"' in client.get(url_of(quiz)).content.decode()
    assert (
        client.post(url_of(quiz, "answer/"), data | {f"q{short.question_id}": ""}).status_code
        == 302
    )
    short.refresh_from_db()
    assert short.given is None


def test_what_cannot_be_read_is_told_and_kept_on_the_page(site, seat, quiz, student):
    client = site(student)
    attempt = begun(client, quiz, student)
    numeric = attempt.answers.select_related("version").get(version__kind="numeric")
    data = form_of(attempt, right=("short",)) | {f"q{numeric.question_id}": "fast"}
    json = client.post(url_of(quiz, "answer/"), data, headers={"Accept": "application/json"}).json()
    assert list(json["errors"]) == [str(numeric.question_id)]
    answer = client.post(url_of(quiz, "submit/"), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="fast"' in page
    assert "Give a number" in page
    attempt.refresh_from_db()
    assert attempt.submitted_at is None
    assert attempt.answers.get(version__kind="short").given == "the nucleus"


def test_numbers_without_end_are_passed_over(site, seat, quiz, student):
    client = site(student)
    attempt = begun(client, quiz, student)
    rows = {row.version.kind: row for row in attempt.answers.select_related("version")}
    order, digits = rows["ordering"], "1" * 5000
    form = {
        "attempt": attempt.pk,
        "asked": [order.question_id, digits],
        f"t{order.question_id}": digits,
        f"q{order.question_id}:{order.layout[0]}": digits,
    }
    assert client.post(url_of(quiz, "answer/"), form).status_code == 302
    order.refresh_from_db()
    assert (sorted(order.given), order.duration_ms) == (sorted(order.layout), 0)


def test_after_its_time_what_was_saved_counts(site, seat, quiz, student):
    client = site(student)
    attempt = begun(client, quiz, student)
    client.post(url_of(quiz, "answer/"), form_of(attempt, right=("short",)))
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=timezone.now() - timedelta(hours=1),
        deadline=timezone.now() - timedelta(minutes=1),
    )
    json = {"Accept": "application/json"}
    assert client.post(url_of(quiz, "answer/"), form_of(attempt), headers=json).status_code == 409
    answer = client.post(url_of(quiz, "submit/"), form_of(attempt, right=KINDS))
    attempt.refresh_from_db()
    assert attempt.score == 1
    assert "The time was over" in client.get(answer.url).content.decode()


def test_an_attempt_past_its_time_is_closed_by_looking(site, seat, quiz, student):
    client = site(student)
    attempt = begun(client, quiz, student)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(minutes=1))
    assert client.get(url_of(quiz)).url == url_of(quiz, f"result/{attempt.pk}/")


def test_attempts_are_limited(site, seat, quiz, student):
    quiz.attempts_limit = 1
    quiz.save()
    client = site(student)
    attempt = begun(client, quiz, student)
    page = client.get(client.post(url_of(quiz, "submit/"), form_of(attempt)).url).content.decode()
    assert url_of(quiz, "start/") not in page
    assert "used all your attempts" in client.get(url_of(quiz)).content.decode()
    assert client.post(url_of(quiz, "start/")).status_code == 409


# ── The lesson around it ──────────────────────────────────────────────────────────────────────
def test_completing_a_lesson_leads_into_its_quiz_once(site, seat, quiz, student, lessons):
    client = site(student)
    lesson = f"/learn/{quiz.course.slug}/{quiz.lesson_id}/"
    page = client.get(lesson).content.decode()
    assert "Quiz: 8 questions." in page
    assert "Mark complete and take the quiz" in page
    assert client.post(lesson + "complete/").url == url_of(quiz)
    client.post(url_of(quiz, "submit/"), form_of(begun(client, quiz, student), right=KINDS))
    assert "Your best: 100%." in client.get(lesson).content.decode()
    assert client.post(lesson + "complete/").url.endswith(f"/{lessons[1].pk}/")


def test_the_last_quiz_leads_to_the_end_of_the_course(site, seat, lessons, student):
    last = quiz_with("single", lesson=lessons[1])
    client = site(student)
    for lesson in lessons:
        client.post(f"/learn/{last.course.slug}/{lesson.pk}/complete/")
    seat.refresh_from_db()
    assert seat.status == SeatStatus.COMPLETED
    attempt = begun(client, last, student)
    page = client.get(client.post(url_of(last, "submit/"), form_of(attempt)).url).content.decode()
    assert f'href="/learn/{last.course.slug}/done/"' in page


def test_a_lesson_in_short_comes_from_its_own_address(site, seat, quiz, student):
    quiz.lesson.content = "A short one."
    quiz.lesson.save()
    url = f"/learn/{quiz.course.slug}/{quiz.lesson_id}/digest/"
    client = site(student)
    assert f'hx-get="{url}"' in client.get(url.removesuffix("digest/")).content.decode()
    assert client.get(url).content == b""
    assert client.get("/learn/x/999999/digest/").status_code == 404


# ── Who may ───────────────────────────────────────────────────────────────────────────────────
def test_strangers_and_visitors_find_nothing(site, client, seat, quiz, student, stranger):
    attempt = start_attempt(quiz=quiz, student=student, at=timezone.now())
    submit_attempt(attempt=attempt, answers=[], at=timezone.now())
    pages = [url_of(quiz), url_of(quiz, f"result/{attempt.pk}/")]
    calls = [url_of(quiz, tail) for tail in ("start/", "answer/", "submit/")]
    for url in pages:
        assert "/accounts/login/" in client.get(url).url
    site(stranger)
    assert {client.get(url).status_code for url in pages} == {404}
    assert {client.post(url, {"attempt": attempt.pk}).status_code for url in calls} == {404}
    EnrollmentFactory(student=stranger, course=quiz.course)
    assert client.get(pages[1]).status_code == 404
    for url in calls[1:]:
        assert client.post(url, {"attempt": attempt.pk}).status_code == 404
        assert client.post(url, {"attempt": "x"}).status_code == 404


def test_a_draft_is_for_its_teacher(site, client, seat, lessons, student, teacher):
    draft = quiz_with("single", lesson=lessons[1], published_at=None)
    site(student)
    assert client.get(url_of(draft)).status_code == 404
    lesson = f"/learn/{draft.course.slug}/{draft.lesson_id}/"
    assert "Quiz:" not in client.get(lesson).content.decode()
    site(teacher)
    assert client.get(url_of(draft)).url == f"/studio/lessons/{draft.lesson_id}/quiz/preview/"


def test_a_quiz_of_a_hidden_course_is_not_there(site, stranger):
    hidden = QuizFactory(lesson__course=DraftFactory())
    assert site(stranger).get(url_of(hidden)).status_code == 404
