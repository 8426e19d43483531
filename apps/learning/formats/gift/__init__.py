"""Questions in GIFT, Moodle's text format: a file to drafts, and drafts to a file."""

from .reader import read
from .writer import write

__all__ = ["read", "write"]
