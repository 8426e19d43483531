"""Likes of topics, posts and comments: a toggle whose count is true under parallel clicks."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.bus import publish
from apps.core.errors import NotAllowed, NotFound

from ..events import ContentLiked, ContentUnliked
from ..models import Like, StandingCause
from ..selectors.things import MODELS
from .rules import check_not_banned
from .standing import award, take_back


@dataclass(frozen=True)
class LikeState:
    liked: bool
    likes_count: int


@transaction.atomic
def toggle_like(*, user: User, kind: str, object_id: int, at: datetime) -> LikeState:
    """Like it, or take that back. Raises NotFound for what the person can't see or is gone,
    NotAllowed for one's own."""
    check_not_banned(user=user, at=at)
    model = MODELS[kind]
    if not model.objects.visible_to(user).filter(pk=object_id).exists():
        raise NotFound
    # behind this lock the rows of Like and their count are one
    standing = model.objects.standing().select_for_update(of=("self",), no_key=True)
    thing = standing.filter(pk=object_id).first()
    if thing is None:
        raise NotFound
    if thing.author_id == user.pk:
        raise NotAllowed(_("You can’t like what you wrote yourself."))
    taken_back, _rows = Like.objects.filter(user=user, kind=kind, object_id=object_id).delete()
    if not taken_back:
        Like.objects.create(user=user, kind=kind, object_id=object_id, created_at=at)
    change = -1 if taken_back else 1
    model.objects.filter(pk=object_id).update(likes_count=F("likes_count") + change)
    told = {
        "kind": str(kind),
        "object_id": object_id,
        "author_id": thing.author_id,
        "user_id": user.pk,
    }
    cause = {
        "user_id": thing.author_id,
        "cause": StandingCause.LIKE,
        "kind": kind,
        "object_id": object_id,
        "by_id": user.pk,
    }
    if taken_back:
        take_back(**cause)
        publish(ContentUnliked(**told))
    else:
        award(**cause, at=at)
        publish(ContentLiked(**told))
    return LikeState(not taken_back, thing.likes_count + change)
