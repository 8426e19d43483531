"""What the forum's pages show besides the texts: reputation, new replies, tags, people to name."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q

from apps.accounts.models import User
from apps.social.selectors import people_by_prefix, people_visible_to

from ..models import ForumCategory, Post, Standing, Topic, TopicRead
from .comments import Place, people_at
from .forum import NEW_FOR, as_shown, latest_topics, participants, places_in

MOST_NAMED = 8
MOST_WRITERS = 200
MOST_TAGS = 12
TAGS_OF = 200  # the topics of a category whose tags are offered


def with_scores(topic: Topic, posts: Iterable[Post]) -> list[Post]:
    """The topic and each post with `author_score`, in one query."""
    found: list[Any] = list(posts)
    shown: Any = topic
    ids = {topic.author_id, *(post.author_id for post in found)}
    scores = dict(Standing.objects.filter(pk__in=ids).values_list("pk", "score"))
    shown.author_score = scores.get(topic.author_id, 0)
    for post in found:
        post.author_score = scores.get(post.author_id, 0)
    return found


def arrived(topic: Topic, user: Any, after: int) -> int:
    """How many replies of others stand beyond the number `after`."""
    later = Post.objects.standing().filter(topic=topic, number__gt=after)
    return later.exclude(author=user.pk).count()


def posts_between(topic: Topic, user: Any, after: int, last: int) -> list[Post]:
    """The places after one number and up to another, as on their page."""
    places = places_in(topic).filter(number__gt=after, number__lte=last).order_by("number")
    return as_shown(places, user)


def tags_in(category: ForumCategory) -> list[str]:
    """The usual tags of the category's latest topics, the commonest first."""
    latest = latest_topics().filter(category=category).order_by("-last_post_at", "-id")
    lists = latest.values_list("tags", flat=True)[:TAGS_OF]
    counted = Counter(tag for tags in lists for tag in tags)
    return [tag for tag, _count in counted.most_common(MOST_TAGS)]


def new_in_categories(user: Any, at: datetime) -> dict[int, int]:
    """How many topics of each category have something that the person hasn't read: of the last week,
    and none from before they came; in one query."""
    if not user.is_authenticated:
        return {}
    since = max(user.created_at, at - NEW_FOR)
    read = TopicRead.objects.filter(
        user=user.pk, topic=OuterRef("pk"), number__gte=OuterRef("last_post_number")
    )
    moved = Topic.objects.standing().filter(last_post_at__gt=since).exclude(last_post_by=user.pk)
    counted = moved.filter(~Exists(read)).order_by().values("category").annotate(n=Count("pk"))
    return dict(counted.values_list("category", "n"))


def people_to_name(user: User, words: str, where: Topic | Place | None) -> list[User]:
    """Whom an @ may mean: those who write in the topic or the discussion first, then anybody of that
    name."""
    typed = words.strip().lower()
    there = _writers(user, where) if where else []
    first = [person for person in there if _is_called(person, typed)]
    known = {person.pk for person in first}
    others = people_by_prefix(user, typed, MOST_NAMED)
    return (first + [person for person in others if person.pk not in known])[:MOST_NAMED]


def _writers(user: User, where: Topic | Place) -> list[User]:
    if isinstance(where, Topic):
        people = [where.author, *participants(where, limit=20)]
    else:
        people = list(people_at(where).order_by("pk")[:MOST_WRITERS])
    ids = {person.pk for person in people} - {user.pk}
    visible = set(people_visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    once = {person.pk: person for person in people if person.pk in visible}
    return list(once.values())


def _is_called(person: User, beginning: str) -> bool:
    names = [person.username, *person.name.lower().split()]
    return any(name.startswith(beginning) for name in names)


def deleted_topic(user: User, pk: int) -> Topic | None:
    """A topic that this person may put back."""
    mine = Q(author=user.pk)
    own = Topic.objects.exclude(deleted_at=None).filter(mine, pk=pk)
    return own.only("pk", "title").first()


def minutes_too_new(user: Any, at: datetime) -> int:
    """How long a fresh account has to wait until it may write; 0 for all others."""
    if not user.is_authenticated or user.is_moderator:
        return 0
    free_at = user.created_at + timedelta(minutes=settings.COMMUNITY_MINIMUM_AGE)
    return max(0, ceil((free_at - at).total_seconds() / 60))


def post_in(topic: Topic, user: Any, number: int) -> Post | None:
    """The post of this number, when the person may read it."""
    posts = Post.objects.visible_to(user).standing().filter(topic=topic, number=number)
    return posts.select_related("author").first()


def as_quote(text: str) -> str:
    """The text as a quotation in Markdown, with room to answer below."""
    if not text.strip():
        return ""
    lines = (f"> {line}".rstrip() for line in text.strip().splitlines())
    return "\n".join(lines) + "\n\n"
