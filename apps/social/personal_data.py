"""What social holds on a person."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from . import selectors
from .models import Block, Follow, Profile
from .services.follows import lock_people

FIELDS = (
    "cover_url", "location", "website", "linkedin_url", "github_url", "twitter_url",
    "show_badges", "show_courses", "show_activity", "writes_from",
)  # fmt: skip


def export(user: Any) -> dict[str, Any]:
    profile = selectors.profile_of(user)
    following = Follow.objects.filter(follower=user).select_related("followed").order_by("pk")
    blocked = Block.objects.filter(blocker=user).select_related("blocked").order_by("pk")
    return {
        "profile": {
            "is_profile_public": user.is_profile_public,
            **{field: getattr(profile, field) for field in FIELDS},
        },
        "followers_count": profile.followers_count,
        "following": [
            {"username": row.followed.username, "since": row.created_at.isoformat()}
            for row in following
            if row.followed.is_profile_public
        ],
        "blocked": [
            {"user": row.blocked_id, "since": row.created_at.isoformat()} for row in blocked
        ],
    }


@transaction.atomic
def erase(user: Any, at: datetime) -> None:
    """Everything goes, and the counts of the others with it."""
    follows = Follow.objects.filter(Q(follower=user) | Q(followed=user))
    pairs = list(follows.values_list("follower", "followed"))
    lock_people(user.pk, *{pk for pair in pairs for pk in pair})
    followed = follows.filter(follower=user).values("followed")
    Profile.objects.filter(pk__in=followed).update(followers_count=F("followers_count") - 1)
    followers = follows.filter(followed=user).values("follower")
    Profile.objects.filter(pk__in=followers).update(following_count=F("following_count") - 1)
    follows.delete()
    Block.objects.filter(Q(blocker=user) | Q(blocked=user)).delete()
    Profile.objects.filter(pk=user.pk).delete()
