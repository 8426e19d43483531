"""What Anki's kinds of note make of their fields: which stand on the front, which on the back."""

import re
from dataclasses import dataclass
from typing import Any

_REFERENCE = re.compile(r"\{\{([^{}]+)\}\}")
_SPECIAL = {"FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag"}


@dataclass(frozen=True)
class Sides:
    front: tuple[int, ...]
    back: tuple[int, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of note: the sides of each card by its number, or the one text with gaps."""

    is_cloze: bool
    source: int | None  # the field that holds our own markdown
    sides: tuple[Sides, ...]


def kinds_of(models: dict[str, Any]) -> dict[str, Kind]:
    """By Anki's number; what isn't in the shape of a kind is left out."""
    kinds = {}
    for number, model in models.items():
        try:
            kinds[str(number)] = _kind(model)
        except (TypeError, KeyError, AttributeError, ValueError):
            continue
    return kinds


def _kind(model: dict[str, Any]) -> Kind:
    names = [str(field["name"]) for field in model["flds"]]
    is_cloze = int(model.get("type", 0)) == 1
    sides = []
    for template in model["tmpls"][:20]:
        front = _fields(str(template["qfmt"]), names)
        back = [index for index in _fields(str(template["afmt"]), names) if index not in front]
        sides.append(Sides(tuple(front or [0]), tuple(back)))
    source = names.index("Source") if "Source" in names else None
    return Kind(is_cloze, source, tuple(sides))


def _fields(template: str, names: list[str]) -> list[int]:
    """The fields that a template shows, in order, each once."""
    found: list[int] = []
    for reference in _REFERENCE.findall(template[:20_000]):
        name = reference.strip()
        if name.startswith(("#", "^", "/", "!")):
            continue
        name = name.rsplit(":", 1)[-1].strip()
        if name in names and name not in _SPECIAL and names.index(name) not in found:
            found.append(names.index(name))
    return found
