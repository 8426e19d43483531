"""Activity in the API: of one person, and of all whom one follows."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import generics, serializers
from rest_framework.request import Request

from apps.accounts.serializers import PersonOut
from apps.core.api import Anyone, CursorPagination, SignedIn
from apps.core.pagination import Page
from apps.courses.models import Course

from . import selectors, wording
from .models import FeedEntry, Kind


class FeedPages(CursorPagination):
    """Pages that the view reads itself."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        cursor = request.GET.get("cursor") or None
        self.page = view.read_page(cursor=cursor, limit=self.limit(request))
        items: list[Any] = self.page.items
        return items


class EntryCourseOut(serializers.ModelSerializer[Course]):
    class Meta:
        model = Course
        fields = ["id", "slug", "title"]
        read_only_fields = fields


class FeedEntryOut(serializers.ModelSerializer[FeedEntry]):
    """`text` goes after the person's name; `lesson` and `topic` are ids, `badge` is a slug, null
    also where the badge is hidden from the reader."""

    user = PersonOut(source="actor")
    kind = serializers.ChoiceField(choices=Kind.choices)
    text = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    course = EntryCourseOut(allow_null=True)
    lesson = serializers.IntegerField(source="lesson_id", allow_null=True)
    topic = serializers.IntegerField(source="topic_id", allow_null=True)

    badge = serializers.SerializerMethodField()
    level = serializers.SerializerMethodField()

    class Meta:
        model = FeedEntry
        fields = [
            "id",
            "user",
            "kind",
            "text",
            "url",
            "course",
            "lesson",
            "topic",
            "badge",
            "level",
            "created_at",
        ]
        read_only_fields = fields

    def get_badge(self, entry: FeedEntry) -> str | None:
        return entry.award.badge if entry.award and not entry.is_secret else None

    def get_level(self, entry: FeedEntry) -> int | None:
        return entry.object_id if entry.kind == Kind.LEVEL_REACHED else None

    def get_text(self, entry: FeedEntry) -> str:
        return wording.after_name(entry)

    def get_url(self, entry: FeedEntry) -> str:
        return wording.url_of(entry)


class EntryList(generics.ListAPIView[FeedEntry]):
    serializer_class = FeedEntryOut
    pagination_class = FeedPages

    def get_queryset(self) -> QuerySet[FeedEntry]:
        return FeedEntry.objects.none()  # the pages are read by `read_page`


class Feed(EntryList):
    """GET /api/activity/feed: what the people whom one follows did."""

    permission_classes = [SignedIn]

    def read_page(self, *, cursor: str | None, limit: int) -> Page[FeedEntry]:
        return selectors.feed_of(self.request.user, cursor=cursor, limit=limit)


class ActivityOfPerson(EntryList):
    """GET /api/users/{username}/activity: 404 unless the person shows it; one's own always."""

    permission_classes = [Anyone]

    def read_page(self, *, cursor: str | None, limit: int) -> Page[FeedEntry]:
        viewer = self.request.user
        person = selectors.get_active_person(self.kwargs["username"], viewer)
        return selectors.entries_of(person, viewer, cursor=cursor, limit=limit)
