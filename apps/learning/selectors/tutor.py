"""What is read of talks with the tutor."""

import re
from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.ai.offline.guard import telling
from apps.ai.offline.replies import language_of_talk
from apps.core.errors import NotFound
from apps.courses.models import Lesson

from ..models import Concept, Speaker, TutorMessage, TutorThread
from .tags import concepts_of_lessons

LONGEST_PASSAGE = 4000  # characters


def thread_of(student: Any, lesson: Lesson) -> TutorThread | None:
    return TutorThread.objects.visible_to(student).filter(lesson=lesson).first()


def messages_of(thread: TutorThread | None) -> QuerySet[TutorMessage]:
    """What was said since the talk was begun anew, with ratings, in order."""
    rows = TutorMessage.objects.filter(thread=thread).select_related("rating").order_by("pk")
    if thread is not None and thread.cleared_at is not None:
        rows = rows.filter(created_at__gt=thread.cleared_at)
    return rows


def replies_to(student: Any) -> QuerySet[TutorMessage]:
    """The replies that this person got."""
    replies = TutorMessage.objects.filter(speaker=Speaker.TUTOR, thread__student_id=student.pk)
    return replies.select_related("thread")


def passage(lesson: Lesson, start: int, end: int) -> str:
    """The markdown that a citation names. Raises NotFound where the lesson has no such place."""
    if not 0 <= start < end <= len(lesson.content) or end - start > LONGEST_PASSAGE:
        raise NotFound
    return lesson.content[start:end]


def messages_before(message: TutorMessage, most: int) -> list[TutorMessage]:
    """The latest messages before this one, in order."""
    earlier = messages_of(message.thread).filter(pk__lt=message.pk).order_by("-pk")
    return list(earlier[:most])[::-1]


def language_of_message(message: TutorMessage, earlier: list[TutorMessage], student: User) -> str:
    """The language it is written in; one without letters is in that of the messages before."""
    language = str(student.locale or "en")[:2]
    for row in [*earlier, message]:
        if row.speaker == Speaker.STUDENT and re.search(r"[^\W\d_]", row.text):
            language = language_of_talk(row.text, language)
    return language if language in ("en", "ru") else "en"


def concept_of_turn(lesson: Lesson, words: frozenset[str]) -> int | None:
    """The concept that the words name: the lesson's own before others, else its first."""
    own = concepts_of_lessons([lesson.pk]).get(lesson.pk, ())
    named = [
        (concept.pk not in own, -weight, concept.pk)
        for concept in Concept.objects.filter(course=lesson.course_id).order_by("pk")
        if (weight := _named(concept, words))
    ]
    return min(named)[2] if named else next(iter(own), None)


def _named(concept: Concept, words: frozenset[str]) -> int:
    """How many words long the longest of its names is that is said; 0 for none."""
    names = [telling(name) for name in [concept.name, *concept.aliases]]
    return max((len(name) for name in names if name and name <= words), default=0)
