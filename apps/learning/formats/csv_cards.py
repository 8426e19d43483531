"""Cards as a table: front, back, deck; commas, semicolons or tabs."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from apps.core.errors import TooLarge

from ..engine import cloze
from .cards import BASIC, CLOZE, MAX_GAPS, MAX_NOTES, MAX_TEXT, CardFile, FileNote

MAX_BYTES = 25 * 1024 * 1024
HEAD = ("front", "back", "deck")
_NAMES = {
    "front": {"front", "question", "term", "text", "вопрос", "лицо", "термин", "текст"},
    "back": {"back", "answer", "definition", "ответ", "оборот", "определение"},
    "deck": {"deck", "course", "колода", "курс"},
}
# A spreadsheet takes such a cell for a formula; an apostrophe before it makes it text (and one
# that stood there already gets another, so that reading gives back what was written).
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DELIMITERS = (",", ";", "\t")
_ANKI_HEAD = re.compile(r"#(separator|html|tags|notetype|deck|guid|columns)\b.*", re.IGNORECASE)


def write(notes: Iterable[FileNote]) -> str:
    """With a byte order mark, so that Excel reads it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for note in notes:
        writer.writerow([neutral(note.front), neutral(note.back), neutral(note.deck)])
    return "\ufeff" + out.getvalue()


def read(content: str) -> CardFile:
    """Notes by line; what makes no card is a problem with its line."""
    found = CardFile()
    text = content.replace("\x00", "").replace("\r\n", "\n")
    delimiter = _delimiter(text)
    places: dict[str, int] | None = None
    seen: set[str] = set()
    for line, cells in _rows(text, delimiter, found):
        if places is None:
            places = _places(cells)
            if places:
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


def neutral(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


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


def _rows(text: str, delimiter: str, found: CardFile) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, with the line that each begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            found.refuse(begins, _("A cell here is too long, or its quotes aren’t closed."))
            return
        line, begins = begins, reader.line_num + 1
        if any(cell.strip() for cell in cells) and not _ANKI_HEAD.fullmatch(cells[0]):
            yield line, cells


def _places(cells: list[str]) -> dict[str, int]:
    """Which column holds what, if the row is a head that names front and back."""
    words = [cell.strip().lower() for cell in cells]
    places = {
        name: next((index for index, word in enumerate(words) if word in known), -1)
        for name, known in _NAMES.items()
    }
    if places["front"] < 0 or places["back"] < 0:
        return {}
    return {name: place for name, place in places.items() if place >= 0}


def _cell(cells: list[str], place: int) -> str:
    return restored(cells[place]).strip() if place < len(cells) else ""


def _delimiter(text: str) -> str:
    """The one that most often divides the first rows into two or more cells."""
    sample = text[:20_000]

    def rows_divided(delimiter: str) -> int:
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))[:30]
        except csv.Error:
            return 0
        return sum(len(row) > 1 for row in rows)

    return max(_DELIMITERS, key=rows_divided)
