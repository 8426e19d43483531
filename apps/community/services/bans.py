"""Keeping somebody from writing in the community, for a while or for good."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.bus import publish
from apps.core.errors import Invalid, NotAllowed

from ..events import MemberBanned
from ..models import CommunityBan

MAX_REASON = 300


@transaction.atomic
def ban(
    *, user: User, by: User, reason: str, at: datetime, until: datetime | None = None
) -> CommunityBan:
    """The person reads on and writes nothing until then; a new ban takes the place of an old one."""
    if not by.is_moderator:
        raise NotAllowed
    if user.is_moderator:
        raise NotAllowed(_("Moderators can’t be banned here: change their role first."))
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise Invalid(errors={"reason": [_("Say why, in at most 300 characters.")]})
    if until is not None and until <= at:
        raise Invalid(errors={"until": [_("Choose a day in the future.")]})
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    CommunityBan.objects.filter(user=user).standing(at).update(lifted_at=at)
    made = CommunityBan.objects.create(user=user, by=by, reason=reason, until=until, created_at=at)
    audit.record(actor=by, action="community.banned", target=made, at=at, user=user.pk)
    publish(MemberBanned(ban_id=made.pk, user_id=user.pk))
    return made


@transaction.atomic
def lift_ban(*, ban: CommunityBan, by: User, at: datetime) -> None:
    if not by.is_moderator:
        raise NotAllowed
    lifted = CommunityBan.objects.filter(pk=ban.pk, lifted_at=None).update(lifted_at=at)
    if lifted:
        audit.record(actor=by, action="community.unbanned", target=ban, at=at, user=ban.user_id)
