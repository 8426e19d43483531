"""Statements of the hottest calls: the server parses and plans them once on each connection."""

from collections.abc import Sequence
from typing import Any

from django.db import connection


def row_of(statement: str, given: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row that the statement answers; parameters are positional."""
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # core.database
        cursor.execute(statement, given)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def rows_of(statement: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows."""
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # core.database
        cursor.execute(statement, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def run(statement: str, given: Sequence[Any]) -> None:
    """The same for a statement that answers nothing."""
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # core.database
        cursor.execute(statement, given)
