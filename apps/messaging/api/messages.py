"""Messages: writing, changing, reading, finding, reporting them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.serializers import OwnUploads
from apps.core.api import CountOut, CursorPagination, SignedIn
from apps.core.errors import Invalid
from apps.core.idempotency import idempotent
from apps.media.models import Purpose
from apps.messaging import selectors, services
from apps.messaging.files import file_answer
from apps.messaging.models import Message, MessageQuerySet
from apps.messaging.serializers import MessageOut

from .fields import NamedField

MAX_QUESTION = 200


class ContentIn(serializers.Serializer[Any]):
    content = serializers.CharField(
        max_length=services.MAX_LENGTH, allow_blank=True, trim_whitespace=False
    )


class MessageIn(ContentIn):
    content = serializers.CharField(
        max_length=services.MAX_LENGTH,
        required=False,
        default="",
        allow_blank=True,
        trim_whitespace=False,
        help_text="May be empty with an attachment.",
    )
    attachment = OwnUploads(
        Purpose.MESSAGE,
        required=False,
        allow_null=True,
        help_text="Of POST /api/uploads with the purpose `message`.",
    )
    reply_to = NamedField(queryset=Message.objects.all(), required=False, allow_null=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        if request is not None:
            self.fields["reply_to"].queryset = Message.objects.visible_to(request.user)


class ReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=services.MAX_REASON, required=False, allow_blank=True)


class ReportOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    message = serializers.IntegerField(source="message_id")
    created_at = serializers.DateTimeField()


class ReadOut(serializers.Serializer[Any]):
    conversation = serializers.IntegerField(source="conversation_id")
    read_sequence = serializers.IntegerField()
    unread_count = serializers.IntegerField(help_text="Of the conversation.")


def answer(request: Request, message: Message, status: int = 200) -> Response:
    """The message as the asker sees it now."""
    found = selectors.get_message(request.user, message.pk)
    context = {
        "seen_by": request.user,
        "place": selectors.participant_of(request.user, found.conversation),
        "people": list(selectors.participants_of(found.conversation)),
    }
    return Response(MessageOut(found, context=context).data, status=status)


class Messages(APIView):
    """POST /api/messages/conversations/{id}/messages: its next message."""

    permission_classes = [SignedIn]

    @extend_schema(request=MessageIn, responses={201: MessageOut})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        conversation = selectors.get_conversation(request.user, pk)
        form = MessageIn(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        message = services.send_message(
            conversation=conversation,
            author=request.user,
            at=timezone.now(),
            **form.validated_data,
        )
        return answer(request, message, 201)


class OneMessage(APIView):
    """PATCH one's own for 15 minutes; DELETE it for everybody for 24 hours, any for oneself."""

    permission_classes = [SignedIn]

    @extend_schema(request=ContentIn, responses=MessageOut)
    def patch(self, request: Request, pk: int) -> Response:
        mine = Message.objects.editable_by(request.user)
        message = get_object_or_404(mine.select_related("conversation"), pk=pk)
        form = ContentIn(data=request.data)
        form.is_valid(raise_exception=True)
        services.edit_message(message=message, at=timezone.now(), **form.validated_data)
        return answer(request, message)

    @extend_schema(
        parameters=[
            OpenApiParameter("for", str, enum=["everyone", "me"], description="everyone by default")
        ],
        responses={204: None},
    )
    def delete(self, request: Request, pk: int) -> Response:
        whom = request.GET.get("for", "everyone")
        if whom not in ("everyone", "me"):
            raise Invalid(errors={"for": [_("Either “everyone” or “me”.")]})
        services.delete_message(
            message=selectors.get_message(request.user, pk),
            by=request.user,
            for_everyone=whom == "everyone",
            at=timezone.now(),
        )
        return Response(status=204)


class Read(APIView):
    """PUT /api/messages/{id}/read: this message and all before it in its conversation are read."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses=ReadOut)
    def put(self, request: Request, pk: int) -> Response:
        message = selectors.get_message(request.user, pk)
        place = services.mark_read(
            conversation=message.conversation,
            user=request.user,
            sequence=message.sequence,
            at=timezone.now(),
        )
        return Response(ReadOut(place).data)


class Report(APIView):
    """POST /api/messages/{id}/report: shows it, and five before it, to moderators; 200 when it was
    reported already."""

    permission_classes = [SignedIn]

    @extend_schema(request=ReasonIn, responses={201: ReportOut, 200: ReportOut})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        message = selectors.get_message(request.user, pk)
        form = ReasonIn(data=request.data)
        form.is_valid(raise_exception=True)
        report, made = services.report_message(
            message=message,
            reporter=request.user,
            reason=form.validated_data.get("reason", ""),
            at=timezone.now(),
        )
        return Response(ReportOut(report).data, status=201 if made else 200)


class UnreadCount(APIView):
    permission_classes = [SignedIn]

    @extend_schema(responses=CountOut)
    def get(self, request: Request) -> Response:
        return Response({"count": selectors.unread_total(request.user)})


@extend_schema(parameters=[OpenApiParameter("q", str, required=True)])
class Search(generics.ListAPIView[Message]):
    """GET /api/messages/search?q=: messages of one's own conversations, newest first."""

    permission_classes = [SignedIn]
    serializer_class = MessageOut
    pagination_class = CursorPagination
    ordering = ["-id"]

    def get_queryset(self) -> MessageQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Message.objects.none()
        text = self.request.GET.get("q", "").replace("\x00", "").strip()
        if len(text) > MAX_QUESTION:
            raise Invalid(
                errors={"q": [_("At most %(limit)s characters.") % {"limit": MAX_QUESTION}]}
            )
        if not text:
            return Message.objects.none()
        return selectors.found_messages(self.request.user, text)

    def paginate_queryset(self, queryset: Any) -> Any:
        found = super().paginate_queryset(queryset) or []
        self.places = selectors.places_in(
            {message.conversation_id for message in found}, self.request.user
        )
        return found

    def get_serializer_context(self) -> dict[str, Any]:
        places = getattr(self, "places", {})
        return {**super().get_serializer_context(), "seen_by": self.request.user, "places": places}


class Attachment(APIView):
    """GET /api/messages/{id}/attachment: the file, for those who may read the message."""

    permission_classes = [SignedIn]

    @extend_schema(
        responses={
            (200, "image/webp"): OpenApiTypes.BINARY,
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
        }
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        return file_answer(selectors.get_attachment(request.user, pk))
