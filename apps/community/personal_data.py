"""What the community holds on a person."""

from datetime import datetime
from typing import Any

from django.db.models import F

from .models import (
    Comment,
    CommunityBan,
    ForumDocument,
    Like,
    Mention,
    Post,
    Report,
    Revision,
    Standing,
    StandingCause,
    StandingEntry,
    Topic,
    TopicFollow,
    TopicRead,
)
from .selectors.things import MODELS
from .services.comments import delete_comment
from .services.standing import take_back

GONE = "—"


def export(user: Any) -> dict[str, Any]:
    return {
        "topics": [
            {"title": row.title, "content": row.content, "created_at": row.created_at.isoformat()}
            for row in Topic.objects.filter(author=user).order_by("id")
        ],
        "posts": [_text(row) for row in Post.objects.filter(author=user).order_by("id")],
        "comments": [_text(row) for row in Comment.objects.filter(author=user).order_by("id")],
        "earlier_texts": [
            {"content": row.content, "created_at": row.created_at.isoformat()}
            for row in Revision.objects.filter(edited_by=user).order_by("id")
        ],
        "likes": [
            {"kind": row.kind, "id": row.object_id, "created_at": row.created_at.isoformat()}
            for row in Like.objects.filter(user=user).order_by("id")
        ],
        "reports": [
            {"kind": row.kind, "id": row.object_id, "reason": row.reason, "note": row.note}
            for row in Report.objects.filter(reporter=user).order_by("id")
        ],
        "bans": [
            {"reason": row.reason, "created_at": row.created_at.isoformat()}
            for row in CommunityBan.objects.filter(user=user).order_by("id")
        ],
        "standing": Standing.objects.filter(pk=user.pk).values_list("score", flat=True).first()
        or 0,
        "followed_topics": list(
            TopicFollow.objects.filter(user=user).order_by("id").values_list("topic", flat=True)
        ),
    }


def _text(row: Any) -> dict[str, Any]:
    return {"content": row.content, "created_at": row.created_at.isoformat()}


def erase(user: Any, at: datetime) -> None:
    """Words and likes go; what others answered keeps its place, and counts stay true."""
    for kind, model in MODELS.items():
        liked = Like.objects.filter(user=user, kind=kind).values("object_id")
        model.objects.filter(pk__in=liked).update(likes_count=F("likes_count") - 1)
        own = model.objects.filter(author=user).values("pk")
        Revision.objects.filter(kind=kind, object_id__in=own).delete()
    Like.objects.filter(user=user).delete()
    Mention.objects.filter(user=user).delete()
    for comment in Comment.objects.filter(author=user, deleted_at=None):
        delete_comment(comment=comment, by=user, at=at)
    Comment.objects.filter(author=user).update(content=GONE, passage="")
    Report.objects.filter(reporter=user).update(note="")
    for entry in StandingEntry.objects.filter(by=user, cause=StandingCause.LIKE).order_by("user"):
        take_back(
            user_id=entry.user_id,
            cause=StandingCause.LIKE,
            kind=entry.kind,
            object_id=entry.object_id,
            by_id=user.pk,
        )
    StandingEntry.objects.filter(user=user).delete()
    Standing.objects.filter(pk=user.pk).delete()
    TopicFollow.objects.filter(user=user).delete()
    TopicRead.objects.filter(user=user).delete()
    _erase_forum(user, at)


def _erase_forum(user: Any, at: datetime) -> None:
    """Topics stay for those who answered, without the words of who began them."""
    Topic.objects.filter(author=user).update(title=GONE, content=GONE, tags=[])
    Post.objects.filter(author=user).update(content=GONE)
    ForumDocument.objects.filter(post__author=user).delete()
    ForumDocument.objects.filter(post=None, topic__author=user).delete()
