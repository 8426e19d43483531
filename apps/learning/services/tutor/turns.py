"""One turn of a talk: the message is kept, the reply is made outside of transactions, then kept too."""

from collections.abc import Generator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.core import limits
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotFound
from apps.courses.models import Lesson
from apps.enrollment.selectors import lessons_open_to

from ...events import TutorTurn
from ...models import Speaker, TutorMessage, TutorThread
from .. import evidence
from .drafting import Draft, drafted

LONGEST = 2000  # characters of a message
LONGEST_KEY = 64
LEASE = timedelta(seconds=90)  # longer than any engine takes


def ask_tutor(
    *, student: User, lesson: Lesson, text: str, at: datetime, key: str = ""
) -> TutorMessage:
    """The tutor's reply, kept beside the message. Call it outside of a transaction.

    The same `key` again gives the same reply; one that failed is made anew. Raises Invalid for a
    text that can't be one, Conflict while another reply of the talk is being made, TooMany beyond
    the limits, and where a model would be asked and the day's credits are used up: the message
    stays then.
    """
    steps = reply_in_steps(student=student, lesson=lesson, text=text, at=at, key=key)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            reply: TutorMessage = done.value
            return reply


def reply_in_steps(
    *, student: User, lesson: Lesson, text: str, at: datetime, key: str = ""
) -> Generator[str, None, TutorMessage]:
    """As `ask_tutor`; yields what it is doing meanwhile."""
    text = _checked(text, key)
    if not lessons_open_to(student).filter(pk=lesson.pk).exists():
        raise NotFound
    known = _reply_to(student, lesson, key)
    if known is not None:
        return known
    _count(student, at)
    message = _keep_message(student, lesson, text, key, at)
    try:
        draft = yield from drafted(student=student, message=message, lesson=lesson, at=at)
        return _keep_reply(message, draft, at)
    finally:
        TutorThread.objects.filter(pk=message.thread_id).update(replying_until=None)


def _checked(text: str, key: str) -> str:
    text = text.strip()
    if not text or not any(sign.isalnum() or sign in "?…." for sign in text):
        raise Invalid(errors={"text": [_("Write what you would like to ask.")]})
    if len(text) > LONGEST:
        message = ngettext(
            "Write at most %(count)s character.", "Write at most %(count)s characters.", LONGEST
        )
        raise Invalid(errors={"text": [message % {"count": LONGEST}]})
    if "\x00" in text + key or len(key) > LONGEST_KEY:
        raise Invalid(
            errors={
                "text": [
                    _(
                        "The text holds control characters, which can’t be stored. Remove them and send it again."
                    )
                ]
            }
        )
    return text


def _reply_to(student: User, lesson: Lesson, key: str) -> TutorMessage | None:
    if not key:
        return None
    replies = TutorMessage.objects.filter(
        reply_to__key=key, thread__student=student, thread__lesson=lesson
    )
    return replies.select_related("thread").first()


def _count(student: User, at: datetime) -> None:
    for name, limit, per in [
        ("minute", settings.TUTOR_MESSAGES_PER_MINUTE, timedelta(minutes=1)),
        ("day", settings.TUTOR_MESSAGES_PER_DAY, timedelta(days=1)),
    ]:
        limits.take(bucket=f"tutor:{name}:{student.pk}", limit=limit, per=per, at=at)


@transaction.atomic
def _keep_message(student: User, lesson: Lesson, text: str, key: str, at: datetime) -> TutorMessage:
    """The message in its talk, which now waits for a reply; one that was left without is taken up."""
    TutorThread.objects.get_or_create(
        student=student,
        lesson=lesson,
        defaults={"course_id": lesson.course_id, "created_at": at, "updated_at": at},
    )
    thread = TutorThread.objects.select_for_update().get(student=student, lesson=lesson)
    if thread.replying_until and thread.replying_until > at:
        raise Conflict(_("The tutor is still replying. Wait a moment."), retry_after=2)
    thread.replying_until, thread.updated_at = at + LEASE, at
    thread.save(update_fields=["replying_until", "updated_at"])
    message = _left_without_reply(thread, text, key) or TutorMessage(
        thread=thread, speaker=Speaker.STUDENT, text=text, key=key, created_at=at
    )
    message.thread = thread
    message.save()
    return message


def _left_without_reply(thread: TutorThread, text: str, key: str) -> TutorMessage | None:
    own = thread.messages.filter(speaker=Speaker.STUDENT, reply=None)
    if key:
        return own.filter(key=key).first()
    last = thread.messages.order_by("-pk").first()
    return own.filter(pk=last.pk, text=text).first() if last else None


@transaction.atomic
def _keep_reply(message: TutorMessage, draft: Draft, at: datetime) -> TutorMessage:
    thread = TutorThread.objects.select_for_update().get(pk=message.thread_id)
    hints = thread.state.get("rung", 0)
    thread.state, thread.updated_at = draft.ladder.state, at
    thread.save(update_fields=["state", "updated_at"])
    message.score, message.concept_id, message.rung = draft.score, draft.concept_id, hints
    message.save(update_fields=["score", "concept_id", "rung"])
    message.thread = thread
    evidence.record_turn(message=message, at=at)
    reply = TutorMessage.objects.create(
        thread=thread,
        speaker=Speaker.TUTOR,
        text=draft.text,
        reply_to=message,
        rung=draft.rung,
        citations=draft.citations,
        engine=draft.engine,
        prompt_version=draft.prompt_version,
        faults=draft.faults,
        created_at=at,
    )
    publish(
        TutorTurn(
            message_id=message.pk,
            student_id=thread.student_id,
            course_id=thread.course_id,
            lesson_id=thread.lesson_id,
        )
    )
    return reply
