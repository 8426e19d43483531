"""The forum, discussions of courses and lessons, and what both have in common."""

from .comments import Comment, CommentQuerySet, Discussion
from .forum import (
    ForumCategory,
    ForumDocument,
    Post,
    PostQuerySet,
    Topic,
    TopicFollow,
    TopicQuerySet,
    TopicRead,
)
from .writing import (
    CommunityBan,
    Kind,
    Like,
    Mention,
    Report,
    ReportReason,
    Revision,
    Standing,
    StandingCause,
    StandingEntry,
    Verdict,
)

__all__ = [
    "Comment",
    "CommentQuerySet",
    "CommunityBan",
    "Discussion",
    "ForumCategory",
    "ForumDocument",
    "Kind",
    "Like",
    "Mention",
    "Post",
    "PostQuerySet",
    "Report",
    "ReportReason",
    "Revision",
    "Standing",
    "StandingCause",
    "StandingEntry",
    "Topic",
    "TopicFollow",
    "TopicQuerySet",
    "TopicRead",
    "Verdict",
]
