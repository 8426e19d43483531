"""Every write of the community."""

from .categories import ensure_forum_categories

__all__ = ["ensure_forum_categories"]
