"""Operators' view of the feed's entries."""

from django.contrib import admin

from apps.core.read_only import ReadOnlyAdmin

from .models import FeedEntry


@admin.register(FeedEntry)
class FeedEntryAdmin(ReadOnlyAdmin):
    list_display = ["actor", "kind", "object_id", "created_at"]
    list_filter = ["kind"]
    search_fields = ["actor__email"]
    list_select_related = ["actor"]
    ordering = ["-id"]
    show_full_result_count = False
