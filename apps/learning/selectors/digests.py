"""What is kept of a lesson in short, as long as its text is the same."""

import hashlib

from apps.core.compiled import compiled
from apps.courses.models import Lesson

from ..models import LessonDigest


def hash_of(lesson: Lesson) -> str:
    """Of all that a digest is made from."""
    return hashlib.sha256(f"{lesson.title}\n{lesson.content}".encode()).hexdigest()


def kept_digest(lesson: Lesson) -> LessonDigest | None:
    """The digest of the present text, if somebody had it made."""
    found: LessonDigest | None = _digest.first(lesson=lesson.pk, content=hash_of(lesson))
    return found


_digest = compiled(
    lambda lesson, content: LessonDigest.objects.filter(lesson_id=lesson, content_hash=content)
)


def kept_summary(lesson: Lesson) -> str | None:
    digest = kept_digest(lesson)
    return digest.summary or None if digest else None
