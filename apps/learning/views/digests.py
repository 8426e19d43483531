"""A lesson in short, loaded beside its text so that the page never waits for it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.core.errors import Conflict, NotAllowed, NotFound

from ..selectors import lessons
from ..services.digests import digest_of


@login_not_required
@require_GET
def digest(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """Summary and terms, made now if they aren't there; nothing for a lesson too short."""
    try:
        lesson = lessons.get_lesson(request.user, lesson_id)
    except NotAllowed as error:
        raise NotFound from error
    try:
        found = digest_of(lesson=lesson, at=timezone.now())
    except Conflict:
        return HttpResponse()
    context = {"digest": found, "course": lesson.course}
    return render(request, "learning/_digest.html", context)
