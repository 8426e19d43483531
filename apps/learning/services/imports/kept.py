"""What was read of a file, kept until its owner has looked at it."""

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import limits
from apps.core.errors import Invalid, TooLarge
from apps.courses.models import Course

from ...formats import apkg, csv_cards, found, gift, moodle_xml
from ...formats.cards import CardFile
from ...models import Import, ImportFormat
from ...selectors.imports import note_stored
from ...selectors.schedule import schedule_of

FILES_PER_HOUR = 60
MAX_PROBLEMS = 200
MAX_WAITING = 5  # files of a person that are read and not confirmed
MAX_KEPT = 24 * 1024 * 1024  # bytes, gzipped
_ZIP = b"PK\x03\x04"
_MARKUP = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<")


# Not one transaction: a file that is refused counts against the limit too.
def keep_questions(
    *, owner: User, course: Course, name: str, content: bytes, at: datetime
) -> Import:
    """Read GIFT or Moodle XML, whichever it is; raises Invalid or TooLarge for neither."""
    _count(owner, at)
    if content.lstrip().startswith(_MARKUP):
        kind, reading = ImportFormat.MOODLE, moodle_xml.read(content)
    else:
        kind, reading = ImportFormat.GIFT, gift.read(found.decoded(content))
    if not reading.questions and not reading.problems:
        raise Invalid(_("There are no questions in it."))
    entries = [
        {
            "line": each.line,
            "category": each.category,
            "notes": each.notes,
            "draft": each.draft.model_dump(mode="json", exclude_defaults=True),
        }
        for each in reading.questions
    ]
    return _keep(
        owner=owner, course=course, kind=kind, name=name, entries=entries, problems=reading.problems, at=at
    )  # fmt: skip


def keep_cards(*, owner: User, name: str, content: bytes, at: datetime) -> Import:
    """Read a deck of Anki or a table; raises Invalid or TooLarge for neither."""
    _count(owner, at)
    if content.startswith(_ZIP):
        schedule = schedule_of(owner)
        kind = ImportFormat.APKG
        read = apkg.read(BytesIO(content), zone=schedule.zone, day_start=schedule.day_start)
    else:
        kind = ImportFormat.CSV
        read = csv_cards.read(found.decoded(content, limit=csv_cards.MAX_BYTES))
    if not read.notes and not read.problems:
        raise Invalid(_("There are no cards in it."))
    entries = [note_stored(note) for note in read.notes]
    return _keep(
        owner=owner, course=None, kind=kind, name=name, entries=entries, problems=read.problems, at=at,
        media=read.media, figures=_figures(read),
    )  # fmt: skip


def _figures(read: CardFile) -> dict[str, Any]:
    """Counts of cards by state, and of notes by deck, the largest first."""
    cards = [card for note in read.notes for card in note.cards]
    decks = Counter(note.deck for note in read.notes)
    return {
        "cards": sum(max(1, len(note.cards)) for note in read.notes),
        "new": sum(card.is_new for card in cards),
        "learning": sum(not card.is_new and card.state != 2 for card in cards),
        "review": sum(card.state == 2 for card in cards),
        "suspended": sum(card.suspended for card in cards),
        "decks": decks.most_common(50),
    }


@transaction.atomic
def _keep(
    *,
    owner: User,
    course: Course | None,
    kind: str,
    name: str,
    entries: list[dict[str, Any]],
    problems: Sequence[Any],
    at: datetime,
    media: int = 0,
    figures: dict[str, Any] | None = None,
) -> Import:
    content = gzip.compress(json.dumps(entries, ensure_ascii=False).encode(), compresslevel=3)
    if len(content) > MAX_KEPT:
        raise TooLarge(_("The file holds too much. Divide it."))
    _make_room(owner)
    told = [[each.line, each.text] for each in problems[:MAX_PROBLEMS]]
    return Import.objects.create(
        owner=owner,
        course=course,
        format=kind,
        name="".join(letter for letter in name if letter.isprintable())[-200:],
        content=content,
        count=len(entries),
        problems=told,
        problems_left=len(problems) - len(told),
        media=media,
        figures=figures or {},
        created_at=at,
    )


def _make_room(owner: User) -> None:
    """The newest files wait; those before them were looked at long ago."""
    waiting = Import.objects.filter(owner=owner, confirmed_at=None).order_by("-pk")
    newest = list(waiting.values_list("pk", flat=True)[: MAX_WAITING - 1])
    waiting.exclude(pk__in=newest).delete()


def _count(owner: User, at: datetime) -> None:
    limits.take(bucket=f"imports:{owner.pk}", limit=FILES_PER_HOUR, per=timedelta(hours=1), at=at)
