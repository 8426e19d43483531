"""Site pages of notifications: the list, what to be told and where, and the stop link of letters."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.models import User
from apps.accounts.selectors import quiet_hours_of, zone_name
from apps.accounts.services import choose_quiet_hours
from apps.core.errors import Invalid, NotFound
from apps.core.pagination import paginate

from . import selectors, services
from .forms import QuietHoursForm
from .kinds import KINDS
from .models import Channel
from .unsubscribe import read_token

PAGE = 20


@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    page = paginate(
        selectors.notifications_of(request.user),
        ordering=selectors.ORDERING,
        cursor=request.GET.get("cursor"),
        limit=PAGE,
    )
    selectors.with_people(page.items, request.user)
    if request.htmx:
        return render(request, "notifications/_rows.html", {"page": page})
    context = {
        "page": page,
        "preferences": selectors.preference_rows(request.user),
        "quiet": QuietHoursForm.of(quiet_hours_of(request.user)),
        "zone": zone_name(request.user),
    }
    return render(request, "notifications/list.html", context)


@require_GET
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it and go where it leads; repeating it changes nothing more."""
    found = services.mark_read(user=request.user, notification_id=pk, at=timezone.now())
    return redirect(found.url or "notifications:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_all_read(user=request.user, at=timezone.now())
    return redirect("notifications:list")


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """One switch of the table: `kinds` (a row's kinds), `channel`, and `wanted` when it is on."""
    kinds = request.POST.getlist("kinds")
    wanted = "wanted" in request.POST
    choices = {kind: {request.POST.get("channel", ""): wanted} for kind in kinds}
    services.choose(user=request.user, choices=choices)
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("notifications:list")


@require_POST
def quiet_hours(request: HttpRequest) -> HttpResponse:
    """When letters wait: saved as it is changed; what can't be is said at its field."""
    form = QuietHoursForm(request.POST)
    if form.is_valid():
        try:
            choose_quiet_hours(user=request.user, **form.cleaned_data)
        except Invalid as error:
            form.tell(error)
    if request.htmx:
        status = 200 if form.is_valid() else 422
        return render(request, "notifications/_quiet_answer.html", {"quiet": form}, status=status)
    for field, errors in form.errors.items():
        messages.error(request, f"{form.fields[field].label}: {errors[0]}")
    return redirect("notifications:list")


@login_not_required
@csrf_exempt  # mail programs post here of themselves; the signed token is the permission
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    found = read_token(token)
    user = User.objects.filter(pk=found[0], is_active=True).first() if found else None
    if found is None or user is None or found[1] not in KINDS:
        raise NotFound
    kind = found[1]
    if request.method == "POST":
        services.choose(user=user, choices={kind: {Channel.EMAIL: False}})
        return render(request, "notifications/stopped.html", {"kind": KINDS[kind], "done": True})
    return render(request, "notifications/stopped.html", {"kind": KINDS[kind], "done": False})
