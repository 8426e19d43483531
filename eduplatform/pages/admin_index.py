"""Figures on the admin's first page."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Role, TeacherApplication, User
from apps.accounts.selectors import pending_applications
from apps.ai.money import dollars
from apps.ai.selectors import spending_of
from apps.core.models import Delivery
from apps.core.templatetags.ui import money, number, percent
from apps.courses.models import Course, CourseStatus
from apps.enrollment.models import Enrollment
from apps.gamification.models import Habit
from apps.gamification.selectors.figures import streaks_over
from apps.payments.models import Payment, PaymentStatus

from .setup.views import notice


@dataclass(frozen=True)
class Figure:
    """One card: the number, what it counts, a line of detail, and where it leads."""

    label: str
    value: str
    detail: str = ""
    url: str = ""
    alarming: bool = False


def figures(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Only what the person may open in the admin."""
    user = request.user
    makers = [
        ("accounts.view_teacherapplication", _applications),
        ("accounts.view_user", _users),
        ("courses.view_course", _courses),
        ("enrollment.view_enrollment", _seats),
        ("gamification.view_habit", _habit),
        ("payments.view_payment", _payments),
        ("ai.view_modelcall", _models),
        ("core.view_delivery", _outbox),
    ]
    context["setup"] = notice(request)
    context["figures"] = [make() for right, make in makers if user.has_perm(right)]
    return context


def _applications() -> Figure:
    waiting = pending_applications().count()
    return Figure(
        _("Teachers waiting"),
        number(waiting),
        _("to be verified") if waiting else _("nobody waits"),
        _list(TeacherApplication, "?status__exact=pending"),
        alarming=waiting > 0,
    )


def _users() -> Figure:
    by_role = _counts(User.objects.filter(is_active=True), "role")
    detail = ", ".join(f"{role.label}: {number(by_role[role])}" for role in Role if role in by_role)
    return Figure(_("People"), number(sum(by_role.values())), detail, _list(User))


def _courses() -> Figure:
    by_status = _counts(Course.objects.all(), "status")
    detail = ", ".join(
        f"{status.label}: {number(by_status[status])}"
        for status in CourseStatus
        if status in by_status
    )
    return Figure(_("Courses"), number(sum(by_status.values())), detail, _list(Course))


def _seats() -> Figure:
    seats = Enrollment.objects.open().aggregate(all=Count("pk"), done=Count("completed_at"))
    detail = _("%(count)s finished") % {"count": number(seats["done"])}
    return Figure(_("Seats"), number(seats["all"]), detail, _list(Enrollment))


def _habit() -> Figure:
    found = streaks_over(at=timezone.now())
    detail = _("%(share)s of them with a streak of a week, %(part)s of the month’s came today")
    told = {
        "share": percent(round(100 * (found.share_with_run or 0))),
        "part": percent(round(100 * (found.stickiness or 0))),
    }
    return Figure(_("Learnt this week"), number(found.week), detail % told, _list(Habit))


def _payments() -> Figure:
    paid = Payment.objects.filter(status=PaymentStatus.SUCCEEDED)
    rows = paid.order_by("currency").values_list("currency").annotate(sum=Sum("amount_minor"))
    sums = [money(total, currency) for currency, total in rows]
    held = Payment.objects.filter(status=PaymentStatus.REVIEW).count()
    return Figure(
        _("Paid"),
        " · ".join(sums) or number(0),
        _("%(count)s in review") % {"count": number(held)} if held else "",
        _list(Payment),
        alarming=held > 0,
    )


def _models() -> Figure:
    today = spending_of(timezone.now().astimezone(UTC).date())
    return Figure(
        _("AI today"),
        dollars(today.spent),
        _("the ceiling is reached") if today.is_closed else _("of %s") % dollars(today.ceiling),
        reverse("admin:ai_costs"),
        alarming=today.is_closed,
    )


def _outbox() -> Figure:
    dead = Delivery.objects.dead().count()
    return Figure(
        _("Outbox"),
        number(Delivery.objects.waiting().count()),
        _("%(count)s given up") % {"count": number(dead)} if dead else _("waiting to be delivered"),
        _list(Delivery),
        alarming=dead > 0,
    )


def _counts(rows: QuerySet[Any], field: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(field).annotate(count=Count("pk")))


def _list(model: type[Model], query: str = "") -> str:
    """The model's list in the admin, where it has one."""
    if not admin.site.is_registered(model):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") + query
