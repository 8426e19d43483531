"""The bank: versions, statuses, places, and quotes that follow the lesson."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.core.errors import Conflict, Invalid
from apps.courses import services as courses
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.learning.models import Question, QuestionStatus
from apps.learning.services import attempts, questions

from .factories import DRAFTS, QuizFactory, quiz_with

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def edited(kind: str, **changes):
    return DRAFTS[kind].model_copy(update=changes)


@pytest.fixture
def quiz():
    return quiz_with("single", "short", "numeric")


@pytest.fixture
def question(quiz) -> Question:
    return quiz.questions.in_order().first()


def test_questions_stand_one_after_another_with_a_first_version(quiz, teacher):
    assert [q.position for q in quiz.questions.in_order()] == [1, 2, 3]
    question = quiz.questions.in_order().last()
    assert (question.current.number, question.current.kind, question.lesson_id) == (
        1,
        "numeric",
        quiz.lesson_id,
    )
    assert question.current.author == quiz.course.owner
    made = questions.add_question(
        course=quiz.course, draft=DRAFTS["short"], editor=None, engine="offline", at=NOW
    )
    assert (made.quiz, made.status, made.current.engine, made.current.author) == (
        None,
        "draft",
        "offline",
        None,
    )


def test_an_edit_is_a_new_version_and_attempts_keep_the_old_one(question, student):
    attempt = attempts.start_attempt(quiz=question.quiz, student=student, at=NOW)
    asked = attempt.answers.get(question=question).version
    owner = question.course.owner
    same = questions.edit_question(question=question, draft=DRAFTS["single"], editor=owner, at=NOW)
    assert same.current == asked
    changed = questions.edit_question(
        question=question, draft=edited("single", text="Which one?"), editor=owner, at=LATER
    )
    assert (changed.current.number, changed.current.text, changed.updated_at) == (
        2,
        "Which one?",
        LATER,
    )
    assert attempt.answers.get(question=question).version.text == DRAFTS["single"].text
    assert changed.current.body != asked.body  # new ids tell nothing of the old ones


@pytest.mark.parametrize(
    "changes", [{"value": "1e40"}, {"tolerance": "1e-50"}, {"value": "1" * 31 + "." + "1" * 40}]
)
def test_numbers_beyond_all_measure_cant_be_asked(question, changes):
    draft = edited("numeric", **{name: Decimal(value) for name, value in changes.items()})
    with pytest.raises(Invalid) as error:
        questions.edit_question(
            question=question, draft=draft, editor=question.course.owner, at=NOW
        )
    assert set(error.value.errors) == set(changes)


def test_a_retired_question_comes_back_as_a_draft(question):
    assert questions.retire_question(question=question, at=NOW).status == QuestionStatus.RETIRED
    assert questions.restore_question(question=question, at=NOW).status == QuestionStatus.DRAFT
    assert questions.approve_question(question=question, at=NOW).status == QuestionStatus.APPROVED


def test_a_published_quiz_keeps_a_question():
    quiz = quiz_with("single")
    only = quiz.questions.get()
    other = QuizFactory(lesson=LessonFactory(course=quiz.course))
    for refused in (
        lambda: questions.retire_question(question=only, at=NOW),
        lambda: questions.move_question(question=only, quiz=other, at=NOW),
    ):
        with pytest.raises(Conflict):
            refused()
    quiz.published_at = None
    quiz.save()
    assert questions.retire_question(question=only, at=NOW).status == QuestionStatus.RETIRED


def test_questions_move_between_quizzes_of_their_course(question):
    other = quiz_with("cloze", lesson=LessonFactory(course=question.course))
    moved = questions.move_question(question=question, quiz=other, at=LATER)
    assert (moved.quiz, moved.position) == (other, 2)
    assert questions.move_question(question=question, quiz=None, at=LATER).quiz is None
    with pytest.raises(Invalid):
        questions.move_question(question=question, quiz=QuizFactory(), at=LATER)


def test_questions_are_put_in_order(quiz):
    first, second, third = quiz.questions.in_order().values_list("pk", flat=True)
    questions.reorder_questions(quiz=quiz, ids=[third, first, second], at=NOW)
    assert list(quiz.questions.in_order().values_list("pk", flat=True)) == [third, first, second]
    with pytest.raises(Conflict):
        questions.reorder_questions(quiz=quiz, ids=[third, first], at=NOW)
    foreign = quiz_with("single").questions.get().pk
    for ids in ([first, first, second, third], [first, second, third, foreign]):
        with pytest.raises(Invalid):
            questions.reorder_questions(quiz=quiz, ids=ids, at=NOW)


def test_a_full_quiz_takes_no_more(quiz, monkeypatch):
    monkeypatch.setattr(questions, "MAX_IN_QUIZ", 3)
    with pytest.raises(Conflict):
        questions.add_question(
            course=quiz.course, quiz=quiz, draft=DRAFTS["cloze"], editor=None, at=NOW
        )
    with pytest.raises(Invalid):
        questions.add_question(
            course=CourseFactory(), quiz=quiz, draft=DRAFTS["cloze"], editor=None, at=NOW
        )


# ── Quotes ────────────────────────────────────────────────────────────────────────────────────
def test_a_question_goes_stale_with_its_quote_and_comes_back(teacher, deliver_all):
    course = CourseFactory(owner=teacher)
    lesson = LessonFactory(course=course, content="Cells. **Mitochondria** make ATP.")
    quiz = quiz_with("single", "short", lesson=lesson)

    def placed(text: str):
        courses.update_lesson(lesson=lesson, editor=teacher, changes={"content": text}, at=LATER)
        deliver_all()
        found = quiz.questions.in_order().first()
        return (found.span_start, found.span_end), found.stale_since is not None

    first = quiz.questions.in_order().first()
    assert lesson.content[first.span_start : first.span_end] == "Mitochondria** make ATP"
    assert placed("New. Cells. **Mitochondria** make ATP.") == ((14, 37), False)
    assert placed("New. Cells.") == ((None, None), True)
    since = quiz.questions.in_order().first().stale_since
    assert placed("Other.")[1]
    assert quiz.questions.in_order().first().stale_since == since
    assert placed("Mitochondria make ATP!") == ((0, 21), False)
    assert quiz.questions.in_order().last().stale_since is None  # it quotes nothing


def test_a_lesson_that_was_deleted_and_restored_has_its_quiz_again(teacher, deliver_all):
    course = courses.create_course(owner=teacher, title="Cells", at=NOW)
    module = courses.add_module(course=course, title="One", editor=teacher, at=NOW)
    lesson = courses.add_lesson(
        module=module, title="L", content="Mitochondria make ATP.", editor=teacher, at=NOW
    )
    quiz = quiz_with("single", lesson=lesson)
    before = course.versions.first().number
    courses.delete_lesson(lesson=lesson, editor=teacher, at=LATER)
    deliver_all()
    quiz.refresh_from_db()
    assert (quiz.lesson_id, quiz.questions.get().lesson_id) == (None, None)
    courses.restore_version(course=course, number=before, by=teacher, at=LATER)
    deliver_all()
    quiz.refresh_from_db()
    question = quiz.questions.get()
    assert (quiz.lesson_id, question.lesson_id) == (lesson.pk, lesson.pk)
    assert (question.span_start, question.stale_since) == (0, None)


def test_placing_quotes_costs_the_same_for_many(django_assert_num_queries):
    for kinds in (["single"], ["single"] * 3):
        quiz = quiz_with(*kinds)
        with django_assert_num_queries(6):
            assert questions.place_quotes(lesson_id=quiz.lesson_id, at=NOW) == 0
