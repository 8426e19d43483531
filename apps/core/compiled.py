"""Querysets whose SQL is made once: a hot page asks the same dozen questions about everybody.

Django takes several times longer to make the SQL of a queryset than PostgreSQL takes to answer it.
Here the queryset is written once, with parameters where its values go, and asked with the values:

    _seats = compiled(lambda student, courses: (
        Enrollment.objects.filter(any_of("course", courses), student_id=student).open()
    ))
    seats = _seats(student=7, courses=[1, 2])

PostgreSQL plans it once for a connection.
"""

import inspect
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField, F, Func, IntegerField, QuerySet, Value
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    get_related_populators,
)


def compiled(make: "Callable[..., QuerySet[Any, Any]]") -> "Compiled":
    """A question with the parameters of `make`, which puts them into filters as expressions."""
    return Compiled(make)


def any_of(field: str, values: Any) -> Func:
    """`filter(any_of("course", ids))` for `course__in=ids`, which is other SQL for each length."""
    return Func(
        F(field),
        values,
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def number_of(rows: QuerySet[Any, Any]) -> "QuerySet[Any, int]":
    """`count()` as a queryset of one row."""
    count = Func(template="COUNT(*)", output_field=IntegerField())
    return rows.order_by().values_list(count, flat=True)


class Compiled:
    def __init__(self, make: "Callable[..., QuerySet[Any, Any]]") -> None:
        self._make = make

    def __call__(self, **values: Any) -> list[Any]:
        """The rows as the queryset gives them: instances, tuples or plain values."""
        question = self._question
        given = [values[each.name] if isinstance(each, _Name) else each for each in question.given]
        with _cursor() as cursor:
            try:
                cursor.execute(question.sql, given)
            except OverflowError:  # an address may hold a number that no key can be
                return []
            return question.read(cursor.fetchall())

    def first(self, **values: Any) -> Any:
        """None without any; the queryset should be cut to one row."""
        return next(iter(self(**values)), None)

    @cached_property
    def _question(self) -> "_Question":
        names = inspect.signature(self._make).parameters
        return _Question(self._make(**{name: Value(_Name(name)) for name in names}))


class _Name:
    """Stands among the parameters of the SQL for a value that comes with the asking."""

    def __init__(self, name: str) -> None:
        self.name = name


class _Question:
    """The SQL of a queryset, and how its rows are read: as Django's iterables do it."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self.compiler = compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.given = compiler.as_sql()
        self.converters = compiler.get_converters([column for column, *_ in compiler.select])
        self.is_flat = issubclass(rows._iterable_class, FlatValuesListIterable)
        self.is_of_models = issubclass(rows._iterable_class, ModelIterable)
        if self.is_of_models:
            own = compiler.klass_info["select_fields"]
            self.own = slice(own[0], own[-1] + 1)
            self.names = [column.target.attname for column, *_ in compiler.select[self.own]]
            self.related = get_related_populators(
                compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS
            )  # type: ignore[call-arg]  # its stub is of another version of Django

    def read(self, rows: list[Any]) -> list[Any]:
        if self.converters:
            rows = list(self.compiler.apply_converters(rows, self.converters))
        if self.is_flat:
            return [value for (value,) in rows]
        return [self._instance(row) for row in rows] if self.is_of_models else rows

    def _instance(self, row: Any) -> Any:
        model = self.compiler.klass_info["model"]
        found = model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.own])
        for each in self.related:
            each.populate(row, found)
        return found


def _cursor() -> CursorWrapper:
    """An ordinary one where statements are logged: with the values in them."""
    if connection.queries_logged:
        return connection.cursor()
    found: CursorWrapper = connection.prepared_cursor()  # type: ignore[attr-defined]  # core.database
    return found
