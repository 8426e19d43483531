"""Enrolling with one click, and the courses one learns."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.errors import PaymentRequired
from apps.core.pagination import paginate
from apps.enrollment import selectors, services

PAGE = 20
# what is shown, and the order in which it is
SHOWN = {
    "learning": ["-last_activity_at", "-id"],
    "completed": ["-completed_at", "-id"],
}


@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a seat and open the first lesson; a paid course leads to the checkout.

    A GET, as after signing in on the way, goes back to the course's page.
    """
    course = get_object_or_404(selectors.courses_open_to(request.user), slug=slug)
    if request.method == "GET":
        return redirect(f"/courses/{course.slug}/")
    try:
        services.enroll(student=request.user, course=course, at=timezone.now())
    except PaymentRequired:
        return redirect("payments:checkout", course.slug)
    return redirect(f"/learn/{course.slug}/")


@require_GET
def my_courses(request: HttpRequest) -> HttpResponse:
    shown = "completed" if request.GET.get("show") == "completed" else "learning"
    page = paginate(
        selectors.seats_in_progress(request.user)
        if shown == "learning"
        else selectors.completed_seats(request.user),
        ordering=SHOWN[shown],
        cursor=request.GET.get("cursor"),
        limit=PAGE,
    )
    context = {"page": page, "shown": shown}
    name = "enrollment/_seats.html" if request.htmx else "enrollment/my_courses.html"
    return render(request, name, context)
