"""The zip and the SQLite file in it, opened so that a hostile one can't hurt."""

import itertools
import sqlite3
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from apps.core.errors import Invalid, TooLarge

MAX_BYTES = 25 * 1024 * 1024
MAX_COLLECTION = 200 * 1024 * 1024  # unpacked
MAX_RATIO = 100  # of what is larger than 4 MB unpacked
MAX_ENTRIES = 65_000
MAX_STEPS = 500_000_000  # of SQLite's machine; reading 50 000 notes takes some ten million
MAX_SECONDS = 60.0  # reading 50 000 notes takes two
_STEPS = 1000
# Python unpacks a megabyte of the other kinds at once, whatever comes of it.
_PACKED_BY = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ALWAYS_FINE = 4 * 1024 * 1024
_CHUNK = 1024 * 1024
# the newest format is packed by zstd; its `collection.anki2` only asks for an update
_NEWEST, _NAMES = "collection.anki21b", ("collection.anki21", "collection.anki2")
_TABLES = {"col", "notes", "cards", "revlog"}
_READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}


@contextmanager
def collection(file: BinaryIO) -> Iterator[tuple[sqlite3.Connection, int]]:
    """A read-only connection to the collection, and how many media files lie beside it."""
    file.seek(0, 2)
    size = file.tell()
    if size > MAX_BYTES:
        raise TooLarge(_("The file is larger than 25 MB. Export it without media."))
    try:
        with (
            zipfile.ZipFile(file) as archive,
            tempfile.NamedTemporaryFile(suffix=".db") as unpacked,
        ):
            media = _unpack(archive, unpacked.file)  # type: ignore[arg-type]
            with _opened(unpacked.name) as connection:
                yield connection, media
    except (
        zipfile.BadZipFile, zlib.error, sqlite3.Error, EOFError, NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        raise Invalid(_("This isn’t a deck of Anki, or the file is damaged.")) from error


def _unpack(archive: zipfile.ZipFile, target: BinaryIO) -> int:
    names = set(archive.namelist())
    if len(names) > MAX_ENTRIES:
        raise TooLarge(_("The file holds too many media files. Export it without media."))
    if _NEWEST in names:
        raise Invalid(
            _(
                "This deck is in Anki’s newest format. In Anki, export it again with"
                " “Support older Anki versions” switched on."
            )
        )
    name = next((each for each in _NAMES if each in names), None)
    if name is None:
        raise Invalid(_("This isn’t a deck of Anki: there is no collection in it."))
    packed = archive.getinfo(name)
    if packed.compress_type not in _PACKED_BY:
        raise zipfile.BadZipFile("packed in a way that can’t be read within bounds")
    limit = min(MAX_COLLECTION, max(packed.compress_size * MAX_RATIO, _ALWAYS_FINE))
    written = 0
    with archive.open(name) as source:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > limit:
                raise TooLarge(_("The file unpacks to far more than a deck of cards holds."))
            target.write(chunk)
    target.flush()
    return sum(each.isdigit() for each in names)


@contextmanager
def _opened(path: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for statement in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {statement}")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 32 * 1024 * 1024)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        kinds = dict(
            connection.execute(
                "SELECT name, type || ' ' || coalesce(sql, '') FROM sqlite_master WHERE type IN"
                " ('table', 'view')"
            )
        )
        for table in _TABLES:
            sql = kinds.get(table, "").lower()
            if not sql.startswith("table create table"):
                raise Invalid(_("This isn’t a deck of Anki: its tables aren’t there."))
            if any(hidden for *_rest, hidden in connection.execute(f"PRAGMA table_xinfo({table})")):
                raise Invalid(_("This isn’t a deck of Anki: its tables aren’t there."))
        connection.set_authorizer(_authorize)
        connection.set_progress_handler(_limit(), _STEPS)
        yield connection
    finally:
        connection.close()


def _limit() -> Callable[[], bool]:
    """Whether reading has gone on for too long, asked every so many steps: some take long."""
    asked, end = itertools.count(1), time.monotonic() + MAX_SECONDS
    return lambda: next(asked) > MAX_STEPS // _STEPS or time.monotonic() > end


def within_size(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows, as long as they hold no more than a whole collection can.

    A file may be made so that many rows lie in the same place.
    """
    read = 0
    for row in rows:
        read += sum(len(value) for value in row if isinstance(value, str | bytes))
        if read > MAX_COLLECTION:
            raise TooLarge(_("The file unpacks to far more than a deck of cards holds."))
        yield row


def _authorize(
    action: int, table: str | None, _column: str | None, _database: str | None, _view: str | None
) -> int:
    """Nothing but reading the four tables; what a view or trigger would do isn't among it."""
    if action not in _READS or (action == sqlite3.SQLITE_READ and table not in _TABLES):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
