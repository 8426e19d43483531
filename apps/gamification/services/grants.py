"""Badges that nobody can earn by what the platform sees: given by hand."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.errors import Conflict, Invalid, NotAllowed

from ..engine.badges import BADGES
from ..models import Award
from ..selectors.deeds import Deed
from . import acts


@transaction.atomic
def grant_badge(*, user: User, badge: str, by: User, at: datetime) -> Award:
    """Raises Invalid for one that is earned by itself, Conflict when the person has it."""
    if not by.is_admin:
        raise NotAllowed
    if badge not in BADGES or not BADGES[badge].by_hand:
        raise Invalid(errors={"badge": [_("This badge isn’t given by hand.")]})
    acts.record(user_id=user.pk, deeds=[Deed("granted", badge, at)])
    award = Award.objects.filter(user=user, badge=badge, granted_by=None, earned_at=at).first()
    if award is None:
        raise Conflict(_("The person has this badge already."))
    award.granted_by = by
    award.save(update_fields=["granted_by"])
    audit.record(actor=by, action="badge.granted", target=award, at=at, badge=badge)
    return award
