"""Quizzes through the API: each call works, the foreign is hidden, bad input is told."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.models import Job
from apps.courses.models import CourseStatus
from apps.courses.tests.factories import LessonFactory
from apps.enrollment.models import Enrollment, SeatStatus
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.engine.marking import right_answer
from apps.learning.models import Answer, Attempt

from .factories import DRAFTS, TEXT, QuizFactory, quiz_with

pytestmark = pytest.mark.django_db
SECRETS = [
    "right_answer",
    "explanation",
    "accepted",
    "tolerance",
    "pairs",
    "mitochondria make ATP",
    "9.81",
    "genome",
]


@pytest.fixture
def quiz(student, teacher):
    quiz = quiz_with()
    quiz.course.owner = teacher
    quiz.course.save()
    EnrollmentFactory(student=student, course=quiz.course)
    return quiz


def answers_of(attempt_id: int) -> list[dict]:
    rows = Answer.objects.filter(attempt=attempt_id).select_related("version")
    return [
        {"question": row.question_id, "answer": right_answer(row.version.kind, row.version.body)}
        for row in rows
    ]


def begun(client, quiz) -> int:
    answer = client.post(f"/api/quizzes/{quiz.pk}/attempts")
    assert answer.status_code == 201
    return answer.data["id"]


# ── Reading ───────────────────────────────────────────────────────────────────────────────────
def test_a_student_reads_the_quiz_of_a_lesson(api, student, quiz):
    body = api(student).get(f"/api/lessons/{quiz.lesson_id}/quiz").json()
    assert (body["id"], body["title"], body["attempts_used"], body["best_score"]) == (
        quiz.pk,
        quiz.title,
        0,
        None,
    )
    assert [row["kind"] for row in body["questions"]] == list(DRAFTS)
    assert [row["position"] for row in body["questions"]] == list(range(1, 9))
    by_kind = {row["kind"]: row for row in body["questions"]}
    assert {option["text"] for option in by_kind["single"]["options"]} == set(
        DRAFTS["single"].options
    )
    assert set(by_kind["matching"]["options"]) == {"left", "right"}
    assert "options" not in by_kind["short"]


def test_each_student_sees_an_order_of_their_own_that_stays(api, student, quiz, stranger):
    EnrollmentFactory(student=stranger, course=quiz.course)
    quiz.shuffles = True
    quiz.save()
    address = f"/api/lessons/{quiz.lesson_id}/quiz"
    first = api(student).get(address).json()["questions"]
    assert api(student).get(address).json()["questions"] == first
    assert api(stranger).get(address).json()["questions"] != first


def test_a_draft_is_its_owners_alone(api, student, teacher, quiz):
    quiz.published_at = None
    quiz.save()
    address = f"/api/lessons/{quiz.lesson_id}/quiz"
    assert api(student).get(address).status_code == 404
    shown = api(teacher).get(address)
    assert (shown.status_code, shown.json()["published_at"]) == (200, None)
    assert api(student).post(f"/api/quizzes/{quiz.pk}/attempts").status_code == 404
    assert api(teacher).post(f"/api/quizzes/{quiz.pk}/attempts").status_code == 409
    assert api(student).post(f"/api/quizzes/{quiz.pk}/publish").status_code == 403
    published = api(teacher).post(f"/api/quizzes/{quiz.pk}/publish")
    assert (published.status_code, bool(published.json()["published_at"])) == (200, True)
    assert api(student).get(address).status_code == 200


def test_the_right_answers_stay_until_submission(api, student, teacher, quiz):
    client = api(student)
    attempt = begun(client, quiz)
    seen = [
        client.get(f"/api/lessons/{quiz.lesson_id}/quiz"),
        api(teacher).get(f"/api/lessons/{quiz.lesson_id}/quiz"),
        client.get(f"/api/attempts/{attempt}"),
        client.put(f"/api/attempts/{attempt}/answers", {"answers": []}, format="json"),
        client.post(f"/api/quizzes/{quiz.pk}/attempts"),
        client.get(f"/api/lessons/{quiz.lesson_id}"),
        client.get(f"/api/courses/{quiz.course_id}/curriculum"),
    ]
    for answer in seen:
        assert answer.status_code < 300
        text = json.dumps(answer.json())
        assert [secret for secret in SECRETS if secret in text] == []
        assert '"right": true' not in text and '"right": false' not in text
    assert client.get(f"/api/attempts/{attempt}").json()["result"] is None
    done = client.post(f"/api/attempts/{attempt}/submit", {"answers": []}, format="json")
    assert "mitochondria make ATP" in json.dumps(done.json())


# ── Taking ────────────────────────────────────────────────────────────────────────────────────
def test_from_the_first_question_to_the_result(api, student, quiz):
    client = api(student)
    attempt = begun(client, quiz)
    assert begun(client, quiz) == attempt
    answers = answers_of(attempt)
    kept = client.put(f"/api/attempts/{attempt}/answers", {"answers": answers[:3]}, format="json")
    assert [row["answer"] for row in kept.json()["answers"][:3]] == [
        row["answer"] for row in answers[:3]
    ]
    again = client.get(f"/api/attempts/{attempt}").json()
    assert again == kept.json()
    wrong = [{"question": answers[2]["question"], "answer": None}, *answers[3:]]
    result = client.post(
        f"/api/attempts/{attempt}/submit", {"answers": wrong}, format="json"
    ).json()
    assert (result["score"], result["max_score"], result["percent"], result["passed"]) == (
        7,
        8,
        87,
        True,
    )
    assert [row["correct"] for row in result["results"]] == [True, True, False, *[True] * 5]
    assert set(result["results"][0]) >= {"question", "correct", "right_answer", "explanation"}
    assert result["flashcards_created"] == 1
    resubmitted = client.post(
        f"/api/attempts/{attempt}/submit", {"answers": answers}, format="json"
    )
    assert resubmitted.json() == result
    assert client.get(f"/api/attempts/{attempt}").json()["result"] == result
    lesson_quiz = client.get(f"/api/lessons/{quiz.lesson_id}/quiz").json()
    assert (
        lesson_quiz["attempts_used"],
        lesson_quiz["best_score"],
        lesson_quiz["open_attempt"],
    ) == (1, 7.0, None)
    assert (
        client.put(f"/api/attempts/{attempt}/answers", {"answers": []}, format="json").status_code
        == 409
    )


def test_the_right_answers_sent_back_are_right(api, student, quiz):
    client = api(student)
    first = client.post(f"/api/attempts/{begun(client, quiz)}/submit", {}, format="json").json()
    answers = [
        {"question": row["question"], "answer": row["right_answer"]} for row in first["results"]
    ]
    second = client.post(
        f"/api/attempts/{begun(client, quiz)}/submit", {"answers": answers}, format="json"
    )
    assert second.json()["percent"] == 100


def test_a_wrong_type_names_its_question(api, student, quiz):
    client = api(student)
    attempt = begun(client, quiz)
    question = quiz.questions.get(current__kind="true_false").pk
    for call in (client.put, client.post):
        last = "answers" if call == client.put else "submit"
        body = {"answers": [{"question": question, "answer": "yes"}]}
        answer = call(f"/api/attempts/{attempt}/{last}", body, format="json")
        assert (answer.status_code, list(answer.json()["errors"])) == (
            400,
            [f"question_{question}"],
        )
    assert Attempt.objects.get(pk=attempt).submitted_at is None


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"answers": {}},
        {"answers": [1]},
        {"answers": [{"answer": 1}]},
        {"answers": [{"question": "x"}]},
        {"answers": None},
    ],
)
def test_bad_bodies_are_told(api, student, quiz, body):
    client = api(student)
    assert (
        client.post(f"/api/attempts/{begun(client, quiz)}/submit", body, format="json").status_code
        == 400
    )


def test_after_the_time(api, student, quiz):
    quiz.time_limit_minutes = 1
    quiz.save()
    client = api(student)
    attempt = begun(client, quiz)
    answers = answers_of(attempt)
    client.put(f"/api/attempts/{attempt}/answers", {"answers": answers[:2]}, format="json")
    Attempt.objects.filter(pk=attempt).update(deadline=timezone.now() - timedelta(seconds=1))
    late = client.put(f"/api/attempts/{attempt}/answers", {"answers": answers}, format="json")
    assert late.status_code == 409
    result = client.post(f"/api/attempts/{attempt}/submit", {"answers": answers}, format="json")
    assert (result.status_code, result.json()["score"]) == (200, 2)


def test_without_a_seat_an_attempt_isnt_gone_on_with(api, student, quiz):
    client = api(student)
    done, address = begun(client, quiz), "/api/attempts/{}"
    client.post(f"{address.format(done)}/submit", {"answers": []}, format="json")
    going_on = address.format(begun(client, quiz))
    Enrollment.objects.update(status=SeatStatus.REFUNDED)
    assert client.get(going_on).status_code == 404
    assert client.put(f"{going_on}/answers", {"answers": []}, format="json").status_code == 404
    assert client.post(f"{going_on}/submit", {"answers": []}, format="json").status_code == 404
    assert client.get(address.format(done)).status_code == 200


def test_attempts_of_others_arent_there(api, student, stranger, teacher, moderator, quiz):
    attempt = begun(api(student), quiz)
    for person in (stranger, teacher, moderator):
        assert api(person).get(f"/api/attempts/{attempt}").status_code == 404
        assert (
            api(person).put(f"/api/attempts/{attempt}/answers", {}, format="json").status_code
            == 404
        )
        assert (
            api(person).post(f"/api/attempts/{attempt}/submit", {}, format="json").status_code
            == 404
        )


def test_an_archived_course_goes_on_for_those_who_have_a_seat(api, student, stranger, quiz):
    quiz.course.status = CourseStatus.ARCHIVED
    quiz.course.save()
    assert api(student).get(f"/api/lessons/{quiz.lesson_id}/quiz").status_code == 200
    begun(api(student), quiz)
    assert api(stranger).get(f"/api/lessons/{quiz.lesson_id}/quiz").status_code == 404
    assert api(stranger).post(f"/api/quizzes/{quiz.pk}/attempts").status_code == 404


def test_used_up_attempts_conflict_and_keys_replay(api, student, quiz):
    quiz.attempts_limit = 1
    quiz.save()
    client = api(student)
    first = client.post(f"/api/quizzes/{quiz.pk}/attempts", headers={"Idempotency-Key": "a"})
    address = f"/api/attempts/{first.data['id']}/submit"
    done = client.post(address, {"answers": []}, format="json", headers={"Idempotency-Key": "s"})
    again = client.post(address, {"answers": []}, format="json", headers={"Idempotency-Key": "s"})
    assert done.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    replayed = client.post(f"/api/quizzes/{quiz.pk}/attempts", headers={"Idempotency-Key": "a"})
    assert (replayed.status_code, replayed.json()) == (201, json.loads(first.content))
    assert client.post(f"/api/quizzes/{quiz.pk}/attempts").status_code == 409


def test_reading_costs_the_same_for_a_long_quiz(api, student, django_assert_num_queries):
    for kinds in (["short"], ["single"] * 5):
        quiz = quiz_with(*kinds)
        EnrollmentFactory(student=student, course=quiz.course)
        client = api(student)
        with django_assert_num_queries(6):
            client.get(f"/api/lessons/{quiz.lesson_id}/quiz")
        attempt = begun(client, quiz)
        with django_assert_num_queries(2):
            client.get(f"/api/attempts/{attempt}")


# ── Making, and the summary ───────────────────────────────────────────────────────────────────
def test_a_quiz_is_generated_by_a_job(api, teacher, student, stranger):
    lesson = QuizFactory(course__owner=teacher, lesson__content=TEXT, published_at=None).lesson
    lesson.course.owner = teacher
    lesson.course.save()
    address = f"/api/lessons/{lesson.pk}/quiz/generate"
    client = api(teacher)
    headers = {"Idempotency-Key": "g"}
    started = client.post(address, {"engine": "offline"}, format="json", headers=headers)
    assert started.status_code == 202
    assert client.get(f"/api/jobs/{started.data['job']}").json()["status"] == "queued"
    Job.objects.update(status=Job.Status.DONE)  # or the job under way would be answered anyway
    replayed = client.post(address, {"engine": "offline"}, format="json", headers=headers)
    assert replayed.json() == started.json() == {"job": Job.objects.get().pk}
    assert client.post(address, {"engine": "gold"}, format="json").status_code == 400
    assert api(student).post(address).status_code == 403
    assert api().post(address).status_code == 401


def test_the_summary_is_made_at_the_first_read(api, student, stranger):
    lesson = LessonFactory(content=TEXT)
    EnrollmentFactory(student=student, course=lesson.course)
    address = f"/api/lessons/{lesson.pk}/summary"
    assert api(student).get(f"/api/lessons/{lesson.pk}").json()["summary"] is None
    body = api(student).get(address).json()
    assert (set(body), body["engine"]) == ({"text", "engine", "made_at"}, "offline")
    assert api(student).get(address).json() == body
    assert api(student).get(f"/api/lessons/{lesson.pk}").json()["summary"] == body["text"]
    assert api(stranger).get(address).status_code == 403
    assert api().get(address).status_code == 401
    short = LessonFactory(course=lesson.course, content="A cell.")
    assert api(student).get(f"/api/lessons/{short.pk}/summary").status_code == 409
