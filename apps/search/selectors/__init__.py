"""Finding courses: pages in order, counts, facets, corrections of typing, suggestions."""

from .corrections import correction
from .facets import Count, Facets, facets, hash_of
from .finding import Results, cards, find_courses
from .personal import PersonalResults, courses_for
from .profiles import every_subject, profile_of
from .remembered import recent_searches, topics_like
from .suggestions import Suggestion, suggestions, with_cards
from .totals import EXACT_UP_TO, Total, total

__all__ = [
    "EXACT_UP_TO",
    "Count",
    "Facets",
    "PersonalResults",
    "Results",
    "Suggestion",
    "Total",
    "cards",
    "correction",
    "courses_for",
    "every_subject",
    "facets",
    "find_courses",
    "hash_of",
    "profile_of",
    "recent_searches",
    "suggestions",
    "topics_like",
    "total",
    "with_cards",
]
