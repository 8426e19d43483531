"""What the people of the demo show of themselves, and whom they follow."""

import random
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


def follow_teachers(people: Mapping[str, Player], *, at: datetime) -> int:
    """Each newcomer of the crowd follows a teacher of their language, some two; how many follows."""
    made = 0
    teachers = [each for each in people.values() if each.person.role == "teacher"]
    for player in people.values():
        if not player.is_new or player.person.role != "student" or player.person.seats:
            continue
        draw = random.Random(f"{player.person.key} follows")  # noqa: S311
        near = [each for each in teachers if each.person.locale == player.person.locale]
        for teacher in draw.sample(near, draw.choice((0, 1, 1, 2))):
            then = player.joined_at + (at - player.joined_at) * draw.uniform(0.02, 0.9)
            with bus.happening(then):
                made += follow(follower=player.user, followed=teacher.user, at=then)
    return made
