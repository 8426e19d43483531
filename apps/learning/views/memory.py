"""How a student is asked, and what their reviews tell about their memory."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.errors import Invalid

from ..card_forms import MemoryForm, WorkForm
from ..engine.fitting import ENOUGH
from ..findings import figures_of, findings_of
from ..selectors.memory import last_fit_of, memory_stats, standing_reviews_of, work_of
from ..selectors.schedule import memory_settings_of
from ..services.reviews import change_memory_settings

DAYS = 30
SWITCHES = ("day_start", "cards_from_mistakes", "cards_from_terms")


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    chosen = memory_settings_of(request.user)
    initial = {name: getattr(chosen, name) for name in SWITCHES}
    initial["retention"] = round(chosen.desired_retention * 100)
    form = MemoryForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        changes = {name: form.cleaned_data[name] for name in SWITCHES}
        changes["desired_retention"] = form.cleaned_data["retention"] / 100
        change_memory_settings(student=request.user, changes=changes, at=timezone.now())
        messages.success(request, _("Saved. It holds from your next review on."))
        return redirect("learning:card_settings")
    context = {
        "form": form,
        "fit": _fit(request.user, chosen),
        **_work(request.user, initial["retention"], initial["retention"]),
    }
    status = 422 if form.errors else 200
    return render(request, "learning/cards/settings.html", context, status=status)


@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """What remembering so much would cost; asked while the slider moves."""
    form = WorkForm(request.GET)
    if not form.is_valid():
        raise Invalid(errors=form.errors)
    usual = round(memory_settings_of(request.user).desired_retention * 100)
    context = _work(request.user, form.cleaned_data["retention"], usual)
    return render(request, "learning/cards/_work.html", context)


def _work(user: Any, percent: int, usual: int) -> dict[str, Any]:
    """The work at `percent`, and how it compares with the work now."""
    now = timezone.now()
    then = work_of(user, percent / 100, now)
    today = then if percent == usual else work_of(user, usual / 100, now)
    change = 0
    if today.reviews_per_day:
        change = round((then.reviews_per_day / today.reviews_per_day - 1) * 100)
    return {"work": then, "percent": percent, "usual": usual, "change": change}


def _fit(user: Any, chosen: Any) -> dict[str, Any]:
    """The state of the student's own parameters."""
    adopted = chosen.parameters
    gain = 0
    if adopted and adopted.loss_before:
        gain = round((1 - adopted.loss_after / adopted.loss_before) * 100, 1)
    count = standing_reviews_of(user).filter(elapsed_days__gte=1).count()
    return {
        "adopted": adopted,
        "last": last_fit_of(user),
        "gain": gain,
        "count": count,
        "enough": ENOUGH,
    }


@require_GET
def stats(request: HttpRequest) -> HttpResponse:
    found = memory_stats(request.user, timezone.now(), days=DAYS)
    context = {"stats": found, "findings": findings_of(found), "figures": figures_of(found)}
    return render(request, "learning/cards/stats.html", context)
