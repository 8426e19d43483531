"""Cards that nobody writes: from mistakes in quizzes and from the terms of finished lessons."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from apps.core import bus
from apps.courses.tests.factories import LessonFactory
from apps.enrollment.events import LessonCompleted
from apps.learning.engine.marking import right_answer
from apps.learning.engine.mistakes import sides
from apps.learning.models import Card, LessonDigest, Note, NoteSource, QuestionConcept
from apps.learning.selectors.tags import concepts_of_notes
from apps.learning.services import attempts, notes, reviews
from apps.learning.services.digests import hash_of
from apps.learning.tests.factories import DRAFTS, ConceptFactory, quiz_with

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def failed(student, quiz, *, right=()):
    """An attempt with nothing answered but the questions of the kinds in `right`."""
    attempt = attempts.start_attempt(quiz=quiz, student=student, at=NOW)
    answers = [
        attempts.Given(row.question_id, right_answer(row.version.kind, row.version.body))
        for row in attempt.answers.select_related("version")
        if row.version.kind in right
    ]
    return attempts.submit_attempt(attempt=attempt, answers=answers, at=NOW)


def front_and_back(kind):
    note = Note.objects.get(question__current__kind=kind)
    return note.front, note.back


def test_each_mistake_makes_one_card(student):
    quiz = quiz_with("single", "short", "true_false")
    first = failed(student, quiz, right=("short",))
    assert first.cards_created == Note.objects.count() == 2
    note = Note.objects.filter(question__current__kind="single").get()
    assert (note.source, note.course, note.lesson) == (NoteSource.MISTAKE, quiz.course, quiz.lesson)
    assert note.cards.get().due == NOW
    again = failed(student, quiz)
    assert again.cards_created == 1  # the one that was right the first time
    assert Note.objects.count() == Card.objects.count() == 3


def test_a_switch_turns_them_off(student):
    reviews.change_memory_settings(student=student, changes={"cards_from_mistakes": False}, at=NOW)
    assert failed(student, quiz_with("single")).cards_created == 0


@pytest.mark.parametrize(
    "text",
    ["True or false: ribosomes make ATP.", "Верно ли утверждение: рибосомы образуют АТФ."],
)
def test_a_statement_that_asks_already_isnt_asked_twice(text):
    front, back = sides(
        kind="true_false", text=text, body={"right": False}, explanation="", layout=[]
    )
    assert (front, back) == (text, "False")


def test_the_sides_can_be_understood_alone(student):
    failed(student, quiz_with(*DRAFTS))
    front, back = front_and_back("single")
    head, options = front.split("\n\n")
    assert head == "Which organelle makes ATP?"
    assert sorted(options.splitlines()) == [
        "- the mitochondrion",
        "- the nucleus",
        "- the ribosome",
    ]
    assert back == "the mitochondrion\n\nIn the lesson: mitochondria make ATP."
    assert sorted(front_and_back("multiple")[1].splitlines()) == ["- a nucleus", "- a ribosome"]
    assert front_and_back("true_false") == (
        "Ribosomes make ATP.\n\nTrue or false?",
        "False",
    )
    assert front_and_back("short") == ("What holds the DNA?", "the nucleus")
    assert front_and_back("numeric") == ("How fast does a body fall?", "9.81 m/s²")
    front, back = front_and_back("ordering")
    assert sorted(front.splitlines()[2:]) == [
        "- anaphase",
        "- metaphase",
        "- prophase",
        "- telophase",
    ]
    assert back.splitlines() == ["1. prophase", "1. metaphase", "1. anaphase", "1. telophase"]
    front, back = front_and_back("matching")
    assert "- mitochondrion" in front and "- makes ATP" in front
    assert "- mitochondrion: makes ATP" in back.splitlines()
    assert front_and_back("cloze") == (
        "The ___ holds the ___.",
        "The **nucleus** holds the **DNA**.",
    )


def test_they_speak_the_language_of_the_course(student):
    quiz = quiz_with("true_false")
    quiz.course.language = "ru"
    quiz.course.save(update_fields=["language"])
    failed(student, quiz)
    assert front_and_back("true_false")[0].endswith("Верно или неверно?")


# ── Key terms ─────────────────────────────────────────────────────────────────────────────────
def lesson_with(*terms, course=None):
    lesson = LessonFactory(course=course) if course else LessonFactory()
    LessonDigest.objects.create(
        lesson=lesson,
        content_hash=hash_of(lesson),
        summary="Short.",
        key_terms=[
            {"term": term, "definition": f"What {term} is.", "quote": "."} for term in terms
        ],
        engine="offline",
        made_at=NOW,
    )
    return lesson


def completed(student, lesson) -> None:
    with transaction.atomic():
        bus.publish(
            LessonCompleted(
                enrollment_id=1,
                student_id=student.pk,
                course_id=lesson.course_id,
                lesson_id=lesson.pk,
            )
        )


def test_a_finished_lesson_leaves_its_terms_as_cards(student, deliver_all):
    lesson = lesson_with("Mitosis", "Meiosis")
    for _ in range(2):
        completed(student, lesson)
        deliver_all()
    found = Note.objects.order_by("pk").values_list("front", "back", "source", "lesson")
    assert list(found) == [
        ("Mitosis", "What Mitosis is.", "term", lesson.pk),
        ("Meiosis", "What Meiosis is.", "term", lesson.pk),
    ]


def test_at_most_five_terms_of_a_lesson(student):
    lesson = lesson_with(*"abcdefg")
    assert notes.cards_from_terms(student_id=student.pk, lesson_id=lesson.pk, at=NOW) == 5


def test_a_term_of_the_same_course_is_known_already(student):
    first = lesson_with("Mitosis", "a:b")
    second = lesson_with("  MITOSIS ", "b", course=first.course)
    other = lesson_with("Mitosis")
    made = [
        notes.cards_from_terms(student_id=student.pk, lesson_id=lesson.pk, at=NOW)
        for lesson in (first, second, other, first)
    ]
    assert made == [2, 1, 1, 0]


def test_a_term_is_about_the_concept_of_its_name_and_a_mistake_about_that_of_its_question(student):
    lesson = lesson_with("Mitosis", "Cell  Division", "Nothing")
    mitosis = ConceptFactory(course=lesson.course, name="mitosis")
    division = ConceptFactory(course=lesson.course, name="Growth", aliases=["cell division"])
    ConceptFactory(name="Nothing")  # of another course
    notes.cards_from_terms(student_id=student.pk, lesson_id=lesson.pk, at=NOW)
    made = Note.objects.order_by("pk").values_list("pk", flat=True)
    assert concepts_of_notes(made) == {made[0]: (mitosis.pk,), made[1]: (division.pk,)}

    quiz = quiz_with("single", lesson=lesson, course=lesson.course)
    QuestionConcept.objects.create(question=quiz.questions.get(), concept=division)
    failed(student, quiz)
    note = Note.objects.get(source=NoteSource.MISTAKE)
    assert concepts_of_notes([note.pk]) == {note.pk: (division.pk,)}


def test_a_lesson_too_short_and_a_switch_make_none(student):
    short = LessonFactory(content="Too short.")
    assert notes.cards_from_terms(student_id=student.pk, lesson_id=short.pk, at=NOW) == 0
    assert notes.cards_from_terms(student_id=student.pk, lesson_id=999_999, at=NOW) == 0
    reviews.change_memory_settings(student=student, changes={"cards_from_terms": False}, at=NOW)
    lesson = lesson_with("Mitosis")
    assert notes.cards_from_terms(student_id=student.pk, lesson_id=lesson.pk, at=NOW) == 0


def test_a_deleted_card_comes_back_with_the_next_mistake(student):
    quiz = quiz_with("single")
    failed(student, quiz)
    notes.delete_note(note=Note.objects.get(), at=NOW + timedelta(days=1))
    assert failed(student, quiz).cards_created == 1
