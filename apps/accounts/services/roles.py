"""What staff does to accounts: roles, bans, closing and opening again. Each leaves an audit entry."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core import audit
from apps.core.bus import publish
from apps.core.errors import Conflict, NotAllowed

from ..events import RoleChanged, UserBanned
from ..models import Role, User
from ..rights import has_right
from .applications import withdraw_verification
from .devices import revoke_every_device


@transaction.atomic
def change_role(*, user: User, role: str, by: User, at: datetime) -> None:
    """Give the account another role; it signs in anew, so that nothing keeps the old one's rights."""
    user = _person_to_change(user, by=by, right="user.change_role")
    if user.role == role:
        return
    old, user.role = user.role, Role(role)
    user.is_staff = user.is_moderator
    user.is_superuser = user.is_admin
    if not user.is_teacher:
        user.is_verified = False
        withdraw_verification(user=user, by=by, at=at)
    user.save(update_fields=["role", "is_staff", "is_superuser", "is_verified"])
    revoke_every_device(user=user, at=at)
    publish(RoleChanged(user_id=user.pk, role=user.role))
    audit.record(actor=by, action="user.role", target=user, at=at, old=old, new=role)


@transaction.atomic
def ban_user(*, user: User, by: User, at: datetime) -> None:
    user = _person_to_change(user, by=by, right="user.ban")
    if user.banned_at:
        return
    user.banned_at, user.is_active = at, False
    user.save(update_fields=["banned_at", "is_active"])
    revoke_every_device(user=user, at=at)
    publish(UserBanned(user_id=user.pk))
    audit.record(actor=by, action="user.ban", target=user, at=at)


@transaction.atomic
def deactivate_user(*, user: User, by: User, at: datetime) -> None:
    """Close the account without the reproach of a ban."""
    user = _person_to_change(user, by=by, right="user.ban")
    user.is_active = False
    user.save(update_fields=["is_active"])
    revoke_every_device(user=user, at=at)
    audit.record(actor=by, action="user.deactivate", target=user, at=at)


@transaction.atomic
def reactivate_user(*, user: User, by: User, at: datetime) -> None:
    """Open a banned or closed account again."""
    user = _person_to_change(user, by=by, right="user.ban")
    if user.erased_at:
        raise Conflict(_("This account was erased."))
    user.is_active, user.banned_at = True, None
    user.save(update_fields=["is_active", "banned_at"])
    audit.record(actor=by, action="user.reactivate", target=user, at=at)


def _person_to_change(user: User, *, by: User, right: str) -> User:
    if not has_right(by, right):
        raise NotAllowed
    if user.pk == by.pk:
        raise Conflict(_("You can’t do this to your own account."))
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)
