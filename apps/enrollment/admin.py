"""Seats to look at, reviews to moderate."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from apps.core.read_only import ReadOnlyAdmin

from . import services
from .models import Enrollment, Review


@admin.register(Enrollment)
class EnrollmentAdmin(ReadOnlyAdmin):
    list_display = [
        "student",
        "course",
        "status",
        "progress_percent",
        "enrolled_at",
        "last_activity_at",
        "completed_at",
    ]
    list_filter = ["status"]
    search_fields = ["student__email", "student__name", "course__title"]
    list_select_related = ["student", "course"]
    ordering = ["-enrolled_at", "-id"]
    date_hierarchy = "enrolled_at"
    show_full_result_count = False


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """Read and, where it has to be, deleted: through the service, which keeps the rating true and
    writes the deletion down."""

    list_display = ["student", "course", "rating", "comment", "helpful_count", "created_at"]
    list_filter = ["rating"]
    search_fields = ["comment", "student__email", "course__title"]
    list_select_related = ["student", "course"]
    ordering = ["-created_at", "-id"]
    date_hierarchy = "created_at"
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_authenticated and request.user.is_moderator)

    def delete_model(self, request: HttpRequest, obj: Review) -> None:
        services.delete_review(review=obj, by=request.user, at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for review in queryset:
            self.delete_model(request, review)
