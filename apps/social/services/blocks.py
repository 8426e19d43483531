"""Keeping somebody away."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import limits
from apps.core.errors import Conflict

from ..models import Block
from .follows import end_follow, lock_people

BLOCKS_PER_DAY = 200


@transaction.atomic
def block(*, blocker: User, blocked: User, at: datetime) -> bool:
    """Returns whether that is new. Neither follows the other any longer."""
    if blocker.pk == blocked.pk:
        raise Conflict(_("You can’t block yourself."))
    lock_people(blocker.pk, blocked.pk)
    if Block.objects.filter(blocker=blocker, blocked=blocked).exists():
        return False
    limits.take(bucket=f"blocks:{blocker.pk}", limit=BLOCKS_PER_DAY, per=timedelta(days=1), at=at)
    Block.objects.create(blocker=blocker, blocked=blocked, created_at=at)
    end_follow(blocker.pk, blocked.pk)
    end_follow(blocked.pk, blocker.pk)
    return True


@transaction.atomic
def unblock(*, blocker: User, blocked: User) -> bool:
    """Returns whether there was a block; what it ended doesn't come back."""
    lock_people(blocker.pk, blocked.pk)
    ended, _by_model = Block.objects.filter(blocker=blocker, blocked=blocked).delete()
    return bool(ended)
