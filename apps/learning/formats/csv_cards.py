"""Cards as a table: front, back, deck; commas, semicolons or tabs."""

import hashlib
import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.core.errors import TooLarge

from ..engine import cloze
from . import table
from .cards import BASIC, CLOZE, MAX_GAPS, MAX_NOTES, MAX_TEXT, CardFile, FileNote

MAX_BYTES = 25 * 1024 * 1024
HEAD = ("front", "back", "deck")
_NAMES = {
    "front": {"front", "question", "term", "text", "вопрос", "лицо", "термин", "текст"},
    "back": {"back", "answer", "definition", "ответ", "оборот", "определение"},
    "deck": {"deck", "course", "колода", "курс"},
}
_ANKI_HEAD = re.compile(r"#(separator|html|tags|notetype|deck|guid|columns)\b.*", re.IGNORECASE)


def write(notes: Iterable[FileNote]) -> str:
    return table.written([HEAD, *([note.front, note.back, note.deck] for note in notes)])


def read(content: str) -> CardFile:
    """Notes by line; what makes no card is a problem with its line."""
    found = CardFile()
    places: dict[str, int] | None = None
    seen: set[str] = set()
    for line, cells in table.rows_of(content, found.refuse):
        if _ANKI_HEAD.fullmatch(cells[0]):
            continue
        if places is None:
            places = table.places_of(cells, _NAMES)
            if {"front", "back"} <= places.keys():
                continue
            places = {"front": 0, "back": 1, "deck": 2}
        if len(found.notes) + len(found.problems) >= MAX_NOTES:
            limit = {"limit": MAX_NOTES}
            raise TooLarge(_("More than %(limit)s cards. Divide the file.") % limit)
        note = _note({name: _cell(cells, place) for name, place in places.items()}, line, found)
        if note is None or note.key in seen:
            continue
        seen.add(note.key)
        found.notes.append(note)
    return found


def key_of(front: str, back: str) -> str:
    return hashlib.sha256(f"{front}\x1f{back}".encode()).hexdigest()[:32]


def _note(cells: dict[str, str], line: int, found: CardFile) -> FileNote | None:
    front, back = cells["front"], cells.get("back", "")
    if len(front) > MAX_TEXT or len(back) > MAX_TEXT:
        found.refuse(line, _("A side is longer than 8000 characters."))
        return None
    gaps = cloze.numbers(front)
    kind = CLOZE if gaps else BASIC
    if not front:
        found.refuse(line, _("The front is empty."))
    elif not back and kind == BASIC:
        found.refuse(line, _("The back is empty."))
    elif len(gaps) > MAX_GAPS:
        found.refuse(line, _("The note has more than 40 gaps."))
    else:
        deck = cells.get("deck", "")[:300]
        return FileNote(key_of(front, back), deck, kind, front, back)
    return None


def _cell(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
