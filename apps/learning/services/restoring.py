"""Deleting a note so that it can be brought back for a while, with its cards and their past."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.errors import Conflict

from ..models import Card, Note, Review
from .notes import delete_note

KEPT_SECONDS = 3600


@transaction.atomic
def delete_note_for_now(*, note: Note, at: datetime) -> None:
    """Delete the note; `restore_note` brings it back within the hour."""
    cards = Card.objects.filter(note=note)
    kept = {
        "note": Note.objects.filter(pk=note.pk).values().get(),
        "cards": list(cards.values()),
        "reviews": {card.pk: list(card.reviews.values_list("pk", flat=True)) for card in cards},
    }
    delete_note(note=note, at=at)
    cache.set(_key(note.student_id, note.pk), kept, KEPT_SECONDS)


@transaction.atomic
def restore_note(*, student: User, note_id: int, at: datetime) -> Note:
    """The note as it was deleted; Conflict when that is too long ago."""
    kept: dict[str, Any] | None = cache.get(_key(student.pk, note_id))
    if kept is None:
        raise Conflict(_("That was too long ago to be taken back."))
    try:
        with transaction.atomic():
            note = Note.objects.create(**kept["note"])
    except IntegrityError as error:
        raise Conflict(_("The same card has been made again meanwhile.")) from error
    Card.objects.bulk_create(Card(**fields) for fields in kept["cards"])
    for card_id, reviews in kept["reviews"].items():
        Review.objects.filter(pk__in=reviews, student=student).update(card_id=card_id)
    cache.delete(_key(student.pk, note_id))
    return note


def _key(student_id: int, note_id: int) -> str:
    return f"learning:deleted:{student_id}:{note_id}"
