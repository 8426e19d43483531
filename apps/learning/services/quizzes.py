"""Quizzes of lessons: made, set up, published, taken back."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.ai.selectors import credits_of
from apps.core import audit, jobs
from apps.core.errors import Conflict, Invalid, NotFound, TooMany
from apps.core.models import Job
from apps.courses.models import Course, Lesson
from apps.courses.services import raise_revision

from ..models import QuestionStatus, Quiz

MAX_WAITING = 10  # generations that a person has under way at once
FIELDS = {
    "title",
    "attempts_limit",
    "time_limit_minutes",
    "pass_percent",
    "shuffles",
    "one_at_a_time",
}


@transaction.atomic
def quiz_for(*, lesson: Lesson, at: datetime) -> Quiz:
    """The lesson's quiz; a new one is a draft named as the lesson."""
    quiz, _made = Quiz.objects.get_or_create(
        lesson=lesson,
        defaults={
            "course_id": lesson.course_id,
            "lesson_key": lesson.pk,
            "title": lesson.title,
            "created_at": at,
            "updated_at": at,
        },
    )
    return quiz


@transaction.atomic
def rejoin_lesson(*, lesson_id: int) -> None:
    """A deleted lesson that was restored has its quiz again, unless it was given another."""
    lesson = Lesson.objects.filter(pk=lesson_id).first()
    orphans = Quiz.objects.select_for_update(of=("self",)).filter(
        lesson=None, lesson_key=lesson_id, course__lessons=lesson_id
    )
    quiz = orphans.order_by("-pk").first() if lesson else None
    if quiz is None or Quiz.objects.filter(lesson=lesson).exists():
        return
    quiz.lesson = lesson
    quiz.save(update_fields=["lesson"])
    quiz.questions.filter(lesson=None).update(lesson=lesson)
    raise_revision(course_id=quiz.course_id)


# ── Made by an engine ─────────────────────────────────────────────────────────────────────────
@transaction.atomic
def start_generation(*, lesson: Lesson, by: User, at: datetime, offline: bool = False) -> Job:
    """Have drafts made from the lesson; the same one that is under way already is gone on with.

    Raises TooMany when a model would be asked and the day's credits are used up.
    """
    if not offline:
        check_credits(by, at)
    quiz = _locked(quiz_for(lesson=lesson, at=at))
    args = {"lesson": lesson.pk, "quiz": quiz.pk, "offline": offline}
    return _start_once("quiz.generate", by, args, at)


@transaction.atomic
def start_course_generation(
    *, course: Course, by: User, at: datetime, offline: bool = False
) -> Job:
    """Have drafts made from every lesson of the course, one after another."""
    Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    args = {"course": course.pk, "offline": offline}
    return _start_once("quiz.generate_course", by, args, at)


def check_credits(by: User, at: datetime) -> None:
    found = credits_of(by, at)
    if found.are_used_up:
        wait = math.ceil((found.resets_at - at).total_seconds())
        raise TooMany(_("Today’s AI credits are used up."), retry_after=max(1, wait))


def _start_once(kind: str, by: User, args: dict[str, Any], at: datetime) -> Job:
    """Raises TooMany when so many wait that others would wait for them."""
    states = [Job.Status.QUEUED, Job.Status.RUNNING]
    waiting = jobs.jobs_of(by).filter(kind__startswith="quiz.generate", status__in=states)
    same = waiting.filter(kind=kind, args=args).first()
    if same is None and waiting.count() >= MAX_WAITING:
        raise TooMany(retry_after=30)
    return same or jobs.start(kind=kind, owner=by, args=args, at=at)


# ── By its teacher ────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def change_quiz(*, quiz: Quiz, changes: Mapping[str, Any], at: datetime) -> Quiz:
    """Set any of FIELDS. An attempt keeps the time limit that it began with."""
    unknown = set(changes) - FIELDS
    if unknown:
        raise TypeError(f"Not to be changed: {', '.join(sorted(unknown))}")
    quiz = _locked(quiz)
    for name, value in changes.items():
        setattr(quiz, name, value.strip() if isinstance(value, str) else value)
    try:
        quiz.clean_fields(exclude={field.name for field in Quiz._meta.fields} - set(changes))
    except ValidationError as error:
        raise Invalid(errors=error.message_dict) from error
    quiz.updated_at = at
    quiz.save(update_fields=[*changes, "updated_at"])
    return quiz


@transaction.atomic
def publish_quiz(*, quiz: Quiz, by: User, at: datetime) -> Quiz:
    """Approve its drafts and show it to students; again approves what came since.

    Raises Conflict without a question or without its lesson.
    """
    quiz = _locked_with_course(quiz)
    if quiz.lesson_id is None:
        raise Conflict(_("The lesson of this quiz is gone."))
    drafts = quiz.questions.filter(status=QuestionStatus.DRAFT)
    drafts.update(status=QuestionStatus.APPROVED, updated_at=at)
    if not quiz.questions.approved().exists():
        raise Conflict(_("Add a question before you publish."))
    if quiz.published_at is None:
        quiz.published_at = quiz.updated_at = at
        quiz.save(update_fields=["published_at", "updated_at"])
        _tell_of_change(quiz, by, "quiz.publish", at)
    return quiz


@transaction.atomic
def unpublish_quiz(*, quiz: Quiz, by: User, at: datetime) -> Quiz:
    """A draft again; attempts that are under way may be finished."""
    quiz = _locked_with_course(quiz)
    if quiz.published_at is not None:
        quiz.published_at = None
        quiz.updated_at = at
        quiz.save(update_fields=["published_at", "updated_at"])
        _tell_of_change(quiz, by, "quiz.unpublish", at)
    return quiz


def _tell_of_change(quiz: Quiz, by: User, action: str, at: datetime) -> None:
    raise_revision(course_id=quiz.course_id)  # the curriculum says which lessons have a quiz
    if by.pk != quiz.course.owner_id:
        audit.record(actor=by, action=action, target=quiz, at=at)


def _locked(quiz: Quiz) -> Quiz:
    rows = Quiz.objects.select_related("course").select_for_update(of=("self",))
    found = rows.filter(pk=quiz.pk).first()
    if found is None:
        raise NotFound
    return found


def _locked_with_course(quiz: Quiz) -> Quiz:
    """The course first, as everywhere in the house."""
    Course.objects.select_for_update(of=("self",)).filter(pk=quiz.course_id).first()
    return _locked(quiz)
