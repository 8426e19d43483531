"""What an engine is given, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")

OFFLINE = "offline"  # the name of the engine that needs no model


@dataclass(frozen=True)
class Material:
    """A text to work on. `text` is markdown; `language` is "en" or "ru"; `wishes` are the task's.

    `private` is for the checker and the engine without a model: no prompt holds it.
    """

    title: str
    text: str
    language: str
    wishes: Mapping[str, Any] = field(default_factory=dict)
    private: Any = None


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """`engine` made the value: "offline" or a model's name; `cached`: it was paid for before.

    `faults`: why drafts of models were sent back.
    """

    value: T
    engine: str
    cached: bool = False
    faults: tuple[str, ...] = ()
