"""What somebody wants of the habit, and the repair of a streak."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.rights import SignedInRequest
from apps.core.errors import Conflict

from ..engine.streak import next_monday
from ..forms import HabitForm
from ..selectors import habits
from ..services.choices import change_habit, repair_streak


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    habit = habits.habit_of(request.user)
    today = habits.today_of(request.user, habit, now)
    rest = habits.rest_days_of(habit.folded(), today)
    if request.method == "POST":
        form = HabitForm(request.POST)
        if form.is_valid():
            change_habit(user=request.user, changes=form.cleaned_data, at=now)
            messages.success(request, _("Saved."))
            return redirect("gamification:settings")
    else:
        chosen = {"rest_days": rest.chosen}
        form = HabitForm(initial={**vars(habit), **chosen})
    context = {"form": form, "rest": rest, "from_day": next_monday(today)}
    status = 422 if form.is_bound else 200
    return render(request, "gamification/settings.html", context, status=status)


@require_POST
def repair(request: SignedInRequest) -> HttpResponse:
    try:
        repair_streak(user=request.user, at=timezone.now())
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your streak is whole again."))
    return redirect("gamification:awards")
