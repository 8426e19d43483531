"""Who of the demo's people came by whose invitation."""

from collections.abc import Mapping

from apps.core import bus
from apps.referrals.models import Referral
from apps.referrals.selectors import first_finish
from apps.referrals.services import complete_referral, own_code, refer

from .people import Player


def invite(people: Mapping[str, Player]) -> int:
    """As their texts say, once for each; returns how many came by an invitation."""
    ids = [player.user.pk for player in people.values()]
    known = set(Referral.objects.filter(referee__in=ids).values_list("referee", flat=True))
    guests = [player for player in people.values() if player.person.invited_by]
    return sum(
        _come_by_invitation(guest, people[guest.person.invited_by])
        for guest in guests
        if guest.user.pk not in known
    )


def _come_by_invitation(guest: Player, inviter: Player) -> bool:
    code = own_code(user=inviter.user, at=inviter.joined_at)
    with bus.happening(guest.joined_at):
        return refer(referee_id=guest.user.pk, code=code.code, at=guest.joined_at) is not None


def reward(people: Mapping[str, Player]) -> None:
    """What their first finished courses brought, told of the day of each."""
    for guest in people.values():
        finished_at = first_finish(guest.user.pk) if guest.person.invited_by else None
        if finished_at is not None:
            with bus.happening(finished_at):
                complete_referral(referee_id=guest.user.pk, at=finished_at)
