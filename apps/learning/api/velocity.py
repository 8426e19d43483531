"""How fast one learns, and one's own statements."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import IdField, SignedIn
from apps.enrollment.selectors import seats_of

from ..models import Statement, Verb
from ..selectors.statements import shape_of
from ..selectors.velocity import velocity_of
from .cards import asked


class RateOut(serializers.Serializer[Any]):
    value = serializers.FloatField()
    low = serializers.FloatField(help_text="Lower end of the 80 % interval.")
    high = serializers.FloatField()


class DatesOut(serializers.Serializer[Any]):
    value = serializers.DateField()
    earliest = serializers.DateField()
    latest = serializers.DateField()


class PaceOut(serializers.Serializer[Any]):
    hours = serializers.FloatField(help_text="Of study, older ones counting less.")
    rate = RateOut(
        allow_null=True,
        help_text="Concepts mastered and kept per hour; null below two hours: not enough data yet.",
    )
    before = RateOut(allow_null=True, help_text="The same a fortnight ago.")
    trend = serializers.IntegerField(
        allow_null=True, help_text="1 faster than then, −1 slower, 0 where that may be chance."
    )


class PointOut(serializers.Serializer[Any]):
    day = serializers.DateField()
    rate = RateOut()


class WeekOut(serializers.Serializer[Any]):
    until = serializers.DateField()
    mastered = serializers.IntegerField()


class RecallOut(serializers.Serializer[Any]):
    days = serializers.IntegerField()
    count = serializers.IntegerField()
    measured = serializers.FloatField(allow_null=True, help_text="Null with too few reviews.")
    predicted = serializers.FloatField(allow_null=True)


class CoursePaceOut(serializers.Serializer[Any]):
    course = serializers.IntegerField(source="course.pk")
    pace = PaceOut()
    minutes = serializers.FloatField()
    concepts = serializers.IntegerField()
    mastered = serializers.IntegerField()
    level = serializers.SerializerMethodField()
    accuracy = serializers.FloatField(allow_null=True)
    remaining = serializers.IntegerField(help_text="Concepts that aren't mastered and kept.")
    hours_to_competency = RateOut(allow_null=True)
    competent_on = DatesOut(allow_null=True)
    minutes_a_day = serializers.FloatField()
    lessons_left = serializers.IntegerField()
    completed_on = DatesOut(allow_null=True)
    is_paused = serializers.BooleanField()
    lessons = serializers.IntegerField()
    skipped = serializers.IntegerField()
    minutes_saved = serializers.IntegerField()
    engagement = serializers.FloatField(allow_null=True, help_text="0 to 100, of a fortnight.")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_level(self, pace: Any) -> str | None:
        return None if pace.level is None else pace.level.name.lower()


class VelocityOut(serializers.Serializer[Any]):
    pace = PaceOut()
    points = PointOut(many=True)
    minutes = serializers.FloatField(help_text="In the weeks shown.")
    mastered = serializers.IntegerField()
    mastered_this_week = serializers.IntegerField()
    weeks = WeekOut(many=True)
    skip_rate = serializers.FloatField(allow_null=True)
    minutes_saved = serializers.IntegerField()
    retention = RecallOut(many=True)
    courses = CoursePaceOut(many=True)


class VelocityQuery(serializers.Serializer[Any]):
    course = IdField(required=False)
    weeks = serializers.IntegerField(min_value=1, max_value=52, default=12)


class OwnVelocity(APIView):
    """GET /api/learning/velocity: overall, or of one `course` that the caller has a seat in."""

    permission_classes = [SignedIn]

    @extend_schema(parameters=[VelocityQuery], responses=VelocityOut)
    def get(self, request: Request) -> Response:
        query = asked(VelocityQuery, request)
        course = None
        if "course" in query:
            seat = seats_of(request.user).filter(course=query["course"]).first()
            if seat is None:
                raise Http404
            course = seat.course
        found = velocity_of(request.user, timezone.now(), course, weeks=query["weeks"])
        return Response(VelocityOut(found).data)


# ── Statements ────────────────────────────────────────────────────────────────────────────────
class StatementOut(serializers.Serializer[Any]):
    """A statement of xAPI 1.0.3."""

    id = serializers.UUIDField()
    actor = serializers.JSONField()
    verb = serializers.JSONField()
    object = serializers.JSONField()
    result = serializers.JSONField(required=False)
    context = serializers.JSONField()  # type: ignore[assignment]
    timestamp = serializers.DateTimeField()
    stored = serializers.DateTimeField()
    version = serializers.CharField()

    def to_representation(self, row: Statement) -> dict[str, Any]:
        return shape_of(row)


class EventsQuery(serializers.Serializer[Any]):
    since = serializers.DateTimeField(required=False, help_text="From this moment on.")
    until = serializers.DateTimeField(required=False, help_text="Before this moment.")
    verb = serializers.ChoiceField(choices=Verb.values, required=False)
    course = IdField(required=False)


NAMES = {"since": "at__gte", "until": "at__lt", "verb": "verb", "course": "course_id"}


class OwnEvents(generics.ListAPIView[Statement]):
    """GET /api/learning/events: one's own statements, the newest first."""

    permission_classes = [SignedIn]
    serializer_class = StatementOut
    ordering = ["-at", "-id"]

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Statement.objects.none()
        query = asked(EventsQuery, self.request)
        filters = {NAMES[name]: value for name, value in query.items()}
        return Statement.objects.visible_to(self.request.user).filter(**filters)

    @extend_schema(parameters=[EventsQuery])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)
