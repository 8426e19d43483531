"""A reply of the tutor as a stream: what is being done, then the checked reply piece by piece."""

import json
import re
from collections.abc import AsyncIterator, Generator, Iterator
from datetime import datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import translation

from apps.core.errors import DomainError, Invalid

from .models import TutorMessage
from .services.tutor import reply_in_steps

PIECE = re.compile(r"\S+\s*|\s+")
WORDS = 4  # in a piece
Event = dict[str, Any]
Steps = Generator[str, None, TutorMessage]


def events(*, student: Any, lesson: Any, text: str, at: datetime, key: str = "") -> Iterator[Event]:
    """{"type": "state", "state"} while it works, {"type": "text", "text"} of the checked reply, and
    {"type": "message", "message"} with all of it; or {"type": "error", "status", "detail",
    "retry_after"?}, after which the student's message may stand without a reply.
    """
    steps = reply_in_steps(student=student, lesson=lesson, text=text, at=at, key=key)
    return _told(steps, translation.get_language())


def _told(steps: Steps, language: str | None) -> Iterator[Event]:
    """The request's language is no longer active when its stream is read."""
    try:
        while True:
            with translation.override(language):
                state = next(steps)
            yield {"type": "state", "state": state}
    except StopIteration as done:
        reply: TutorMessage = done.value
    except DomainError as error:
        yield _error(error)
        return
    words = PIECE.findall(reply.text)
    for start in range(0, len(words), WORDS):
        yield {"type": "text", "text": "".join(words[start : start + WORDS])}
    yield {"type": "message", "message": shown(reply)}


def shown(message: TutorMessage) -> dict[str, Any]:
    """A message as the API and the page give it."""
    return {
        "id": message.pk,
        "speaker": message.speaker,
        "text": message.text,
        "citations": message.citations,
        "created_at": message.created_at.isoformat(),
    }


def _error(error: DomainError) -> Event:
    detail = str(error)
    if isinstance(error, Invalid):
        detail = " ".join(str(text) for texts in error.errors.values() for text in texts)
    found = {"type": "error", "status": error.status, "detail": detail}
    wait = getattr(error, "retry_after", None)
    return {**found, "retry_after": wait} if wait else found


# ── Over HTTP ─────────────────────────────────────────────────────────────────────────────────
def response(request: HttpRequest, found: Iterator[Event]) -> StreamingHttpResponse:
    """Server-sent events; each step runs in the request's own thread, so that none else waits."""
    pieces = (_framed(event) for event in found)
    content = in_its_thread(pieces) if isinstance(request, ASGIRequest) else pieces
    answer = StreamingHttpResponse(content, content_type="text/event-stream; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


def _framed(event: Event) -> bytes:
    return f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


async def in_its_thread(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """A reader who leaves ends the work where it stands; what was begun is put in order there."""
    step = sync_to_async(lambda: next(pieces, None))
    try:
        while (piece := await step()) is not None:
            yield piece
    finally:
        if isinstance(pieces, Generator):
            await sync_to_async(pieces.close)()
