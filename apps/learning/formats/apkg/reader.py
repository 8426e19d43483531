"""A package of Anki as notes with their schedule; its media stay behind, its HTML is still HTML."""

import html
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.core.errors import Invalid, TooLarge

from ...engine import cloze
from ..cards import BASIC, CLOZE, MAX_GAPS, MAX_NOTES, MAX_TEXT, CardFile, FileCard, FileNote
from ..html import has_words
from . import schedule
from .kinds import Kind, Sides, kinds_of
from .package import collection, within_size
from .schedule import Calendar, Row
from .writer import hash_of

MAX_FIELDS = 200_000  # characters of a note's fields together
MAX_HTML = 60_000  # of one side
MAX_CARDS = 200_000
_SEPARATOR = "\x1f"


def read(file: BinaryIO, *, zone: ZoneInfo, day_start: int) -> CardFile:
    """Raises TooLarge or Invalid for what is no deck; a note that makes no card is a problem."""
    with collection(file) as (connection, media):
        found = CardFile(media=media, has_schedule=True)
        created, conf, models, decks = _head(connection)
        calendar = schedule.beginning(created, _number(conf.get("rollover"), 4), zone, day_start)
        cards = _cards(connection, calendar)
        kinds = kinds_of(models)
        names = {
            str(number): str(deck.get("name", ""))[:300]
            for number, deck in decks.items()
            if isinstance(deck, dict)
        }
        for number, (note_id, guid, kind_id, fields) in enumerate(_notes(connection), start=1):
            kind = kinds.get(str(kind_id))
            if kind is None or len(fields) > MAX_FIELDS:
                found.refuse(number, _("The kind of this note isn’t known."))
                continue
            reader = _Note(kind, fields.split(_SEPARATOR), cards.get(note_id, []), names)
            reader.read(found, number, guid)
    return found


class _Note:
    """One row of Anki's notes: one note of ours, or one for each direction."""

    def __init__(
        self,
        kind: Kind,
        fields: list[str],
        cards: list[tuple[int, str, FileCard]],
        decks: dict[str, str],
    ) -> None:
        self.kind = kind
        self.fields = fields
        self.cards = {number: card for number, _deck, card in cards}
        self.deck = next((decks.get(deck, "") for _number, deck, _card in cards), "")
        self.own = self._own()

    def read(self, found: CardFile, number: int, guid: str) -> None:
        guid = guid.replace("\x00", "")[:100]
        try:
            if self.kind.is_cloze:
                self._gaps(found, guid)
            else:
                self._directions(found, guid)
        except ValueError as error:
            found.refuse(number, str(error))

    def _gaps(self, found: CardFile, guid: str) -> None:
        front, back = self.own or self._sides(self._cloze_sides())
        numbers = cloze.numbers(front)
        if not numbers or "image-occlusion:" in front:
            raise ValueError(_("The note has no gap."))
        if len(numbers) > MAX_GAPS:
            raise ValueError(_("The note has more than 40 gaps."))
        cards = [_numbered(self.cards.get(gap - 1, FileCard()), gap) for gap in numbers]
        self._take(found, guid, CLOZE, front, back, cards)

    def _directions(self, found: CardFile, guid: str) -> None:
        numbers = sorted(self.cards) or [0]
        for number in numbers:
            if number >= len(self.kind.sides):
                continue
            front, back = self.own or self._sides(self.kind.sides[number])
            if not self.own and not (has_words(front) and has_words(back)):
                raise ValueError(_("One side is empty."))
            key = guid if number == 0 else f"{guid}:{number}"
            cards = [_numbered(self.cards.get(number, FileCard()), 0)]
            self._take(found, key, BASIC, front, back, cards)

    def _take(
        self, found: CardFile, key: str, kind: str, front: str, back: str, cards: list[FileCard]
    ) -> None:
        longest = MAX_TEXT if self.own else MAX_HTML
        if len(front) > longest or len(back) > longest:
            raise ValueError(_("The note is longer than 8000 characters."))
        if "\x00" in front + back:
            raise ValueError(_("The note holds characters that no text has."))
        note = FileNote(key, self.deck, kind, front, back, tuple(cards), is_html=not self.own)
        found.notes.append(note)

    def _cloze_sides(self) -> Sides:
        first = self.kind.sides[0] if self.kind.sides else Sides((0,), ())
        with_gaps = [n for n in first.front if n < len(self.fields) and "{{c" in self.fields[n]]
        front = with_gaps[:1] or [0]
        others = [n for n in (*first.front, *first.back) if n not in front]
        return Sides(tuple(front), tuple(others))

    def _sides(self, sides: Sides) -> tuple[str, str]:
        """The HTML of both sides; several fields of one stand below each other."""
        front, back = (
            "<hr>".join(self.fields[n] for n in side if n < len(self.fields) and self.fields[n])
            for side in (sides.front, sides.back)
        )
        return front, back

    def _own(self) -> tuple[str, str] | None:
        """The markdown that our own export put beside the HTML, unless that was edited since."""
        place = self.kind.source
        if place is None or place >= len(self.fields) or len(self.fields) < 3:
            return None
        try:
            source = json.loads(html.unescape(self.fields[place]))
            front, back, mark = str(source["front"]), str(source["back"]), source["html"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return (front, back) if mark == hash_of(self.fields[0], self.fields[1]) else None


def _numbered(card: FileCard, ordinal: int) -> FileCard:
    return replace(card, ordinal=ordinal)


# ── Tables, in the order in which they lie: sorting a hostile one would fill the disk ───────────
def _head(
    connection: sqlite3.Connection,
) -> tuple[int, dict[str, Any], dict[str, Any], dict[str, Any]]:
    row = connection.execute("SELECT crt, conf, models, decks FROM col LIMIT 1").fetchone()
    if row is None:
        raise Invalid(_("This isn’t a deck of Anki, or the file is damaged."))
    conf, models, decks = (_object(text) for text in row[1:])
    if not models:
        raise Invalid(_("The deck holds no kinds of notes. Export it from Anki again."))
    return _number(row[0]), conf, models, decks


def _notes(connection: sqlite3.Connection) -> Iterator[tuple[int, str, int, str]]:
    (count,) = connection.execute("SELECT count(*) FROM notes").fetchone()
    if count > MAX_NOTES:
        limit = {"limit": MAX_NOTES}
        raise TooLarge(_("More than %(limit)s notes. Export the decks one by one.") % limit)
    rows = connection.execute(
        "SELECT id, guid, mid, flds FROM notes ORDER BY rowid LIMIT ?", (count,)
    )
    for note_id, guid, kind, fields in within_size(rows):
        yield _number(note_id), str(guid), _number(kind), str(fields)


def _cards(
    connection: sqlite3.Connection, calendar: Calendar
) -> dict[int, list[tuple[int, str, FileCard]]]:
    """By note: number of the card, its deck and its schedule."""
    (count,) = connection.execute("SELECT count(*) FROM cards").fetchone()
    if count > MAX_CARDS:
        limit = {"limit": MAX_CARDS}
        raise TooLarge(_("More than %(limit)s cards. Export the decks one by one.") % limit)
    reviewed = {
        _number(card): datetime.fromtimestamp(_number(last) / 1000, tz=UTC)
        for card, last in connection.execute(
            "SELECT cid, max(id) FROM revlog"
            " WHERE typeof(cid) = 'integer' AND typeof(id) = 'integer' GROUP BY cid"
        )
        if 0 < _number(last) < 7_000_000_000_000
    }
    found: dict[int, list[tuple[int, str, FileCard]]] = {}
    rows = connection.execute(
        "SELECT id, nid, did, odid, ord, mod, type, queue, due, odue, ivl, factor, reps, lapses,"
        ' "left", data FROM cards ORDER BY rowid LIMIT ?',
        (count,),
    )
    for row in within_size(rows):
        numbers = [_number(value) for value in row[:-1]]
        card_id, note_id, deck, own_deck, number, changed, kind, queue, due, own_due = numbers[:10]
        ivl, factor, reps, lapses, left = numbers[10:]
        if own_deck:  # lent to a filtered deck
            deck, due = own_deck, own_due or due
        columns = Row(kind, queue, due, ivl, factor, reps, lapses, left, str(row[-1]))
        card = schedule.card_of(
            columns,
            ordinal=0,
            reviewed_at=reviewed.get(card_id),
            changed_at=changed,
            calendar=calendar,
        )
        found.setdefault(note_id, []).append((number, str(deck), card))
    for of_note in found.values():
        of_note.sort(key=itemgetter(0))
    return found


def _object(text: object) -> dict[str, Any]:
    try:
        value = json.loads(str(text))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _number(value: object, default: int = 0) -> int:
    """What should be a whole number; SQLite lets any column hold anything."""
    return value if isinstance(value, int) and abs(value) < 2**62 else default
