"""Where an open lesson tells that the student is still at it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.core.errors import Invalid, NotAllowed, NotFound
from apps.enrollment.selectors import seat_of

from ..selectors import lessons
from ..services import beats

KINDS = ("opened", "lesson", "video", "digest")


class BeatForm(forms.Form):
    kind = forms.ChoiceField(choices=[(name, name) for name in KINDS])
    seconds = forms.FloatField(min_value=0, max_value=86_400)


@require_POST
def beat(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """Counted on a seat alone: a teacher who looks at their lesson isn't studying."""
    try:
        lesson = lessons.get_lesson(request.user, lesson_id)
    except NotAllowed as error:
        raise NotFound from error
    form = BeatForm(request.POST)
    if not form.is_valid():
        raise Invalid(errors=form.errors)
    if seat_of(request.user, lesson.course_id) is not None:
        beats.tell(
            student_id=request.user.pk,
            lesson=lesson,
            at=timezone.now(),
            **form.cleaned_data,
        )
    return HttpResponse(status=204)
