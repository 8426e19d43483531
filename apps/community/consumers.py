"""What open pages are told: a new post or comment in the topic or discussion on the screen."""

from typing import Any

from apps.accounts.selectors import person_shown
from apps.core import realtime
from apps.enrollment.selectors import courses_open_to, lessons_open_to

from .models import Comment, Post, Topic


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


@realtime.channel("lesson")
def may_read_lesson(user: Any, lesson_id: int) -> bool:
    return lessons_open_to(user).filter(pk=lesson_id).exists()


@realtime.channel("course")
def may_read_course(user: Any, course_id: int) -> bool:
    return courses_open_to(user).filter(pk=course_id).exists()


@realtime.payload("comment:new_reply")
def new_comment(user: Any, comment_id: int) -> dict[str, Any] | None:
    comments = Comment.objects.visible_to(user).select_related("author")
    comment = comments.filter(pk=comment_id).first()
    if comment is None:
        return None
    author = person_shown(comment.author, user)
    return {
        "id": comment.pk,
        "course": comment.course_id,
        "lesson": comment.lesson_id,
        "root": comment.root_id,
        "author": {"id": author.pk, "name": author.name},
        "is_own": comment.author_id == user.pk,
        "created_at": comment.created_at.isoformat(),
    }
