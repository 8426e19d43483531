"""The counts beside the rows, proved and repaired."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ..models import Follow, Profile
from .follows import ensure_profiles, lock_people


@dataclass(frozen=True)
class Difference:
    """Somebody's stored (followers, following) that aren't what the rows say."""

    user_id: int
    stored: tuple[int, int]
    counted: tuple[int, int]


def recount_follows(*, repair: bool) -> list[Difference]:
    """Whose counts are wrong; each is looked at again behind the person's lock before repairing."""
    ends = Follow.objects.values_list("followed").union(Follow.objects.values_list("follower"))
    known = Profile.objects.values_list("pk")
    ensure_profiles(*(pk for (pk,) in ends.difference(known)))
    found = [_difference(each) for each in _wrong(Profile.objects.all()).order_by("pk")]
    if repair:
        for each in found:
            _repair(each.user_id)
    return found


@transaction.atomic
def _repair(user_id: int) -> None:
    lock_people(user_id)
    for profile in _wrong(Profile.objects.filter(pk=user_id)):
        followers, following = _difference(profile).counted
        Profile.objects.filter(pk=user_id).update(
            followers_count=followers, following_count=following
        )


def _wrong(profiles: QuerySet[Profile]) -> QuerySet[Profile]:
    return profiles.annotate(
        true_followers=_number("followed"), true_following=_number("follower")
    ).exclude(
        Q(followers_count=F("true_followers")) & Q(following_count=F("true_following")),
    )


def _number(side: str) -> Coalesce:
    rows = Follow.objects.filter(**{side: OuterRef("pk")}).order_by().values(side)
    return Coalesce(
        Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
    )


def _difference(profile: Profile) -> Difference:
    stored = (profile.followers_count, profile.following_count)
    counted = (profile.true_followers, profile.true_following)  # type: ignore[attr-defined]
    return Difference(profile.pk, stored, counted)
