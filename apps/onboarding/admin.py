"""Where people stop on their way in."""

from django.contrib import admin

from apps.core.read_only import ReadOnlyAdmin

from .models import Start


@admin.register(Start)
class StartAdmin(ReadOnlyAdmin):
    list_display = [
        "user", "goal", "minutes", "course", "begun_at", "chosen_at", "opened_at", "skipped_at",
        "finished_at",
    ]  # fmt: skip
    list_filter = ["goal", "minutes"]
    search_fields = ["user__email", "user__name"]
    list_select_related = ["user", "course"]
    ordering = ["-begun_at", "-user"]
    show_full_result_count = False
