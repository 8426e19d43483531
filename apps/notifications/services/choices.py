"""What people want to be told, and when they want to be left in peace."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.services import choose_quiet_hours
from apps.core.errors import Invalid

from ..kinds import KINDS
from ..models import Channel, Preference


@transaction.atomic
def choose(*, user: User, choices: Mapping[str, Mapping[str, bool]]) -> None:
    """Store which kinds reach the person where: {kind: {channel: wanted}}."""
    errors: dict[str, list[Any]] = {}
    for kind, by_channel in choices.items():
        if kind not in KINDS:
            errors[kind] = [_("There is no such kind of notification.")]
        for channel in by_channel:
            if channel not in Channel.values:
                errors[f"{kind}.{channel}"] = [_("There is no such channel.")]
    if errors:
        raise Invalid(errors=errors)
    for kind, by_channel in choices.items():
        for channel, enabled in by_channel.items():
            Preference.objects.update_or_create(
                user=user, kind=kind, channel=channel, defaults={"enabled": enabled}
            )


@transaction.atomic
def choose_all(
    *,
    user: User,
    choices: Mapping[str, Mapping[str, bool]],
    quiet_hours: Mapping[str, Any] | None,
) -> None:
    """`choose`, and the quiet hours where they are given: all of it or nothing."""
    choose(user=user, choices=choices)
    if quiet_hours is not None:
        choose_quiet_hours(user=user, **quiet_hours)
