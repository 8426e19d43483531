"""What search tells itself."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class DocumentsLeft(Event):
    """The courses of a category, or of a teacher, above this id wait for their documents."""

    name: ClassVar[str] = "search.documents_left"
    category_id: int | None = None
    user_id: int | None = None
    above: int = 0
