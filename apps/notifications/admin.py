"""Operators' view of what people were told and how it left the house."""

from django.contrib import admin

from apps.core.read_only import ReadOnlyAdmin

from .models import Dispatch, Notification


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["kind", "user", "created_at", "read_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(Dispatch)
class DispatchAdmin(ReadOnlyAdmin):
    list_display = [
        "notification",
        "channel",
        "status",
        "attempts",
        "due_at",
        "sent_at",
        "last_error",
    ]
    list_filter = ["status", "channel"]
    list_select_related = ["notification"]
    ordering = ["-id"]
    show_full_result_count = False
