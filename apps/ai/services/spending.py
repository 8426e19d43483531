"""Credits of people and money of the site: reserved before a request, settled after it.

Both hold in PostgreSQL, whatever happens to Redis. Each step is a transaction of its own, so that
what is reserved is seen by everybody while the request runs.
"""

import logging
import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.selectors import local_day
from apps.core.errors import TooMany

from .. import selectors
from ..inquiry import Inquiry
from ..models import CreditDay, ModelCall, Reservation, SpendDay

logger = logging.getLogger(__name__)

GRACE = timedelta(minutes=1)  # beyond the longest call, until its reservation counts as lost


Scope = dict[str, Any]  # the fields that name a row of SpendDay


class CeilingReached(Exception):
    """The day's money of the course or of the site is spent: models rest until tomorrow."""


@transaction.atomic(durable=True)
def open_reservation(inquiry: Inquiry) -> Reservation:
    """Reserve a credit of the user's day; raises TooMany when none is left."""
    user, at = inquiry.user, inquiry.at
    day = local_day(user, at) if user else None
    if user and day and not _reserve_credit(user, day):
        wait = selectors.next_day(user, at) - at
        raise TooMany(
            _("Today’s AI credits are used up."), retry_after=math.ceil(wait.total_seconds())
        )
    return Reservation.objects.create(
        user=user,
        credit_day=day,
        spend_day=at.astimezone(UTC).date(),
        course_id=inquiry.course_id,
        task=inquiry.task.name,
        prompt_version=inquiry.task.version,
        leased_until=at + timedelta(seconds=settings.AI_ASK_SECONDS) + GRACE,
    )


def _reserve_credit(user: User, day: date) -> bool:
    days = CreditDay.objects.filter(user=user, day=day)
    free = days.filter(limit__gt=F("reserved") + F("used"))
    if free.update(reserved=F("reserved") + 1):
        return True
    if days.exists():
        return False
    CreditDay.objects.bulk_create(
        [CreditDay(user=user, day=day, limit=selectors.credit_limit_of(user))],
        ignore_conflicts=True,
    )
    return bool(free.update(reserved=F("reserved") + 1))


@transaction.atomic
def reserve_request(*, reservation: Reservation, model: str, micro: int) -> None:
    """Reserve the money of one request; raises CeilingReached when a day's ceiling forbids it."""
    for scope, ceiling in _scopes(reservation):
        if not _reserve_money(scope, micro, ceiling):
            logger.warning("ai_ceiling_reached", extra={"course": scope["course_id"]})
            raise CeilingReached
    Reservation.objects.filter(pk=reservation.pk).update(model=model, micro=micro)


def _reserve_money(scope: Scope, micro: int, ceiling: int) -> bool:
    rows = SpendDay.objects.filter(**scope)
    free = rows.filter(reserved_micro__lte=ceiling - micro - F("spent_micro"))
    if free.update(reserved_micro=F("reserved_micro") + micro):
        return True
    if rows.exists():
        return False
    SpendDay.objects.bulk_create([SpendDay(**scope)], ignore_conflicts=True)
    return bool(free.update(reserved_micro=F("reserved_micro") + micro))


@transaction.atomic
def settle_request(
    *,
    reservation: Reservation,
    model: str,
    result: str,
    cost_micro: int,
    at: datetime,
    tokens_in: int = 0,
    tokens_out: int = 0,
    duration_ms: int = 0,
) -> None:
    """Write the request into the ledger, and its cost in place of what was reserved for it."""
    ModelCall.objects.create(
        task=reservation.task,
        user_id=reservation.user_id,
        course_id=reservation.course_id,
        model=model,
        prompt_version=reservation.prompt_version,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost_micro=cost_micro,
        duration_ms=duration_ms,
        result=result,
        at=at,
    )
    held = Reservation.objects.select_for_update().filter(pk=reservation.pk).first()
    reserved = held.micro if held else 0  # none when the sweeper was here before us
    for scope, _ceiling in _scopes(reservation):
        SpendDay.objects.filter(**scope).update(
            reserved_micro=F("reserved_micro") - reserved,
            spent_micro=F("spent_micro") + cost_micro,
        )
    if held:
        held.micro = 0
        held.answered = held.answered or result in (ModelCall.Result.OK, ModelCall.Result.INVALID)
        held.save(update_fields=["micro", "answered"])


@transaction.atomic
def close_reservation(*, reservation: Reservation, at: datetime) -> None:
    """Use the credit when a model answered, else give it back. Closing again changes nothing."""
    held = Reservation.objects.select_for_update().filter(pk=reservation.pk).first()
    if held is None:
        return
    if held.micro:  # nobody knows what became of the request: it may have to be paid for
        settle_request(
            reservation=held,
            model=held.model,
            result=ModelCall.Result.LOST,
            cost_micro=held.micro,
            at=at,
        )
        held.refresh_from_db()
    if held.credit_day:
        CreditDay.objects.filter(user=held.user_id, day=held.credit_day).update(
            reserved=F("reserved") - 1, used=F("used") + int(held.answered)
        )
    held.delete()


def sweep_reservations(*, at: datetime) -> int:
    """Close what a crash left open; the number of reservations closed."""
    lost = list(Reservation.objects.filter(leased_until__lt=at).order_by("id")[:500])
    for reservation in lost:
        close_reservation(reservation=reservation, at=at)
    return len(lost)


@transaction.atomic
def record_cached(inquiry: Inquiry, model: str) -> None:
    """Write into the ledger that an answer was found in the cache: it costs nothing."""
    ModelCall.objects.create(
        task=inquiry.task.name,
        user=inquiry.user,
        course_id=inquiry.course_id,
        model=model,
        prompt_version=inquiry.task.version,
        cached=True,
        result=ModelCall.Result.OK,
        at=inquiry.at,
    )


def _scopes(reservation: Reservation) -> list[tuple[Scope, int]]:
    """The days of money that a call counts in, with their ceilings: the site's last, as everybody's."""
    day = reservation.spend_day
    site: list[tuple[Scope, int]] = [
        ({"day": day, "course_id": None}, settings.AI_SITE_MICRO_PER_DAY)
    ]
    if reservation.course_id is None:
        return site
    course: Scope = {"day": day, "course_id": reservation.course_id}
    return [(course, settings.AI_COURSE_MICRO_PER_DAY), *site]
