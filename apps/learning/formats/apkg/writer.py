"""Notes with their schedule and log as a package that Anki opens.

genanki writes notes and empty cards; the schedule, which it doesn't know, is written after it.
"""

import hashlib
import html
import io
import itertools
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import genanki

from ...engine import cloze
from ...engine.memory import day_begins, study_day
from ..cards import CLOZE, FileCard, FileNote
from .schedule import Calendar, log_row, row_of

# Anki knows a deck and a kind of note by these numbers: they stay the same in every export.
DECK_IDS, BASIC_ID, CLOZE_ID = 1_730_000_000_000, 1_730_000_001, 1_730_000_002
SOURCE = "Source"
_CSS = """.card { font: 20px/1.5 Georgia, serif; max-width: 34em; margin: 0 auto; padding: 1em; }
pre, code { font-family: monospace; font-size: .9em; }
pre { white-space: pre-wrap; text-align: left; }
.cloze { font-weight: bold; color: #0f5f59; }
.nightMode .cloze { color: #63bfb2; }"""
_BASIC = genanki.Model(
    BASIC_ID,
    "EduPlatform",
    fields=[{"name": "Front"}, {"name": "Back"}, {"name": SOURCE}],
    templates=[
        {
            "name": "Card 1",
            "qfmt": "{{Front}}",
            "afmt": "{{FrontSide}}\n<hr id=answer>\n{{Back}}",
        }
    ],
    css=_CSS,
)
_GAPS = genanki.Model(
    CLOZE_ID,
    "EduPlatform (gaps)",
    model_type=genanki.Model.CLOZE,
    fields=[{"name": "Text"}, {"name": "Back Extra"}, {"name": SOURCE}],
    templates=[
        {"name": "Gap", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}<br>\n{{Back Extra}}"}
    ],
    css=_CSS,
)


def write(
    notes: Iterable[FileNote],
    *,
    render: Callable[[str], str],
    retention: float,
    zone: ZoneInfo,
    day_start: int,
    at: datetime,
) -> bytes:
    """The package; `render` makes safe HTML of markdown, `at` is the moment of the export."""
    notes = list(notes)
    begins = day_begins(study_day(_earliest(notes, at), zone, day_start), zone, day_start)
    calendar = Calendar(begins, zone, day_start)
    connection = sqlite3.connect(":memory:")
    try:
        _collect(connection, notes, render, at)
        _date(connection, calendar)
        _schedule(connection, notes, retention, calendar)
        connection.commit()
        collection = connection.serialize()
    finally:
        connection.close()
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", collection)
        archive.writestr("media", "{}")
    return package.getvalue()


def source_of(front: str, back: str, front_html: str, back_html: str) -> str:
    """The markdown beside the HTML, with the HTML's hash: edited there, it no longer holds."""
    return html.escape(
        json.dumps(
            {"front": front, "back": back, "html": hash_of(front_html, back_html)},
            ensure_ascii=False,
        )
    )


def hash_of(front_html: str, back_html: str) -> str:
    return hashlib.sha256(f"{front_html}\x1f{back_html}".encode()).hexdigest()[:20]


def _collect(
    connection: sqlite3.Connection,
    notes: list[FileNote],
    render: Callable[[str], str],
    at: datetime,
) -> None:
    decks: dict[str, genanki.Deck] = {}
    for note in notes:
        name = note.deck.replace("::", ": ")
        if name not in decks:
            decks[name] = genanki.Deck(_deck_id(name), name)
        front, back = _html(note, note.front, render), _html(note, note.back, render)
        fields = [front, back, source_of(note.front, note.back, front, back)]
        model = _GAPS if note.kind == CLOZE else _BASIC
        decks[name].add_note(_Note(model=model, fields=fields, guid=note.key))
    seconds = at.timestamp()
    package = genanki.Package(list(decks.values()))
    package.write_to_db(connection.cursor(), seconds, itertools.count(int(seconds * 1000)))


class _Note(genanki.Note):
    def _check_invalid_html_tags_in_fields(self) -> None:
        """The fields come out of the renderer; genanki takes MathML's signs for broken tags."""


def _deck_id(name: str) -> int:
    return DECK_IDS + int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)


def _html(note: FileNote, text: str, render: Callable[[str], str]) -> str:
    """Rendered; a gap that the renderer broke up, as in code, leaves its text plain."""
    rendered = render(text).strip().replace("\x1f", "")
    if note.kind == CLOZE and cloze.numbers(rendered) != cloze.numbers(text):
        return html.escape(text, quote=False).replace("\n", "<br>").replace("\x1f", "")
    return rendered


def _earliest(notes: list[FileNote], at: datetime) -> datetime:
    moments = [
        moment
        for note in notes
        for card in note.cards
        for moment in (card.due, card.last_review)
        if moment is not None
    ]
    return min([at, *moments])


def _date(connection: sqlite3.Connection, calendar: Calendar) -> None:
    """When the collection began, and at which hour its days do."""
    (conf,) = connection.execute("SELECT conf FROM col").fetchone()
    offset = calendar.begins.astimezone(calendar.zone).utcoffset()
    settings = json.loads(conf) | {
        "schedVer": 2,
        "rollover": calendar.day_start,
        "creationOffset": -int(offset.total_seconds() // 60) if offset else 0,
    }
    connection.execute(
        "UPDATE col SET crt = ?, conf = ?", (int(calendar.begins.timestamp()), json.dumps(settings))
    )


def _schedule(
    connection: sqlite3.Connection, notes: list[FileNote], retention: float, calendar: Calendar
) -> None:
    ids = {
        (guid, ordinal): card_id
        for guid, ordinal, card_id in connection.execute(
            "SELECT notes.guid, cards.ord, cards.id FROM cards JOIN notes ON notes.id = cards.nid"
        )
    }
    rows, log = [], []
    for position, note in enumerate(notes):
        for card in note.cards:
            ordinal = card.ordinal - 1 if note.kind == CLOZE else 0
            card_id = ids.get((note.key, ordinal))
            if card_id is None:
                continue
            row = row_of(card, position=position, retention=retention, calendar=calendar)
            rows.append((*vars(row).values(), card_id))
            log += _log(card, card_id)
    connection.executemany(
        "UPDATE cards SET type = ?, queue = ?, due = ?, ivl = ?, factor = ?, reps = ?, lapses = ?,"
        ' "left" = ?, data = ? WHERE id = ?',
        rows,
    )
    connection.executemany(
        "INSERT INTO revlog VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)", _told_apart(log)
    )


def _log(card: FileCard, card_id: int) -> list[tuple[int, ...]]:
    return [
        (int(review.at.timestamp() * 1000), card_id, *log_row(review)) for review in card.reviews
    ]


def _told_apart(log: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The log's key is its millisecond: of two at once the later moves on."""
    rows, last = [], 0
    for row in sorted(log):
        last = max(row[0], last + 1)
        rows.append((last, *row[1:]))
    return rows
