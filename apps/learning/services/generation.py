"""Drafts of questions made by an engine and put into a quiz; run by jobs, outside transactions."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.ai.prompts.quiz.schema import DraftQuestion
from apps.ai.selectors import credits_of
from apps.ai.services import OFFLINE, Material, ask
from apps.core.errors import Conflict, NotFound, TooMany
from apps.courses.models import Course, Lesson

from ..engine.likeness import is_like
from ..engine.questions import draft_of
from ..models import Answer, QuestionStatus, Quiz
from .questions import MAX_IN_QUIZ, add_question
from .quizzes import quiz_for

FEWEST_WORDS = 40
FEW = 3  # questions; fewer are told of

Report = Callable[..., None]


def material_of(lesson: Lesson) -> Material:
    return Material(title=lesson.title, text=lesson.content, language=language_of(lesson.content))


def language_of(text: str) -> str:
    """ "ru" or "en", by the letters of the text: a course's own setting is often left as it was."""
    cyrillic = len(re.findall(r"[а-яё]", text, re.IGNORECASE))
    latin = len(re.findall(r"[a-z]", text, re.IGNORECASE))
    return "ru" if cyrillic > latin else "en"


def is_too_short(lesson: Lesson) -> bool:
    return len(re.findall(r"\w+", lesson.content)) < FEWEST_WORDS


# ── One lesson ────────────────────────────────────────────────────────────────────────────────
def generate_for_lesson(
    *, lesson_id: int, by: User, offline: bool, report: Report
) -> dict[str, Any]:
    """Drafts in the lesson's quiz: {"quiz", "questions", "engine", "note"}.

    Raises Conflict when the lesson is too short to ask about.
    """
    lesson = Lesson.objects.filter(pk=lesson_id).first()
    if lesson is None:
        raise NotFound(_("The lesson is gone."))
    if is_too_short(lesson):
        raise Conflict(
            _("This lesson is too short to make questions from. Write some paragraphs first.")
        )
    report(10)
    outcome = ask(
        task="quiz",
        material=material_of(lesson),
        user=by,
        at=timezone.now(),
        course_id=lesson.course_id,
        offline=offline,
    )
    report(80)
    now = timezone.now()
    quiz = quiz_for(lesson=lesson, at=now)
    drafts = outcome.value.questions
    fallback = _fallback(outcome.engine, by, offline, now)
    added = keep_drafts(quiz=quiz, drafts=drafts, engine=outcome.engine, at=now)
    return {
        "quiz": quiz.pk,
        "questions": added,
        "engine": outcome.engine,
        "note": " ".join(filter(None, [fallback, _note(len(drafts), added)])),
    }


def _fallback(engine: str, by: User, offline: bool, at: datetime) -> str:
    """Said when a model was to be asked and the offline engine answered."""
    if offline or engine != OFFLINE or credits_of(by, at).engine == OFFLINE:
        return ""
    return _("The model gave nothing usable, so the questions were made without it.")


def _note(found: int, added: int) -> str:
    """What a teacher should know about the yield; empty when there is nothing to say."""
    if not found:
        return _("This lesson gives no questions. Bold terms with definitions make better quizzes.")
    if not added:
        return _("Nothing new: the quiz has these questions already.")
    if found < FEW:
        text = ngettext(
            "This lesson gives only %(count)s question. Bold terms with definitions make better "
            "quizzes.",
            "This lesson gives only %(count)s questions. Bold terms with definitions make better "
            "quizzes.",
            found,
        )
        return text % {"count": found}
    return ""


@transaction.atomic
def keep_drafts(*, quiz: Quiz, drafts: Sequence[DraftQuestion], engine: str, at: datetime) -> int:
    """Put an engine's drafts into the quiz; how many were added.

    They replace drafts of an engine that nobody touched. Approved and edited ones stay, and what
    the quiz has, or had until its teacher took it out, isn't added again.
    """
    quiz = (
        Quiz.objects.select_related("course", "lesson")
        .select_for_update(of=("self",))
        .get(pk=quiz.pk)
    )
    asked = Exists(Answer.objects.filter(question=OuterRef("pk")))
    drafted = quiz.questions.filter(~asked, status=QuestionStatus.DRAFT)
    drafted.exclude(current__engine="").delete()
    kept = list(quiz.questions.select_related("current"))
    known = [draft_of(question.current) for question in kept]
    room = MAX_IN_QUIZ - sum(question.status != QuestionStatus.RETIRED for question in kept)
    added = 0
    for draft in drafts:
        if added >= room or any(is_like(draft, other) for other in known):
            continue
        add_question(course=quiz.course, quiz=quiz, draft=draft, editor=None, engine=engine, at=at)
        known.append(draft)
        added += 1
    return added


# ── A whole course ────────────────────────────────────────────────────────────────────────────
def generate_for_course(
    *, course_id: int, by: User, offline: bool, report: Report, checkpoint: dict[str, Any] | None
) -> dict[str, Any]:
    """Drafts for every lesson: {"quizzes", "questions", "skipped", "engine", "note"}.

    `checkpoint` is what the last report stored: lessons that are done aren't asked about again.
    With the day's credits used up it goes on without a model.
    """
    course = Course.objects.filter(pk=course_id).first()
    if course is None:
        raise NotFound(_("The course is gone."))
    lesson_ids = list(course.lessons.in_order().values_list("pk", flat=True))
    tally = checkpoint or {"done": [], "quizzes": 0, "questions": 0, "skipped": 0, "engine": ""}
    for lesson_id in lesson_ids:
        if lesson_id in tally["done"]:
            continue
        _add_lesson(tally, lesson_id, by, offline)
        report(100 * len(tally["done"]) // max(1, len(lesson_ids)), checkpoint=tally)
    skipped = tally["skipped"]
    note = ngettext(
        "%(count)s lesson gave no new questions.",
        "%(count)s lessons gave no new questions.",
        skipped,
    ) % {"count": skipped}
    return {
        **{key: value for key, value in tally.items() if key != "done"},
        "note": note if skipped else "",
    }


def _add_lesson(tally: dict[str, Any], lesson_id: int, by: User, offline: bool) -> None:
    def quiet(percent: int) -> None: ...

    added = 0
    try:
        made = _made_somehow(lesson_id, by, offline, quiet)
        added = made["questions"]
        tally["engine"] = made["engine"]
    except (Conflict, NotFound):  # too short, or gone meanwhile
        pass
    tally["done"].append(lesson_id)
    tally["questions"] += added
    tally["quizzes"] += bool(added)
    tally["skipped"] += not added


def _made_somehow(lesson_id: int, by: User, offline: bool, report: Report) -> dict[str, Any]:
    try:
        return generate_for_lesson(lesson_id=lesson_id, by=by, offline=offline, report=report)
    except TooMany:
        return generate_for_lesson(lesson_id=lesson_id, by=by, offline=True, report=report)
