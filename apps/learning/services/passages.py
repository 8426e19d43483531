"""Lessons read into passages, once for each text."""

from django.db import transaction

from apps.ai.offline.passages import passages_of
from apps.courses.models import Lesson

from ..models import LessonReading, Passage
from ..selectors.digests import hash_of
from .generation import language_of

SECTION = 300


def read_lesson(*, lesson: Lesson) -> None:
    """Have the passages of the lesson's present text. Reading it anew changes nothing."""
    text_hash = hash_of(lesson)
    if not LessonReading.objects.filter(lesson=lesson, content_hash=text_hash).exists():
        _read(lesson, text_hash)


@transaction.atomic
def _read(lesson: Lesson, text_hash: str) -> None:
    LessonReading.objects.get_or_create(lesson=lesson, defaults={"content_hash": ""})
    reading = LessonReading.objects.select_for_update().get(lesson=lesson)
    if reading.content_hash == text_hash:
        return  # somebody else was quicker
    found = passages_of(lesson.title, lesson.content, language_of(lesson.content))
    Passage.objects.filter(lesson=lesson).delete()
    Passage.objects.bulk_create(
        Passage(
            lesson=lesson,
            number=number,
            section=passage.section[:SECTION],
            start=passage.start,
            end=passage.end,
            text=passage.text,
            lemmas="\n".join(passage.lemmas),
            near="\n".join(sorted(passage.near)),
            is_definition=passage.is_definition,
        )
        for number, passage in enumerate(found)
    )
    reading.content_hash, reading.passages = text_hash, len(found)
    reading.save(update_fields=["content_hash", "passages"])


def read_lessons(*, lesson_ids: list[int]) -> None:
    for lesson in Lesson.objects.filter(pk__in=lesson_ids):
        read_lesson(lesson=lesson)
