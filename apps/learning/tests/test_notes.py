"""Notes, their cards, and what is made from mistakes."""

from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from apps.core.errors import Invalid
from apps.courses.tests.factories import CourseFactory
from apps.learning.engine import cloze
from apps.learning.models import Card, Note, NoteSource, Review
from apps.learning.selectors.cards import back_of, decks_of, front_of
from apps.learning.services import notes, reviews

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
THREE = "{{c1::Paris}} on the {{c2::Seine::river}} is in {{c1::France}}, {{c3::Europe}}."


def added(student, **fields) -> Note:
    told = {"kind": "basic", "front": "2 + 2", "back": "4", **fields}
    return notes.add_note(student=student, at=NOW, **told)[0]


def ordinals(note) -> list[int]:
    return list(note.cards.order_by("ordinal").values_list("ordinal", flat=True))


def test_a_basic_note_makes_one_card_due_at_once(student):
    course = CourseFactory()
    card = added(student, course=course, front="  2 + 2 ").cards.get()
    assert (card.student, card.course, card.ordinal) == (student, course, 0)
    assert card.due == card.unplaced_due == NOW
    assert (front_of(card), back_of(card)) == ("2 + 2", "4")


def test_a_cloze_makes_a_card_for_each_number(student):
    note = added(student, kind="cloze", front=THREE, back="See the map.")
    first, second, _third = note.cards.order_by("ordinal")
    assert front_of(first) == "**[…]** on the Seine is in **[…]**, Europe."
    assert front_of(second) == "Paris on the **[river]** is in France, Europe."
    assert back_of(second) == "Paris on the **Seine** is in France, Europe.\n\nSee the map."


def test_editing_keeps_the_cards_of_numbers_that_remain(student):
    note = added(student, kind="cloze", front=THREE, back="")
    kept = note.cards.get(ordinal=2)
    gone = note.cards.get(ordinal=1)
    for card in (kept, gone):
        reviews.review_card(card=card, rating=4, at=NOW)
    kept.refresh_from_db()
    changes = {"front": "{{c2::The Seine}} and {{c4::the Rhine}}"}
    notes.edit_note(note=note, changes=changes, at=NOW + timedelta(days=1))
    assert ordinals(note) == [2, 4]
    assert Card.objects.filter(pk=kept.pk).get().figures == kept.figures
    assert note.cards.get(ordinal=4).due == NOW + timedelta(days=1)
    assert Review.objects.filter(card=None).count() == 1


def test_moving_a_note_moves_its_cards(student):
    course = CourseFactory()
    note = added(student, kind="cloze", front=THREE, back="")
    notes.edit_note(note=note, changes={"course": course}, at=NOW)
    assert {card.course for card in note.cards.all()} == {course}


@pytest.mark.parametrize(
    ("kind", "front", "back", "field"),
    [
        ("basic", "  ", "4", "front"),
        ("basic", "2 + 2", "", "back"),
        ("basic", "x" * 8001, "4", "front"),
        ("basic", "2 + 2", "x" * 8001, "back"),
        ("cloze", "No gap", "", "front"),
        ("cloze", "{{c0::zero}} {{c::none}} {{c1::}}", "", "front"),
        ("cloze", "".join(f"{{{{c{n}::x}}}}" for n in range(1, 42)), "", "front"),
    ],
)
def test_what_makes_no_card_is_refused(student, kind, front, back, field):
    with pytest.raises(Invalid) as refusal:
        added(student, kind=kind, front=front, back=back)
    assert list(refusal.value.errors) == [field]
    note = added(student)
    if kind == "basic":
        with pytest.raises(Invalid):
            notes.edit_note(note=note, changes={"front": front, "back": back}, at=NOW)
        note.refresh_from_db()
        assert (note.front, note.back) == ("2 + 2", "4")


def test_the_same_source_makes_no_second_note(student, stranger):
    told = {"kind": "basic", "front": "a", "back": "b", "source_key": "question:1"}
    first, made = notes.add_note(student=student, at=NOW, **told)
    again, made_again = notes.add_note(student=student, at=NOW, **told)
    assert (made, made_again, again) == (True, False, first)
    assert first.cards.count() == 1
    assert notes.add_note(student=stranger, at=NOW, **told)[1]


def test_a_deleted_note_takes_its_cards_and_leaves_the_log(student):
    note = added(student)
    reviews.review_card(card=note.cards.get(), rating=3, at=NOW)
    notes.delete_note(note=note, at=NOW)
    assert not Card.objects.exists()
    assert Review.objects.get().card is None


def test_decks_are_by_course_and_the_one_of_none_is_last(student, stranger):
    course = CourseFactory(title="Botany")
    added(student, course=course)
    added(student, course=course, source=NoteSource.IMPORT)
    added(student)
    added(stranger)
    found = [(deck.course, deck.total, deck.due, deck.new) for deck in decks_of(student, NOW)]
    assert found == [(course, 2, 2, 2), (None, 1, 1, 1)]


def test_gaps_may_hold_anything_but_their_end():
    assert cloze.numbers("{{c2::a:b}} {{c1::$x^{2}$}} {{c2::\n}}") == [1, 2]
    assert cloze.answered("{{c1::a:b}}", 1) == "**a:b**"
    assert cloze.answered("${{c1::x^{2}}} + 1$", 1) == "$x^{2} + 1$"
    assert cloze.asked("${{c1::x^{2}}} + 1$", 1) == r"$[\ldots] + 1$"


@pytest.mark.parametrize("opened", ["{{c1::", "{{c1:::: ", "{{c1::a::"])
def test_gaps_that_are_never_closed_take_no_time(opened):
    text, begun = opened * (notes.MAX_TEXT // len(opened)), process_time()
    assert cloze.numbers(text[:3000]) == cloze.numbers(text) == []
    assert cloze.asked(text, 1) == text
    assert process_time() - begun < 1


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("{{c1:::}} {{c1::::b}}", "**:** **::b**"),
        ("{{c1::a::}} {{c1::a}b}} }}", "**a** **a}b** }}"),
        ("{{c1::a}}}} {{c1::b", "**a}}** {{c1::b"),
        ("{{c1::{{c2::a}} b}}", "**{{c2** b}}"),
    ],
)
def test_where_a_gap_ends(text, whole):
    assert cloze.answered(text, 1) == whole
