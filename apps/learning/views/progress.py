"""How fast one learns: the page of progress, and its line on the first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from .. import charts
from ..findings import forecast_finding, retention_finding
from ..progress_findings import (
    not_enough,
    progress_figures,
    readiness,
    trend_line,
    velocity_finding,
    weeks_name,
)
from ..selectors.memory import forecast
from ..selectors.velocity import velocity_of

PERIODS = (4, 12, 52)
AHEAD = 14  # days of cards to come
SPARK_WEEKS = 8


@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """Over 4, 12 or 52 `weeks`; anything else is twelve."""
    asked = request.GET.get("weeks", "")
    weeks = int(asked) if asked in map(str, PERIODS) else PERIODS[1]
    now = timezone.now()
    found = velocity_of(request.user, now, weeks=weeks)
    context = {
        "progress": found,
        "periods": [(count, weeks_name(count), count == weeks) for count in PERIODS],
        "figures": progress_figures(found),
        "trend": trend_line(found.pace),
        "velocity": velocity_finding(found, weeks),
        "readiness": readiness(found),
        "findings": [
            retention_finding(found.retention),
            forecast_finding(forecast(request.user, now, days=AHEAD)),
        ],
        "courses": [each for each in found.courses if each.seconds or each.mastered],
    }
    return render(request, "learning/progress/page.html", context)


@require_GET
def summary(request: HttpRequest) -> HttpResponse:
    """The block of the first page; nothing for one who hasn't studied yet."""
    found = velocity_of(request.user, timezone.now(), weeks=SPARK_WEEKS)
    if not found.has_studied:
        return HttpResponse()
    values = [each.rate.value for each in found.points]
    context = {
        "pace": found.pace,
        "not_enough": not_enough(found.pace),
        "trend": trend_line(found.pace),
        "spark": charts.spark(values) if len(values) > 1 else None,
        "first": values[0] if values else None,
        "last": values[-1] if values else None,
    }
    return render(request, "learning/progress/_summary.html", context)
