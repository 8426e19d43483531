"""Posts in a topic: replies, their changes, and the best answer among them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.rights import has_right
from apps.core import audit, realtime
from apps.core.bus import publish
from apps.core.errors import Conflict, NotAllowed, NotFound

from ..events import AnswerChosen, PostCreated
from ..models import Kind, Post, StandingCause, Topic, TopicFollow, TopicRead
from . import hiding
from .documents import forget_post, index_post
from .figures import count_post, locked_topic, move_category
from .history import keep_revision
from .mentions import mention_people
from .rules import check_may_edit, check_may_write, lock_writer
from .standing import award, take_back
from .topics import check_open, standing_topic


@transaction.atomic
def reply(
    *, topic: Topic, author: User, content: str, at: datetime, reply_to: Post | None = None
) -> Post:
    """Write into the topic; one's first post there makes one follow it.

    Raises what `check_may_write` raises, NotFound for a topic or a quoted post that is gone,
    Conflict for a locked topic.
    """
    lock_writer(author)
    last = None
    if topic.slow_mode_seconds:
        own = Post.objects.filter(topic=topic, author=author).order_by("-created_at")
        last = own.values_list("created_at", flat=True).first()
    check_may_write(
        user=author,
        kind=Kind.POST,
        text=content,
        at=at,
        slow_mode_seconds=topic.slow_mode_seconds,
        last_written_at=last,
    )
    topic = standing_topic(topic.pk)
    check_open(topic)
    if reply_to is not None and not _can_be_quoted(reply_to, topic):
        raise NotFound
    topic.last_post_number += 1
    topic.replies_count += 1
    topic.last_post_at, topic.last_post_by = at, author
    post = Post.objects.create(
        topic=topic,
        author=author,
        number=topic.last_post_number,
        content=content.strip(),
        reply_to=reply_to,
        created_at=at,
    )
    topic.save(update_fields=["last_post_number", "replies_count", "last_post_at", "last_post_by"])
    _follow_along(post)
    index_post(post)
    move_category(topic.category_id, posts=+1)
    publish(PostCreated(post_id=post.pk, topic_id=topic.pk, author_id=author.pk))
    mention_people(author=author, kind=Kind.POST, object_id=post.pk, text=content, at=at)
    realtime.push(f"topic:{topic.pk}", "topic:new_post", post.pk)
    return post


@transaction.atomic
def edit_post(*, post: Post, by: User, content: str, at: datetime) -> Post:
    """The author's while the topic is open, and a moderator's; what stood before is kept."""
    post, topic = _locked(post, by)
    if not _keeps_order(by):
        if post.author_id != by.pk:
            raise NotAllowed
        check_open(topic)
    if content.strip() == post.content:
        return post
    check_may_edit(user=by, text=content, at=at)
    keep_revision(kind=Kind.POST, object_id=post.pk, content=post.content, edited_by=by, at=at)
    post.content, post.edited_at = content.strip(), at
    post.save(update_fields=["content", "edited_at"])
    if post.is_standing:
        index_post(post)
    if by.pk == post.author_id:
        mention_people(author=by, kind=Kind.POST, object_id=post.pk, text=content, at=at)
    return post


@transaction.atomic
def delete_post(*, post: Post, by: User, at: datetime) -> None:
    """Its place stays, empty. The author's while the topic is open, and a moderator's."""
    post, topic = _locked(post, by)
    if not _keeps_order(by):
        if post.author_id != by.pk:
            raise NotAllowed
        check_open(topic)
    was_standing = post.is_standing
    post.deleted_at = at
    post.save(update_fields=["deleted_at"])
    if was_standing:
        _leave_topic(post, topic)
    if by.pk != post.author_id:
        audit.record(actor=by, action="post.deleted", target=post, at=at, author=post.author_id)


@transaction.atomic
def choose_best(*, post: Post, by: User, at: datetime, value: bool = True) -> Topic:
    """The best answer of the topic, or none any more: its asker chooses, or a moderator.

    Its author's standing rises, and falls again when another is chosen.
    """
    post, topic = _locked(post, by)
    if not post.is_standing or not topic.is_standing:
        raise Conflict(_("What is hidden can’t be the best answer."))
    if not _keeps_order(by):
        if topic.author_id != by.pk:
            raise NotAllowed(_("Only the one who asked chooses the best answer."))
        check_open(topic)
    if (topic.best_post_id == post.pk) == value:
        return topic
    _change_best(topic, post if value else None, by=by, at=at)
    return topic


def _change_best(topic: Topic, post: Post | None, *, by: User, at: datetime) -> None:
    """Behind the topic's lock; standings move in the order of their people, against deadlocks."""
    before = Post.objects.filter(pk=topic.best_post_id).first() if topic.best_post_id else None
    topic.best_post = post
    topic.save(update_fields=["best_post"])
    for person in sorted({found.author_id for found in (before, post) if found}):
        if before is not None and before.author_id == person:
            _lose_best(before)
        if post is not None and post.author_id == person:
            award(
                user_id=person,
                cause=StandingCause.BEST_ANSWER,
                kind=Kind.POST,
                object_id=post.pk,
                by_id=by.pk,
                at=at,
            )
    if post is not None:
        publish(
            AnswerChosen(
                kind=Kind.POST.value, object_id=post.pk, author_id=post.author_id, by_id=by.pk
            )
        )


def _lose_best(post: Post) -> None:
    take_back(
        user_id=post.author_id,
        cause=StandingCause.BEST_ANSWER,
        kind=Kind.POST,
        object_id=post.pk,
    )


def _can_be_quoted(post: Post, topic: Topic) -> bool:
    return Post.objects.standing().filter(pk=post.pk, topic=topic).exists()


def _follow_along(post: Post) -> None:
    """Who writes for the first time follows; who had read everything has read their own, too."""
    person, topic = post.author_id, post.topic_id
    earlier = Post.objects.filter(topic=topic, author=person).exclude(pk=post.pk)
    if not earlier.exists():
        TopicFollow.objects.get_or_create(
            user_id=person, topic_id=topic, defaults={"created_at": post.created_at}
        )
    up_to_date = TopicRead.objects.filter(user=person, topic=topic, number=post.number - 1)
    up_to_date.update(number=post.number, read_at=post.created_at)


def _locked(post: Post, by: User) -> tuple[Post, Topic]:
    """Both as they are now, behind their locks; NotFound for what is gone for this person."""
    rows = Post.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=post.pk, deleted_at=None).first()
    if found is None or (found.hidden_at is not None and not _keeps_order(by)):
        raise NotFound
    return found, standing_topic(found.topic_id, for_moderator=_keeps_order(by))


def _keeps_order(user: User) -> bool:
    return has_right(user, "forum.moderate")


def _leave_topic(post: Post, topic: Topic) -> None:
    """Behind both locks: nothing counts or finds the post any more."""
    forget_post(post)
    count_post(topic, sign=-1)
    if topic.best_post_id == post.pk:
        topic.best_post = None
        topic.save(update_fields=["best_post"])
        _lose_best(post)


def _leave(post: Post, at: datetime) -> None:
    _leave_topic(post, locked_topic(post.topic_id))


def _come_back(post: Post, at: datetime) -> None:
    index_post(post)
    count_post(locked_topic(post.topic_id), sign=+1)


hiding.register(Kind.POST, hidden=_leave, shown=_come_back)
