"""When people don't want to be disturbed."""

from datetime import time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid

from ..models import QuietHours, User


@transaction.atomic
def choose_quiet_hours(*, user: User, is_on: bool, begins: time, ends: time) -> QuietHours:
    """Full minutes of the person's own clock."""
    begins, ends = _minute(begins), _minute(ends)
    if begins == ends:
        raise Invalid(errors={"ends": [_("Another time than the beginning.")]})
    chosen = {"is_on": is_on, "begins": begins, "ends": ends}
    return QuietHours.objects.update_or_create(user=user, defaults=chosen)[0]


def _minute(moment: time) -> time:
    return time(moment.hour, moment.minute)
