"""The pre-test through the API: its shapes, what is refused, and that it never tells the answers."""

import json

import pytest

from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.engine.marking import right_answer
from apps.learning.models import LessonConcept, Pretest, PretestAnswer, QuestionVersion

from .factories import ConceptFactory, quiz_with
from .test_pretests import a_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(teacher, student):
    found = a_course(teacher)
    EnrollmentFactory(student=student, course=found)
    return found


def start(client, course):
    return client.post(f"/api/courses/{course.pk}/pretest")


def send(client, test, answer, **more):
    body = {"question": test["question"]["id"], "answer": answer, **more}
    return client.post(f"/api/pretests/{test['id']}/answers", body, format="json")


def right_to(test):
    version = QuestionVersion.objects.get(question=test["question"]["id"])
    return right_answer(version.kind, version.body)


def test_from_the_first_question_to_the_result(api, student, course):
    client = api(student)
    began = start(client, course)
    assert began.status_code == 201
    test = began.json()
    assert set(test) == {"id", "question"}
    assert set(test["question"]) == {"id", "kind", "text", "position"}
    assert start(client, course).json() == test
    for _ in range(10):
        step = send(client, test, right_to(test), duration_ms=9000)
        assert step.status_code == 200
        found = step.json()
        if found["done"]:
            break
        assert set(found) == {"done", "question"}
        assert found["question"]["id"] != test["question"]["id"]
        test["question"] = found["question"]
    assert set(found) == {"done", "result"}
    result = found["result"]
    assert (result["looks_random"], result["minutes_saved"], result["minutes_left"]) == (
        False,
        60,
        0,
    )
    assert [row["skip"] for row in result["lessons"]] == [True] * 6
    assert [row["skip"] for row in result["concepts"]] == [True] * 6
    assert all(0.8 < row["known"] <= 1 for row in result["concepts"])
    assert send(client, test, right_to(test)).json() == found
    assert start(client, course).status_code == 409


@pytest.mark.parametrize("kind", ["single", "multiple", "ordering", "matching", "cloze", "numeric"])
def test_every_kind_is_asked_and_none_tells_its_answer(api, student, kind):
    quiz = quiz_with(kind)
    LessonConcept.objects.create(
        lesson=quiz.lesson, concept=ConceptFactory(course=quiz.course, name="Cell")
    )
    EnrollmentFactory(student=student, course=quiz.course)
    client = api(student)
    began = start(client, quiz.course)
    assert '"right": true' not in json.dumps(began.json())
    assert "accepted" not in json.dumps(began.json())
    test = began.json()
    assert test["question"]["kind"] == kind
    done = send(client, test, right_to(test)).json()
    assert done["result"]["concepts"][0]["skip"] is True
    assert PretestAnswer.objects.get().is_right


def test_what_was_sent_wrong_names_its_field(api, student, course):
    client = api(student)
    test = start(client, course).json()
    address = f"/api/pretests/{test['id']}/answers"
    question = test["question"]["id"]
    for body, field in (
        ({"answer": None}, "question"),
        ({"question": question}, "answer"),
        ({"question": "x", "answer": None}, "question"),
        ({"question": 2**70, "answer": None}, "question"),
        ({"question": question + 10_000, "answer": None}, "question"),
        ({"question": question, "answer": {"a": []}}, "answer"),
        ({"question": question, "answer": 12}, "answer"),
        ({"question": question, "answer": "a", "duration_ms": -1}, "duration_ms"),
        ({"question": question, "answer": "a", "duration_ms": 2**40}, "duration_ms"),
    ):
        answer = client.post(address, body, format="json")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field]), body
    for body in ([], "x", 7, None, {"question": question, "answer": "a\x00b"}):
        assert client.post(address, body, format="json").status_code == 400
    assert Pretest.objects.get().answers.count() == 1


def test_another_answer_to_an_answered_question_is_a_conflict(api, student, course):
    client = api(student)
    test = start(client, course).json()
    step = send(client, test, "yes").json()
    assert send(client, test, "yes").json() == step
    assert send(client, test, None).status_code == 409


def test_the_same_key_gives_the_same_answer(api, student, course):
    client = api(student)
    test = client.post(
        f"/api/courses/{course.pk}/pretest", headers={"Idempotency-Key": "one"}
    ).json()
    body = {"question": test["question"]["id"], "answer": None}
    address = f"/api/pretests/{test['id']}/answers"
    first = client.post(address, body, format="json", headers={"Idempotency-Key": "two"})
    again = client.post(address, body, format="json", headers={"Idempotency-Key": "two"})
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert PretestAnswer.objects.count() == 2


def test_without_a_seat_any_more_it_waits(api, student, course):
    client = api(student)
    test = start(client, course).json()
    student_seat = EnrollmentFactory._meta.model.objects.get(student=student)
    student_seat.status = "cancelled"
    student_seat.save()
    assert send(client, test, None).status_code == 404


def test_it_says_why_it_is_refused_in_russian(api, student, stranger, course):
    refused = api(stranger).post(
        f"/api/courses/{course.pk}/pretest", headers={"Accept-Language": "ru"}
    )
    assert refused.status_code == 403
    assert "Запишитесь" in refused.json()["detail"]
