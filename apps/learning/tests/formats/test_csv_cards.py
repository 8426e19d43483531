"""Cards as a table: formulas made harmless and brought back, problems by line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import TooLarge
from apps.learning.engine import cloze
from apps.learning.formats import csv_cards
from apps.learning.formats.cards import BASIC, CLOZE, MAX_NOTES, FileNote

from .strategies import texts

cells = st.one_of(texts, st.sampled_from(["=1+1", "'=1", "''=x", "-5", "+7", "@a", "'quoted'"]))


@st.composite
def notes(draw):
    front, back = draw(cells), draw(cells)
    kind = CLOZE if cloze.numbers(front) else BASIC
    return FileNote(
        csv_cards.key_of(front, back), draw(st.sampled_from(["", "=Deck"])), kind, front, back
    )


@given(st.lists(notes(), min_size=1, max_size=6, unique_by=lambda note: note.key))
def test_comes_back_as_it_was(found):
    written = csv_cards.write(found)
    back = csv_cards.read(written.removeprefix("\ufeff"))
    assert back.problems == []
    assert back.notes == found


@given(st.lists(notes(), min_size=1, max_size=6))
def test_no_cell_is_a_formula(found):
    written = csv_cards.write(found).removeprefix("\ufeff")
    for row in csv.reader(io.StringIO(written, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_quotes(delimiter):
    text = (
        delimiter.join(['"a, b; c"', "d"]) + "\n" + delimiter.join(['"two\nlines"', '"say ""hi"""'])
    )
    found = csv_cards.read(text)
    assert [(note.front, note.back) for note in found.notes] == [
        ("a, b; c", "d"),
        ("two\nlines", 'say "hi"'),
    ]


def test_head_in_any_order_and_language():
    found = csv_cards.read("Колода;Ответ;Вопрос\nХимия;вода;H2O?")
    note = found.notes[0]
    assert (note.front, note.back, note.deck) == ("H2O?", "вода", "Химия")


def test_head_of_anki_is_passed_over():
    found = csv_cards.read("#separator:tab\n#html:true\na\tb")
    assert [(note.front, note.back) for note in found.notes] == [("a", "b")]


def test_gaps_make_a_cloze():
    note = csv_cards.read("The {{c1::sun}},").notes[0]
    assert (note.kind, note.back) == (CLOZE, "")


def test_problems_name_their_lines():
    text = 'front,back\nok,fine\n,lonely\n"two\nlines",\n\n' + "x" * 8001 + ",y\nlast,one"
    found = csv_cards.read(text)
    assert [problem.line for problem in found.problems] == [3, 4, 7]
    assert [note.front for note in found.notes] == ["ok", "last"]


def test_a_quote_that_never_closes():
    found = csv_cards.read('a,b\n"' + "x" * 200_000)
    assert [problem.line for problem in found.problems] == [2]
    assert len(found.notes) == 1


def test_the_same_line_twice_is_one_card():
    assert len(csv_cards.read("a,b\na,b\n").notes) == 1


def test_lines_that_make_no_card_count_too():
    with pytest.raises(TooLarge):
        csv_cards.read("front\n" * (MAX_NOTES + 1))


def test_too_many():
    with pytest.raises(TooLarge):
        csv_cards.read("\n".join(f"{n},x" for n in range(MAX_NOTES + 1)))
