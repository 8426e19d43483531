"""A person's standing: entries that come and go with their reasons, and the sum of them."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from ..models import Standing, StandingCause, StandingEntry

POINTS = {StandingCause.LIKE: 2, StandingCause.BEST_ANSWER: 15, StandingCause.HIDDEN: -10}


@transaction.atomic
def award(
    *, user_id: int, cause: StandingCause, kind: str, object_id: int, by_id: int, at: datetime
) -> bool:
    """Count the cause once; whether it is new. Nobody stands higher by what they do themselves."""
    if user_id == by_id:
        return False
    _entry, made = StandingEntry.objects.get_or_create(
        user_id=user_id,
        cause=cause,
        kind=kind,
        object_id=object_id,
        by_id=by_id,
        defaults={"points": POINTS[cause], "created_at": at},
    )
    if made:
        _move(user_id, POINTS[cause])
    return made


@transaction.atomic
def take_back(
    *, user_id: int, cause: StandingCause, kind: str, object_id: int, by_id: int | None = None
) -> bool:
    """The cause holds no longer, whoever it came by unless `by_id` says; whether it was counted."""
    entries = StandingEntry.objects.select_for_update().filter(
        user=user_id, cause=cause, kind=kind, object_id=object_id
    )
    if by_id is not None:
        entries = entries.filter(by=by_id)
    counted = dict(entries.values_list("pk", "points"))
    StandingEntry.objects.filter(pk__in=counted).delete()
    if counted:
        _move(user_id, -sum(counted.values()))
    return bool(counted)


@transaction.atomic
def recount_standing(*, user_id: int) -> int:
    """The score made anew from its entries."""
    Standing.objects.get_or_create(user_id=user_id)
    Standing.objects.select_for_update().get(pk=user_id)
    entries = StandingEntry.objects.filter(user=user_id)
    score = entries.aggregate(sum=Sum("points"))["sum"] or 0
    Standing.objects.filter(pk=user_id).update(score=score)
    return score


def lock_standings(*user_ids: int) -> None:
    """Of several people whose scores move together, always in the order of their ids."""
    for user_id in sorted(set(user_ids)):
        Standing.objects.get_or_create(user_id=user_id)
        Standing.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)


def _move(user_id: int, points: int) -> None:
    Standing.objects.get_or_create(user_id=user_id)
    Standing.objects.filter(pk=user_id).update(score=F("score") + points)
