"""Codes with their limits, the reward table, and the referrals that wait for a decision."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from apps.core import audit
from apps.core.errors import DomainError
from apps.core.read_only import ReadOnlyAdmin

from . import services
from .models import Referral, ReferralCode, Reward, RewardRule


class Audited(ModelAdmin):
    """Changes are made by hand, and written down."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record(
            actor=request.user,
            action=f"{obj._meta.model_name}.changed",
            target=obj,
            at=timezone.now(),
            fields=form.changed_data,
        )


@admin.register(ReferralCode)
class ReferralCodeAdmin(Audited):
    """How often and how long a code works is set here."""

    list_display = ["code", "owner", "uses", "max_uses", "created_at", "expires_at", "retired_at"]
    search_fields = ["code", "owner__email", "owner__name"]
    list_select_related = ["owner"]
    ordering = ["-id"]
    fields = ["code", "owner", "uses", "max_uses", "created_at", "expires_at", "retired_at"]
    readonly_fields = ["code", "owner", "uses", "created_at", "retired_at"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(RewardRule)
class RewardRuleAdmin(Audited):
    """What holds from now on; what was earned before stays as it was. Rules are switched off, not
    deleted: rewards point to them."""

    list_display = [
        "cause",
        "threshold",
        "for_referrer",
        "for_referee",
        "badge_en",
        "badge_ru",
        "is_active",
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["cause", "threshold"] if obj else []


class Waiting(admin.SimpleListFilter):
    title = _("decision")
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waits", _("waits")), ("refused", _("turned down"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "waits":
            return queryset.held()
        if self.value() == "refused":
            return queryset.filter(refused_at__isnull=False)
        return queryset


@admin.register(Referral)
class ReferralAdmin(ReadOnlyAdmin):
    """Those from one place in a row wait here; what is decided is written into the audit log."""

    list_display = ["referrer", "referee", "state", "held_at", "refused_at", "created_at"]
    list_filter = [Waiting, "state"]
    search_fields = ["referrer__email", "referee__email", "code__code"]
    list_select_related = ["referrer", "referee"]
    ordering = ["-created_at", "-id"]
    actions = ["release", "refuse"]
    show_full_result_count = False

    @admin.action(description=_("Let it count"), permissions=["decide"])
    def release(self, request: HttpRequest, queryset: QuerySet[Referral]) -> None:
        self._decide(request, queryset, services.release_referral)

    @admin.action(description=_("Refuse"), permissions=["decide"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Referral]) -> None:
        self._decide(request, queryset, services.refuse_referral)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and request.user.is_admin)

    def _decide(
        self, request: HttpRequest, queryset: QuerySet[Referral], act: Callable[..., None]
    ) -> None:
        for referral in queryset:
            try:
                act(referral=referral, by=request.user, at=timezone.now())
            except DomainError as error:
                self.message_user(request, f"{referral}: {error}", messages.ERROR)


@admin.register(Reward)
class RewardAdmin(ReadOnlyAdmin):
    list_display = ["user", "rule", "points", "created_at"]
    list_filter = ["rule"]
    search_fields = ["user__email"]
    list_select_related = ["user", "rule"]
    ordering = ["-id"]
    show_full_result_count = False
