"""What models cost, for those who pay for them: the ledger, people's credits, the month in figures."""

from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.read_only import ReadOnlyAdmin

from . import breaker, selectors
from .models import CreditDay, ModelCall
from .money import dollars

DEAREST = 50  # people shown on the page of costs

BREAKER_STATES = {
    breaker.State.CLOSED: gettext_lazy("answers"),
    breaker.State.OPEN: gettext_lazy("paused after failures"),
    breaker.State.TRYING: gettext_lazy("to be tried again"),
    breaker.State.UNKNOWN: gettext_lazy("unknown: Redis is away"),
}


@admin.register(ModelCall)
class ModelCallAdmin(ReadOnlyAdmin):
    list_display = [
        "at",
        "task",
        "user",
        "model",
        "tokens_in",
        "tokens_out",
        "dollars",
        "duration_ms",
        "cached",
        "result",
    ]
    list_filter = ["task", "model", "result", "cached"]
    search_fields = ["user__email"]
    list_select_related = ["user"]
    ordering = ["-at", "-id"]
    show_full_result_count = False

    @admin.display(description=gettext_lazy("cost"), ordering="cost_micro")
    def dollars(self, call: ModelCall) -> str:
        return dollars(call.cost_micro)

    def get_urls(self) -> list[URLPattern]:
        costs = path("costs/", self.admin_site.admin_view(self.costs), name="ai_costs")
        return [costs, *super().get_urls()]

    def costs(self, request: HttpRequest) -> HttpResponse:
        """The month by task and by person against the target; today against the ceiling."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        today = timezone.now().astimezone(UTC).date()
        month = _month(request.GET.get("month", "")) or today.replace(day=1)
        spending = selectors.spending_of(today)
        per_user, users = selectors.cost_per_user(month)
        context = {
            **self.admin_site.each_context(request),
            "title": _("AI costs"),
            "month": date_format(month, "YEAR_MONTH_FORMAT"),
            "month_value": f"{month:%Y-%m}",
            "per_user": dollars(per_user),
            "users": users,
            "target": dollars(settings.AI_TARGET_MICRO_PER_USER),
            "above_target": per_user > settings.AI_TARGET_MICRO_PER_USER,
            "today_spent": dollars(spending.spent),
            "today_reserved": dollars(spending.reserved),
            "today_ceiling": dollars(spending.ceiling),
            "today_closed": spending.is_closed,
            "tasks": _table_of_tasks(month),
            "people": _table_of_people(month),
            "models": _table_of_models(timezone.now()),
        }
        return render(request, "admin/ai/costs.html", context)


@admin.register(CreditDay)
class CreditDayAdmin(ReadOnlyAdmin):
    list_display = ["day", "user", "used", "reserved", "limit"]
    search_fields = ["user__email"]
    list_select_related = ["user"]
    ordering = ["-day", "-used"]
    show_full_result_count = False


def _month(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _table_of_tasks(month: date) -> dict[str, Any]:
    headers = [_("Task"), _("Model"), _("Requests"), _("From the cache"), _("Unusable"), _("Cost")]
    return {
        "headers": headers,
        "rows": [
            [
                row["task"],
                row["model"],
                row["requests"],
                row["from_cache"],
                row["unusable"],
                dollars(row["cost"]),
            ]
            for row in selectors.costs_by_task(month)
        ],
    }


def _table_of_people(month: date) -> dict[str, Any]:
    return {
        "headers": [_("Person"), _("E-mail"), _("Requests"), _("Cost")],
        "rows": [
            [row["user__name"], row["user__email"], row["requests"], dollars(row["cost"])]
            for row in selectors.costs_by_user(month)[:DEAREST]
        ],
    }


def _table_of_models(at: datetime) -> dict[str, Any]:
    return {
        "headers": [_("Model"), _("State")],
        "rows": [
            [model, BREAKER_STATES[breaker.state_of(model, at)]] for model in selectors.all_models()
        ],
    }
