"""A teacher's first course from a good example."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.requests import PersonalRequest
from apps.accounts.rights import has_right
from apps.core.errors import NotAllowed

from ..services.examples import start_from_example


@require_POST
def start(request: PersonalRequest) -> HttpResponse:
    if not has_right(request.user, "course.create"):
        raise NotAllowed(_("Only teachers make courses."))
    course = start_from_example(teacher=request.user, at=timezone.now())
    messages.success(request, _("The example is yours now: change it as you like."))
    return redirect("courses:publish", course.pk)
