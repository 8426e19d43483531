"""What of connections and statements isn't Django's own."""

import pytest
from django.db import connection
from psycopg_pool import ConnectionPool

from apps.core.database import base
from apps.core.statements import row_of, run

pytestmark = pytest.mark.django_db


class Lent:
    """A connection that lay idle since `used_at`."""

    def __init__(self, used_at: float) -> None:
        self.used_at = used_at


@pytest.mark.parametrize(("idle", "checks"), [(0.5, 0), (2.0, 1)])
def test_only_a_connection_that_lay_idle_is_checked(monkeypatch, idle, checks):
    checked = []
    monkeypatch.setattr(ConnectionPool, "check_connection", checked.append)
    monkeypatch.setattr(base, "monotonic", lambda: 100.0)
    base._check_idle(Lent(100.0 - idle))
    assert len(checked) == checks


def test_a_new_connection_is_checked(monkeypatch):
    checked = []
    monkeypatch.setattr(ConnectionPool, "check_connection", checked.append)
    base._check_idle(object())
    assert len(checked) == 1


def test_numbers_of_all_sizes_are_one_prepared_statement():
    statement = "SELECT %s::bigint + 1, %s::text"
    for number in (1, 70_000, 2**40):
        assert row_of(statement, [number, "text"]) == (number + 1, "text")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s",
            ["%+ 1, $2::text"],
        )
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30], ids=["2^63", "-2^63", "10^30"])
def test_a_number_beyond_every_key_is_not_asked_for(number):
    """As a numeric it would be compared with each row, since no index is of that type."""
    with pytest.raises(OverflowError):
        row_of("SELECT id FROM accounts_user WHERE id = %s", [number])
    assert row_of("SELECT %s::int", [1]) == (1,)


def test_a_statement_without_an_answer():
    run("INSERT INTO core_limitcounter VALUES (%s, now(), %s)", ["one", 1])
    assert row_of("SELECT count FROM core_limitcounter WHERE bucket = %s", ["one"]) == (1,)
    assert row_of("SELECT count FROM core_limitcounter WHERE bucket = %s", ["none"]) is None
