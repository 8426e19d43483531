"""What a concept may be called and how it is described."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Conflict, Invalid

from ...engine.words import plain
from ...models import Concept

MAX_NAME = 80
MAX_DESCRIPTION = 1000
MAX_ALIASES = 20
IMPORTANCES = range(1, 6)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored; Invalid with every fault by its field."""
    errors: dict[str, list[str]] = {}
    sound: dict[str, Any] = {}
    for field, value in values.items():
        try:
            sound[field] = _CHECKS[field](value)
        except ValueError as fault:
            errors[field] = [str(fault)]
    if errors:
        raise Invalid(errors=errors)
    return sound


def check_names(concept: Concept, others: Iterable[Concept]) -> None:
    """No two concepts of a course answer to one name; Conflict names the other."""
    own = names_of(concept)
    for other in others:
        taken = names_of(other) & own
        if taken and other.pk != concept.pk:
            raise Conflict(
                _("“%(name)s” is a name of the concept “%(concept)s” already.")
                % {"name": _as_written(concept, taken), "concept": other.name}
            )


def names_of(concept: Concept) -> set[str]:
    return {plain(concept.name), *map(plain, concept.aliases)}


def _as_written(concept: Concept, keys: Collection[str]) -> str:
    return next(name for name in [concept.name, *concept.aliases] if plain(name) in keys)


def _name(value: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", value[: 10 * MAX_NAME]).split())
    if not name:
        raise ValueError(_("Name the concept."))
    if len(name) > MAX_NAME:
        raise ValueError(_("At most %(limit)s characters.") % {"limit": MAX_NAME})
    if _CONTROL.search(name):
        raise ValueError(
            _(
                "The text holds control characters, which can’t be stored. Remove them and send it again."
            )
        )
    return name


def _description(value: str) -> str:
    text = value.strip().replace("\r\n", "\n")
    if len(text) > MAX_DESCRIPTION:
        raise ValueError(_("At most %(limit)s characters.") % {"limit": MAX_DESCRIPTION})
    if _CONTROL.search(text):
        raise ValueError(
            _(
                "The text holds control characters, which can’t be stored. Remove them and send it again."
            )
        )
    return text


def _aliases(value: Collection[str]) -> list[str]:
    """Each once, without empty ones."""
    if len(value) > MAX_ALIASES:
        raise ValueError(_("At most %(limit)s other names.") % {"limit": MAX_ALIASES})
    return once(_name(each) for each in value if each.strip())


def once(names: Iterable[str]) -> list[str]:
    """Names that are told apart as written answers are, as they were first written."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(plain(name), name)
    return list(first.values())


def _importance(value: int) -> int:
    if value not in IMPORTANCES:
        raise ValueError(_("Importance goes from 1 to 5."))
    return value


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "description": _description,
    "aliases": _aliases,
    "importance": _importance,
}
