"""What people say about themselves, and its erasure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.core.bus import publish
from apps.core.errors import Invalid
from apps.core.kept import forget
from apps.media.models import Upload

from ..events import UserRenamed
from ..models import QuietHours, TeacherApplication, User
from .devices import revoke_every_device

EDITABLE = {
    "name", "username", "bio", "locale", "timezone", "birthday", "personal_order",
    "is_profile_public",
}  # fmt: skip
SHOWN = {"name", "username", "avatar_url", "is_profile_public"}  # beside what the person made
CALLED = ("name", "username", "is_profile_public")  # how the person is called, and whether at all
AVATAR_WIDTH = 256


class UsernameTaken(Invalid):
    message = _("Somebody has this username already.")

    def __init__(self) -> None:
        super().__init__(errors={"username": [self.message]})


@transaction.atomic
def update_profile(*, user: User, changes: Mapping[str, Any]) -> User:
    """Change some fields; `avatar` is an Upload of the user's own, or None to take it away.

    The values are checked by form or serializer; a taken username raises Invalid here.
    """
    values = {field: value for field, value in changes.items() if field in EDITABLE}
    if "avatar" in changes:
        values["avatar_url"] = _avatar_url(changes["avatar"])
    if User.objects.filter(username=values.get("username")).exclude(pk=user.pk).exists():
        raise UsernameTaken
    same_person = User.objects.filter(pk=user.pk)
    # asked of the database: a form has changed the object before
    called = {field: values[field] for field in CALLED if field in values}
    is_renamed = bool(called) and not same_person.filter(**called).exists()
    for field, value in values.items():
        setattr(user, field, value)
    try:
        with transaction.atomic():
            user.save(update_fields=list(values))
    except IntegrityError as error:
        raise UsernameTaken from error
    if SHOWN & values.keys():
        forget(f"user:{user.pk}")
    if is_renamed:
        publish(UserRenamed(user_id=user.pk))
    return user


def _avatar_url(upload: Upload | None) -> str:
    """The smallest variant that is sharp enough, else the widest."""
    if upload is None or not upload.variants:
        return ""
    widths = sorted(int(width) for width in upload.variants)
    width = next((width for width in widths if width >= AVATAR_WIDTH), widths[-1])
    return str(upload.variants[str(width)])


@transaction.atomic
def set_locale(*, user: User, locale: str) -> None:
    User.objects.filter(pk=user.pk).update(locale=locale)


@transaction.atomic
def erase_person(user: User, at: datetime) -> None:
    """Take from the row what says who it was; the row stays, because others' keys point to it."""
    revoke_every_device(user=user, at=at)
    EmailAddress.objects.filter(user=user).delete()
    user.interests.all().delete()
    QuietHours.objects.filter(user=user).delete()
    user.devices.update(user_agent="", address_hash="")
    application = TeacherApplication.objects.filter(user=user).first()
    if application:
        application.documents.clear()
        TeacherApplication.objects.filter(pk=application.pk).update(
            qualification="", links=[], reason="", checks={}
        )
    User.objects.filter(pk=user.pk).update(
        email=f"erased-{user.pk}@erased.invalid",
        username=f"erased-{user.pk}",
        name="",
        bio="",
        avatar_url="",
        birthday=None,
        password="!",  # noqa: S106 - no password fits
        is_active=False,
        is_staff=False,
        is_superuser=False,
        email_verified=False,
        erased_at=at,
    )
    forget(f"user:{user.pk}")
    publish(UserRenamed(user_id=user.pk))
