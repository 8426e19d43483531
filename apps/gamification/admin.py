"""What people earned and by which act, days on which somebody reached a limit, badges given by hand."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget

from apps.accounts.models import User
from apps.core.errors import Conflict
from apps.core.read_only import ReadOnlyAdmin

from .engine.badges import BADGES
from .engine.rules import RULES
from .models import Act, Award, DayTotal, Habit
from .services import grants


@admin.register(Habit)
class HabitAdmin(ReadOnlyAdmin):
    """How a person stands; the streak is that of the end of their last study day."""

    list_display = ["user", "xp", "level", "run", "last_day", "is_on"]
    list_filter = ["is_on"]
    search_fields = ["user__email", "user__name"]
    list_select_related = ["user"]
    ordering = ["-xp", "user"]
    fields = ["user", "xp", "run", "last_day", "daily_goal", "is_on", "celebrates", "state"]
    show_full_result_count = False


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin):
    """The log: why somebody has the points that they have."""

    list_display = ["user", "rule", "source", "points", "day", "at"]
    list_filter = ["rule"]
    search_fields = ["user__email"]
    list_select_related = ["user"]
    ordering = ["-id"]
    show_full_result_count = False


class AtLimit(admin.SimpleListFilter):
    """Days on which a rule brought all that it can in a day: busy people, and scripts."""

    title = _("limit of the day")
    parameter_name = "limit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        limited = [(key, key) for key, rule in RULES.items() if rule.a_day is not None]
        return [("any", _("any reached")), *limited]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.value()
        found = Q(pk__in=[])
        for key, rule in RULES.items():
            if rule.a_day is not None and asked in ("any", key):
                found |= Q(**{f"by_rule__{key}__gte": rule.a_day})
        return queryset.filter(found) if asked else queryset


@admin.register(DayTotal)
class DayTotalAdmin(ReadOnlyAdmin):
    list_display = ["user", "day", "points", "lessons", "quizzes", "reviews", "comments", "by_rule"]
    list_filter = [AtLimit]
    search_fields = ["user__email"]
    list_select_related = ["user"]
    ordering = ["-day", "-id"]
    date_hierarchy = "day"
    show_full_result_count = False


class GrantForm(forms.ModelForm):
    badge = forms.ChoiceField(label=_("badge"), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Award
        fields = ["user", "badge"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_hand = [(badge.slug, badge.name) for badge in BADGES.values() if badge.by_hand]
        self.fields["badge"].choices = by_hand
        if "user" in self.fields:  # not when an award is only looked at
            self.fields["user"].queryset = User.objects.filter(erased_at=None)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if Award.objects.filter(user=given.get("user"), badge=given.get("badge", "")).exists():
            raise forms.ValidationError(_("The person has this badge already."))
        return given


@admin.register(Award)
class AwardAdmin(ModelAdmin):
    """Badges that people have; those that the platform can't see earned are given here."""

    list_display = ["user", "badge", "earned_at", "granted_by"]
    list_filter = ["badge"]
    search_fields = ["user__email", "user__name", "badge"]
    list_select_related = ["user", "granted_by"]
    autocomplete_fields = ["user"]
    ordering = ["-id"]
    form = GrantForm
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and request.user.is_admin)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Award, form: Any, change: bool) -> None:
        try:
            award = grants.grant_badge(
                user=obj.user,
                badge=obj.badge,
                by=request.user,
                at=timezone.now(),
            )
        except Conflict as error:  # somebody else was quicker
            raise forms.ValidationError(str(error)) from error
        obj.pk, obj.earned_at, obj.granted_by = award.pk, award.earned_at, award.granted_by
