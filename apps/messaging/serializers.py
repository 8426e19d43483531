"""What API and sockets tell of conversations and messages; every field is named.

`seen_by` in the context is the person who reads.
"""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.selectors import ShownPerson

from . import selectors
from .models import Message, Participant

EXCERPT = 200


class ShownPersonOut(serializers.Serializer[ShownPerson]):
    """Somebody; who is private is `{id: null, username: null, …}`."""

    id = serializers.IntegerField(source="pk", allow_null=True)
    username = serializers.SerializerMethodField()
    name = serializers.CharField()
    avatar = serializers.SerializerMethodField()

    def get_username(self, shown: ShownPerson) -> str | None:
        return shown.username or None

    def get_avatar(self, shown: ShownPerson) -> str | None:
        return shown.avatar_url or None


class AttachmentOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField()
    size = serializers.IntegerField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    url = serializers.CharField(help_text="Opens the file for those who may read the message.")


class QuotedOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    sequence = serializers.IntegerField()
    author = ShownPersonOut()
    excerpt = serializers.CharField(help_text="Empty when it was deleted.")


class MessageOut(serializers.ModelSerializer[Message]):
    """With `place` in the context, the reader's own, or `places` in several conversations by their
    ids, it is known which quotes they may see; with `people`, who take part, the state of the
    reader's own messages."""

    conversation = serializers.IntegerField(source="conversation_id")
    author = serializers.SerializerMethodField()
    is_own = serializers.SerializerMethodField()
    content = serializers.SerializerMethodField()
    attachment = serializers.SerializerMethodField()
    reply_to = serializers.SerializerMethodField()
    is_deleted = serializers.BooleanField(read_only=True)
    status = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = [
            "id",
            "conversation",
            "sequence",
            "author",
            "is_own",
            "content",
            "attachment",
            "reply_to",
            "created_at",
            "edited_at",
            "is_deleted",
            "status",
        ]
        read_only_fields = fields

    @extend_schema_field(ShownPersonOut)
    def get_author(self, message: Message) -> Any:
        return ShownPersonOut(self._shown(message, message)).data

    def get_is_own(self, message: Message) -> bool:
        return bool(message.author_id == self.context["seen_by"].pk)

    def get_content(self, message: Message) -> str:
        return "" if message.is_deleted else message.content

    @extend_schema_field(AttachmentOut(allow_null=True))
    def get_attachment(self, message: Message) -> Any:
        upload = message.attachment
        if upload is None or message.is_deleted or not upload.path:
            return None
        return {
            "id": upload.pk,
            "name": upload.name,
            "kind": upload.kind,
            "size": upload.size,
            "width": upload.width,
            "height": upload.height,
            "url": reverse("messaging_api:attachment", args=[message.pk]),
        }

    @extend_schema_field(QuotedOut(allow_null=True))
    def get_reply_to(self, message: Message) -> Any:
        quoted, place = message.reply_to, self._place_in(message)
        if quoted is None or place is None or quoted.sequence <= place.joined_sequence:
            return None
        return {
            "id": quoted.pk,
            "sequence": quoted.sequence,
            "author": ShownPersonOut(self._shown(quoted, message)).data,
            "excerpt": "" if quoted.is_deleted else quoted.content[:EXCERPT],
        }

    @extend_schema_field(
        serializers.ChoiceField(["sent", "delivered", "read"], allow_null=True, required=False)
    )
    def get_status(self, message: Message) -> str | None:
        """Of one's own: how far it has come with everybody who takes part; null of others'."""
        if message.author_id != self.context["seen_by"].pk:
            return None
        people: list[Participant] = self.context.get("people", [])
        return selectors.status_of(message, people)

    def _place_in(self, message: Message) -> Participant | None:
        place: Participant | None = self.context.get("place")
        return place or self.context.get("places", {}).get(message.conversation_id)

    def _shown(self, message: Message, within: Message) -> ShownPerson:
        return selectors.person_beside(message.author, within.conversation, self.context["seen_by"])
