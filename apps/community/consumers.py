"""What open pages are told: a new post in the topic that is on the screen."""

from typing import Any

from apps.accounts.selectors import person_shown
from apps.core import realtime

from .models import Post, Topic


@realtime.channel("topic")
def may_read_topic(user: Any, topic_id: int) -> bool:
    return Topic.objects.visible_to(user).filter(pk=topic_id).exists()


@realtime.payload("topic:new_post")
def new_post(user: Any, post_id: int) -> dict[str, Any] | None:
    posts = Post.objects.visible_to(user).select_related("author", "topic")
    post = posts.filter(pk=post_id).first()
    if post is None:
        return None
    author = person_shown(post.author, user)
    return {
        "id": post.pk,
        "topic": post.topic_id,
        "number": post.number,
        "page": post.page,
        "author": {"id": author.pk, "name": author.name},
        "is_own": post.author_id == user.pk,
        "replies_count": post.topic.replies_count,
        "created_at": post.created_at.isoformat(),
    }
