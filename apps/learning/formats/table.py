"""Tables as text: commas, semicolons or tabs; cells that a spreadsheet would take for formulas."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

# A spreadsheet takes such a cell for a formula; an apostrophe before it makes it text (and one
# that stood there already gets another, so that reading gives back what was written).
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DELIMITERS = (",", ";", "\t")

Refuse = Callable[[int, str], None]


def written(rows: Iterable[Iterable[str]]) -> str:
    """With a byte order mark, so that Excel reads it as UTF-8; the first row is the head."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def rows_of(text: str, refuse: Refuse) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, with the line that each begins on; cells as they were written."""
    text = text.replace("\x00", "").replace("\r\n", "\n")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            refuse(begins, _("A cell here is too long, or its quotes aren’t closed."))
            return
        line, begins = begins, reader.line_num + 1
        if any(cell.strip() for cell in cells):
            yield line, [restored(cell).strip() for cell in cells]


def neutral(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def places_of(cells: Iterable[str], names: dict[str, set[str]]) -> dict[str, int]:
    """Which column holds what, by the words of a head."""
    words = [cell.lower() for cell in cells]
    places = {
        name: next((index for index, word in enumerate(words) if word in known), -1)
        for name, known in names.items()
    }
    return {name: place for name, place in places.items() if place >= 0}


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
