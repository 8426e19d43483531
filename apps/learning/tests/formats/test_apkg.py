"""Decks of Anki: what is written comes back; what others write is understood; hostile files."""

import io
import json
import sqlite3
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import genanki
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core import markdown
from apps.core.errors import Invalid, TooLarge
from apps.learning.engine import cloze
from apps.learning.formats import apkg
from apps.learning.formats.apkg import package
from apps.learning.formats.apkg.schedule import approximate
from apps.learning.formats.cards import BASIC, CLOZE, FileCard, FileNote, FileReview, settled

from .strategies import texts

AT = datetime(2026, 5, 4, 18, 30, 7, 123456, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")

moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
memory = st.floats(0.01, 30_000), st.floats(1, 10)


@st.composite
def cards(draw, ordinal=0):
    if draw(st.booleans()):
        return FileCard(ordinal=ordinal, suspended=draw(st.booleans()))
    state = draw(st.sampled_from([1, 2, 3]))
    last = draw(moments)
    due = last + draw(st.timedeltas(timedelta(minutes=1), timedelta(days=400)))
    return FileCard(
        ordinal=ordinal,
        state=state,
        step=None if state == 2 else draw(st.sampled_from([0, 1] if state == 1 else [0])),
        stability=draw(memory[0]),
        difficulty=draw(memory[1]),
        due=due,
        unplaced_due=due - timedelta(hours=draw(st.integers(0, 30))),
        last_review=last,
        reps=draw(st.integers(1, 200)),
        lapses=draw(st.integers(0, 20)),
        suspended=draw(st.booleans()),
    )


@st.composite
def notes(draw):
    key = draw(st.uuids()).hex
    deck = draw(st.sampled_from(["", "Physics", "История искусств"]))
    front, back = draw(texts), draw(texts)
    if draw(st.booleans()) or cloze.numbers(front):
        front = f"{front} {{{{c1::one}}}} and {{{{c3::three::hint}}}}"
        numbers = cloze.numbers(front)
        made = tuple(draw(cards(ordinal=number)) for number in numbers)
        return FileNote(key, deck, CLOZE, front, back, made)
    return FileNote(key, deck, BASIC, front, back, (draw(cards()),))


def write(found, *, zone=ZONE, day_start=4, at=AT):
    return apkg.write(
        found, render=markdown.render, retention=0.9, zone=zone, day_start=day_start, at=at
    )


def read(content, *, zone=ZONE, day_start=4):
    found = apkg.read(io.BytesIO(content), zone=zone, day_start=day_start)
    found.notes = [note for note in map(settled, found.notes) if note is not None]
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(notes(), min_size=1, max_size=5), st.integers(0, 23))
def test_comes_back_as_it_was(found, day_start):
    back = read(write(found, day_start=day_start), day_start=day_start)
    assert back.problems == []
    assert sorted(back.notes, key=lambda note: note.key) == sorted(found, key=lambda n: n.key)


def rows(content, sql):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        raw = archive.read("collection.anki2")
    connection = sqlite3.connect(":memory:")
    connection.deserialize(raw)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def graded(**fields):
    values = {
        "state": 2,
        "step": None,
        "stability": 12.5,
        "difficulty": 5.25,
        "due": AT + timedelta(days=3),
        "unplaced_due": AT + timedelta(days=2),
        "last_review": AT - timedelta(days=9),
        "reps": 4,
        "lapses": 1,
    }
    return FileCard(**(values | fields))


def one(card=None, **fields):
    values = {"key": "g1", "deck": "Physics", "kind": BASIC, "front": "**Q**", "back": "A"}
    return FileNote(**(values | fields), cards=(card or FileCard(),))


class TestWritten:
    def test_holds_html_for_anki_and_its_columns(self):
        log = FileReview(AT, 3, 2, 12 * 86_400, 600, 5.5, 90_000)
        content = write([one(graded(reviews=(log, log)))])
        (fields, kind, queue, due, ivl, reps, lapses, data) = rows(
            content,
            "SELECT flds, type, queue, due, ivl, reps, lapses, cards.data FROM cards JOIN notes",
        )[0]
        assert fields.startswith("<p><strong>Q</strong></p>\x1f<p>A</p>\x1f")
        assert (kind, queue, ivl, reps, lapses) == (2, 2, 12, 4, 1)
        assert due == 12  # days after the last review, on which the collection begins
        assert json.loads(data)["s"] == 12.5
        assert json.loads(data)["d"] == 5.25
        assert json.loads(data)["dr"] == 0.9
        told = rows(content, "SELECT id, ease, ivl, lastIvl, factor, time, type FROM revlog")
        stamp = int(AT.timestamp() * 1000)
        assert told == [
            (stamp, 3, 12, -600, 600, 60_000, 1),
            (stamp + 1, 3, 12, -600, 600, 60_000, 1),
        ]

    def test_steps_are_seconds_and_suspended_ones_are_set_aside(self):
        step = graded(state=1, step=1, due=AT + timedelta(minutes=10))
        content = write([one(step), one(graded(suspended=True), key="g2")])
        found = rows(content, 'SELECT type, queue, due, "left" FROM cards ORDER BY id')
        assert found[0] == (1, 1, int(step.due.timestamp()), 1001)
        assert found[1][:2] == (2, -1)

    def test_a_gap_in_code_stays_a_gap(self):
        note = one(front="`{{c1::x}}` and `{{c2::y` }}", kind=CLOZE, key="g3")
        (fields,) = rows(write([note]), "SELECT flds FROM notes")[0]
        assert "{{c1::x}}" in fields


# ── Others' packages ──────────────────────────────────────────────────────────────────────────
def foreign(*, models=None, cards="", notes=(), setup="", name="collection.anki2", crt=None):
    """A package by genanki, changed by SQL."""
    deck = genanki.Deck(1, "Biology::Cells")
    for model, fields in notes:
        deck.add_note(genanki.Note(model=model, fields=fields))
    package = io.BytesIO()
    genanki.Package(deck).write_to_file(package, timestamp=AT.timestamp())
    with zipfile.ZipFile(package) as archive:
        raw = archive.read("collection.anki2")
    connection = sqlite3.connect(":memory:")
    connection.deserialize(raw)
    if crt is not None:
        connection.execute("UPDATE col SET crt = ?", (crt,))
    connection.executescript(setup)
    connection.commit()
    changed = connection.serialize()
    connection.close()
    return packed({name: changed, "media": b"{}"})


def packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


BASIC_NOTE = (genanki.BASIC_MODEL, ["<b>Cell</b>&nbsp;wall<br>x", "a <i>layer</i> [sound:a.mp3]"])
REVERSED = (genanki.BASIC_AND_REVERSED_CARD_MODEL, ["front", "back"])
GAPS = (genanki.CLOZE_MODEL, ["<div>The {{c1::<b>nucleus</b>}} and {{c2::wall::outer}}</div>", ""])


class TestForeign:
    def test_notes_of_every_kind(self):
        found = read(foreign(notes=[BASIC_NOTE, REVERSED, GAPS]))
        assert found.problems == []
        told = [(note.kind, note.front, note.back, note.deck) for note in found.notes]
        assert told == [
            (BASIC, "**Cell** wall\\\nx", "a *layer*", "Biology::Cells"),
            (BASIC, "front", "back", "Biology::Cells"),
            (BASIC, "back", "front", "Biology::Cells"),
            (CLOZE, "The {{c1::**nucleus**}} and {{c2::wall::outer}}", "", "Biology::Cells"),
        ]
        assert [card.ordinal for card in found.notes[3].cards] == [1, 2]
        assert found.notes[2].key == f"{found.notes[1].key}:1"

    def test_a_schedule_without_fsrs_is_estimated(self):
        crt = int(datetime(2026, 1, 1, 4, tzinfo=ZONE).timestamp())
        setup = "UPDATE cards SET type=2, queue=2, due=30, ivl=20, factor=2500, reps=7, lapses=1"
        card = read(foreign(notes=[BASIC_NOTE], setup=setup, crt=crt)).notes[0].cards[0]
        assert card.due == datetime(2026, 1, 31, 4, tzinfo=ZONE)
        assert card.last_review == card.due - timedelta(days=20)
        assert (card.state, card.step, card.reps, card.lapses) == (2, None, 7, 1)
        assert card.stability == 20
        assert 1 <= card.difficulty <= 10

    def test_fsrs_memory_is_taken(self):
        setup = (
            "UPDATE cards SET type=2, queue=-1, due=30, ivl=20, reps=7,"
            """ data='{"s":33.5,"d":7.25,"dr":0.9}';"""
            " INSERT INTO revlog SELECT 1777000000000, id, -1, 3, 20, 9, 2500, 4000, 1 FROM cards"
        )
        card = read(foreign(notes=[BASIC_NOTE], setup=setup)).notes[0].cards[0]
        assert (card.stability, card.difficulty, card.suspended) == (33.5, 7.25, True)

    def test_first_steps_begin_anew(self):
        setup = "UPDATE cards SET type=1, queue=1, due=1777000000, left=1001, reps=1"
        assert read(foreign(notes=[BASIC_NOTE], setup=setup)).notes[0].cards[0].is_new

    def test_a_borrowed_card_goes_home(self):
        setup = (
            "UPDATE cards SET type=2, queue=2, odid=did, odue=30, did=99, due=-100000, ivl=20,"
            " factor=2500, reps=3"
        )
        note = read(foreign(notes=[BASIC_NOTE], setup=setup)).notes[0]
        assert note.deck == "Biology::Cells"
        assert note.cards[0].due > datetime(2014, 9, 19, tzinfo=UTC)

    def test_what_was_edited_in_anki_wins_over_our_source(self):
        content = write([one()])
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            raw = archive.read("collection.anki2")
        connection = sqlite3.connect(":memory:")
        connection.deserialize(raw)
        connection.execute("UPDATE notes SET flds = replace(flds, '<p>A</p>', '<p>B</p>')")
        connection.commit()
        changed = packed({"collection.anki2": connection.serialize()})
        connection.close()
        assert read(changed).notes[0].back == "B"

    def test_a_note_without_a_side_is_told_by_its_number(self):
        found = read(foreign(notes=[BASIC_NOTE, (genanki.BASIC_MODEL, ["only", "<img src=x>"])]))
        assert [problem.line for problem in found.problems] == [2]
        assert len(found.notes) == 1

    @pytest.mark.parametrize(("ease", "harder"), [(1300, 2500), (2500, 3500)])
    def test_a_lower_ease_is_a_harder_card(self, ease, harder):
        assert approximate(20, ease)[1] >= approximate(20, harder)[1]


# ── Hostile ones ──────────────────────────────────────────────────────────────────────────────
class TestHostile:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"not a zip",
            packed({"other.txt": b"x"}),
            packed({"collection.anki2": b"not sqlite"}),
            packed({"collection.anki2": b""}),
            packed({"collection.anki2": b"SQLite format 3\x00" + b"\xff" * 5000}),
        ],
    )
    def test_no_deck(self, content):
        with pytest.raises(Invalid):
            read(content)

    def test_the_newest_format_is_named(self):
        with pytest.raises(Invalid, match="older Anki versions"):
            read(packed({"collection.anki21b": b"x", "collection.anki2": b"y"}))

    def test_a_bomb_is_not_unpacked(self):
        bomb = packed({"collection.anki2": b"\0" * (60 * 1024 * 1024)})
        tracemalloc.start()
        try:
            with pytest.raises(TooLarge):
                read(bomb)
            assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
        finally:
            tracemalloc.stop()

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_what_can_only_be_unpacked_whole_is_not_unpacked(self, method):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr("collection.anki2", b"\0" * (60 * 1024 * 1024))
        tracemalloc.start()
        try:
            with pytest.raises(Invalid):
                read(out.getvalue())
            assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
        finally:
            tracemalloc.stop()

    def test_columns_that_are_worked_out_are_refused(self):
        setup = (
            "DROP TABLE notes; CREATE TABLE notes (id INTEGER PRIMARY KEY, guid, mid,"
            " flds AS (hex(zeroblob(1000000))) VIRTUAL)"
        )
        with pytest.raises(Invalid, match="tables"):
            read(foreign(notes=[BASIC_NOTE], setup=setup))

    def test_rows_that_hold_more_than_the_file_are_refused(self, monkeypatch):
        monkeypatch.setattr(package, "MAX_COLLECTION", 30)
        rows = [("a" * 20,), (b"b" * 9, 5, None), ("c" * 2,)]
        assert list(package.within_size(rows[:2])) == rows[:2]
        with pytest.raises(TooLarge):
            list(package.within_size(rows))

    def test_a_file_that_takes_long_is_given_up(self, monkeypatch):
        monkeypatch.setattr(package, "MAX_SECONDS", 0)
        monkeypatch.setattr(package, "_STEPS", 1)
        with pytest.raises(Invalid):
            read(foreign(notes=[BASIC_NOTE]))

    def test_too_large(self):
        with pytest.raises(TooLarge):
            read(b"\0" * (25 * 1024 * 1024 + 1))

    @pytest.mark.parametrize(
        "setup",
        [
            "DROP TABLE notes; CREATE VIEW notes AS SELECT 1 id, hex(1) guid, 1 mid, 'x' flds",
            "DROP TABLE notes; CREATE VIRTUAL TABLE notes USING fts5(id, guid, mid, flds)",
            "DROP TABLE revlog",
            "DROP TABLE cards; CREATE TABLE cards (id)",
            "DELETE FROM col",
        ],
    )
    def test_another_schema_is_refused(self, setup):
        with pytest.raises(Invalid):
            read(foreign(notes=[BASIC_NOTE], setup=setup))

    def test_triggers_never_run(self):
        setup = "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM cards; END"
        assert len(read(foreign(notes=[BASIC_NOTE], setup=setup)).notes) == 1

    @pytest.mark.parametrize(
        "setup",
        [
            "UPDATE cards SET type=2, due='x', ivl='y', reps=-5, lapses=1e300, data='{\"s\":1e999}'",
            "UPDATE cards SET type=2, due=9223372036854775807, ivl=9223372036854775807, reps=1",
            "UPDATE cards SET type=2, due=-9223372036854775807, ivl=-5, mod=-1, reps=1",
            "UPDATE cards SET type=3, due=1e18, left=-7, data=x'ff'",
            "UPDATE cards SET type=2, data='" + "[" * 5000 + "'",
            'UPDATE cards SET type=2, data=\'{"s":"1","d":true,"lrt":99999999999999999}\', ivl=3',
            "UPDATE cards SET ord=900000",
            "UPDATE col SET crt=9223372036854775807",
            "UPDATE col SET crt='x', conf='[]', decks='{\"1\":[]}'",
            "UPDATE notes SET flds=x'00ff1f00', guid=x'00'",
        ],
    )
    def test_senseless_values_do_no_harm(self, setup):
        found = read(foreign(notes=[BASIC_NOTE], setup=setup))
        for note in found.notes:
            for card in note.cards:
                assert card.is_new or card.due >= card.last_review

    def test_models_that_are_none(self):
        for models in ("'{}'", "'[1]'", "'x'", "'" + "[" * 3000 + "'"):
            with pytest.raises(Invalid):
                read(foreign(notes=[BASIC_NOTE], setup=f"UPDATE col SET models={models}"))
        odd = 'UPDATE col SET models=\'{"1": 5, "2": {"flds": 3}}\''
        assert len(read(foreign(notes=[BASIC_NOTE], setup=odd)).problems) == 1

    def test_html_leaves_nothing_of_itself(self):
        hostile = (
            "<img src=x onerror=alert(1)><script>alert(2)</script><a href='javascript:a'>b</a>"
        )
        note = read(
            foreign(notes=[(genanki.BASIC_MODEL, [hostile + "f", "<b onclick='x()'>c</b>"])])
        ).notes[0]
        assert (note.front, note.back) == ("bf", "**c**")

    def test_a_file_that_keeps_sqlite_busy_is_given_up(self, monkeypatch):
        monkeypatch.setattr(package, "MAX_STEPS", 0)
        monkeypatch.setattr(package, "_STEPS", 1)
        with pytest.raises(Invalid):
            read(foreign(notes=[BASIC_NOTE]))
