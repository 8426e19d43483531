"""The question bank: questions added, edited as new versions, approved, moved and taken out."""

import random
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.ai.prompts.quiz.schema import DraftQuestion, QuestionKind
from apps.core.errors import Conflict, Invalid, NotFound
from apps.courses.models import Course, Lesson

from ..engine import numbers, spans
from ..engine.questions import body_of, draft_of
from ..models import Difficulty, Question, QuestionStatus, QuestionVersion, Quiz
from .concepts import tag_question

MAX_IN_QUIZ = 100
_pick = random.SystemRandom()


@transaction.atomic
def add_question(
    *,
    course: Course,
    draft: DraftQuestion,
    editor: User | None,
    at: datetime,
    quiz: Quiz | None = None,
    lesson: Lesson | None = None,
    status: QuestionStatus = QuestionStatus.DRAFT,
    engine: str = "",
    difficulty: str = Difficulty.MEDIUM,
    concepts: Sequence[int] = (),
) -> Question:
    """A question at the end of the quiz, or in the bank alone.

    `lesson` is where it was made from (the quiz's own, if not given); `engine` made it, if no
    person did. Raises Conflict when the quiz is full.
    """
    if quiz is not None:
        _check_room(quiz, course)
        lesson = lesson or quiz.lesson
    question = Question.objects.create(
        course=course,
        quiz=quiz,
        lesson=lesson,
        status=status,
        position=_last_position(quiz) + 1,
        difficulty=difficulty,
        created_at=at,
        updated_at=at,
    )
    if concepts:
        tag_question(question=question, concepts=concepts, at=at)
    _add_version(question, draft, number=1, author=editor, engine=engine, at=at)
    return question


@transaction.atomic
def edit_question(
    *,
    question: Question,
    draft: DraftQuestion,
    editor: User,
    at: datetime,
    difficulty: str | None = None,
    concepts: Sequence[int] | None = None,
) -> Question:
    """The question with a new version, if its words changed; past attempts keep what they asked.

    Its difficulty and concepts stay as they are when none are given.
    """
    question = _locked(question)
    if difficulty is not None and difficulty != question.difficulty:
        question.difficulty = difficulty
        question.save(update_fields=["difficulty"])
    if concepts is not None:
        tag_question(question=question, concepts=concepts, at=at)
    current = question.current
    draft = draft.model_copy(update={"right": sorted(draft.right)})
    if current is not None and draft_of(current) == draft:
        return question
    number = current.number + 1 if current else 1
    _add_version(question, draft, number=number, author=editor, engine="", at=at)
    return question


def _add_version(
    question: Question,
    draft: DraftQuestion,
    *,
    number: int,
    author: User | None,
    engine: str,
    at: datetime,
) -> None:
    _check(draft)
    question.current = QuestionVersion.objects.create(
        question=question,
        number=number,
        kind=draft.kind,
        text=draft.text,
        body=body_of(draft, _pick),
        explanation=draft.explanation,
        quote=draft.quote,
        section=draft.section,
        engine=engine,
        author=None if engine else author,
        created_at=at,
    )
    place_quote(question, question.lesson.content if question.lesson else "", at)
    question.updated_at = at
    question.save(update_fields=["current", "span_start", "span_end", "stale_since", "updated_at"])


def _check(draft: DraftQuestion) -> None:
    """What the form of a draft doesn't rule out and marking couldn't bear."""
    if draft.kind == QuestionKind.NUMERIC:
        for field in ("value", "tolerance"):
            text = f"{getattr(draft, field):f}"
            try:
                numbers.checked(text)
            except numbers.NotANumber:
                text = ""
            if not 0 < len(text) <= numbers.MAX_LENGTH // 2:
                raise Invalid(errors={field: [_("This number can’t be asked for.")]})
    if "\x00" in draft.model_dump_json():
        raise Invalid(
            errors={
                "text": [
                    _(
                        "The text holds control characters, which can’t be stored. Remove them and send it again."
                    )
                ]
            }
        )


def place_quote(question: Question, content: str, at: datetime) -> bool:
    """Set where the quote stands now, and stale when it is nowhere; whether anything differs."""
    before = (question.span_start, question.span_end, question.stale_since)
    quote = question.current.quote if question.current else ""
    span = spans.find(quote, content) if quote and question.lesson_id else None
    question.span_start, question.span_end = span or (None, None)
    if span or not quote or not question.lesson_id:
        question.stale_since = None
    else:
        question.stale_since = question.stale_since or at
    return before != (question.span_start, question.span_end, question.stale_since)


@transaction.atomic
def place_quotes(*, lesson_id: int, at: datetime) -> int:
    """After an edit of the lesson: find the quotes of its questions again; how many moved or went."""
    lesson = Lesson.objects.filter(pk=lesson_id).only("content").first()
    if lesson is None:
        return 0
    questions = Question.objects.filter(lesson_id=lesson_id).select_related("current")
    _lock_quizzes(*questions.values_list("quiz_id", flat=True))
    locked = questions.select_for_update(of=("self",)).order_by("pk")
    moved = [question for question in locked if place_quote(question, lesson.content, at)]
    Question.objects.bulk_update(moved, ["span_start", "span_end", "stale_since"])
    return len(moved)


# ── What becomes of a question ────────────────────────────────────────────────────────────────
@transaction.atomic
def approve_question(*, question: Question, at: datetime) -> Question:
    return _set_status(_locked(question), QuestionStatus.APPROVED, at)


@transaction.atomic
def retire_question(*, question: Question, at: datetime) -> Question:
    """No longer asked; past attempts keep it. The last one of a published quiz stays: Conflict."""
    question = _locked(question)
    _check_not_last(question)
    return _set_status(question, QuestionStatus.RETIRED, at)


@transaction.atomic
def restore_question(*, question: Question, at: datetime) -> Question:
    """A retired question is a draft again."""
    question = _locked(question)
    if question.status != QuestionStatus.RETIRED:
        return question
    return _set_status(question, QuestionStatus.DRAFT, at)


def _set_status(question: Question, status: QuestionStatus, at: datetime) -> Question:
    if question.status != status:
        question.status = status
        question.updated_at = at
        question.save(update_fields=["status", "updated_at"])
    return question


def _check_not_last(question: Question) -> None:
    """A published quiz keeps a question."""
    if question.quiz_id is None or question.status != QuestionStatus.APPROVED:
        return
    quiz = Quiz.objects.get(pk=question.quiz_id)
    others = quiz.questions.approved().exclude(pk=question.pk)
    if quiz.published_at and not others.exists():
        raise Conflict(_("A published quiz keeps at least one question. Unpublish it first."))


# ── Where a question stands ───────────────────────────────────────────────────────────────────
@transaction.atomic
def move_question(*, question: Question, quiz: Quiz | None, at: datetime) -> Question:
    """To the end of another quiz of its course, or out of any (None)."""
    question = _locked(question, quiz)
    if quiz is not None and quiz.pk == question.quiz_id:
        return question
    _check_not_last(question)
    if quiz is not None:
        _check_room(quiz, question.course)
    question.quiz = quiz
    question.position = _last_position(quiz) + 1
    question.updated_at = at
    question.save(update_fields=["quiz", "position", "updated_at"])
    return question


@transaction.atomic
def reorder_questions(*, quiz: Quiz, ids: Sequence[int], at: datetime) -> None:
    """Put the quiz's questions in this order; retired ones needn't be named.

    Raises Invalid for ids that aren't the quiz's or come twice, Conflict when some are left out.
    """
    _lock_quizzes(quiz.pk)
    questions = {question.pk: question for question in quiz.questions.all()}
    if len(set(ids)) != len(ids) or not set(ids) <= set(questions):
        raise Invalid(errors={"ids": [_("Name the questions of this quiz, each once.")]})
    asked = {pk for pk, each in questions.items() if each.status != QuestionStatus.RETIRED}
    if not asked <= set(ids):
        raise Conflict(_("The questions were changed elsewhere. Load them again."))
    for place, pk in enumerate(ids, start=1):
        questions[pk].position = place
    Question.objects.bulk_update([questions[pk] for pk in ids], ["position"])


def _check_room(quiz: Quiz, course: Course) -> None:
    """Under the lock of the quiz, so that positions follow one another."""
    _lock_quizzes(quiz.pk)
    if quiz.course_id != course.pk:
        raise Invalid(errors={"quiz": [_("This quiz belongs to another course.")]})
    if quiz.questions.exclude(status=QuestionStatus.RETIRED).count() >= MAX_IN_QUIZ:
        raise Conflict(
            _("The limit of %(count)s is reached. Delete something first.") % {"count": MAX_IN_QUIZ}
        )


def _last_position(quiz: Quiz | None) -> int:
    if quiz is None:
        return 0
    return quiz.questions.aggregate(last=Max("position"))["last"] or 0


# ── Locks: quizzes in the order of their ids, then questions ──────────────────────────────────
def _lock_quizzes(*quiz_ids: int | None) -> None:
    rows = Quiz.objects.filter(pk__in={pk for pk in quiz_ids if pk is not None})
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _locked(question: Question, *quizzes: Quiz | None) -> Question:
    _lock_quizzes(question.quiz_id, *(quiz.pk for quiz in quizzes if quiz is not None))
    rows = Question.objects.select_related("current", "lesson", "course")
    found = rows.select_for_update(of=("self",)).filter(pk=question.pk).first()
    if found is None:
        raise NotFound
    return found
