"""Writes of the index: refresh documents, rebuild or check all, cut the tiers, learn the words."""

from .checking import Drift, check, finish, last_check
from .documents import refresh
from .names import forget_teacher, learn_names
from .portions import refresh_portion
from .rebuilding import is_wanted, rebuild
from .searches import forget_searches, remember_search
from .tallies import merge as merge_tallies
from .tiers import cut
from .vocabulary import learn_words

__all__ = [
    "Drift",
    "check",
    "cut",
    "finish",
    "forget_searches",
    "forget_teacher",
    "is_wanted",
    "last_check",
    "learn_names",
    "learn_words",
    "merge_tallies",
    "rebuild",
    "refresh",
    "refresh_portion",
    "remember_search",
]
