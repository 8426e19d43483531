"""What people say and show of themselves."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.core.errors import Invalid

from ..links import LINKS, WrongLink, clean_link
from ..models import Profile
from .follows import ensure_profiles

ACCOUNT = {"name", "bio", "avatar", "is_profile_public"}
SWITCHES = {"show_badges", "show_courses", "show_activity", "writes_from"}


@transaction.atomic
def change_profile(*, user: User, changes: Mapping[str, Any]) -> Profile:
    """Change some fields; `avatar` and `cover` are Uploads of the user's own, or None.

    Links are put into their plain form; what isn't one raises Invalid under its field. Texts are
    checked by form or serializer.
    """
    values = {field: changes[field] for field in SWITCHES | {"location"} if field in changes}
    values |= _links_of(changes)
    if "cover" in changes:
        values["cover_url"] = changes["cover"].url if changes["cover"] else ""
    of_account = {field: changes[field] for field in ACCOUNT if field in changes}
    if of_account:
        accounts.update_profile(user=user, changes=of_account)
    ensure_profiles(user.pk)
    if values:
        Profile.objects.filter(pk=user.pk).update(**values)
    return Profile.objects.get(pk=user.pk)


def _links_of(changes: Mapping[str, Any]) -> dict[str, str]:
    found, errors = {}, {}
    for field in LINKS:
        if field in changes:
            try:
                found[field] = clean_link(field, changes[field])
            except WrongLink as error:
                errors[field] = [error.message]
    if errors:
        raise Invalid(errors=errors)
    return found
