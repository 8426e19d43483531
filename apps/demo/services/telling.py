"""How far the demo is, told to whoever waits for it."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

Thing = TypeVar("Thing")


class Tell(Protocol):
    """`step` is what has just been made, empty while it is still under way; `done` the share of all."""

    def __call__(self, step: str, done: float, /) -> None: ...


def portions(things: Sequence[Thing], tell: Tell, begins: float, ends: float) -> Iterator[Thing]:
    """The things one by one, telling after each how far the whole has come."""
    for number, thing in enumerate(things, start=1):
        yield thing
        tell("", begins + (ends - begins) * number / len(things))
