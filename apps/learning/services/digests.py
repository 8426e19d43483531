"""Digests of lessons: made once for a text, by whoever asks first."""

import logging
from datetime import datetime
from functools import partial

from celery import current_app
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from apps.ai.services import OFFLINE, ask
from apps.core.errors import Conflict
from apps.courses.models import Lesson

from ..models import LessonDigest
from ..selectors.digests import hash_of, kept_digest
from .generation import is_too_short, material_of

logger = logging.getLogger(__name__)

# A text that is being written is summed up when it has rested for so long.
REST = 60  # seconds


def digest_of(*, lesson: Lesson, at: datetime, offline: bool = True) -> LessonDigest:
    """The digest of the lesson's present text. Outside a transaction unless `offline`.

    Raises Conflict when the lesson is too short to be summed up.
    """
    digest = prepare_digest(lesson=lesson, at=at, offline=offline)
    if not digest.summary:
        raise Conflict(_("This lesson is too short to be summed up."))
    return digest


def prepare_digest(*, lesson: Lesson, at: datetime, offline: bool = True) -> LessonDigest:
    """As `digest_of`, but a lesson too short has a digest without a summary.

    Two at once may both make it; one row stays, and it holds the hash of the text it was made of.
    """
    return kept_digest(lesson) or _make(lesson, at, offline)


def _make(lesson: Lesson, at: datetime, offline: bool) -> LessonDigest:
    digest = LessonDigest(lesson=lesson, content_hash=hash_of(lesson), engine=OFFLINE, made_at=at)
    if not is_too_short(lesson):
        material = material_of(lesson)
        summary = ask(task="summary", material=material, user=None, at=at, offline=offline)
        terms = ask(task="key_terms", material=material, user=None, at=at, offline=offline)
        digest.engine = summary.engine
        digest.summary = " ".join(summary.value.sentences) if summary.value else ""
        digest.key_terms = [term.model_dump() for term in terms.value.terms]
    LessonDigest.objects.bulk_create(
        [digest],
        update_conflicts=True,
        unique_fields=["lesson"],
        update_fields=["content_hash", "summary", "key_terms", "engine", "made_at"],
    )
    return digest


def prepare_later(*, lesson_id: int) -> None:
    """Have a worker make the digest in a while, once for all edits until then."""
    transaction.on_commit(partial(_send, lesson_id), robust=True)


def _send(lesson_id: int) -> None:
    """A broker that is away costs nothing but the time of the first reader, who makes it then."""
    if not cache.add(f"learning:digest-waits:{lesson_id}", 1, REST):
        return
    try:
        current_app.send_task("learning.prepare_digest", [lesson_id], countdown=REST)
    except OperationalError:
        logger.warning("broker_away", extra={"lesson": lesson_id})
