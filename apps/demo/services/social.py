"""What the people of the demo show of themselves, and whom they follow."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from apps.core import bus
from apps.social.models import Profile
from apps.social.services import change_profile, follow

from .. import texts
from .people import Player

FIRST = timedelta(days=40)  # ago; one after the other since then
BETWEEN = timedelta(hours=19)


def make_profiles(people: Mapping[str, Player], *, at: datetime) -> int:
    """Profiles of those who have none yet, and their follows; how many follows."""
    known = set(Profile.objects.values_list("pk", flat=True))
    fresh = {
        key: text
        for key, text in texts.read_profiles().items()
        if key in people and people[key].user.pk not in known
    }
    for key, text in fresh.items():
        changes = {field: value for field, value in text.items() if field != "follows"}
        change_profile(user=people[key].user, changes=changes)
    made = 0
    for key, text in fresh.items():
        for other in text["follows"]:
            follower, followed = people[key], people[other]
            joined = max(follower.joined_at, followed.joined_at)
            then = min(max(at - FIRST + made * BETWEEN, joined), at)
            with bus.happening(then):
                made += follow(follower=follower.user, followed=followed.user, at=then)
    return made
