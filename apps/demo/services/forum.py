"""What people of the demo talk about in the forum."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.community import services as forum
from apps.community.models import ForumCategory, Kind, Post, Topic
from apps.community.services.likes import toggle_like
from apps.core import bus

from ..texts import CONTENT
from .people import Player

BETWEEN = timedelta(hours=5)


def make_forum(people: Mapping[str, Player], *, at: datetime) -> int:
    """Once: what was deleted since doesn't come back. How many topics were begun."""
    forum.ensure_forum_categories()
    if Topic.objects.exists():
        return 0
    rooms = {category.slug: category for category in ForumCategory.objects.all()}
    rows = tomllib.loads((CONTENT / "forum.toml").read_text())["topics"]
    users = {key: player.user for key, player in people.items()}
    for row in rows:
        _topic(row, users, rooms[row["category"]], at)
    _read(list(users.values()), at)
    return len(rows)


def _read(users: list[User], at: datetime) -> None:
    """Every third person looked into each topic, in each another third."""
    for number, topic in enumerate(Topic.objects.order_by("pk")):
        for user in users[number % 3 :: 3]:
            forum.count_view(topic=topic, user=user, address="", user_agent="", at=at)
    forum.store_views()


def _topic(
    row: dict[str, Any], users: Mapping[str, User], category: ForumCategory, at: datetime
) -> None:
    moment = at - timedelta(days=row["days"])
    with bus.happening(moment):
        topic = forum.create_topic(
            author=users[row["by"]],
            category=category,
            title=row["title"],
            content=row["text"],
            tags=row["tags"],
            at=moment,
        )
    _like(row, users, Kind.TOPIC, topic.pk, moment)
    posts: list[Post] = []
    for reply in row.get("replies", []):
        moment = min(moment + BETWEEN, at - timedelta(minutes=5))
        posts.append(_reply(reply, topic, posts, users, moment))
    if "best" in row:
        with bus.happening(moment):
            forum.choose_best(post=posts[row["best"] - 1], by=topic.author, at=moment)
    moderator = users["moderator"]
    if row.get("pinned"):
        forum.pin_topic(topic=topic, by=moderator, value=True, at=moment)
    if row.get("locked"):
        forum.lock_topic(topic=topic, by=moderator, value=True, at=moment)


def _reply(
    row: dict[str, Any],
    topic: Topic,
    posts: list[Post],
    users: Mapping[str, User],
    moment: datetime,
) -> Post:
    with bus.happening(moment):
        post = forum.reply(
            topic=topic,
            author=users[row["by"]],
            content=row["text"],
            reply_to=posts[row["quotes"] - 1] if "quotes" in row else None,
            at=moment,
        )
    _like(row, users, Kind.POST, post.pk, moment)
    return post


def _like(
    row: dict[str, Any], users: Mapping[str, User], kind: Kind, pk: int, moment: datetime
) -> None:
    for key in row.get("likes", []):
        with bus.happening(moment):
            toggle_like(user=users[key], kind=kind, object_id=pk, at=moment)
