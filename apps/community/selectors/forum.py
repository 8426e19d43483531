"""The forum as it is read: categories, lists of topics, a topic page by page, what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, Q, Subquery

from apps.accounts.models import User
from apps.core.errors import NotFound

from ..models import (
    ForumCategory,
    Kind,
    Like,
    Post,
    PostQuerySet,
    Topic,
    TopicFollow,
    TopicQuerySet,
    TopicRead,
)
from ..models.forum import POSTS_ON_A_PAGE
from .texts import excerpt, with_html

TOPICS_ON_A_PAGE = 20
# the order that each list is cut into pages by
PINNED_FIRST = ("-is_pinned", "-last_post_at", "-id")
LATEST = ("-last_post_at", "-id")
NEWEST = ("-created_at", "-id")
# a topic that one has never opened is new for so long
NEW_FOR = timedelta(days=7)


# ── Categories ────────────────────────────────────────────────────────────────────────────────
def forum_categories() -> list[ForumCategory]:
    """All of them in their order, each with its liveliest topic, in one query."""
    return list(
        ForumCategory.objects.select_related("last_topic__last_post_by").order_by("position", "id")
    )


def get_category(**key: Any) -> ForumCategory:
    """By `pk` or `slug`; raises NotFound."""
    found = ForumCategory.objects.filter(**key).first()
    if found is None:
        raise NotFound
    return found


# ── Lists of topics: what stands, whoever asks; each belongs to one of the orders above ───────
def topics_in(category: ForumCategory) -> TopicQuerySet:
    """For PINNED_FIRST."""
    return Topic.objects.standing().filter(category=category).with_card()


def latest_topics() -> TopicQuerySet:
    """For LATEST."""
    return Topic.objects.standing().with_card()


def unanswered_topics() -> TopicQuerySet:
    """Nobody has replied yet. For LATEST."""
    return latest_topics().filter(replies_count=0)


def followed_topics(user: Any) -> TopicQuerySet:
    """For LATEST."""
    follows = TopicFollow.objects.filter(user=user.pk)
    return latest_topics().filter(pk__in=follows.values("topic"))


def topics_tagged(tag: str) -> TopicQuerySet:
    """For LATEST."""
    return latest_topics().filter(tags__contains=[tag])


def topics_of(person: User) -> TopicQuerySet:
    """What the person began. For NEWEST."""
    return latest_topics().filter(author=person)


def with_marks(topics: Iterable[Topic], user: Any) -> list[Any]:
    """Each topic with `unread`, the number of posts since one was there, and `is_new`, for one who never
    was; one query more."""
    found: list[Any] = list(topics)
    read = _read_numbers(found, user) if user.is_authenticated else {}
    for topic in found:
        number = read.get(topic.pk)
        topic.unread = topic.last_post_number - number if number is not None else 0
        topic.is_new = number is None and _is_new_to(topic, user)
    return found


def _read_numbers(topics: Sequence[Topic], user: Any) -> dict[int, int]:
    read = TopicRead.objects.filter(user=user.pk, topic__in=[topic.pk for topic in topics])
    return dict(read.values_list("topic", "number"))


def _is_new_to(topic: Topic, user: Any) -> bool:
    if not user.is_authenticated or topic.author_id == user.pk:
        return False
    since = max(user.created_at, topic.last_post_at - NEW_FOR)
    return bool(topic.created_at > since)


# ── One topic ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Standpoint:
    """What a person has to do with a topic."""

    is_liked: bool = False
    is_following: bool = False
    read_number: int | None = None


def get_topic(user: Any, pk: int) -> Topic:
    """With its people, category and best answer; raises NotFound."""
    topics = Topic.objects.visible_to(user)
    found = (
        topics.select_related("author", "category", "last_post_by", "best_post__author")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def standpoint(topic: Topic, user: Any) -> Standpoint:
    """In one query."""
    if not user.is_authenticated:
        return Standpoint()
    likes = Like.objects.filter(user=user.pk, kind=Kind.TOPIC, object_id=topic.pk)
    follows = TopicFollow.objects.filter(user=user.pk, topic=topic)
    read = TopicRead.objects.filter(user=user.pk, topic=topic)
    liked, following, number = (
        User.objects.filter(pk=user.pk)
        .values_list(Exists(likes), Exists(follows), Subquery(read.values("number")[:1]))
        .get()
    )
    return Standpoint(liked, following, number)


@dataclass(frozen=True)
class Quote:
    """What a post answers to; without a text when that is gone."""

    post_id: int
    number: int
    author: User | None
    excerpt: str


def posts_on_page(topic: Topic, user: Any, page: int) -> list[Any]:
    """The page's posts by their numbers, 1–10 on the first: see `as_shown`."""
    first = (page - 1) * POSTS_ON_A_PAGE + 1
    numbers = {"number__gte": first, "number__lt": first + POSTS_ON_A_PAGE}
    return as_shown(places_in(topic).filter(**numbers).order_by("number"), user)


def places_in(topic: Topic) -> PostQuerySet:
    """All posts there ever were, with their people: what is gone keeps its place.

    Their texts are for `as_shown` to give out.
    """
    posts = Post.objects.filter(topic=topic)
    return posts.select_related("author", "reply_to__author")


def as_shown(posts: Iterable[Post], user: Any) -> list[Any]:
    """Each post with `state` ("shown", "hidden", "deleted"), `content_html`, `is_liked`, `is_own` and
    `quote`, and without its text when this person may not read it. Three queries."""
    found: list[Any] = list(posts)
    liked = _liked(found, user)
    for post in found:
        post.state = _state_of(post)
        post.is_own = user.is_authenticated and post.author_id == user.pk
        post.is_liked = post.pk in liked
        post.quote = _quote_in(post, user)
        if not _is_readable(post, user):
            post.content = ""
    return with_html(found)


def _state_of(post: Post) -> str:
    if post.deleted_at is not None:
        return "deleted"
    return "shown" if post.hidden_at is None else "hidden"


def _is_readable(post: Post, user: Any) -> bool:
    """As `Post.objects.visible_to`, for a row in hand."""
    if post.is_standing or post.deleted_at is not None:
        return post.is_standing
    return bool(user.is_authenticated and (user.is_moderator or post.author_id == user.pk))


def _quote_in(post: Post, user: Any) -> Quote | None:
    quoted = post.reply_to
    if quoted is None:
        return None
    if not _is_readable(quoted, user):
        return Quote(quoted.pk, quoted.number, None, "")
    return Quote(quoted.pk, quoted.number, quoted.author, excerpt(quoted.content))


def _liked(posts: Sequence[Post], user: Any) -> set[int]:
    if not user.is_authenticated or not posts:
        return set()
    ids = [post.pk for post in posts]
    likes = Like.objects.filter(user=user.pk, kind=Kind.POST, object_id__in=ids)
    return set(likes.values_list("object_id", flat=True))


def participants(topic: Topic, limit: int = 8) -> list[User]:
    """People who wrote lately in the topic, the latest first: read off its last hundred posts."""
    last = (
        Post.objects.standing()
        .filter(topic=topic, number__gt=topic.last_post_number - 100)
        .order_by("-number")
    )
    ids = list(dict.fromkeys(last.values_list("author", flat=True)))[:limit]
    people = User.objects.in_bulk(ids)
    return [people[pk] for pk in ids]


def related_topics(topic: Topic, limit: int = 5) -> list[Topic]:
    """Of the same tags, else of the same category; the liveliest first."""
    others = latest_topics().exclude(pk=topic.pk).order_by(*LATEST)
    same = Q(tags__overlap=topic.tags) if topic.tags else Q(category=topic.category_id)
    return list(others.filter(same)[:limit])


def followers_of(topic_id: int) -> list[int]:
    """Ids of the people who want to hear of new posts."""
    follows = TopicFollow.objects.filter(topic=topic_id, user__is_active=True)
    return list(follows.order_by("user").values_list("user", flat=True))
