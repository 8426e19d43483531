"""Conversations: beginning them, their people, their history."""

from typing import Any
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import ShownPerson, person_shown
from apps.core.api import CursorPagination, SignedIn, SwitchIn
from apps.core.errors import Invalid
from apps.core.idempotency import idempotent
from apps.messaging import selectors, services
from apps.messaging.models import Conversation, ConversationQuerySet, Participant
from apps.messaging.selectors import ConversationSeen
from apps.messaging.serializers import MessageOut, ShownPersonOut

from .fields import OwnCourseField, PeopleField, PersonField, sequence_of

MAX_HISTORY = 100


class ParticipantOut(ShownPersonOut):
    """Somebody who takes part, and how far they have received and read."""

    participant = serializers.IntegerField(help_text="Names them where the id is null.")
    is_me = serializers.BooleanField()
    is_admin = serializers.BooleanField()
    joined_at = serializers.DateTimeField()
    read_sequence = serializers.IntegerField()
    delivered_sequence = serializers.IntegerField()

    def to_representation(self, row: Any) -> dict[str, Any]:
        place, shown, is_me = row
        return {
            **ShownPersonOut(shown).data,
            "participant": place.pk,
            "is_me": is_me,
            "is_admin": place.is_admin,
            "joined_at": place.joined_at,
            "read_sequence": place.read_sequence,
            "delivered_sequence": place.delivered_sequence,
        }


class ConversationCourseOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()


class ConversationOut(serializers.Serializer[ConversationSeen]):
    id = serializers.IntegerField(source="conversation.pk")
    is_group = serializers.BooleanField(source="conversation.is_group")
    title = serializers.CharField(help_text="The others' names where none was given.")
    course = ConversationCourseOut(source="conversation.course", allow_null=True)
    participants = serializers.SerializerMethodField()
    last_message = serializers.SerializerMethodField()
    last_sequence = serializers.IntegerField()
    read_sequence = serializers.IntegerField(source="me.read_sequence")
    unread_count = serializers.IntegerField()
    is_muted = serializers.BooleanField(source="me.is_muted")
    is_admin = serializers.BooleanField(source="me.is_admin")
    is_open = serializers.BooleanField(help_text="Whether one still takes part.")
    created_at = serializers.DateTimeField(source="conversation.created_at")

    @extend_schema_field(ParticipantOut(many=True))
    def get_participants(self, seen: ConversationSeen) -> Any:
        rows: list[tuple[Participant, ShownPerson, bool]] = [
            (place, shown, False) for place, shown in seen.others
        ]
        if seen.is_open:
            rows.append((seen.me, person_shown(seen.me.user, seen.me.user), True))
        rows.sort(key=lambda row: row[0].pk)
        return ParticipantOut(rows, many=True).data

    @extend_schema_field(MessageOut(allow_null=True))
    def get_last_message(self, seen: ConversationSeen) -> Any:
        if seen.last_message is None:
            return None
        seen.last_message.conversation = seen.conversation
        return MessageOut(seen.last_message, context=context_of(seen)).data


class HistoryOut(serializers.Serializer[Any]):
    results = MessageOut(many=True)
    next = serializers.URLField(allow_null=True)


class ConversationWithMessagesOut(ConversationOut):
    messages = HistoryOut()


def context_of(seen: ConversationSeen) -> dict[str, Any]:
    """What `MessageOut` asks of the reader's place."""
    return {
        "seen_by": seen.me.user,
        "place": seen.me,
        "people": [seen.me, *(place for place, _shown in seen.others)],
    }


class ConversationIn(serializers.Serializer[Any]):
    participants = PeopleField(help_text="Ids of people without oneself; one, or for a group more.")
    title = serializers.CharField(max_length=services.MAX_TITLE, required=False, allow_blank=True)
    course = OwnCourseField(required=False, allow_null=True)


class TitleIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=services.MAX_TITLE, allow_blank=True)


class PersonIn(serializers.Serializer[Any]):
    user = PersonField()


class AdminIn(serializers.Serializer[Any]):
    is_admin = serializers.BooleanField()


class SequenceIn(serializers.Serializer[Any]):
    sequence = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class DeliveredOut(serializers.Serializer[Any]):
    delivered_sequence = serializers.IntegerField()


def answer(request: Request, conversation: Conversation, status: int = 200) -> Response:
    """The conversation as the asker sees it now."""
    found = selectors.conversation_row(request.user, conversation.pk)
    return Response(ConversationOut(found).data, status=status)


@extend_schema(parameters=[OpenApiParameter("left", bool)])
class Conversations(generics.ListAPIView[Conversation]):
    """GET one's own, the last active first, or with `?left=true` the groups one has left; POST."""

    permission_classes = [SignedIn]
    serializer_class: Any = ConversationOut  # of rows as the asker sees them
    pagination_class = CursorPagination

    def get_ordering(self) -> list[str]:
        return ["-id"] if self._left() else [*selectors.ORDERING]

    def _left(self) -> bool:
        return self.request.GET.get("left") == "true"

    def get_queryset(self) -> ConversationQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Conversation.objects.none()
        if self._left():
            return selectors.left_conversations_of(self.request.user)
        return selectors.conversations_of(self.request.user)

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        return selectors.conversations_seen(self.request.user, list(page or []))

    @extend_schema(request=ConversationIn, responses={201: ConversationOut, 200: ConversationOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """With one person the conversation the two have (200 when it stood), else a new group."""
        form = ConversationIn(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        conversation, made = services.start_conversation(
            by=request.user,
            participants=form.validated_data["participants"],
            title=form.validated_data.get("title", ""),
            course=form.validated_data.get("course"),
            at=timezone.now(),
        )
        return answer(request, conversation, 201 if made else 200)


class OneConversation(APIView):
    """GET with fifty messages, newest first; PATCH a group's title."""

    permission_classes = [SignedIn]

    @extend_schema(
        parameters=[
            OpenApiParameter("before", int, description="Messages before this number."),
            OpenApiParameter("after", int, description="After it, oldest first: catching up."),
            OpenApiParameter("limit", int, description="50 by default, 100 at most."),
        ],
        responses=ConversationWithMessagesOut,
    )
    def get(self, request: Request, pk: int) -> Response:
        [seen] = selectors.conversations_seen(
            request.user, [selectors.get_conversation(request.user, pk)]
        )
        context = context_of(seen)
        messages, following = _page(request, seen.conversation)
        shown = ConversationOut(seen).data
        shown["messages"] = {
            "results": MessageOut(messages, many=True, context=context).data,
            "next": following,
        }
        return Response(shown)

    @extend_schema(request=TitleIn, responses=ConversationOut)
    def patch(self, request: Request, pk: int) -> Response:
        conversation = selectors.get_conversation(request.user, pk)
        form = TitleIn(data=request.data)
        form.is_valid(raise_exception=True)
        services.rename_conversation(
            conversation=conversation,
            title=form.validated_data["title"],
            by=request.user,
            at=timezone.now(),
        )
        return answer(request, conversation)


def _page(request: Request, conversation: Conversation) -> tuple[list[Any], str | None]:
    """Messages of the page that the address asks for, and the address of the next."""
    before, after = sequence_of(request, "before"), sequence_of(request, "after")
    if before is not None and after is not None:
        raise Invalid(errors={"after": [_("Ask for what is before or after, not both.")]})
    limit = sequence_of(request, "limit")
    limit = selectors.PAGE if limit is None else limit
    if not 1 <= limit <= MAX_HISTORY:
        raise Invalid(errors={"limit": [_("A number from 1 to 100.")]})
    if after is not None:
        rows = selectors.messages_after(conversation, request.user, after)
    elif before is not None:
        rows = selectors.messages_before(conversation, request.user, before)
    else:
        rows = selectors.messages_of(conversation, request.user)
    found = list(rows[: limit + 1])
    messages = found[:limit]
    if len(found) <= limit:
        return messages, None
    way = "before" if after is None else "after"
    query = {"limit": limit, way: messages[-1].sequence}
    return messages, request.build_absolute_uri(f"{request.path}?{urlencode(query)}")


class Leave(APIView):
    """POST /api/messages/conversations/{id}/leave: groups only."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        conversation = selectors.get_conversation(request.user, pk)
        services.leave_conversation(conversation=conversation, user=request.user, at=timezone.now())
        return Response(status=204)


class Mute(APIView):
    """PUT /api/messages/conversations/{id}/mute `{value}`: no notifications, counted all the same."""

    permission_classes = [SignedIn]

    @extend_schema(request=SwitchIn, responses=ConversationOut)
    def put(self, request: Request, pk: int) -> Response:
        conversation = selectors.get_conversation(request.user, pk)
        form = SwitchIn(data=request.data)
        form.is_valid(raise_exception=True)
        services.mute(
            conversation=conversation, user=request.user, value=form.validated_data["value"]
        )
        return answer(request, conversation)


class Delivered(APIView):
    """PUT /api/messages/conversations/{id}/delivered `{sequence}`: received up to this number."""

    permission_classes = [SignedIn]

    @extend_schema(request=SequenceIn, responses=DeliveredOut)
    def put(self, request: Request, pk: int) -> Response:
        conversation = selectors.get_conversation(request.user, pk)
        form = SequenceIn(data=request.data)
        form.is_valid(raise_exception=True)
        services.mark_delivered(
            conversation=conversation,
            user=request.user,
            sequence=form.validated_data["sequence"],
        )
        place = selectors.participant_of(request.user, conversation)
        return Response({"delivered_sequence": place.delivered_sequence if place else 0})


class Participants(APIView):
    """POST /api/messages/conversations/{id}/participants: a group's administrators add somebody."""

    permission_classes = [SignedIn]

    @extend_schema(request=PersonIn, responses={201: ConversationOut})
    def post(self, request: Request, pk: int) -> Response:
        conversation = selectors.get_conversation(request.user, pk)
        form = PersonIn(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        services.add_participant(
            conversation=conversation,
            user=form.validated_data["user"],
            by=request.user,
            at=timezone.now(),
        )
        return answer(request, conversation, 201)


class OneParticipant(APIView):
    """A place in a group, by the id `participant`: PATCH makes an administrator, DELETE removes."""

    permission_classes = [SignedIn]

    def _place(self, request: Request, pk: int) -> Participant:
        mine = Conversation.objects.open_to(request.user)
        places = Participant.objects.active().select_related("conversation", "user")
        found: Participant = get_object_or_404(places.filter(conversation__in=mine), pk=pk)
        return found

    @extend_schema(request=AdminIn, responses=ConversationOut)
    def patch(self, request: Request, pk: int) -> Response:
        place = self._place(request, pk)
        form = AdminIn(data=request.data)
        form.is_valid(raise_exception=True)
        services.appoint(
            conversation=place.conversation,
            user=place.user,
            is_admin=form.validated_data["is_admin"],
            by=request.user,
            at=timezone.now(),
        )
        return answer(request, place.conversation)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        place = self._place(request, pk)
        if place.user_id == request.user.pk:
            raise Invalid(_("Leave the group instead."))
        services.remove_participant(
            conversation=place.conversation, user=place.user, by=request.user, at=timezone.now()
        )
        return Response(status=204)
