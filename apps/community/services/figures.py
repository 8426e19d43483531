"""The forum's figures: moved with what they count, behind locks, and made anew from the rows.

Locks are taken in one order: writer → post → topic → category → standing.
"""

from typing import Any

from django.db import transaction
from django.db.models import F, Max, Sum

from ..models import ForumCategory, Post, Topic


def locked_topic(pk: int) -> Topic:
    """As it is now, with its category, behind its lock."""
    return Topic.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def move_category(category_id: int, *, topics: int = 0, posts: int = 0) -> None:
    """Count so many more (or fewer) of what stands, and find the liveliest topic again."""
    list(_locked_categories([category_id]))
    ForumCategory.objects.filter(pk=category_id).update(
        topics_count=F("topics_count") + topics,
        posts_count=F("posts_count") + posts,
        last_topic=_liveliest(category_id),
    )


def count_topic(topic: Topic, *, sign: int) -> None:
    """The topic, with all its replies, comes into its category or leaves it."""
    move_category(topic.category_id, topics=sign, posts=sign * topic.replies_count)


def count_post(topic: Topic, *, sign: int) -> None:
    """A reply comes into the topic or leaves it; the caller holds the topic's lock."""
    topic.replies_count += sign
    refresh_last_post(topic)
    topic.save(update_fields=["replies_count", "last_post_at", "last_post_by"])
    if topic.is_standing:
        move_category(topic.category_id, posts=sign)


def refresh_last_post(topic: Topic) -> None:
    """Set, not saved: the last post that stands, or the topic itself."""
    last = Post.objects.standing().filter(topic=topic).order_by("-number").first()
    topic.last_post_at = last.created_at if last else topic.created_at
    topic.last_post_by_id = last.author_id if last else topic.author_id


def recount_topic(pk: int) -> None:
    with transaction.atomic():
        topic = locked_topic(pk)
        posts = Post.objects.filter(topic=topic)
        topic.replies_count = posts.standing().count()
        topic.last_post_number = posts.aggregate(last=Max("number"))["last"] or 0
        refresh_last_post(topic)
        topic.save(
            update_fields=["replies_count", "last_post_number", "last_post_at", "last_post_by"]
        )


def recount_category(pk: int) -> None:
    """Its figures made anew from its topics'."""
    with transaction.atomic():
        list(_locked_categories([pk]))
        standing = Topic.objects.standing().filter(category=pk)
        ForumCategory.objects.filter(pk=pk).update(
            topics_count=standing.count(),
            posts_count=standing.aggregate(sum=Sum("replies_count"))["sum"] or 0,
            last_topic=_liveliest(pk),
        )


def lock_categories(*ids: int) -> None:
    """Several at once, in one order."""
    list(_locked_categories(ids))


def _locked_categories(ids: Any) -> Any:
    rows = ForumCategory.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(pk__in=ids).order_by("pk")


def _liveliest(category_id: int) -> Topic | None:
    standing = Topic.objects.standing().filter(category=category_id)
    return standing.only("pk").order_by("-last_post_at", "-pk").first()
