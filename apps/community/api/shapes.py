"""What the forum's calls read and write; every field is named."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.serializers import PersonOut
from apps.community.models import ForumCategory, Topic
from apps.community.models.writing import MAX_TEXT
from apps.community.selectors.forum import Standpoint
from apps.community.services.topics import MAX_TAG, MAX_TAGS, MAX_TITLE
from apps.core.api import IdField


class ForumCategoryOut(serializers.ModelSerializer[ForumCategory]):
    """`last_topic` is the one with the newest post."""

    name = serializers.CharField()
    description = serializers.CharField()
    last_topic = serializers.SerializerMethodField()

    class Meta:
        model = ForumCategory
        fields = [
            "id",
            "slug",
            "name",
            "description",
            "icon",
            "topics_count",
            "posts_count",
            "last_topic",
        ]
        read_only_fields = fields

    @extend_schema_field(
        {
            "type": ["object", "null"],
            "properties": {
                "id": {"type": "integer"},
                "title": {"type": "string"},
                "last_post_at": {"type": "string", "format": "date-time"},
            },
            "required": ["id", "title", "last_post_at"],
        }
    )
    def get_last_topic(self, category: ForumCategory) -> dict[str, Any] | None:
        topic = category.last_topic
        if topic is None:
            return None
        at = serializers.DateTimeField().to_representation(topic.last_post_at)
        return {"id": topic.pk, "title": topic.title, "last_post_at": at}


class TopicRowOut(serializers.Serializer[Any]):
    """`unread`: posts since one was there. `is_new`: one has never opened it."""

    id = serializers.IntegerField()
    category = serializers.IntegerField(source="category_id")
    title = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    author = PersonOut()
    is_pinned = serializers.BooleanField()
    is_locked = serializers.BooleanField()
    views_count = serializers.IntegerField()
    replies_count = serializers.IntegerField()
    likes_count = serializers.IntegerField()
    last_post_at = serializers.DateTimeField()
    last_post_by = PersonOut()
    best_post = serializers.IntegerField(source="best_post_id", allow_null=True)
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    unread = serializers.IntegerField(default=0)
    is_new = serializers.BooleanField(default=False)


class QuoteOut(serializers.Serializer[Any]):
    """What a post answers to; without author and words when that is gone."""

    id = serializers.IntegerField(source="post_id")
    number = serializers.IntegerField()
    author = PersonOut(allow_null=True)
    excerpt = serializers.CharField()


class PostOut(serializers.Serializer[Any]):
    """A deleted or hidden post keeps its number; its text and author are empty for others."""

    id = serializers.IntegerField()
    topic = serializers.IntegerField(source="topic_id")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["shown", "hidden", "deleted"])
    author = serializers.SerializerMethodField()
    content = serializers.CharField()
    content_html = serializers.CharField()
    reply_to = QuoteOut(source="quote", allow_null=True)
    is_best = serializers.SerializerMethodField()
    is_liked = serializers.BooleanField()
    likes_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(PersonOut(allow_null=True))
    def get_author(self, post: Any) -> dict[str, Any] | None:
        if post.state != "shown" and not post.content:
            return None
        return dict(PersonOut(context=self.context).to_representation(post.author))

    def get_is_best(self, post: Any) -> bool:
        return bool(self.context["topic"].best_post_id == post.pk)


class PostPageOut(serializers.Serializer[Any]):
    results = PostOut(many=True)
    next = serializers.URLField(allow_null=True)


class TopicOut(TopicRowOut):
    """With the first posts; the rest is at `posts.next`."""

    content = serializers.CharField()
    content_html = serializers.CharField()
    slow_mode_seconds = serializers.IntegerField()
    is_hidden = serializers.SerializerMethodField()
    is_liked = serializers.SerializerMethodField()
    is_following = serializers.SerializerMethodField()
    read_number = serializers.SerializerMethodField()
    posts = serializers.SerializerMethodField()

    def _standpoint(self) -> Standpoint:
        found: Standpoint = self.context["standpoint"]
        return found

    def get_is_hidden(self, topic: Topic) -> bool:
        return topic.hidden_at is not None

    def get_is_liked(self, topic: Topic) -> bool:
        return self._standpoint().is_liked

    def get_is_following(self, topic: Topic) -> bool:
        return self._standpoint().is_following

    def get_read_number(self, topic: Topic) -> int | None:
        return self._standpoint().read_number

    @extend_schema_field(PostPageOut)
    def get_posts(self, topic: Topic) -> Any:
        return PostPageOut(self.context["posts"], context=self.context).data


class FoundOut(serializers.Serializer[Any]):
    """`post` is null when the topic itself is meant."""

    topic = TopicRowOut()
    post = serializers.SerializerMethodField()
    number = serializers.SerializerMethodField()
    excerpt = serializers.CharField()

    def get_post(self, found: Any) -> int | None:
        return found.post.pk if found.post else None

    def get_number(self, found: Any) -> int | None:
        return found.post.number if found.post else None


class TopicChangesIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=MAX_TITLE)
    content = serializers.CharField(max_length=MAX_TEXT)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=MAX_TAG), max_length=MAX_TAGS, required=False
    )


class TopicIn(TopicChangesIn):
    category = IdField()

    def validate_category(self, pk: int) -> ForumCategory:
        found = ForumCategory.objects.filter(pk=pk).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such category."))
        return found


class PostChangesIn(serializers.Serializer[Any]):
    content = serializers.CharField(max_length=MAX_TEXT)


class PostIn(PostChangesIn):
    reply_to = IdField(
        required=False, allow_null=True, help_text="Id of the post of this topic that is quoted."
    )


class FollowOut(serializers.Serializer[Any]):
    following = serializers.BooleanField()


class BestOut(serializers.Serializer[Any]):
    topic = serializers.IntegerField()
    best_post = serializers.IntegerField(allow_null=True)


class ReadIn(serializers.Serializer[Any]):
    number = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
