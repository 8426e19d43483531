"""Who follows, blocks and may see whom."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from apps.accounts.models import User

from .models import Block, Follow, Profile

LATEST = ("-created_at", "-id")


def profile_of(user: User) -> Profile:
    """The person's profile, or an unsaved one with the defaults."""
    return Profile.objects.filter(pk=user.pk).first() or Profile(user=user)


def is_following(follower_id: int, followed_id: int) -> bool:
    return Follow.objects.filter(follower=follower_id, followed=followed_id).exists()


def is_blocked_between(one_id: int, other_id: int) -> bool:
    """Whether either of the two has blocked the other."""
    return bool(Block.objects.between(one_id, other_id).exists())


def ids_apart_from(user: User) -> set[int]:
    """Everybody who blocked the person or whom the person blocked."""
    pairs = Block.objects.filter(Q(blocker=user) | Q(blocked=user))
    found = {pk for pair in pairs.values_list("blocker", "blocked") for pk in pair}
    return found - {user.pk}


def blocked_among(user: Any, people: Iterable[int]) -> set[int]:
    """Which of these people the person (perhaps anonymous) has blocked."""
    ids = set(people)
    if not user.is_authenticated or not ids:
        return set()
    rows = Block.objects.filter(blocker=user.pk, blocked__in=ids)
    return set(rows.values_list("blocked", flat=True))


def people_visible_to(viewer: Any) -> QuerySet[User]:
    """People whose profiles the viewer (perhaps anonymous) may open.

    Everybody who is public; oneself; for those who keep order also the private. Whoever blocked
    the viewer, or whom the viewer blocked, isn't there for them.
    """
    people = User.objects.filter(is_active=True, erased_at=None)
    if not viewer.is_authenticated:
        return people.filter(is_profile_public=True)
    if viewer.is_moderator:
        return people
    has_blocked = Block.objects.filter(blocker=OuterRef("pk"), blocked=viewer.pk)
    is_blocked = Block.objects.filter(blocker=viewer.pk, blocked=OuterRef("pk"))
    public = Q(is_profile_public=True) & ~Exists(has_blocked) & ~Exists(is_blocked)
    return people.filter(public | Q(pk=viewer.pk))


def people_by_prefix(viewer: Any, q: str, limit: int = 8) -> list[User]:
    """People of whose username, or of one of whose names, `q` is the beginning; never the viewer.

    Whom the viewer follows comes first, then by username. An "@" before it is of no account.
    """
    beginning = " ".join(q.lower().split()).removeprefix("@")
    if not beginning or "\0" in beginning:
        return []
    named = (
        Q(username__startswith=beginning)
        | Q(lowered__startswith=beginning)
        | Q(lowered__contains=f" {beginning}")
    )
    visible = people_visible_to(viewer).exclude(pk=viewer.pk).alias(lowered=Lower("name"))
    found: Any = visible.filter(named).order_by("username")
    follows = Follow.objects.filter(follower=viewer.pk, followed=OuterRef("pk"))
    first: list[User] = list(found.filter(Exists(follows))[:limit])
    if len(first) < limit:
        others = found.exclude(pk__in=[person.pk for person in first])
        first += others[: limit - len(first)]
    return first


def people_left_by(viewer: User) -> QuerySet[User]:
    """Whom the viewer may stop following: whoever they see, and those they follow unseen."""
    follows = Follow.objects.filter(follower=viewer, followed=OuterRef("pk"))
    return User.objects.filter(Q(pk__in=people_visible_to(viewer)) | Q(Exists(follows)))


def people_kept_away_by(viewer: User) -> QuerySet[User]:
    """Whom the viewer may block or let near again: everybody.

    Who is private may write all the same, and who was blocked isn't seen any more. Nothing of the
    person is told by it.
    """
    return User.objects.filter(is_active=True, erased_at=None)


def followers_of(person: User, viewer: Any) -> QuerySet[Follow]:
    """Follows of the person by people whom the viewer may see, the latest first."""
    seen = Follow.objects.filter(followed=person, follower__in=people_visible_to(viewer))
    return seen.select_related("follower").order_by(*LATEST)


def followed_by(person: User, viewer: Any) -> QuerySet[Follow]:
    """The person's follows of people whom the viewer may see, the latest first."""
    seen = Follow.objects.filter(follower=person, followed__in=people_visible_to(viewer))
    return seen.select_related("followed").order_by(*LATEST)


def blocks_of(user: User) -> QuerySet[Block]:
    """Whom the person keeps away, the latest first."""
    return Block.objects.filter(blocker=user).select_related("blocked").order_by(*LATEST)
