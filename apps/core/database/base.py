"""PostgreSQL with two things more: checks of idle connections alone, and prepared statements."""

# Django's stubs know its backend for psycopg 2 alone.
# mypy: disable-error-code="misc, attr-defined, call-arg"

from time import monotonic
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg import Connection
from psycopg.types.numeric import Int8
from psycopg_pool import ConnectionPool

# Seconds: whoever used a connection so lately has seen that it works.
FRESH = 1.0


class PreparedCursor(base.ServerBindingCursor):
    """Has the server parse and plan a statement once on each connection."""

    def execute(self, query: Any, params: Any = None) -> Any:
        # one type for all whole numbers, else each size of them is a statement of its own
        given = [Int8(each) if type(each) is int else each for each in params or ()]
        return super().execute(query, given)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        # at once; Django's own cursors put values into the text and never prepare
        return {**super().get_connection_params(), "prepare_threshold": 0}

    @property
    def pool(self) -> ConnectionPool | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if not options or self.alias in self._connection_pools:
            return super().pool
        made = ConnectionPool(
            kwargs={**self.get_connection_params(), "autocommit": True},
            open=False,
            configure=self._configure_connection,
            check=_check_idle,
            **options,
        )
        return self._connection_pools.setdefault(self.alias, made)

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.used_at = monotonic()
        super()._close()

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor for a statement of the hottest calls, with positional parameters."""
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(PreparedCursor(self.connection))


def _check_idle(connection: Connection[Any]) -> None:
    if monotonic() - getattr(connection, "used_at", 0.0) > FRESH:
        ConnectionPool.check_connection(connection)
