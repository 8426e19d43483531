"""The tutor through the API: a message and its reply, whole or as a stream; the talk; ratings."""

import hashlib
from itertools import chain
from typing import Any

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import PROBLEM_JSON, TITLES, SignedIn, problem

from .. import tutor_stream
from ..models import RatingReason, Speaker
from ..selectors import lessons as lesson_selectors
from ..selectors import tutor as selectors
from ..services.tutor import LONGEST, ask_tutor, rate_reply

MOST_SHOWN = 100  # messages of a talk, the latest
STREAM = "text/event-stream"


class EventStreamRenderer(JSONRenderer):
    """Lets a client ask for a stream; what goes wrong before it begins is told as JSON."""

    media_type = STREAM
    format = "stream"


# ── Shapes ────────────────────────────────────────────────────────────────────────────────────
class TutorMessageIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST)


class CitationOut(serializers.Serializer[Any]):
    """A place in a lesson's markdown. Headings are left out as far as they would tell the answer."""

    lesson = serializers.IntegerField()
    title = serializers.CharField()
    section = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class TutorMessageOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    citations = CitationOut(many=True)


class TutorReplyOut(serializers.Serializer[Any]):
    message = TutorMessageOut()


class TalkMessageOut(TutorMessageOut):
    speaker = serializers.ChoiceField(choices=Speaker.choices)
    created_at = serializers.DateTimeField()
    rating = serializers.SerializerMethodField()

    def get_rating(self, message: Any) -> int | None:
        rating = getattr(message, "rating", None)
        return rating.value if rating else None


class TalkOut(serializers.Serializer[Any]):
    messages = TalkMessageOut(many=True)


class TutorRatingIn(serializers.Serializer[Any]):
    value = serializers.ChoiceField(choices=[1, -1])
    reason = serializers.ChoiceField(
        choices=RatingReason.choices, required=False, default="", allow_blank=True
    )
    comment = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class TutorRatingOut(serializers.Serializer[Any]):
    value = serializers.IntegerField()
    reason = serializers.CharField()
    comment = serializers.CharField()


# ── Calls ─────────────────────────────────────────────────────────────────────────────────────
class TutorMessages(APIView):
    """GET, POST /api/lessons/{id}/tutor/messages: one's own talk about a lesson open to one."""

    permission_classes = [SignedIn]
    renderer_classes = [JSONRenderer, EventStreamRenderer]

    @extend_schema(responses=TalkOut)
    def get(self, request: Request, pk: int) -> Response:
        lesson = lesson_selectors.get_lesson(request.user, pk)
        thread = selectors.thread_of(request.user, lesson)
        latest = selectors.messages_of(thread).order_by("-pk")[:MOST_SHOWN]
        return Response(TalkOut({"messages": list(latest)[::-1]}).data)

    @extend_schema(
        request=TutorMessageIn,
        responses={
            (200, "application/json"): TutorReplyOut,
            (200, STREAM): OpenApiTypes.STR,
        },
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="The same key again gives the reply that the message has.",
            )
        ],
    )
    def post(self, request: Request, pk: int) -> Response | StreamingHttpResponse:
        lesson = lesson_selectors.get_lesson(request.user, pk)
        form = TutorMessageIn(data=request.data)
        form.is_valid(raise_exception=True)
        told = {
            "student": request.user,
            "lesson": lesson,
            "text": form.validated_data["text"],
            "at": timezone.now(),
            "key": _key(request),
        }
        if request.accepted_renderer.media_type == STREAM:
            return _streamed(request, told)
        return Response(TutorReplyOut({"message": ask_tutor(**told)}).data)


class RateTutorMessage(APIView):
    """POST /api/tutor/messages/{id}/rating: thumbs up or down on a reply one got."""

    permission_classes = [SignedIn]

    @extend_schema(request=TutorRatingIn, responses=TutorRatingOut)
    def post(self, request: Request, pk: int) -> Response:
        message = get_object_or_404(selectors.replies_to(request.user), pk=pk)
        form = TutorRatingIn(data=request.data)
        form.is_valid(raise_exception=True)
        rating = rate_reply(message=message, at=timezone.now(), **form.validated_data)
        return Response(TutorRatingOut(rating).data)


def _key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def _streamed(request: Request, told: dict[str, Any]) -> Response | StreamingHttpResponse:
    """A refusal that comes before any work has its status; later ones are events."""
    found = tutor_stream.events(**told)
    first = next(found)
    if first["type"] != "error":
        return tutor_stream.response(request._request, chain([first], found))
    status = first["status"]
    wait = first.get("retry_after")
    return Response(
        problem(status=status, title=TITLES.get(status, "Error"), detail=first["detail"]),
        status=status,
        headers={"Retry-After": str(wait)} if wait else None,
        content_type=PROBLEM_JSON,
    )
