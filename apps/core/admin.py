"""Operators' view of the kernel: dead letters with another try, jobs, the audit log."""

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import bus
from .models import AuditEntry, Delivery, DeliveryQuerySet, Job
from .read_only import ReadOnlyAdmin


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["event", "subscriber", "attempts", "dead", "created_at", "due_at", "last_error"]
    list_filter = ["dead", "subscriber", "event"]
    ordering = ["-dead", "id"]
    actions = ["try_again"]
    show_full_result_count = False

    @admin.action(description=_("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: DeliveryQuerySet) -> None:
        count = bus.retry(queryset, at=timezone.now())
        text = ngettext(
            "%d delivery will be tried again.", "%d deliveries will be tried again.", count
        )
        self.message_user(request, text % count, messages.SUCCESS)


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["kind", "owner", "status", "progress", "attempts", "created_at", "finished_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["owner"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "action", "target", "details"]
    list_filter = ["action"]
    search_fields = ["target"]
    list_select_related = ["actor"]
    ordering = ["-at", "-id"]
    show_full_result_count = False
