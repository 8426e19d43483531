"""Every write of the community."""

from .categories import ensure_forum_categories
from .figures import recount_category, recount_topic
from .posts import choose_best, delete_post, edit_post, reply
from .reading import follow_topic, mark_read
from .topics import (
    create_topic,
    delete_topic,
    edit_topic,
    lock_topic,
    move_topic,
    pin_topic,
    slow_topic,
)
from .visits import count_view, store_views

__all__ = [
    "choose_best",
    "count_view",
    "create_topic",
    "delete_post",
    "delete_topic",
    "edit_post",
    "edit_topic",
    "ensure_forum_categories",
    "follow_topic",
    "lock_topic",
    "mark_read",
    "move_topic",
    "pin_topic",
    "recount_category",
    "recount_topic",
    "reply",
    "slow_topic",
    "store_views",
]
