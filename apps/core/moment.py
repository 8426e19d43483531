"""What this process holds for a moment: for a second at most, and never more than so much.

All of a moment ends together, so that what was made of other things isn't shown for longer than
they are: nothing is older than `SECONDS`, whatever has changed elsewhere. A change in this process
takes away at once what shows it; one who was reading meanwhile has what they read held for nobody.

What shows something names it with `note`, as `core.kept` does for whatever it reads; what was made
without naming anything goes with every change.
"""

import time
from collections.abc import Callable, Hashable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

SECONDS = 1.0
ROOM = 8 * 1024 * 1024  # bytes in all; when it is full, nothing is added until the moment ends
LEAST = 1000  # bytes that an entry takes at least
ANYTHING = "*"

T = TypeVar("T")
clock = time.monotonic
_noted: ContextVar[set[str] | None] = ContextVar("noted", default=None)


@dataclass(frozen=True)
class _Held:
    value: Any
    subjects: frozenset[str]


@dataclass
class _Moment:
    ends: float = 0.0
    room: int = ROOM
    changes: int = 0
    held: dict[Hashable, _Held] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def put(self, key: Hashable, one: _Held, *, size: int, changes: int) -> None:
        """Unless something has changed since it began to be made."""
        with self.lock:
            if changes == self.changes and size <= self.room:
                self.room -= size
                self.held[key] = one

    def forget(self, subjects: Iterable[str]) -> None:
        gone = {ANYTHING, *subjects}
        with self.lock:
            self.changes += 1
            self.held = {
                key: one for key, one in self.held.items() if one.subjects.isdisjoint(gone)
            }


_moment = _Moment()


def held(key: Hashable, make: Callable[[], T], *, size: Callable[[T], int] | None = None) -> T:
    """As it was made in this moment, else as `make` makes it now; what `make` raises isn't held.

    `size` in bytes, for what isn't small. Whoever gets it must leave it as it is.
    """
    moment = _now()
    one = moment.held.get(key)
    if one is None:
        changes = moment.changes
        one = _made(make)
        moment.put(key, one, size=LEAST + (size(one.value) if size else 0), changes=changes)
    note(one.subjects)
    value: T = one.value
    return value


def note(subjects: Iterable[str]) -> None:
    """What is being made shows these, and goes when one of them changes."""
    noted = _noted.get()
    if noted is not None:
        noted.update(subjects)


def forget(subjects: Iterable[str]) -> None:
    """These have changed."""
    _moment.forget(subjects)


def end() -> None:
    """Anything may have changed."""
    global _moment
    _moment = _Moment()


def _now() -> _Moment:
    global _moment
    now = clock()
    if now >= _moment.ends:
        _moment = _Moment(ends=now + SECONDS)
    return _moment


def _made(make: Callable[[], Any]) -> _Held:
    noted = _noted.set(set())
    try:
        value = make()
        return _Held(value, frozenset(_noted.get() or {ANYTHING}))
    finally:
        _noted.reset(noted)
