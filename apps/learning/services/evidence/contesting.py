"""Evidence that counts no more, taken back where it came from or contested by the student."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Conflict

from ...models import Evidence, Review, Standing
from .crediting import give_again, take_back
from .folding import locked_standing
from .replaying import refold

FIELDS = ["voided_at", "contested", "credits"]


@transaction.atomic
def void(*, evidence: Evidence, at: datetime) -> Evidence:
    """The student says that it tells nothing; again changes nothing. It stays in the log."""
    standing, row = _locked(evidence)
    if row.voided_at is not None:
        return row
    row.voided_at, row.contested = at, True
    take_back(row)
    row.save(update_fields=FIELDS)
    refold(standing=standing)
    return row


@transaction.atomic
def unvoid(*, evidence: Evidence, at: datetime) -> Evidence:
    """What the student contested counts again; a Conflict for what was taken back at its source."""
    standing, row = _locked(evidence)
    if row.voided_at is None:
        return row
    if not row.contested:
        raise Conflict(_("This was taken back where it came from."))
    row.voided_at, row.contested = None, False
    give_again(row)
    row.save(update_fields=FIELDS)
    refold(standing=standing)
    return row


@transaction.atomic
def take_back_review(*, review: Review, at: datetime) -> None:
    """A grade that was taken back tells nothing any more, nor did it exercise anything."""
    key = f"review:{review.pk}"
    found = Evidence.objects.filter(student=review.student_id, key=key).first()
    if found is None:
        return
    standing, row = _locked(found)
    row.voided_at, row.contested = row.voided_at or at, False
    take_back(row)
    row.save(update_fields=FIELDS)
    refold(standing=standing)


def _locked(evidence: Evidence) -> tuple[Standing, Evidence]:
    """The standing, locked, and the evidence as it is now."""
    standing = locked_standing(evidence.student_id, evidence.course_id)
    return standing, Evidence.objects.get(pk=evidence.pk)
