"""Topics of the forum: begun, changed, moved, pinned, locked, deleted."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.rights import has_right
from apps.core import audit
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound

from ..events import TopicCreated
from ..models import ForumCategory, Kind, Topic, TopicFollow, TopicRead
from ..models.forum import SLOWEST_SECONDS
from ..selectors.standing import may
from . import hiding
from .documents import forget_topic, index_topic
from .figures import count_topic, lock_categories, locked_topic, move_category
from .history import keep_revision
from .mentions import mention_people
from .rules import check_may_edit, check_may_write

MAX_TITLE = 160
MAX_TAG = 30
MAX_TAGS = 5


@transaction.atomic
def create_topic(
    *,
    author: User,
    category: ForumCategory,
    title: str,
    content: str,
    at: datetime,
    tags: Sequence[str] = (),
) -> Topic:
    """Begin a topic and follow it. Raises what `check_may_write` raises, Invalid for title or tags."""
    title, found = checked_title(title), checked_tags(tags)
    check_may_write(user=author, kind=Kind.TOPIC, text=content, at=at)
    topic = Topic.objects.create(
        category=category,
        author=author,
        title=title,
        content=content.strip(),
        tags=found,
        created_at=at,
        last_post_at=at,
        last_post_by=author,
    )
    TopicFollow.objects.create(user=author, topic=topic, created_at=at)
    TopicRead.objects.create(user=author, topic=topic, number=0, read_at=at)
    index_topic(topic)
    count_topic(topic, sign=+1)
    publish(TopicCreated(topic_id=topic.pk, author_id=author.pk, category_id=category.pk))
    mention_people(author=author, kind=Kind.TOPIC, object_id=topic.pk, text=content, at=at)
    return topic


@transaction.atomic
def edit_topic(
    *,
    topic: Topic,
    by: User,
    at: datetime,
    title: str | None = None,
    content: str | None = None,
    tags: Sequence[str] | None = None,
) -> Topic:
    """Put other words in the place of these; what stood before is kept.

    The author's, while the topic is open, and a moderator's; the tags alone also of those whose
    standing allows it. Raises NotFound for one that is gone.
    """
    topic = standing_topic(topic.pk, for_moderator=_keeps_order(by))
    _check_may_edit(topic, by, only_tags=title is None and content is None)
    changes: dict[str, object] = {}
    if title is not None:
        changes["title"] = checked_title(title)
    if content is not None:
        changes["content"] = content.strip()
    if tags is not None:
        changes["tags"] = checked_tags(tags)
    changes = {name: value for name, value in changes.items() if getattr(topic, name) != value}
    if not changes:
        return topic
    check_may_edit(user=by, text=topic.content if content is None else content, at=at)
    if "title" in changes or "content" in changes:
        keep_revision(
            kind=Kind.TOPIC,
            object_id=topic.pk,
            title=topic.title,
            content=topic.content,
            edited_by=by,
            at=at,
        )
        changes["edited_at"] = at
    for name, value in changes.items():
        setattr(topic, name, value)
    topic.save(update_fields=list(changes))
    if topic.is_standing:
        index_topic(topic)
    if content is not None and by.pk == topic.author_id:
        mention_people(author=by, kind=Kind.TOPIC, object_id=topic.pk, text=content, at=at)
    return topic


@transaction.atomic
def delete_topic(*, topic: Topic, by: User, at: datetime) -> None:
    """Out of sight for good, with all its posts; the author's only while nobody has replied."""
    topic = standing_topic(topic.pk, for_moderator=_keeps_order(by))
    if not _keeps_order(by):
        if topic.author_id != by.pk:
            raise NotAllowed
        check_open(topic)
        if topic.replies_count:
            raise Conflict(_("Others have replied already: the topic is theirs too."))
    was_standing = topic.is_standing
    topic.deleted_at = at
    topic.save(update_fields=["deleted_at"])
    if was_standing:
        forget_topic(topic)
        count_topic(topic, sign=-1)
    if by.pk != topic.author_id:
        audit.record(actor=by, action="topic.deleted", target=topic, at=at, author=topic.author_id)


@transaction.atomic
def move_topic(*, topic: Topic, category: ForumCategory, by: User, at: datetime) -> Topic:
    """Into another category. A moderator's."""
    topic = _for_order(topic, by)
    if topic.category_id == category.pk:
        return topic
    left = topic.category_id
    lock_categories(left, category.pk)
    topic.category = category
    topic.save(update_fields=["category"])
    if topic.is_standing:
        move_category(left, topics=-1, posts=-topic.replies_count)
        count_topic(topic, sign=+1)
    audit.record(actor=by, action="topic.moved", target=topic, at=at, left=left, to=category.pk)
    return topic


@transaction.atomic
def pin_topic(*, topic: Topic, by: User, value: bool, at: datetime) -> Topic:
    """Keep it at the top of its category, or let it go. A moderator's."""
    topic = _for_order(topic, by)
    if topic.is_pinned != value:
        topic.is_pinned = value
        topic.save(update_fields=["is_pinned"])
        audit.record(actor=by, action="topic.pinned", target=topic, at=at, value=value)
    return topic


@transaction.atomic
def lock_topic(*, topic: Topic, by: User, value: bool, at: datetime) -> Topic:
    """Nobody replies any more, or again. A moderator's."""
    topic = _for_order(topic, by)
    if topic.is_locked != value:
        topic.is_locked = value
        topic.save(update_fields=["is_locked"])
        audit.record(actor=by, action="topic.locked", target=topic, at=at, value=value)
    return topic


@transaction.atomic
def slow_topic(*, topic: Topic, by: User, seconds: int, at: datetime) -> Topic:
    """Each person writes here once in so many seconds; 0 ends that. A moderator's."""
    topic = _for_order(topic, by)
    if not 0 <= seconds <= SLOWEST_SECONDS:
        message = _("From 0 to %(limit)s seconds.") % {"limit": SLOWEST_SECONDS}
        raise Invalid(errors={"seconds": [message]})
    topic.slow_mode_seconds = seconds
    topic.save(update_fields=["slow_mode_seconds"])
    audit.record(actor=by, action="topic.slowed", target=topic, at=at, seconds=seconds)
    return topic


# ── What is asked of every change ─────────────────────────────────────────────────────────────
def standing_topic(pk: int, *, for_moderator: bool = False) -> Topic:
    """Behind its lock; NotFound when it is deleted, or hidden and not for a moderator."""
    topic = locked_topic(pk)
    if topic.deleted_at is not None or (topic.hidden_at is not None and not for_moderator):
        raise NotFound
    return topic


def check_open(topic: Topic) -> None:
    if topic.is_locked:
        raise Conflict(_("This topic is locked: it can be read, and nothing changes in it."))


def checked_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid(errors={"title": [_("A topic needs a title.")]})
    if len(title) > MAX_TITLE:
        message = _("At most %(limit)s characters.") % {"limit": MAX_TITLE}
        raise Invalid(errors={"title": [message]})
    return title


def checked_tags(tags: Sequence[str]) -> list[str]:
    """In small letters, each once."""
    found = list(dict.fromkeys(" ".join(tag.split()).strip("#").lower() for tag in tags))
    found = [tag for tag in found if tag]
    if len(found) > MAX_TAGS:
        raise Invalid(errors={"tags": [_("At most %(count)s of them.") % {"count": MAX_TAGS}]})
    if any(len(tag) > MAX_TAG for tag in found):
        message = _("At most %(limit)s characters each.") % {"limit": MAX_TAG}
        raise Invalid(errors={"tags": [message]})
    return found


def _keeps_order(user: User) -> bool:
    return has_right(user, "forum.moderate")


def _for_order(topic: Topic, by: User) -> Topic:
    if not _keeps_order(by):
        raise NotAllowed
    return standing_topic(topic.pk, for_moderator=True)


def _check_may_edit(topic: Topic, by: User, *, only_tags: bool) -> None:
    if _keeps_order(by):
        return
    check_open(topic)
    if topic.author_id != by.pk and not (only_tags and may(by, "edit_tags")):
        raise NotAllowed


def _leave(topic: Topic, at: datetime) -> None:
    forget_topic(topic)
    count_topic(topic, sign=-1)


def _come_back(topic: Topic, at: datetime) -> None:
    index_topic(topic)
    count_topic(topic, sign=+1)


hiding.register(Kind.TOPIC, hidden=_leave, shown=_come_back)
