"""Turns of a talk with the tutor: kept, answered once, limited."""

import pytest
from django.test import AsyncRequestFactory
from django.utils import timezone

from apps.core.errors import Conflict, Invalid, NotFound, TooMany
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services import grant_seat
from apps.learning import tutor_stream
from apps.learning.models import Evidence, LessonConcept, Speaker, TutorMessage, TutorThread
from apps.learning.selectors import answer_keys as keys
from apps.learning.services.tutor import ask_tutor

from .factories import TEXT, ConceptFactory, quiz_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(student):
    course = CourseFactory()
    grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
    return LessonFactory(course=course, title="How cells divide", content=TEXT)


@pytest.fixture
def ask(student, lesson):
    def say(text, **fields):
        given = {"student": student, "lesson": lesson, "at": timezone.now()} | fields
        return ask_tutor(text=text, **given)

    return say


def test_a_question_is_answered_by_a_question(ask):
    reply = ask("Who described how the cells of animals divide?")
    assert reply.speaker == Speaker.TUTOR
    assert reply.text.endswith("?")
    assert "Remak" not in reply.text
    assert (reply.engine, reply.prompt_version, reply.rung) == ("offline", "v1", 0)
    [cited] = reply.citations
    assert TEXT[cited["start"] : cited["end"]].startswith("Robert Remak")


def test_tries_climb_and_a_right_one_is_acknowledged(ask):
    ask("Who described how the cells of animals divide?")
    wrong = ask("I think the spindle of the chromatids described it")
    assert (wrong.rung, wrong.reply_to.score) == (1, 0)
    right = ask("Robert Remak, in 1841, by observation of years")
    assert right.reply_to.score == 1
    assert right.reply_to.rung == 1
    assert "Remak" in right.text


def test_judged_turns_are_evidence(student, lesson, ask):
    concept = ConceptFactory(course=lesson.course, name="Animal cells")
    LessonConcept.objects.create(lesson=lesson, concept=concept)
    ask("Who described how the cells of animals divide?")
    ask("I think the spindle of the chromatids described it")
    ask("Robert Remak, in 1841, by observation of years")
    told = Evidence.objects.filter(student=student, kind="tutor").order_by("pk")
    assert list(told.values_list("concepts", "score", "hints")) == [
        ([concept.pk], 0, 0),
        ([concept.pk], 1, 1),
    ]


def test_a_resent_message_has_one_reply(ask):
    first = ask("What does the spindle do?", key="k1")
    assert ask("What does the spindle do?", key="k1") == first
    assert TutorMessage.objects.count() == 2


def test_one_reply_at_a_time(ask):
    ask("What does the spindle do?")
    TutorThread.objects.update(replying_until=timezone.now() + timezone.timedelta(minutes=1))
    with pytest.raises(Conflict):
        ask("And what does the wall do?")
    assert TutorMessage.objects.count() == 2


def test_bad_messages_are_refused(ask):
    for text in ["", "   ", "—", "x" * 2001]:
        with pytest.raises(Invalid) as told:
            ask(text)
        assert "text" in told.value.errors
    assert not TutorMessage.objects.exists()


def test_limits(ask, settings):
    settings.TUTOR_MESSAGES_PER_MINUTE = 1
    ask("What does the spindle do?")
    with pytest.raises(TooMany):
        ask("And what does the wall do?")


def test_a_closed_lesson_has_no_tutor(ask, stranger):
    with pytest.raises(NotFound):
        ask("What does the spindle do?", student=stranger)


def test_a_reply_comes_in_pieces_after_it_was_checked(student, lesson):
    found = list(
        tutor_stream.events(
            student=student, lesson=lesson, text="What is mitosis?", at=timezone.now()
        )
    )
    kinds = [event["type"] for event in found]
    assert kinds[:2] == ["state", "state"]
    assert kinds[-1] == "message"
    said = "".join(event["text"] for event in found if event["type"] == "text")
    assert said == found[-1]["message"]["text"]


def test_a_stream_tells_what_went_wrong(student, lesson):
    [event] = tutor_stream.events(student=student, lesson=lesson, text=" ", at=timezone.now())
    assert (event["type"], event["status"]) == ("error", 400)


async def test_a_stream_steps_in_a_thread_and_ends_with_its_reader():
    ended = []

    def said():
        try:
            for word in ("one", "two", "three"):
                yield {"type": "text", "text": word}
        finally:
            ended.append(True)

    request = AsyncRequestFactory().post("/")
    answer = tutor_stream.response(request, said())
    assert answer.is_async
    pieces = tutor_stream.in_its_thread(tutor_stream._framed(event) for event in said())
    assert b"one" in await anext(pieces)
    await pieces.aclose()
    assert ended


def test_of_a_large_bank_what_quizzes_ask_is_kept_first(monkeypatch):
    monkeypatch.setattr(keys, "MOST", 1)
    course = CourseFactory()
    quiz_with("numeric", course=course, lesson=LessonFactory(course=course), published_at=None)
    quiz_with("short", course=course, lesson=LessonFactory(course=course))
    (key,) = keys.answer_keys(course.pk)
    assert frozenset({"nucleus"}) in key.answers
