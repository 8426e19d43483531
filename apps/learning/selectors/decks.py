"""A student's cards as lists: found by words, counted by state."""

from typing import Any

from django.db.models import Q, QuerySet

from apps.courses.models import Course

from ..models import Card
from .cards import cards_of

ORDERING = ["-id"]
MOST_WORDS = 10  # that are looked for; each is looked for in every card


def cards_found(student: Any, *, words: str, course: Course | None = None) -> QuerySet[Card]:
    """Cards whose note holds every one of the first words."""
    found = cards_of(student, course)
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(Q(note__front__icontains=word) | Q(note__back__icontains=word))
    return found


def cards_of_no_course(student: Any, *, words: str) -> QuerySet[Card]:
    return cards_found(student, words=words).filter(course=None)
