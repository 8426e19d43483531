"""The way from a lesson to memory, without a key or a network: each part hands on to the next.

A demo lesson becomes a quiz that its teacher approves; a student's mistakes become cards; a week of
evenings is spent with them; a reminder comes once; a grade is taken back; the deck leaves the
platform and another student opens it with its schedule.
"""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.core import jobs
from apps.core.markdown import render
from apps.courses.tests.factories import CourseFactory, LessonFactory, ModuleFactory
from apps.demo.texts import read_courses
from apps.enrollment.services import complete_lesson, enroll
from apps.learning.formats import apkg
from apps.learning.models import Card, Note, NoteSource, Question, QuestionStatus, Review
from apps.learning.selectors.card_files import notes_for_file
from apps.learning.selectors.cards import due_cards, due_count, forecast
from apps.learning.selectors.log import replay_of
from apps.learning.services import reviews
from apps.learning.services.imports.notes import import_notes
from apps.learning.services.reminders import remind
from apps.notifications.models import Notification

MORNING = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def lesson(teacher):
    """The lesson on the forgetting curve, as the demo's teacher wrote it."""
    text = next(each for each in read_courses() if each.key == "how-memory-works")
    words = text.modules[0][1][1]
    course = CourseFactory(owner=teacher, language="en")
    return LessonFactory(
        module=ModuleFactory(course=course), title=words.title, content=words.content
    )


def approve_a_quiz(api, lesson):
    """As its teacher does through the API: asked for, read, one question refused, published."""
    client = api(lesson.course.owner)
    answer = client.post(f"/api/lessons/{lesson.pk}/quiz/generate", {}, format="json")
    assert answer.status_code == 202, answer.json()
    jobs.run(answer.json()["job"])
    job = client.get(f"/api/jobs/{answer.json()['job']}").json()
    assert (job["status"], job["progress"]) == ("done", 100)
    quiz_id = job["result"]["quiz"]
    assert job["result"]["engine"] == "offline"
    drafts = client.get(f"/api/lessons/{lesson.pk}/quiz").json()
    assert len(drafts["questions"]) >= 3
    assert client.post(f"/api/quizzes/{quiz_id}/publish").status_code == 200
    return quiz_id


def test_from_a_lesson_to_memory(api, teacher, student, stranger, lesson, deliver_all):
    learner = api(student)
    enroll(student=student, course=lesson.course, at=MORNING)
    assert learner.get(f"/api/lessons/{lesson.pk}/quiz").status_code == 404
    quiz_id = approve_a_quiz(api, lesson)
    assert not Question.objects.filter(status=QuestionStatus.DRAFT).exists()

    # Every question left unanswered is a mistake, and every mistake a card, once.
    attempt = learner.post(f"/api/quizzes/{quiz_id}/attempts").json()
    asked = learner.get(f"/api/lessons/{lesson.pk}/quiz").json()["questions"]
    result = learner.post(
        f"/api/attempts/{attempt['id']}/submit", {"answers": []}, format="json"
    ).json()
    assert (result["score"], result["passed"]) == (0, False)
    assert result["flashcards_created"] == len(asked)
    assert all(row["explanation"] for row in result["results"])
    again = learner.post(f"/api/quizzes/{quiz_id}/attempts").json()
    rights = [
        {"question": row["question"], "answer": row["right_answer"]} for row in result["results"]
    ]
    second = learner.post(
        f"/api/attempts/{again['id']}/submit", {"answers": rights}, format="json"
    ).json()
    assert (second["percent"], second["passed"], second["flashcards_created"]) == (100, True, 0)

    # The lesson's own terms become cards when it is done.
    complete_lesson(student=student, lesson=lesson, at=MORNING)
    deliver_all()
    sources = set(Note.objects.filter(student=student).values_list("source", flat=True))
    assert sources == {NoteSource.MISTAKE, NoteSource.TERM}
    mine = Card.objects.filter(student=student)
    assert mine.count() > len(asked)

    # What was made just now is put into the past, so that a week can be lived.
    mine.update(due=MORNING, unplaced_due=MORNING, created_at=MORNING)
    evening = MORNING.replace(hour=19)
    counts = []
    for day in range(7):
        moment = evening + day * DAY
        while (card := due_cards(student, moment).first()) is not None:
            grade = 1 if day == 3 and card.reps == 3 else 3
            reviews.review_card(card=card, rating=grade, at=moment, duration_ms=4000)
            moment += timedelta(minutes=11)
        counts.append(
            Review.objects.filter(student=student, reviewed_at__gte=evening + day * DAY).count()
        )
        assert due_count(student, moment) == 0
    assert counts[0] >= 2 * mine.count()  # two learning steps on the first evening
    assert 0 in counts[1:]  # and days that ask nothing
    assert mine.filter(stability__gt=2).count() == mine.count()
    assert sum(row.count for row in forecast(student, evening + 7 * DAY, 30)) >= mine.count()
    for card in mine:
        assert replay_of(card) == card.figures

    # One reminder on a day when cards wait, in the student's own morning.
    waits = mine.order_by("due").first().due.astimezone(ZoneInfo(student.timezone))
    noon = (waits + DAY).replace(hour=12)
    assert remind(at=noon) == 1
    assert remind(at=noon + timedelta(hours=2)) == 0
    deliver_all()
    told = Notification.objects.get(user=student, kind="cards_due")
    assert told.params["count"] == due_count(student, noon)

    # A grade taken back leaves no trace but the log's.
    card = due_cards(student, noon).first()
    before, waiting = card.figures, due_count(student, noon)
    reviews.review_card(card=card, rating=1, at=noon)
    assert due_count(student, noon) != waiting or card.figures != before
    assert reviews.undo_review(card=card, at=noon).figures == before
    assert due_count(student, noon) == waiting

    # The deck goes with its schedule and comes back with it.
    notes = notes_for_file(student, everything=True, no_course="none")
    package = apkg.write(
        notes, render=render, retention=0.9, zone=ZoneInfo("UTC"), day_start=4, at=noon
    )
    opened = apkg.read(io.BytesIO(package), zone=ZoneInfo("UTC"), day_start=4)
    assert not opened.problems
    import_notes(student=stranger, notes=opened.notes, kind="apkg", at=noon)
    assert schedules(stranger) == schedules(student)


def schedules(student):
    cards = Card.objects.filter(student=student).select_related("note")
    return sorted(
        (card.note.front, card.due, card.state, card.stability, card.difficulty, card.reps)
        for card in cards
    )
