"""Finding courses: pages in order, counts, facets, corrections of typing, suggestions."""

from .corrections import correction
from .facets import Count, Facets, facets, hash_of
from .finding import Results, cards, find_courses
from .suggestions import Suggestion, suggestions
from .totals import EXACT_UP_TO, Total, total

__all__ = [
    "EXACT_UP_TO", "Count", "Facets", "Results", "Suggestion", "Total",
    "cards", "correction", "facets", "find_courses", "hash_of", "suggestions", "total",
]  # fmt: skip
