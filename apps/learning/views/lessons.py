"""The lesson player: a lesson, what is completed on it, and where one goes on."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from apps.core.caching import readable_offline
from apps.core.errors import NotAllowed
from apps.core.markdown import headings
from apps.courses.models import Course, Lesson, LessonAttachment
from apps.courses.selectors import attachments_of, lesson_html
from apps.enrollment import selectors as enrollment
from apps.enrollment import services
from apps.enrollment.models import SeatStatus
from apps.media.services import signed_url
from apps.payments.selectors import has_paid

from ..forms.annotations import BLANK_CARD
from ..selectors import lessons as selectors
from ..selectors import path, pretests, quizzes
from ..selectors.annotations import annotations_in
from ..selectors.digests import kept_digest
from ..selectors.talk import passage_named


@login_not_required
@require_GET
@readable_offline
def lesson(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """A lesson for whoever may read it; others are led to the course's page."""
    try:
        found = selectors.get_lesson(request.user, lesson_id)
    except NotAllowed:
        return redirect(_course_page(_known_lesson(request, lesson_id).course))
    if found.course.slug != slug:
        return redirect("learning:lesson", found.course.slug, found.pk)
    player = selectors.player(request.user, found)
    context = {
        "player": player,
        "course": found.course,
        "lesson": found,
        "html": lesson_html(found),
        "headings": [each for each in headings(found.content) if each.level == 2],
        "digest": kept_digest(found),
        "attachments": attachments_of(found),
        "reads_all": request.user.is_authenticated
        and (found.course.owner_id == request.user.pk or request.user.is_moderator),
        **(_quiz_context(request, found) if player.row["has_quiz"] else {}),
        **_notes_context(request, found),
        "pretest": _pretest_offer(request, player),
        "named_passage": passage_named(found, request.GET.get("passage", "")),
        **_path_context(request, player),
    }
    # stands beside the text, and in the sheet of a phone
    context["curriculum"] = render_to_string("learning/_curriculum.html", context, request)
    return render(request, "learning/lesson.html", context)


def _path_context(request: HttpRequest, player: selectors.Player) -> dict[str, Any]:
    """Where the lesson stands on the student's path, and what to refresh before it."""
    lesson, seat = player.lesson, player.seat
    if seat is None or not path.has_concepts(player.course):
        return {}
    now = timezone.now()
    seat.course = player.course
    way = path.way_on(request.user, seat, now)
    step = way.step_of(lesson.pk)
    if step is None:
        return {}
    refresh = path.refreshes(request.user, [(way, lesson)], now)[0] if step.is_ahead else None
    skipped = {each.lesson.pk for each in way.skipped}
    taught = [
        {"id": pk, "name": way.names[pk], "level": int(known.level) if known else 0}
        for pk in way.graph.taught.get(lesson.pk, ())
        for known in [way.knowledge.get(pk)]
    ]
    return {
        "step": step,
        "refresh": refresh,
        "skipped": skipped,
        "has_path": True,
        "concepts": taught,
    }


def _notes_context(request: HttpRequest, lesson: Lesson) -> dict[str, Any]:
    """What somebody signed in wrote beside the lesson, and the form of a card from its words."""
    if not request.user.is_authenticated:
        return {}
    return {
        "annotations": annotations_in(request.user, lesson),
        "card_form": BLANK_CARD,
    }


def _pretest_offer(request: HttpRequest, player: selectors.Player) -> pretests.Offer | None:
    """On the first lesson, for who hasn't begun to read."""
    if player.seat is None or player.number > 1 or player.completed:
        return None
    return pretests.offer_of(request.user, player.course)


def _quiz_context(request: HttpRequest, lesson: Lesson) -> dict[str, Any]:
    """The quiz after the text, for whoever may take it."""
    if not request.user.is_authenticated:
        return {}
    quiz = quizzes.quiz_of_lesson(request.user, lesson)
    if quiz is None or not quiz.published_at:
        return {}
    standing = quizzes.standing_of(request.user, quiz)
    return {
        "quiz": quiz,
        "question_count": quizzes.questions_of(quiz).count(),
        "standing": standing,
        "quiz_waits": standing.best_percent is None,
    }


@login_not_required
@require_GET
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on where one stopped; without a seat, to the course's page."""
    found = _course(request, slug)
    seat = enrollment.seat_of(request.user, found.pk)
    if seat is None and found.owner_id != request.user.pk:
        if request.user.is_authenticated and has_paid(request.user, found.pk):
            return render(request, "learning/preparing.html", {"course": found})
        return redirect(_course_page(found))
    lesson_id = path.lesson_ahead(request.user, found, timezone.now())
    lesson_id = lesson_id or selectors.lesson_to_continue(request.user, found)
    if lesson_id is None:
        return redirect(_course_page(found))
    return redirect("learning:lesson", found.slug, lesson_id)


@require_GET
def ready(request: HttpRequest, slug: str) -> HttpResponse:
    """A fragment that asks again until the paid seat is there, then offers the first lesson."""
    found = _course(request, slug)
    context = {"course": found, "is_ready": enrollment.has_open_seat(request.user, found.pk)}
    return render(request, "learning/_ready.html", context)


@require_POST
def complete(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """Mark the lesson done and go on: to its quiz if it waits, else to the next one.

    The last one leads to the end of the course, once.
    """
    known = _known_lesson(request, lesson_id)
    before = enrollment.seat_of(request.user, known.course_id)
    progress = services.complete_lesson(student=request.user, lesson=known, at=timezone.now())
    if _quiz_context(request, known).get("quiz_waits"):
        return _go(request, "learning:quiz", known.course.slug, known.pk)
    if progress.status == SeatStatus.COMPLETED and before and not before.is_completed:
        return _go(request, "learning:done", known.course.slug)
    next_id = path.lesson_ahead(request.user, known.course, timezone.now())
    next_id = next_id or selectors.next_lesson_id(request.user, known)
    return _go(request, "learning:lesson", known.course.slug, next_id or known.pk)


@require_GET
def done(request: HttpRequest, slug: str) -> HttpResponse:
    """The end of a course."""
    found = _course(request, slug)
    seat = enrollment.seat_of(request.user, found.pk)
    if seat is None or not seat.is_completed:
        return redirect("learning:course", slug)
    context = {
        "course": found,
        "seat": seat,
        "has_review": enrollment.review_by(request.user, found.pk) is not None,
    }
    return render(request, "learning/done.html", context)


@login_not_required
@require_GET
def attachment(request: HttpRequest, slug: str, lesson_id: int, pk: int) -> HttpResponse:
    """A file of a lesson, for whoever may read the lesson."""
    readable = enrollment.lessons_open_to(request.user).filter(pk=lesson_id)
    rows: QuerySet[LessonAttachment] = LessonAttachment.objects.filter(lesson__in=readable)
    found = get_object_or_404(rows.select_related("upload"), pk=pk)
    return redirect(signed_url(found.upload))


def _course(request: HttpRequest, slug: str) -> Course:
    """The course by its slug, or one that it had before."""
    courses = enrollment.courses_open_to(request.user).with_card()
    now = courses.filter(slug=slug).first()
    return now or get_object_or_404(courses, old_slugs__slug=slug)


def _known_lesson(request: HttpRequest, lesson_id: int) -> Lesson:
    lessons = enrollment.lessons_known_to(request.user).select_related("course")
    return get_object_or_404(lessons, pk=lesson_id)


def _course_page(course: Course) -> str:
    return f"/courses/{course.slug}/"


def _go(request: HttpRequest, name: str, *args: object) -> HttpResponse:
    answer = redirect(name, *args)
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer
