"""Notifications of the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.accounts.rights import needs
from apps.accounts.selectors import quiet_hours_of, quiet_hours_shown
from apps.core.api import CountOut, IdField, SignedIn

from . import selectors, services
from .models import Channel, Notification, NotificationQuerySet


class NotificationOut(serializers.ModelSerializer[Notification]):
    title = serializers.CharField(read_only=True)
    body = serializers.CharField(read_only=True)

    class Meta:
        model = Notification
        fields = ["id", "kind", "title", "body", "url", "created_at", "read_at"]


class NotificationIn(serializers.Serializer[Any]):
    user = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True),
        pk_field=IdField(),
    )
    kind = serializers.ChoiceField(choices=["announcement"], default="announcement")
    title = serializers.CharField(max_length=160)
    body = serializers.CharField(max_length=2000)


@extend_schema_field(
    {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "example": "22:00"}
)
class WallTime(serializers.TimeField):
    """Hours and minutes of somebody's clock."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **options)


class QuietHoursBody(serializers.Serializer[Any]):
    """By the clock of the person's time zone; `ends` may lie after midnight."""

    is_on = serializers.BooleanField()
    begins = WallTime()
    ends = WallTime()


class PreferencesBody(serializers.Serializer[Any]):
    quiet_hours = QuietHoursBody(required=False)
    preferences = serializers.DictField(
        required=False,
        child=serializers.DictField(child=serializers.BooleanField()),
        help_text=f"kind → channel ({', '.join(Channel.values)}) → wanted",
    )


@extend_schema(parameters=[OpenApiParameter("unread", bool)])
class MyNotifications(generics.ListAPIView[Notification]):
    """GET /api/notifications/me: newest first; `?unread=true` leaves the read ones out."""

    permission_classes = [SignedIn]
    serializer_class = NotificationOut
    ordering = selectors.ORDERING

    def get_queryset(self) -> NotificationQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Notification.objects.none()
        found = selectors.notifications_of(self.request.user)
        return found.unread() if self.request.query_params.get("unread") == "true" else found

    def paginate_queryset(self, queryset: Any) -> Any:
        return selectors.with_people(super().paginate_queryset(queryset) or (), self.request.user)


class MarkRead(APIView):
    permission_classes = [SignedIn]

    @extend_schema(request=None, responses=NotificationOut)
    def patch(self, request: Request, pk: int) -> Response:
        found = services.mark_read(user=request.user, notification_id=pk, at=timezone.now())
        return Response(NotificationOut(selectors.with_people([found], request.user)[0]).data)


class MarkAllRead(APIView):
    permission_classes = [SignedIn]

    @extend_schema(request=None, responses=CountOut)
    def post(self, request: Request) -> Response:
        """`count` is how many became read."""
        return Response({"count": services.mark_all_read(user=request.user, at=timezone.now())})


class UnreadCount(APIView):
    permission_classes = [SignedIn]

    @extend_schema(responses=CountOut)
    def get(self, request: Request) -> Response:
        return Response({"count": selectors.unread_count(request.user)})


class SendNotification(APIView):
    """POST /api/notifications: staff tell one person something."""

    permission_classes = [needs("notification.send")]

    @extend_schema(request=NotificationIn, responses={201: NotificationOut})
    def post(self, request: Request) -> Response:
        form = NotificationIn(data=request.data)
        form.is_valid(raise_exception=True)
        told = services.announce(
            by=request.user,
            user=form.validated_data["user"],
            title=form.validated_data["title"],
            body=form.validated_data["body"],
            at=timezone.now(),
        )
        return Response(NotificationOut(told).data, status=201)


class Preferences(APIView):
    """Which kinds reach one where, and when letters wait; `PUT` changes what it names."""

    permission_classes = [SignedIn]

    @extend_schema(responses=PreferencesBody)
    def get(self, request: Request) -> Response:
        return Response(
            {
                "quiet_hours": quiet_hours_shown(quiet_hours_of(request.user)),
                "preferences": selectors.preferences_of(request.user),
            }
        )

    @extend_schema(request=PreferencesBody, responses=PreferencesBody)
    def put(self, request: Request) -> Response:
        form = PreferencesBody(data=request.data)
        form.is_valid(raise_exception=True)
        services.choose_all(
            user=request.user,
            choices=form.validated_data.get("preferences", {}),
            quiet_hours=form.validated_data.get("quiet_hours"),
        )
        return self.get(request)
