"""Writes of the index: refresh some documents, rebuild all, cut the tiers, learn the words."""

from .documents import rebuild, refresh
from .names import forget_teacher, learn_names
from .searches import forget_searches, remember_search
from .tiers import cut
from .vocabulary import learn_words

__all__ = [
    "cut",
    "forget_searches",
    "forget_teacher",
    "learn_names",
    "learn_words",
    "rebuild",
    "refresh",
    "remember_search",
]
