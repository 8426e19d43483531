"""Talking with the tutor: a drawer on the lesson's page, and a page of its own without scripts."""

import secrets
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.ai.selectors import credits_of
from apps.core.errors import DomainError, Invalid, NotFound
from apps.courses.models import Lesson

from .. import tutor_stream
from ..forms.talk import ReplyRatingForm, TalkRatingForm
from ..models import RatingReason, Speaker, TutorMessage
from ..selectors import talk as selectors
from ..selectors import tutor
from ..selectors.lessons import get_lesson
from ..services import tutor as services

EVENT_STREAM = "text/event-stream"
SCALE = range(1, 6)


@require_GET
def talk(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """What was said so far: the drawer's content, or a page."""
    return _talk(request, get_lesson(request.user, lesson_id))


@require_POST
def say(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponseBase:
    """Ask or answer; the reply comes as a stream, or with the page."""
    lesson = get_lesson(request.user, lesson_id)
    said = {"text": request.POST.get("text", ""), "key": request.POST.get("key", "")}
    if EVENT_STREAM in request.headers.get("Accept", ""):
        events = tutor_stream.events(student=request.user, lesson=lesson, at=timezone.now(), **said)
        return tutor_stream.response(request, _drawn(request, lesson, events))
    try:
        reply = services.ask_tutor(student=request.user, lesson=lesson, at=timezone.now(), **said)
    except DomainError as error:
        told = " ".join(str(each) for each in _words(error))
        return _talk(request, lesson, status=error.status, text=said["text"], told=told)
    return redirect(f"{_address(lesson)}#message-{reply.pk}")


def _words(error: DomainError) -> list[Any]:
    if isinstance(error, Invalid) and error.errors:
        return [text for texts in error.errors.values() for text in texts]
    return [error]


def _drawn(
    request: HttpRequest, lesson: Lesson, events: Iterator[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The events with the whole reply as the page shows it, in the reader's language."""
    language = translation.get_language() or "en"
    for event in events:
        if event["type"] != "message":
            yield event
            continue
        reply = tutor.replies_to(request.user).get(pk=event["message"]["id"])
        with translation.override(language):
            context = {"said": selectors.said(reply, lesson), "lesson": lesson, **_rating_words()}
            html = render_to_string("learning/tutor/_said.html", context, request)
        left = credits_of(request.user, timezone.now())
        yield {
            "type": "message",
            "html": html,
            "left": None if selectors.is_offline(left) else left.left,
            "asks": selectors.asks_for_rating(reply.thread),
        }


@require_POST
def rate(request: HttpRequest, slug: str, lesson_id: int, message_id: int) -> HttpResponse:
    """Thumbs on a reply; down may be followed by a reason."""
    lesson = get_lesson(request.user, lesson_id)
    replies = tutor.replies_to(request.user).filter(thread__lesson=lesson)
    message: TutorMessage = get_object_or_404(replies, pk=message_id)
    form = ReplyRatingForm(request.POST)
    if not form.is_valid():
        raise Invalid(errors=form.errors)
    rating = services.rate_reply(message=message, at=timezone.now(), **form.cleaned_data)
    if not request.htmx:
        return redirect(f"{_address(lesson)}#message-{message.pk}")
    context = {"message": message, "rating": rating, "lesson": lesson, **_rating_words()}
    return render(request, "learning/tutor/_thumbs.html", context)


@require_POST
def rate_talk(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """The one question at the end of a talk."""
    lesson = get_lesson(request.user, lesson_id)
    thread = tutor.thread_of(request.user, lesson)
    form = TalkRatingForm(request.POST)
    if thread is None:
        raise NotFound
    if not form.is_valid():
        raise Invalid(errors=form.errors)
    services.rate_talk(thread=thread, at=timezone.now(), **form.cleaned_data)
    if request.htmx:
        return render(request, "learning/tutor/_rated.html")
    return redirect(_address(lesson))


@require_POST
def clear(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """Begin anew."""
    lesson = get_lesson(request.user, lesson_id)
    thread = tutor.thread_of(request.user, lesson)
    if thread is not None:
        services.clear_talk(thread=thread, at=timezone.now())
    return _talk(request, lesson) if request.htmx else redirect(_address(lesson))


def _talk(
    request: HttpRequest, lesson: Lesson, *, status: int = 200, text: str = "", told: str = ""
) -> HttpResponse:
    thread = tutor.thread_of(request.user, lesson)
    found = list(tutor.messages_of(thread)) if thread else []
    credits = credits_of(request.user, timezone.now())
    context = {
        "lesson": lesson,
        "course": lesson.course,
        "talk": [selectors.said(message, lesson) for message in found],
        "waits": bool(found) and found[-1].speaker == Speaker.STUDENT,
        "credits": credits,
        "is_offline": selectors.is_offline(credits),
        "asks": selectors.asks_for_rating(thread),
        "scale": SCALE,
        "key": secrets.token_hex(16),
        "text": text,
        "told": told,
        **_rating_words(),
    }
    name = "learning/tutor/_talk.html" if request.htmx else "learning/tutor/page.html"
    return render(request, name, context, status=status)


def _rating_words() -> dict[str, Any]:
    return {"reasons": RatingReason.choices, "comment_hint": _("In a few words (optional)")}


def _address(lesson: Lesson) -> str:
    return reverse("learning:talk", args=[lesson.course.slug, lesson.pk])
