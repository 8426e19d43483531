"""Writes of the index: refresh some documents, rebuild all, cut the tiers, learn the words."""

from .documents import rebuild, refresh
from .tiers import cut
from .vocabulary import learn_words

__all__ = ["cut", "learn_words", "rebuild", "refresh"]
