"""Who of the demo's people may not write in the community for a while."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from apps.community.models import CommunityBan
from apps.community.services.bans import ban
from apps.core import bus

from .people import Player

AGO = timedelta(hours=20)
LASTS = timedelta(days=30)


def ban_some(people: Mapping[str, Player], *, at: datetime) -> int:
    """Once for each: a ban that was lifted doesn't come back. How many were banned."""
    ids = [player.user.pk for player in people.values()]
    known = set(CommunityBan.objects.filter(user__in=ids).values_list("user", flat=True))
    rude = [each for each in people.values() if each.person.ban and each.user.pk not in known]
    moment = at - AGO
    with bus.happening(moment):
        for player in rude:
            ban(
                user=player.user,
                by=people["moderator"].user,
                reason=player.person.ban,
                until=at + LASTS,
                at=moment,
            )
    return len(rude)
