"""What each app holds on a person, so that it can be handed out and erased.

An app registers one function of each kind in its `ready()`; the account's own export and erasure
call them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Export = Callable[[Any], dict[str, Any]]
Erase = Callable[[Any, datetime], None]


@dataclass(frozen=True)
class Holding:
    app: str
    export: Export
    erase: Erase


_holdings: dict[str, Holding] = {}


def register(app: str, *, export: Export, erase: Erase) -> None:
    """`export(user)` gives JSON-ready data; `erase(user, at)` removes or anonymises it in place."""
    _holdings[app] = Holding(app, export, erase)


def holdings() -> list[Holding]:
    return list(_holdings.values())


def export_all(user: Any) -> dict[str, Any]:
    return {holding.app: holding.export(user) for holding in holdings()}
