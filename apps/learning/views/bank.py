"""All questions of a course: found again, drafted for every lesson, brought in and taken out."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from apps.accounts.models import User
from apps.accounts.requests import PersonalRequest
from apps.core.jobs import jobs_of
from apps.core.pagination import paginate
from apps.courses.models import Course

from ..forms.quizzes import BankForm
from ..models import Question, QuestionStatus
from ..services import quizzes as services
from .reviewed import reviewed
from .scope import course_of
from .studio import is_open

PAGE = 20


@require_safe
def questions(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    bank = Question.objects.filter(course=course).exclude(current=None)
    form = BankForm(request.GET, course=course)
    found = form.narrow(bank)
    page = paginate(
        found.select_related("current", "lesson", "quiz"),
        ordering=["-id"],
        cursor=request.GET.get("cursor") or None,
        limit=PAGE,
    )
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {
        "course": course,
        "form": form,
        "rows": [reviewed(row) for row in page.items],
        "next": page.next,
        "query": query.urlencode(),
        "count": found.count(),
        "in_use": bank.exclude(status=QuestionStatus.RETIRED).count(),
        "is_more": "cursor" in request.GET,
        **_making(request.user, course),
    }
    template = "_bank_rows" if request.htmx else "bank"
    return render(request, f"learning/studio/{template}.html", context)


@require_POST
def generate(request: PersonalRequest, pk: int) -> HttpResponse:
    """Drafts for every lesson; what a quiz has already isn't added again."""
    course = course_of(request.user, pk)
    services.start_course_generation(course=course, by=request.user, at=timezone.now())
    if request.htmx:
        return render(request, "learning/studio/_bank_making.html", _making(request.user, course))
    return redirect("learning:questions", course.pk)


@require_safe
def making(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    context = _making(request.user, course)
    answer = render(request, "learning/studio/_bank_making.html", context)
    if not context["is_making"]:
        trigger_client_event(answer, "quiz:made")
    return answer


def _making(user: User, course: Course) -> dict[str, Any]:
    jobs = jobs_of(user).filter(kind="quiz.generate_course", args__course=course.pk)
    job = jobs.order_by("-id").first()
    return {"course": course, "job": job, "is_making": is_open(job)}
