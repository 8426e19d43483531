"""Concepts as a table: read as it was written, with nothing that a spreadsheet would run."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.learning.formats import csv_concepts
from apps.learning.formats.csv_concepts import FileConcept

NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" |=\\(),;\"'+@-"),
    min_size=1,
    max_size=20,
).filter(lambda name: name == name.strip() and name.strip("\\") == name)


@st.composite
def concepts(draw):
    several = st.lists(NAMES, max_size=3).map(tuple)
    return FileConcept(
        line=0,
        name=draw(NAMES),
        description=draw(NAMES),
        aliases=draw(several),
        importance=draw(st.integers(1, 5)),
        lessons=draw(several),
        needs=tuple((name, draw(st.sampled_from([0.05, 0.7, 1.0]))) for name in draw(several)),
    )


def read(text, most=500, most_edges=5000):
    return csv_concepts.read(text, most=most, most_edges=most_edges)


@given(st.lists(concepts(), min_size=1, max_size=5))
def test_what_is_written_is_read(rows):
    found = read(csv_concepts.write(rows).removeprefix("\ufeff"))
    assert found.problems == []
    assert [
        (row.name, row.description, row.aliases, row.importance, row.lessons, row.needs)
        for row in found.concepts
    ] == [
        (row.name, row.description, row.aliases, row.importance, row.lessons, row.needs)
        for row in rows
    ]


@given(st.lists(concepts(), min_size=1, max_size=5))
def test_no_cell_is_a_formula(rows):
    written = csv_concepts.write(rows).removeprefix("\ufeff")
    for row in csv.reader(io.StringIO(written, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_columns_in_any_order_and_language_and_only_some():
    found = read("Требует;Название;Важность\r\nВекторы (0,5) | Числа;Матрицы;5\r\n;Числа;")
    assert found.concepts == [
        FileConcept(2, "Матрицы", importance=5, needs=(("Векторы", 0.5), ("Числа", None))),
        FileConcept(3, "Числа", needs=()),
    ]


def test_brackets_that_hold_no_weight_belong_to_the_name():
    found = read("name,needs\nA,f(x) | P(A\\|B) | Set (2024) (.7)")
    assert found.concepts[0].needs == (("f(x)", None), ("P(A|B)", None), ("Set (2024)", 0.7))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("term,meaning\na,b", 1),
        ("name,importance\nA,7", 2),
        ("name,importance\nA,3\nB,high", 3),
        ("name\n" + "\n".join("abcd"), 5),
        ('name,needs\nA,"' + "x" * 200_000, 2),
        ("name,needs\nA," + "|" * 5, 2),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line(text, line):
    found = read(text, most=3, most_edges=4)
    assert [problem[0] for problem in found.problems] == [line]


def test_a_hundred_thousand_edges_are_refused_at_the_first_row():
    found = read("name,needs\nA," + "a|" * 60_000 + "\nB," + "a|" * 60_000)
    assert [problem[0] for problem in found.problems] == [2]
    assert found.concepts == []
