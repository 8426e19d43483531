"""What differs between two snapshots of a course, said for people."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Snapshot = Mapping[str, Any]
FIELD_NAMES: dict[str, str | Promise] = {
    "title": gettext_lazy("Title"),
    "subtitle": gettext_lazy("One line of promise"),
    "description": gettext_lazy("Description"),
    "price_minor": gettext_lazy("Price"),
    "currency": gettext_lazy("Currency"),
    "level": gettext_lazy("Level"),
    "language": gettext_lazy("Language of the course"),
    "category": gettext_lazy("Category"),
    "tags": gettext_lazy("Tags"),
    "outcomes": gettext_lazy("What they will be able to do"),
    "prerequisites": gettext_lazy("What they need before"),
    "cover": gettext_lazy("Cover"),
}
MAX_LINES = 120


@dataclass(frozen=True)
class Difference:
    """`lines` are (sign, text), the sign one of "+", "-", " "."""

    what: str
    lines: list[tuple[str, str]] = field(default_factory=list)


def between(old: Snapshot, new: Snapshot) -> list[Difference]:
    """From `old` to `new`: fields first, then modules and lessons."""
    return [*_fields(old, new), *_modules(old, new), *_lessons(old, new)]


def _fields(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    for name, label in FIELD_NAMES.items():
        if old[name] != new[name]:
            yield Difference(str(label), _lines(_text(name, old[name]), _text(name, new[name])))


def _text(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    if name == "cover":
        return ""
    if name == "price_minor":
        return f"{value / 100:.2f}"
    return str(value or "")


def _modules(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    before = {module["id"]: module["title"] for module in old["modules"]}
    after = {module["id"]: module["title"] for module in new["modules"]}
    for key, title in after.items():
        if key not in before:
            yield Difference(_("Module “%(title)s” is new") % {"title": title})
        elif before[key] != title:
            yield Difference(_("Module renamed"), [("-", before[key]), ("+", title)])
    for key, title in before.items():
        if key not in after:
            yield Difference(_("Module “%(title)s” is gone") % {"title": title})
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield Difference(_("Modules stand in another order"))


def _lessons(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    before, after = _by_id(old), _by_id(new)
    for key, lesson in after.items():
        if key not in before:
            yield Difference(
                _("Lesson “%(title)s” is new") % {"title": lesson["title"]},
                _lines("", lesson["content"]),
            )
        else:
            yield from _lesson(before[key], lesson)
    for key, lesson in before.items():
        if key not in after:
            yield Difference(
                _("Lesson “%(title)s” is gone") % {"title": lesson["title"]},
                _lines(lesson["content"], ""),
            )
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield Difference(_("Lessons stand in another order"))


def _lesson(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    title = {"title": new["title"]}
    if old["title"] != new["title"]:
        yield Difference(_("Lesson renamed"), [("-", old["title"]), ("+", new["title"])])
    if old["content"] != new["content"]:
        lines = _lines(old["content"], new["content"])
        yield Difference(_("Text of “%(title)s”") % title, lines)
    rest = ("video_url", "duration_minutes", "is_preview", "attachments")
    if any(old[name] != new[name] for name in rest):
        yield Difference(_("Settings of “%(title)s”") % title)


def _by_id(snapshot: Snapshot) -> dict[int, Snapshot]:
    return {lesson["id"]: lesson for module in snapshot["modules"] for lesson in module["lessons"]}


def _lines(old: str, new: str) -> list[tuple[str, str]]:
    """Changed lines with one line around them; the first MAX_LINES."""
    found = []
    for line in difflib.unified_diff(old.splitlines(), new.splitlines(), n=1, lineterm=""):
        if line[:3] in {"---", "+++"} or line.startswith("@@"):
            continue
        found.append((line[0], line[1:]))
        if len(found) == MAX_LINES:
            found.append((" ", "…"))
            break
    return found
