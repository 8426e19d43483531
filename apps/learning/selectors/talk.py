"""A talk with the tutor as the page shows it, and what teachers and operators see of talks in sum."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, Q, QuerySet
from django.urls import reverse

from apps.ai.material import OFFLINE
from apps.ai.selectors import Credits
from apps.core.errors import NotFound
from apps.core.markdown import plain_text
from apps.courses.models import Lesson

from ..models import Speaker, TalkRating, TutorMessage, TutorThread
from .tutor import messages_of, passage

TURNS_OF_A_TALK = 4  # from here on it is asked how far it helped
FEWEST = 3  # students, under which nothing is said of what they asked
MOST_PASSAGES = 5
PASSAGE = re.compile(r"(\d{1,7})-(\d{1,7})")


# ── The page ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Cited:
    """A passage under a reply; `quote` are its words as read, where it stands in this lesson."""

    label: str
    url: str
    quote: str
    section: str
    is_here: bool


@dataclass(frozen=True)
class Said:
    message: TutorMessage
    cited: list[Cited]

    @property
    def is_reply(self) -> bool:
        return self.message.speaker == Speaker.TUTOR

    @property
    def is_offline(self) -> bool:
        return self.message.engine == OFFLINE


def said(message: TutorMessage, lesson: Lesson) -> Said:
    rows = [_cited(each, lesson) for each in message.citations]
    return Said(message, list({row.label: row for row in rows}.values()))


def _cited(citation: dict[str, Any], lesson: Lesson) -> Cited:
    is_here = citation["lesson"] == lesson.pk
    start, end = citation["start"], citation["end"]
    url = reverse("learning:lesson", args=[lesson.course.slug, citation["lesson"]])
    section = citation["section"]
    title = citation.get("title", "")
    place = section or title
    return Cited(
        label=place if is_here else ": ".join(filter(None, [title, section])),
        url=f"{url}?{urlencode({'passage': f'{start}-{end}'})}",
        quote=words_of(lesson, start, end) if is_here else "",
        section=section,
        is_here=is_here,
    )


def words_of(lesson: Lesson, start: int, end: int) -> str:
    """The words of a passage as a reader sees them; "" where the lesson has none there any more."""
    try:
        return plain_text(passage(lesson, start, end))
    except NotFound:
        return ""


def passage_named(lesson: Lesson, name: str) -> str:
    """The words of the passage that an address names as "120-260"."""
    found = PASSAGE.fullmatch(name)
    return words_of(lesson, int(found[1]), int(found[2])) if found else ""


def is_offline(credits: Credits) -> bool:
    """Whether no model is set up, so that nothing is counted either."""
    return credits.engine == OFFLINE


def asks_for_rating(thread: TutorThread | None) -> bool:
    """Whether the talk is long enough, since it was last rated, to ask how far it helped."""
    if thread is None:
        return False
    rated = TalkRating.objects.filter(thread=thread).order_by("-message_id").first()
    turns = messages_of(thread).filter(speaker=Speaker.STUDENT).exclude(reply=None)
    if rated is not None:
        turns = turns.filter(pk__gt=rated.message_id)
    return turns.count() >= TURNS_OF_A_TALK


# ── For the teacher ───────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Figures:
    """Counts of one lesson's talks; None where too few took part for it to say nothing of one."""

    questions: int
    students: int
    understood: float | None  # mean of judged turns, 0 … 1
    rating: float | None  # mean answer to "did you understand it now?", 1 … 5
    ratings: int
    passages: list[tuple[str, int]]  # section, students who were led to it


def figures_of(lesson: Lesson) -> Figures:
    threads = TutorThread.objects.filter(lesson=lesson).exclude(student=lesson.course.owner_id)
    own = TutorMessage.objects.filter(thread__in=threads, speaker=Speaker.STUDENT)
    whole = own.aggregate(
        questions=Count("pk"),
        students=Count("thread", distinct=True),
        understood=Avg("score"),
        judged=Count("thread", distinct=True, filter=Q(score__isnull=False)),
    )
    rated = TalkRating.objects.filter(thread__in=threads).aggregate(
        mean=Avg("value"), count=Count("pk"), students=Count("thread", distinct=True)
    )
    return Figures(
        questions=whole["questions"],
        students=whole["students"],
        understood=whole["understood"] if whole["judged"] >= FEWEST else None,
        rating=rated["mean"] if rated["students"] >= FEWEST else None,
        ratings=rated["count"],
        passages=_passages(lesson, threads),
    )


def _passages(lesson: Lesson, threads: QuerySet[TutorThread]) -> list[tuple[str, int]]:
    """Sections by the students who were led to them; only what several asked about."""
    replies = TutorMessage.objects.filter(thread__in=threads, speaker=Speaker.TUTOR)
    asked: dict[str, set[int]] = {}
    for thread_id, citations in replies.values_list("thread_id", "citations"):
        for citation in citations:
            if citation["lesson"] == lesson.pk:
                asked.setdefault(citation["section"], set()).add(thread_id)
    counted = [(section, len(who)) for section, who in asked.items() if len(who) >= FEWEST]
    return sorted(counted, key=lambda row: (-row[1], row[0]))[:MOST_PASSAGES]


# ── For operators ─────────────────────────────────────────────────────────────────────────────
def replies_by_prompt(since: datetime) -> QuerySet[Any, Any]:
    """Per prompt version and engine: replies, thumbs, and how many drafts were sent back."""
    return (
        TutorMessage.objects.filter(speaker=Speaker.TUTOR, created_at__gte=since)
        .values("prompt_version", "engine")
        .annotate(
            replies=Count("pk"),
            up=Count("pk", filter=Q(rating__value=1)),
            down=Count("pk", filter=Q(rating__value=-1)),
            faulty=Count("pk", filter=~Q(faults=[])),
        )
        .order_by("-prompt_version", "engine")
    )


def reasons_by_prompt(since: datetime) -> dict[tuple[str, str], dict[str, int]]:
    """Why replies were no good: counts by reason, per prompt version and engine."""
    rows = (
        TutorMessage.objects.filter(speaker=Speaker.TUTOR, created_at__gte=since)
        .exclude(rating=None)
        .exclude(rating__reason="")
        .values_list("prompt_version", "engine", "rating__reason")
        .annotate(count=Count("pk"))
        .order_by()
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for version, engine, reason, count in rows:
        found.setdefault((version, engine), {})[reason] = count
    return found
