"""Taking a deletion back: the text is where it was, counted and found again."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.rights import has_right
from apps.core import audit
from apps.core.errors import NotAllowed, NotFound
from apps.core.models import AuditEntry

from ..models import Post, Topic
from ..selectors.things import Thing, kind_of
from .documents import index_post, index_topic
from .figures import count_post, count_topic, locked_topic


@transaction.atomic
def restore_post(*, post: Post, by: User, at: datetime) -> Post:
    """Its author's who deleted it, as the caller has made sure, or a moderator's."""
    found = Post.objects.select_for_update(of=("self",), no_key=True).filter(pk=post.pk).first()
    if found is None:
        raise NotFound
    _check_may_restore(found, by)
    topic = locked_topic(found.topic_id)
    if topic.deleted_at is not None:
        raise NotFound
    if found.deleted_at is None:
        return found
    found.deleted_at = None
    found.save(update_fields=["deleted_at"])
    if found.is_standing:
        index_post(found)
        count_post(topic, sign=+1)
    _record(found, "post.restored", by, at)
    return found


@transaction.atomic
def restore_topic(*, topic: Topic, by: User, at: datetime) -> Topic:
    """Its author's who deleted it, as the caller has made sure, or a moderator's."""
    if not Topic.objects.filter(pk=topic.pk).exists():
        raise NotFound
    found = locked_topic(topic.pk)
    _check_may_restore(found, by)
    if found.deleted_at is None:
        return found
    found.deleted_at = None
    found.save(update_fields=["deleted_at"])
    if found.is_standing:
        index_topic(found)
        count_topic(found, sign=+1)
    _record(found, "topic.restored", by, at)
    return found


def _check_may_restore(thing: Post | Topic, by: User) -> None:
    if has_right(by, "forum.moderate"):
        return
    if thing.author_id != by.pk:
        raise NotAllowed
    if was_taken_away(thing):
        raise NotFound


def was_taken_away(thing: Thing) -> bool:
    """Whether somebody else deleted it than who wrote it, who then can't take that back."""
    if thing.deleted_at is None:
        return False
    name = f"{thing._meta.label_lower}:{thing.pk}"
    entries = AuditEntry.objects.filter(action=f"{kind_of(thing)}.deleted", target=name)
    return entries.filter(at=thing.deleted_at).exists()


def _record(thing: Post | Topic, action: str, by: User, at: datetime) -> None:
    if by.pk != thing.author_id:
        audit.record(actor=by, action=action, target=thing, at=at, author=thing.author_id)
