"""Payments for those who look after money: to read, not to write."""

from django.contrib import admin

from apps.core.read_only import ReadOnlyAdmin

from .models import Payment


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "buyer",
        "course",
        "amount",
        "currency",
        "status",
        "provider",
        "created_at",
        "completed_at",
    ]
    list_filter = ["status", "provider", "currency"]
    search_fields = ["reference", "provider_reference", "buyer__email"]
    list_select_related = ["buyer", "course"]
    ordering = ["-created_at", "-id"]
    date_hierarchy = "created_at"
    show_full_result_count = False
