"""The question that visitors answer on the landing page.

It is a published single choice with an explanation, short enough to be read in passing, of a lesson that
anybody may open, or else of a free course, in the visitor's language, and of a course among those with the
most students: a visitor waits for it, however many courses there are. Of several: one of a lesson open to
all before others, one in a teacher's own words before one that an engine made, then the course with the
most students, and in it the first one. Without any the fixed one of `fallback.toml` is asked.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.safestring import SafeString

from apps.core import markdown
from apps.courses.models import Course, Lesson
from apps.learning.engine.mistakes import sides
from apps.learning.models import Question, QuestionKind, QuestionVersion

from ..selectors import lesson_url

KEPT_SECONDS = 300
COURSES, QUESTIONS = 200, 60  # that are looked at
LONGEST_TEXT, LONGEST_OPTION, LONGEST_EXPLANATION = 180, 110, 320
FEWEST_OPTIONS, MOST_OPTIONS = 3, 5
# formulas, code, pictures, tables, and links: nobody advertises on the front page
NOT_WORDS = ("$", "`", "![", "|", "](", "://")


@dataclass(frozen=True)
class Option:
    id: int
    text: str
    is_right: bool


@dataclass(frozen=True)
class Shown:
    """The question, and the card that the platform makes of it when it is missed; texts as HTML."""

    text: SafeString
    options: tuple[Option, ...]
    explanation: SafeString
    front: SafeString
    back: SafeString

    @property
    def right(self) -> tuple[int, Option]:
        """The right option and its number."""
        return next(each for each in enumerate(self.options, 1) if each[1].is_right)


@dataclass(frozen=True)
class Asked:
    shown: Shown
    course: Course | None = None
    lesson: Lesson | None = None  # one that anybody may open

    @property
    def url(self) -> str:
        if self.course is None:
            return ""
        if self.lesson is None:
            return reverse("course", args=[self.course.slug])
        return lesson_url(self.course, self.lesson.pk)


def question_for(language: str) -> Asked:
    found = _current(language)
    return _asked(found) if found else _fallback(language)


def _current(language: str) -> Question | None:
    """The one chosen some minutes ago while it is still open to all; else one is chosen now."""
    key = f"pages:question:{language}"
    chosen: int | None = cache.get(key)
    if chosen == 0:
        return None
    found = _open_to_all(language).filter(pk=chosen).first() if chosen else None
    if found is None or not _is_fitting(found):
        found = _chosen(language)
        cache.set(key, found.pk if found else 0, KEPT_SECONDS)
    return found


def _chosen(language: str) -> Question | None:
    by_hand = Case(
        When(current__engine="", then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    busiest = Course.objects.published().filter(language=language).order_by("-student_count", "pk")
    of_busiest = _open_to_all(language).filter(
        course__in=list(busiest.values_list("pk", flat=True)[:COURSES])
    )
    ranked = of_busiest.order_by(
        "-quiz__lesson__is_preview",
        by_hand.desc(),
        "-course__student_count",
        "course",
        "quiz__lesson__module__position",
        "quiz__lesson__position",
        "position",
        "pk",
    )
    return next(filter(_is_fitting, ranked[:QUESTIONS]), None)


def _open_to_all(language: str) -> QuerySet[Question]:
    return (
        Question.objects.approved()
        .annotate(size=Length("current__text"), told=Length("current__explanation"))
        .filter(
            Q(quiz__lesson__is_preview=True) | Q(course__price_minor=0),
            course__in=Course.objects.published().filter(language=language),
            quiz__published_at__isnull=False,
            quiz__lesson__isnull=False,
            stale_since=None,
            current__kind=QuestionKind.SINGLE,
            size__lte=LONGEST_TEXT,
            told__range=(1, LONGEST_EXPLANATION),
        )
        .select_related("current", "course", "quiz__lesson")
    )


def _is_fitting(question: Question) -> bool:
    """Words alone, and not too many of them."""
    version = question.current
    assert version is not None
    options = version.body["options"]
    texts = [version.text, version.explanation, *(each["text"] for each in options)]
    return (
        FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS
        and sum(each["right"] for each in options) == 1
        and all(len(each["text"]) <= LONGEST_OPTION for each in options)
        and not any(mark in text for text in texts for mark in NOT_WORDS)
    )


def _asked(question: Question) -> Asked:
    assert question.quiz is not None
    assert question.current is not None
    lesson = question.quiz.lesson
    shown = _version(question.current)
    return Asked(shown, question.course, lesson if lesson and lesson.is_preview else None)


@lru_cache(maxsize=32)
def _version(version: QuestionVersion) -> Shown:
    """Versions never change."""
    return _shown(version.text, version.body["options"], version.explanation)


@lru_cache
def _fallback(language: str) -> Asked:
    texts = tomllib.loads((Path(__file__).parent / "fallback.toml").read_text())
    found = texts.get(language) or texts["en"]
    options = [
        {"id": number, "text": text, "right": number == found["right"]}
        for number, text in enumerate(found["options"], 1)
    ]
    return Asked(_shown(found["question"], options, found["explanation"]))


def _shown(text: str, options: list[dict[str, Any]], explanation: str) -> Shown:
    front, back = sides(
        kind=QuestionKind.SINGLE,
        text=text,
        body={"options": options},
        explanation=explanation,
        layout=[each["id"] for each in options],
    )
    return Shown(
        text=markdown.render(text),
        options=tuple(
            Option(each["id"], markdown.plain_text(each["text"]), each["right"]) for each in options
        ),
        explanation=markdown.render(explanation),
        front=markdown.render(front),
        back=markdown.render(back),
    )
