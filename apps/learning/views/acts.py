"""How a course is learnt, for its teacher: figures, and the statements as a file."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.courses.models import Course

from ..learning_findings import tables_of
from ..selectors.metrics import metrics_of
from ..selectors.statements import lines_of_course
from .downloads import streamed
from .scope import course_of, sees_answers

DAYS = 30


@require_GET
def learning(request: HttpRequest, pk: int) -> HttpResponse:
    course = _course(request, pk)
    found = metrics_of(timezone.now(), days=DAYS, course=course)
    context = {"course": course, "tables": tables_of(found), "days": DAYS}
    return render(request, "learning/progress/course.html", context)


@require_GET
def statements(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """All statements of the course as JSON lines, without whose they are."""
    course = _course(request, pk)
    lines = lines_of_course(course, timezone.now())
    return streamed(request, lines, "application/x-ndjson", f"statements-{course.slug}.jsonl")


def _course(request: HttpRequest, pk: int) -> Course:
    """Moderating a course opens nothing of its students."""
    course = course_of(request.user, pk)
    if not sees_answers(request.user, course):
        raise Http404
    return course
