"""The quiz of a lesson in its teacher's hands: made, looked through, set up, published."""

import random
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from apps.accounts.models import User
from apps.accounts.requests import PersonalRequest
from apps.ai.selectors import credits_of
from apps.core.errors import NotFound
from apps.core.jobs import jobs_of
from apps.core.models import Job
from apps.courses.models import Lesson

from ..engine.questions import layout_of
from ..forms.quizzes import QuizForm
from ..models import Question, QuestionKind, QuestionStatus, Quiz
from ..services import quizzes as services
from .asked import asked_version
from .reviewed import reviewed
from .scope import lesson_of

FEW_QUESTIONS = 3


@require_safe
def review(request: PersonalRequest, pk: int) -> HttpResponse:
    """Every question on one screen; for htmx its list alone."""
    lesson = lesson_of(request.user, pk)
    context = review_context(request.user, lesson)
    template = "_list" if request.htmx else "review"
    return render(request, f"learning/studio/{template}.html", context)


@require_safe
def panel(request: PersonalRequest, pk: int) -> HttpResponse:
    """Beside the text in the course editor: the draft that waits, or the offer to make a quiz."""
    lesson = lesson_of(request.user, pk)
    return render(request, "learning/studio/_panel.html", review_context(request.user, lesson))


@require_POST
def generate(request: PersonalRequest, pk: int) -> HttpResponse:
    """Drafts by a model, or with `offline` by the built-in engine."""
    lesson = lesson_of(request.user, pk)
    offline = "offline" in request.POST
    services.start_generation(lesson=lesson, by=request.user, at=timezone.now(), offline=offline)
    if request.htmx:
        return render(request, "learning/studio/_making.html", making_context(request.user, lesson))
    return redirect("learning:quiz_review", lesson.pk)


@require_safe
def making(request: PersonalRequest, pk: int) -> HttpResponse:
    """How far it is; asked again while it runs, and the page is told when it has ended."""
    lesson = lesson_of(request.user, pk)
    context = making_context(request.user, lesson)
    answer = render(request, "learning/studio/_making.html", context)
    if not context["is_making"]:
        trigger_client_event(answer, "quiz:made")
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: PersonalRequest, pk: int) -> HttpResponse:
    lesson = lesson_of(request.user, pk)
    quiz = quiz_of(lesson)
    form = QuizForm(request.POST or None, instance=quiz)
    is_saved = form.is_bound and form.is_valid()
    if is_saved:
        quiz = services.change_quiz(quiz=quiz, changes=form.cleaned_data, at=timezone.now())
        if not request.htmx:
            messages.success(request, _("The settings are saved."))
            return redirect("learning:quiz_review", lesson.pk)
    context = {
        "lesson": lesson,
        "course": lesson.course,
        "form": QuizForm(instance=quiz) if is_saved else form,
        "is_saved": is_saved,
    }
    template = "_settings" if request.htmx else "settings"
    status = 422 if form.is_bound and not is_saved else 200
    return render(request, f"learning/studio/{template}.html", context, status=status)


@require_POST
def publish(request: PersonalRequest, pk: int) -> HttpResponse:
    lesson = lesson_of(request.user, pk)
    quiz = services.publish_quiz(quiz=quiz_of(lesson), by=request.user, at=timezone.now())
    count = quiz.questions.approved().count()
    said = ngettext(
        "The quiz is public: %(count)s question.", "The quiz is public: %(count)s questions.", count
    )
    messages.success(request, said % {"count": count})
    return redirect("learning:quiz_review", lesson.pk)


@require_POST
def unpublish(request: PersonalRequest, pk: int) -> HttpResponse:
    lesson = lesson_of(request.user, pk)
    services.unpublish_quiz(quiz=quiz_of(lesson), by=request.user, at=timezone.now())
    messages.success(request, _("Students no longer see the quiz. What they have done is kept."))
    return redirect("learning:quiz_review", lesson.pk)


@require_safe
def preview(request: PersonalRequest, pk: int) -> HttpResponse:
    """The quiz as students will see it, drafts included; nothing of it is kept."""
    lesson = lesson_of(request.user, pk)
    quiz = quiz_of(lesson)
    pick = random.Random(quiz.pk)  # noqa: S311 - the same order at every look
    versions = [row.current for row in live_questions(quiz)]
    context = {
        "lesson": lesson,
        "course": lesson.course,
        "quiz": quiz,
        "questions": [
            asked_version(
                each,
                layout_of(each.kind, each.body, shuffle=quiz.shuffles, pick=pick),
                number=number,
            )
            for number, each in enumerate(versions, start=1)
        ],
    }
    return render(request, "learning/studio/preview.html", context)


# ── What the pages show ───────────────────────────────────────────────────────────────────────
def quiz_of(lesson: Lesson) -> Quiz:
    quiz = Quiz.objects.select_related("course", "lesson").filter(lesson=lesson).first()
    if quiz is None:
        raise NotFound
    return quiz


def review_context(user: User, lesson: Lesson) -> dict[str, Any]:
    quiz = Quiz.objects.filter(lesson=lesson).first()
    questions = list(live_questions(quiz)) if quiz else []
    drafts = [row for row in questions if row.status == QuestionStatus.DRAFT]
    return {
        "lesson": lesson,
        "course": lesson.course,
        "quiz": quiz,
        "questions": [reviewed(row, number=n) for n, row in enumerate(questions, start=1)],
        "next_draft": reviewed(drafts[0], number=questions.index(drafts[0]) + 1)
        if drafts
        else None,
        "draft_count": len(drafts),
        "approved_count": len(questions) - len(drafts),
        "stale_count": sum(row.stale_since is not None for row in questions),
        "kinds": QuestionKind.choices,
        "moves": [("up", "arrow-up", _("Move up")), ("down", "arrow-down", _("Move down"))],
        "is_few": 0 < len(questions) < FEW_QUESTIONS,
        **making_context(user, lesson),
    }


def making_context(user: User, lesson: Lesson) -> dict[str, Any]:
    job = jobs_of(user).filter(kind="quiz.generate", args__lesson=lesson.pk).order_by("-id").first()
    return {
        "lesson": lesson,
        "job": job,
        "is_making": is_open(job),
        "credits": credits_of(user, timezone.now()),
    }


def is_open(job: Job | None) -> bool:
    return job is not None and job.status in (Job.Status.QUEUED, Job.Status.RUNNING)


def live_questions(quiz: Quiz) -> QuerySet[Question]:
    """Drafts and approved ones in order, whether or not the quiz is published."""
    rows = quiz.questions.exclude(status=QuestionStatus.RETIRED).exclude(current=None)
    return rows.select_related("current", "lesson").in_order()
