"""One question in its teacher's hands: accepted, edited in place, discarded, moved, written."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from apps.accounts.requests import PersonalRequest
from apps.core.errors import DomainError, Invalid
from apps.courses.models import Lesson

from ..engine.questions import draft_of
from ..forms.questions import QuestionForm
from ..models import Question, QuestionKind, QuestionStatus
from ..services import questions as services
from ..services.quizzes import quiz_for
from .reviewed import reviewed
from .scope import lesson_of, question_of
from .studio import live_questions, review_context


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonalRequest, pk: int) -> HttpResponse:
    """A question by hand, approved at once; `kind` is in the address."""
    lesson = lesson_of(request.user, pk)
    kind = request.GET.get("kind", "")
    if kind not in QuestionKind.values:
        kind = QuestionKind.SINGLE
    form = QuestionForm(request.POST or None, kind=kind, course=lesson.course)
    if form.is_bound and form.is_valid() and _add(request, lesson, form):
        return _added(request, lesson)
    context = {
        "form": form,
        "lesson": lesson,
        "course": lesson.course,
        "action": reverse("learning:question_add", args=[lesson.pk]) + f"?kind={kind}",
        "kind_name": QuestionKind(kind).label,
        "back": reverse("learning:quiz_review", args=[lesson.pk]),
    }
    return _form(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonalRequest, pk: int) -> HttpResponse:
    """In place of the question; what it was stays with the attempts that were asked it."""
    question = question_of(request.user, pk)
    draft = draft_of(question.current)
    form = QuestionForm(
        request.POST or None,
        kind=draft.kind,
        course=question.course,
        draft=draft,
        question=question,
    )
    if form.is_bound and form.is_valid() and _edit(request, question, form):
        return _card(request, question)
    context = {
        "form": form,
        "question": question,
        "lesson": question.lesson,
        "course": question.course,
        "action": request.get_full_path(),
        "kind_name": QuestionKind(draft.kind).label,
        "back": _address(question),
    }
    return _form(request, context)


@require_http_methods(["GET", "HEAD"])
def card(request: PersonalRequest, pk: int) -> HttpResponse:
    """The question again, when an edit is given up."""
    return _card(request, question_of(request.user, pk))


@require_POST
def approve(request: PersonalRequest, pk: int) -> HttpResponse:
    question = question_of(request.user, pk)
    services.approve_question(question=question, at=timezone.now())
    if "panel" in request.POST:
        return _panel(request, question)
    return _card(request, question)


@require_POST
def discard(request: PersonalRequest, pk: int) -> HttpResponse:
    """Out of the quiz, with an undo."""
    question = question_of(request.user, pk)
    services.retire_question(question=question, at=timezone.now())
    is_panel = "panel" in request.POST
    answer = _panel(request, question) if is_panel else _after(request, question)
    undo = reverse("learning:question_restore", args=[question.pk])
    said = {
        "text": _("The question is discarded."),
        "action": {
            "label": _("Undo"),
            "url": undo + ("?panel" if is_panel else ""),
            "target": "#quiz-panel" if is_panel else "#questions",
        },
    }
    return trigger_client_event(answer, "toast", said)


@require_POST
def restore(request: PersonalRequest, pk: int) -> HttpResponse:
    question = question_of(request.user, pk)
    services.restore_question(question=question, at=timezone.now())
    return _panel(request, question) if "panel" in request.GET else _after(request, question)


@require_POST
def keep(request: PersonalRequest, pk: int) -> HttpResponse:
    """Still right though the lesson's words have changed: it no longer leans on them."""
    question = question_of(request.user, pk)
    draft = draft_of(question.current).model_copy(update={"quote": ""})
    services.edit_question(question=question, draft=draft, editor=request.user, at=timezone.now())
    return _card(request, question)


@require_POST
def move(request: PersonalRequest, pk: int) -> HttpResponse:
    """One place up or down in its quiz."""
    question = question_of(request.user, pk)
    if question.quiz is None or question.lesson is None:
        return _after(request, question)
    ids = list(live_questions(question.quiz).values_list("pk", flat=True))
    here = ids.index(question.pk) if question.pk in ids else 0
    there = here + (-1 if request.POST.get("direction") == "up" else 1)
    if question.pk in ids and 0 <= there < len(ids):
        ids[here], ids[there] = ids[there], ids[here]
        services.reorder_questions(quiz=question.quiz, ids=ids, at=timezone.now())
    return _list(request, question.lesson)


# ── What is answered ──────────────────────────────────────────────────────────────────────────
def _add(request: PersonalRequest, lesson: Lesson, form: QuestionForm) -> bool:
    now = timezone.now()
    try:
        services.add_question(
            course=lesson.course,
            quiz=quiz_for(lesson=lesson, at=now),
            lesson=lesson,
            draft=form.draft,
            editor=request.user,
            status=QuestionStatus.APPROVED,
            at=now,
            **form.meant,
        )
    except DomainError as error:
        return _told(form, error)
    return True


def _edit(request: PersonalRequest, question: Question, form: QuestionForm) -> bool:
    try:
        services.edit_question(
            question=question,
            draft=form.draft,
            editor=request.user,
            at=timezone.now(),
            **form.meant,
        )
    except DomainError as error:
        return _told(form, error)
    return True


def _told(form: QuestionForm, error: DomainError) -> bool:
    """What the service refuses, at its field if the form has it; always False."""
    errors = error.errors if isinstance(error, Invalid) else {}
    for name, texts in (errors or {"": [str(error)]}).items():
        form.add_error(name if name in form.fields else None, [str(text) for text in texts])
    return False


def _form(request: PersonalRequest, context: dict[str, object]) -> HttpResponse:
    template = "_question_form" if request.htmx else "question"
    status = 422 if context["form"].is_bound else 200
    return render(request, f"learning/studio/{template}.html", context, status=status)


def _card(request: PersonalRequest, question: Question) -> HttpResponse:
    if not request.htmx:
        return _back(question)
    now = question_of(request.user, question.pk)
    in_bank = "bank" in request.GET or now.quiz is None or now.lesson is None
    context = {"each": reviewed(now), "course": now.course, "in_bank": in_bank}
    if not in_bank:
        context |= review_context(request.user, now.lesson)
        context["each"] = next(
            (each for each in context["questions"] if each.question == now), context["each"]
        )
    return render(request, "learning/studio/_question.html", context)


def _panel(request: PersonalRequest, question: Question) -> HttpResponse:
    if not request.htmx or question.lesson is None:
        return _back(question)
    context = review_context(request.user, question.lesson)
    return render(request, "learning/studio/_panel.html", context)


def _after(request: PersonalRequest, question: Question) -> HttpResponse:
    """The list of its quiz; for a question of the bank alone, its page."""
    if question.quiz is None or question.lesson is None:
        return HttpResponse() if request.htmx else _back(question)
    return _list(request, question.lesson)


def _added(request: PersonalRequest, lesson: Lesson) -> HttpResponse:
    """The list with the new question, in the place of the old one; the form goes."""
    if not request.htmx:
        return redirect("learning:quiz_review", lesson.pk)
    context = review_context(request.user, lesson)
    answer = render(request, "learning/studio/_added.html", context)
    return retarget(reswap(answer, "outerHTML"), "#questions")


def _list(request: PersonalRequest, lesson: Lesson) -> HttpResponse:
    if not request.htmx:
        return redirect("learning:quiz_review", lesson.pk)
    context = review_context(request.user, lesson)
    return render(request, "learning/studio/_list.html", context)


def _back(question: Question) -> HttpResponse:
    return redirect(_address(question))


def _address(question: Question) -> str:
    """The page that shows the question."""
    if question.quiz_id is None or question.lesson_id is None:
        return reverse("learning:questions", args=[question.course_id])
    page = reverse("learning:quiz_review", args=[question.lesson_id])
    return f"{page}#question-{question.pk}"
