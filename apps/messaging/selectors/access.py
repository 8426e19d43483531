"""Who may write to whom."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.enrollment.selectors import shares_a_course
from apps.social.models import Block, Follow, Profile, WritesFrom


def is_connected_with(user: User) -> Q:
    """The people who follow the user or share a course with them."""
    follows = Follow.objects.filter(follower=OuterRef("pk"), followed=user.pk)
    return Q(Exists(follows)) | shares_a_course(user)


def people_known_to(user: User) -> QuerySet[User]:
    """Whom the user may name in a conversation: the public, and the private they are connected to."""
    there = User.objects.filter(is_active=True, erased_at=None).exclude(pk=user.pk)
    return there.filter(Q(is_profile_public=True) | is_connected_with(user))


def people_who_take_from(user: User) -> QuerySet[User]:
    """Whom the user may begin to write to: by the receivers' switches, and no block stands."""
    everyone = Q(is_profile_public=True) & ~Exists(
        Profile.objects.filter(pk=OuterRef("pk")).exclude(writes_from=WritesFrom.EVERYONE)
    )
    nobody = Profile.objects.filter(pk=OuterRef("pk"), writes_from=WritesFrom.NOBODY)
    has_blocked = Block.objects.filter(blocker=OuterRef("pk"), blocked=user.pk)
    is_blocked = Block.objects.filter(blocker=user.pk, blocked=OuterRef("pk"))
    there = User.objects.filter(is_active=True, erased_at=None).exclude(pk=user.pk)
    willing = there.filter(~Exists(has_blocked), ~Exists(is_blocked), ~Exists(nobody))
    return willing.filter(everyone | is_connected_with(user))


def may_write_to(user: User, other: User) -> bool:
    """Whether the user may begin a conversation with the other."""
    return people_who_take_from(user).filter(pk=other.pk).exists()


def refusing(user: User, people: Iterable[Any]) -> set[int]:
    """Those of the people whom the user may not begin to write to."""
    asked = {person.pk for person in people}
    return asked - set(people_who_take_from(user).filter(pk__in=asked).values_list("pk", flat=True))
