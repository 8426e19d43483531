"""What the community announces."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class TopicCreated(Event):
    name: ClassVar[str] = "topic.created"
    topic_id: int
    author_id: int
    category_id: int


@dataclass(frozen=True, kw_only=True)
class PostCreated(Event):
    name: ClassVar[str] = "post.created"
    post_id: int
    topic_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class TopicSeen(Event):
    """Somebody who follows the topic has read new posts in it."""

    name: ClassVar[str] = "topic.seen"
    topic_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class CommentCreated(Event):
    """`lesson_id` is None under the course itself, `root_id` for a new thread."""

    name: ClassVar[str] = "comment.created"
    comment_id: int
    course_id: int
    lesson_id: int | None
    author_id: int
    root_id: int | None


@dataclass(frozen=True, kw_only=True)
class ContentLiked(Event):
    """`author_id` wrote it, `user_id` likes it."""

    name: ClassVar[str] = "content.liked"
    kind: str
    object_id: int
    author_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ContentUnliked(Event):
    name: ClassVar[str] = "content.unliked"
    kind: str
    object_id: int
    author_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class AnswerChosen(Event):
    """`author_id` wrote the best answer, `by_id` chose it."""

    name: ClassVar[str] = "answer.chosen"
    kind: str
    object_id: int
    author_id: int
    by_id: int


@dataclass(frozen=True, kw_only=True)
class UserMentioned(Event):
    """`author_id` wrote, `user_id` is named in it."""

    name: ClassVar[str] = "user.mentioned"
    kind: str
    object_id: int
    author_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class MemberBanned(Event):
    """The person may no longer write in the community."""

    name: ClassVar[str] = "member.banned"
    ban_id: int
    user_id: int
