"""What the API reads and writes about comments; every field is named."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.serializers import PersonOut
from apps.core.api import IdField

from ..models import Comment, Discussion
from ..models.forum import SLOWEST_SECONDS
from ..models.writing import MAX_TEXT
from ..services.comments import MAX_PASSAGE

TARGETS = ("course", "lesson")


class CommentOut(serializers.ModelSerializer[Comment]):
    """A comment; of one that is deleted, or hidden from the caller, only its place."""

    target = serializers.SerializerMethodField(help_text="`course` or `lesson`.")
    target_id = serializers.SerializerMethodField()
    author = serializers.SerializerMethodField()
    content_html = serializers.CharField(read_only=True)
    answer = serializers.IntegerField(
        source="answer_id", allow_null=True, read_only=True, help_text="What answers the question."
    )
    is_answered = serializers.SerializerMethodField()
    is_liked = serializers.BooleanField(read_only=True, help_text="Whether the caller likes it.")
    is_deleted = serializers.BooleanField(source="is_gone", read_only=True)

    class Meta:
        model = Comment
        fields = [
            "id",
            "target",
            "target_id",
            "course",
            "root",
            "reply_to",
            "author",
            "content",
            "content_html",
            "passage",
            "is_question",
            "is_answered",
            "answer",
            "is_pinned",
            "is_liked",
            "likes_count",
            "replies_count",
            "is_deleted",
            "created_at",
            "edited_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=TARGETS))
    def get_target(self, comment: Comment) -> str:
        return "lesson" if comment.lesson_id else "course"

    def get_target_id(self, comment: Comment) -> int:
        return comment.lesson_id or comment.course_id

    @extend_schema_field(PersonOut(allow_null=True))
    def get_author(self, comment: Comment) -> Any:
        if comment.is_gone:
            return None
        return PersonOut(comment.author, context=self.context).data

    def get_is_answered(self, comment: Comment) -> bool:
        return comment.answer_id is not None


class ThreadOut(CommentOut):
    """A first comment with the beginning of its thread: the answer to it, then the oldest replies."""

    replies = serializers.SerializerMethodField()

    class Meta(CommentOut.Meta):
        fields = [*CommentOut.Meta.fields, "replies"]
        read_only_fields = fields

    @extend_schema_field(CommentOut(many=True))
    def get_replies(self, comment: Comment) -> Any:
        rows = comment.replies
        return CommentOut(rows, many=True, context=self.context).data


class CommentReplyIn(serializers.Serializer[Any]):
    content = serializers.CharField(max_length=MAX_TEXT)


class ChangesIn(CommentReplyIn):
    is_question = serializers.BooleanField(required=False)


class CommentIn(CommentReplyIn):
    target = serializers.ChoiceField(choices=TARGETS)
    target_id = IdField()
    passage = serializers.CharField(
        max_length=MAX_PASSAGE,
        required=False,
        allow_blank=True,
        help_text="Words of the lesson that the comment is about.",
    )
    is_question = serializers.BooleanField(required=False)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data.get("passage") and data["target"] != "lesson":
            raise serializers.ValidationError({"passage": [_("Only a lesson has passages.")]})
        return data


class DiscussionIn(serializers.Serializer[Any]):
    """What isn't given stays as it is."""

    is_locked = serializers.BooleanField(required=False)
    slow_mode_seconds = serializers.IntegerField(
        required=False, min_value=0, max_value=SLOWEST_SECONDS
    )


class DiscussionOut(serializers.ModelSerializer[Discussion]):
    class Meta:
        model = Discussion
        fields = ["is_locked", "slow_mode_seconds"]
        read_only_fields = fields
