"""Concepts as a table: a row for each, with its lessons and with what it needs, by names.

A cell that names several parts them by `|` (`\\|` is the sign itself); a needed concept may carry its
weight, as in `Vectors (0.7) | Matrices`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from . import table

MAX_BYTES = 1024 * 1024
HEAD = ("name", "description", "aliases", "importance", "lessons", "needs")
_NAMES = {
    "name": {"name", "concept", "понятие", "название"},
    "description": {"description", "описание"},
    "aliases": {"aliases", "other names", "другие названия", "синонимы"},
    "importance": {"importance", "важность"},
    "lessons": {"lessons", "уроки"},
    "needs": {"needs", "prerequisites", "требует", "нужно"},
}
_BETWEEN = re.compile(r"(?<!\\)\|")
_WEIGHT = re.compile(r"\d{0,3}[.,]?\d{1,9}")

Need = tuple[str, float | None]


@dataclass(frozen=True)
class FileConcept:
    """A row; None is what the table has no column for."""

    line: int
    name: str
    description: str | None = None
    aliases: tuple[str, ...] | None = None
    importance: int | None = None
    lessons: tuple[str, ...] | None = None
    needs: tuple[Need, ...] | None = None


@dataclass
class ConceptFile:
    concepts: list[FileConcept] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    edges: int = 0

    def refuse(self, line: int, text: str) -> None:
        self.problems.append((line, text))


def write(concepts: Iterable[FileConcept]) -> str:
    return table.written([HEAD, *map(_cells, concepts)])


def read(content: str, *, most: int, most_edges: int) -> ConceptFile:
    """Rows up to the limits: of more nothing is read but that there are too many."""
    found = ConceptFile()
    places: dict[str, int] | None = None
    for line, cells in table.rows_of(content, found.refuse):
        if places is None:
            places = table.places_of(cells, _NAMES)
            if "name" in places:
                continue
            found.refuse(line, _("The first row has to name the columns, “name” at least."))
            return found
        if len(found.concepts) >= most:
            found.refuse(line, _("More than %(limit)s concepts.") % {"limit": most})
            return found
        named = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
        found.edges += named.get("needs", "").count("|")
        if found.edges > most_edges:
            found.refuse(line, _("More than %(limit)s prerequisites.") % {"limit": most_edges})
            return found
        _take(named, line, found)
    return found


def _take(cells: dict[str, str], line: int, found: ConceptFile) -> None:
    importance = cells.get("importance", "")
    if importance and not re.fullmatch(r"[1-5]", importance):
        found.refuse(line, _("Importance goes from 1 to 5."))
        return
    found.concepts.append(
        FileConcept(
            line,
            cells["name"],
            cells.get("description"),
            _several(cells.get("aliases")),
            int(importance) if importance else None,
            _several(cells.get("lessons")),
            _needs(cells.get("needs")),
        )
    )


def _several(cell: str | None) -> tuple[str, ...] | None:
    if cell is None:
        return None
    parts = (part.replace("\\|", "|").strip() for part in _BETWEEN.split(cell))
    return tuple(part for part in parts if part)


def _needs(cell: str | None) -> tuple[Need, ...] | None:
    names = _several(cell)
    return None if names is None else tuple(map(_need, names))


def _need(text: str) -> Need:
    name, opened, weight = text.removesuffix(")").rpartition("(")
    if not opened or not text.endswith(")") or not _WEIGHT.fullmatch(weight):
        return text, None
    return name.strip(), float(weight.replace(",", "."))


def _cells(concept: FileConcept) -> list[str]:
    needs = [
        name if weight is None else f"{name} ({weight:g})" for name, weight in concept.needs or ()
    ]
    return [
        concept.name,
        concept.description or "",
        _joined(concept.aliases or ()),
        str(concept.importance or ""),
        _joined(concept.lessons or ()),
        _joined(needs),
    ]


def _joined(names: Sequence[str]) -> str:
    return " | ".join(name.replace("|", "\\|") for name in names)
