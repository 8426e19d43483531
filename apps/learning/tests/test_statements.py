"""Learning acts: each once, only growing, in the partition of its month, whoever tells them how often."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from apps.core.bus import publish
from apps.enrollment import services as seats
from apps.learning.events import QuizSubmitted
from apps.learning.models import Statement
from apps.learning.services import attempts, reviews, statements
from apps.learning.services.attempts import Given
from apps.learning.services.notes import add_note
from apps.learning.services.statements import Act, Thing, record
from apps.learning.tests.factories import quiz_with

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
LESSON = Thing(activity="lesson", id=7, name="Cells")


def told(actor, at=AT, verb="experienced", **rest):
    record(actor_id=actor.pk, verb=verb, object=LESSON, at=at, **rest)


def verbs():
    return sorted(Statement.objects.values_list("verb", "activity"))


def test_what_is_told_twice_is_one_statement(student):
    told(student)
    told(student)
    told(student, at=AT + timedelta(seconds=1))
    assert Statement.objects.count() == 2


def test_rows_are_neither_changed_nor_deleted(student):
    told(student)
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.update(verb="failed")
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.all().delete()
    assert Statement.objects.get().verb == "experienced"


def test_a_month_without_a_partition_gets_one_when_it_is_written(student):
    told(student, at=datetime(2011, 2, 28, 23, 59, tzinfo=UTC))
    told(student, at=datetime(2011, 12, 31, 23, 59, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM learning_statement_2011_02")
        assert cursor.fetchone()[0] == 1
        cursor.execute("SELECT count(*) FROM learning_statement_2011_12")
        assert cursor.fetchone()[0] == 1


def test_partitions_reach_ahead_and_over_the_year():
    made = statements.make_partitions(day=date(2031, 11, 30))
    assert made == [f"learning_statement_{m}" for m in ("2031_11", "2031_12", "2032_01", "2032_02")]
    assert statements.make_partitions(day=date(2031, 11, 1)) == []


def test_the_day_is_the_students_and_stays(student):
    student.timezone = "Asia/Vladivostok"
    student.save()
    told(student, at=datetime(2026, 11, 21, 17, 59, tzinfo=UTC))
    told(student, at=datetime(2026, 11, 21, 22, 30, tzinfo=UTC))
    student.timezone = "UTC"
    student.save()
    days = Statement.objects.order_by("at").values_list("day", flat=True)
    assert list(days) == [date(2026, 11, 21), date(2026, 11, 22)]


def test_a_clock_that_is_wrong_is_believed_within_a_week(student):
    received = datetime(2026, 3, 20, tzinfo=UTC)
    for number, at in enumerate([received + timedelta(days=1), received - timedelta(days=30)]):
        act = Act(
            key=f"x:{number}",
            actor_id=student.pk,
            verb="completed",
            object=LESSON,
            at=at,
            received_at=received,
        )
        statements.record_all(acts=[act])
    found = sorted(Statement.objects.values_list("at", flat=True))
    assert found == [received - timedelta(days=7), received]


def test_an_unknown_verb_is_refused(student):
    with pytest.raises(ValueError, match="juggled"):
        told(student, verb="juggled")


def test_a_quiz_says_what_was_answered_and_how_it_ended(student, deliver_all):
    quiz = quiz_with("single", "true_false")
    seats.grant_seat(student_id=student.pk, course_id=quiz.course_id, at=AT)
    attempt = attempts.start_attempt(quiz=quiz, student=student, at=AT)
    assert verbs() == [("attempted", "quiz")]  # whether or not it is ever submitted
    first = attempt.answers.first()
    right = [each["id"] for each in first.version.body["options"] if each["right"]]
    given = [Given(first.question_id, right[0], 4200)]
    attempts.submit_attempt(attempt=attempt, answers=given, at=AT + timedelta(minutes=3))
    deliver_all()
    with transaction.atomic():  # the bus may tell it again
        publish(
            QuizSubmitted(
                attempt_id=attempt.pk,
                student_id=student.pk,
                course_id=quiz.course_id,
                quiz_id=quiz.pk,
                percent=50,
                passed=False,
            )
        )
    deliver_all()
    assert verbs() == [
        ("answered", "question"),
        ("answered", "question"),
        ("attempted", "quiz"),
        ("failed", "quiz"),
    ]
    ended = Statement.objects.get(verb="failed")
    assert ended.result["score"] == {"scaled": 0.5, "raw": 1.0, "min": 0, "max": 2}
    assert ended.result["duration"] == "PT180S"
    assert ended.course_id == quiz.course_id and ended.lesson_id == quiz.lesson_id
    assert ended.seat_id is not None
    answered = Statement.objects.get(verb="answered", object_id=first.question_id)
    assert answered.result["duration"] == "PT4.2S" and answered.result["success"] is True


def test_a_card_graded_and_taken_back(student, deliver_all):
    note, _made = add_note(student=student, kind="basic", front="My own words", back="b", at=AT)
    card = note.cards.get()
    reviews.review_card(card=card, rating=3, at=AT, duration_ms=2500)
    reviews.undo_review(card=card, at=AT + timedelta(seconds=5))
    deliver_all()
    graded, undone = Statement.objects.order_by("at")
    assert (graded.verb, graded.activity, graded.name) == ("answered", "card", "")
    assert graded.result["score"]["raw"] == 3
    assert undone.verb == "voided" and undone.voids == graded.id


def test_a_lesson_and_a_course_that_were_finished(student, deliver_all):
    quiz = quiz_with("single")
    seats.grant_seat(student_id=student.pk, course_id=quiz.course_id, at=AT)
    for _again in range(2):
        seats.complete_lesson(student=student, lesson=quiz.lesson, at=timezone.now())
    deliver_all()
    assert verbs() == [("completed", "course"), ("completed", "lesson")]
