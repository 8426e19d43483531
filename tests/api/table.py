"""The table of rights, read; and the calls that the application really has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from .world import BODIES, PEOPLE, World, a_picture

FILE = Path(__file__).parent / "rights.txt"
OPERATION = ("/healthz", "/readyz", "/metrics")


@dataclass(frozen=True)
class Row:
    call: str
    thing: str
    expected: dict[str, int]  # person → status

    @property
    def method(self) -> str:
        return self.call.split()[0]

    @property
    def path(self) -> str:
        return self.call.split()[1]

    def allowed(self) -> str | None:
        """The most ordinary person who gets through."""
        return next((who for who, status in self.expected.items() if status < 300), None)

    def ids(self) -> tuple[str, ...]:
        return ("missing", "huge") if self.thing == "missing" else (self.thing,)


@cache
def sections() -> dict[str, list[Row]]:
    """The rows under each heading."""
    found: dict[str, list[Row]] = {}
    for part in FILE.read_text().split("\n\n# ")[1:]:
        heading, *lines = part.strip().splitlines()
        found[heading] = [_row(line) for line in lines]
    return found


def rows() -> list[Row]:
    return [row for found in sections().values() for row in found]


def _row(line: str) -> Row:
    method, path, thing, *statuses = line.split()
    if len(statuses) == 1:
        statuses *= len(PEOPLE)
    expected = dict(zip(PEOPLE, map(int, statuses), strict=True))
    return Row(f"{method} {path}", thing, expected)


def working_row(call: str) -> Row | None:
    """A row in which somebody gets through to the call's own logic."""
    found = (row for row in rows() if row.call == call and row.allowed())
    return next(found, None)


def address(path: str, thing_id: Any) -> str:
    for name in ("{id}", "{username}"):
        path = path.replace(name, str(thing_id))
    return path.replace("{number}", "1")


def send(caller: Any, row: Row, world: World, thing: str) -> Any:
    """The row's call on one thing, with a right body."""
    thing_id = world.ids[thing]
    if row.call == "POST /api/uploads":
        return caller.upload(a_picture(), "avatar")
    body = BODIES[row.call](world, thing_id) if row.call in BODIES else None
    return caller.send(row.method, address(row.path, thing_id), body)


def calls_of_the_application() -> set[str]:
    """ "GET /api/courses/{id}" for each route and method below /api/, and those of operation."""
    return {
        f"{method} {path}"
        for path, callback in _routes(get_resolver().url_patterns)
        if path.startswith("/api/") or path in OPERATION
        for method in _methods(callback)
    }


def _routes(patterns: Any, before: str = "/") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if not isinstance(pattern.pattern, RoutePattern):
            continue
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield re.sub(r"<(?:\w+:)?(\w+)>", _named, here), pattern.callback


def _named(found: re.Match[str]) -> str:
    return "{id}" if found[1] == "pk" else f"{{{found[1]}}}"


def _methods(callback: Any) -> list[str]:
    view = getattr(callback, "cls", None)
    if view is None:
        return ["GET"]
    return [
        name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)
    ]
