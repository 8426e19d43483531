"""A note with its cards as a file holds them; what csv and apkg read and write."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from ..engine import cloze
from .html import markdown_of_html

MAX_NOTES = 50_000
MAX_TEXT = 8000  # characters, as the models keep them
MAX_GAPS = 40
BASIC, CLOZE = "basic", "cloze"


@dataclass(frozen=True)
class FileReview:
    """One grade of the log; intervals in whole seconds."""

    at: datetime
    rating: int
    state_before: int | None
    interval: int
    interval_before: int
    difficulty: float
    duration_ms: int


@dataclass(frozen=True)
class FileCard:
    """A card's schedule, states as py-fsrs numbers them; a new one has no `due`."""

    ordinal: int = 0
    state: int = 1
    step: int | None = 0
    stability: float | None = None
    difficulty: float | None = None
    due: datetime | None = None
    unplaced_due: datetime | None = None
    last_review: datetime | None = None
    reps: int = 0
    lapses: int = 0
    suspended: bool = False
    reviews: tuple[FileReview, ...] = ()

    @property
    def is_new(self) -> bool:
        return self.stability is None


@dataclass(frozen=True)
class FileNote:
    """`key` names the note within its format, so that it isn't taken twice.

    `is_html`: the sides are still as the file has them; `settled` makes markdown of them, which
    takes a third of a millisecond, too long for a whole file while somebody waits.
    """

    key: str
    deck: str
    kind: str
    front: str
    back: str
    cards: tuple[FileCard, ...] = ()
    is_html: bool = False


def settled(note: FileNote) -> FileNote | None:
    """The note in markdown with a card for each gap; None when no card is left of it."""
    if not note.is_html:
        return note
    front, back = markdown_of_html(note.front).text, markdown_of_html(note.back).text
    if not front or len(front) > MAX_TEXT or len(back) > MAX_TEXT:
        return None
    if note.kind == BASIC:
        return replace(note, front=front, back=back, is_html=False) if back else None
    by_gap = {card.ordinal: card for card in note.cards}
    cards = tuple(
        by_gap.get(number, FileCard(ordinal=number)) for number in cloze.numbers(front)[:MAX_GAPS]
    )
    return replace(note, front=front, back=back, cards=cards, is_html=False) if cards else None


@dataclass(frozen=True)
class CardProblem:
    """A line of a csv, or the number of a note, that isn't taken."""

    line: int
    text: str


@dataclass
class CardFile:
    """What was read; `media` counts pictures and sounds that are left out."""

    notes: list[FileNote] = field(default_factory=list)
    problems: list[CardProblem] = field(default_factory=list)
    media: int = 0
    has_schedule: bool = False

    def refuse(self, line: int, text: str) -> None:
        self.problems.append(CardProblem(line, text))
