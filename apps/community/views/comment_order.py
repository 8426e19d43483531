"""Keeping order in a discussion: pinning, hiding, saying what answers a question."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ..models import Kind
from ..services import comments, reports
from .comment_pages import back, visible


def _value(request: HttpRequest) -> bool:
    return request.POST.get("value") != "false"


@require_POST
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    comments.pin_comment(comment=found, by=request.user, value=_value(request), at=timezone.now())
    return back(request, found)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The reply answers its thread's question, or no longer does."""
    found = visible(request, pk)
    comments.choose_answer(reply=found, by=request.user, value=_value(request), at=timezone.now())
    return back(request, found)


@require_POST
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """A keeper's word on it, whether or not somebody had reported it."""
    found = visible(request, pk)
    decide = reports.uphold if _value(request) else reports.refuse
    decide(kind=Kind.COMMENT, object_id=pk, by=request.user, at=timezone.now())
    return back(request, found)
