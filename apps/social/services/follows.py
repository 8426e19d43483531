"""Following and no longer following; both counts move with the row, behind the locks of the two."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import limits
from apps.core.bus import publish
from apps.core.errors import Conflict, NotFound, TooMany

from .. import selectors
from ..events import UserFollowed
from ..models import Follow, Profile

DAY = timedelta(days=1)
FOLLOWS_PER_DAY = 500
NEW_FOLLOWS_PER_DAY = 50
NEW_FOR = timedelta(days=3)


@transaction.atomic
def follow(*, follower: User, followed: User, at: datetime) -> bool:
    """Returns whether that is new. Raises Conflict for oneself, TooMany beyond the day's number,
    and NotFound across a block: whoever is kept away isn't told so."""
    if follower.pk == followed.pk:
        raise Conflict(_("You can’t follow yourself."))
    lock_people(follower.pk, followed.pk)
    if selectors.is_blocked_between(follower.pk, followed.pk):
        raise NotFound
    if selectors.is_following(follower.pk, followed.pk):
        return False
    _count_towards_the_day(follower, at)
    Follow.objects.create(follower=follower, followed=followed, created_at=at)
    move_counts(follower.pk, followed.pk, +1)
    publish(UserFollowed(follower_id=follower.pk, followed_id=followed.pk))
    return True


@transaction.atomic
def unfollow(*, follower: User, followed: User) -> bool:
    """Returns whether there was anything to end."""
    lock_people(follower.pk, followed.pk)
    return end_follow(follower.pk, followed.pk)


def end_follow(follower_id: int, followed_id: int) -> bool:
    """Behind the locks of both."""
    rows = Follow.objects.filter(follower=follower_id, followed=followed_id)
    ended, _by_model = rows.delete()
    if ended:
        move_counts(follower_id, followed_id, -1)
    return bool(ended)


def lock_people(*ids: int) -> None:
    """Nobody else follows, leaves or blocks these meanwhile; always in the order of their ids."""
    people = User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
    list(people.order_by("pk").values_list("pk"))


def move_counts(follower_id: int, followed_id: int, change: int) -> None:
    ensure_profiles(follower_id, followed_id)
    Profile.objects.filter(pk=follower_id).update(following_count=F("following_count") + change)
    Profile.objects.filter(pk=followed_id).update(followers_count=F("followers_count") + change)


def ensure_profiles(*user_ids: int) -> None:
    Profile.objects.bulk_create([Profile(pk=pk) for pk in user_ids], ignore_conflicts=True)


def _count_towards_the_day(follower: User, at: datetime) -> None:
    is_new = follower.created_at > at - NEW_FOR
    limit = NEW_FOLLOWS_PER_DAY if is_new else FOLLOWS_PER_DAY
    try:
        limits.take(bucket=f"follows:{follower.pk}", limit=limit, per=DAY, at=at)
    except TooMany as error:
        message = _("That is enough people for one day. Go on tomorrow.")
        raise TooMany(message, retry_after=error.retry_after) from error
