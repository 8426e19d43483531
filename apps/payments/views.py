"""Site pages of payments: the checkout, what became of a payment, and the history."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.pagination import paginate
from apps.courses.models import Course
from apps.courses.selectors import published_course_by_slug

from . import selectors, services
from .forms import CheckoutForm
from .providers import TEST

PAGE = 20


@require_http_methods(["GET", "POST"])
def checkout(request: HttpRequest, slug: str) -> HttpResponse:
    """Pay for a course; whoever has paid already, or pressed twice, lands at that payment."""
    course = published_course_by_slug(slug)
    if course.is_free or course.owner_id == request.user.pk:
        return redirect(f"/courses/{course.slug}/")
    paid = selectors.standing_payment(request.user, course.pk)
    if paid is not None:
        return redirect("payments:payment", paid.pk)
    form = CheckoutForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _pay(request, course, form)
    context = {"course": course, "form": form}
    return render(request, "payments/checkout.html", context, status=422 if form.errors else 200)


def _pay(request: HttpRequest, course: Course, form: CheckoutForm) -> HttpResponse:
    now = timezone.now()
    try:
        payment = services.start_payment(
            buyer=request.user, course=course, provider=form.cleaned_data["provider"], at=now
        )
    except services.AlreadyPaid:
        # the first of two clicks was quicker: the page shows what it paid
        return redirect("payments:checkout", course.slug)
    if payment.provider == TEST.name:
        services.complete_test_payment(payment=payment, at=now, decline=form.is_declined)
        return redirect("payments:payment", payment.pk)
    back = request.build_absolute_uri(f"/payments/{payment.pk}/")
    return redirect(services.request_payment(payment=payment, return_url=back, at=now) or back)


@require_GET
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of one's payment, and what comes next."""
    found = get_object_or_404(selectors.payments_of(request.user), pk=pk)
    return render(request, "payments/payment.html", {"payment": found})


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    page = paginate(
        selectors.payments_of(request.user),
        ordering=["-created_at", "-id"],
        cursor=request.GET.get("cursor"),
        limit=PAGE,
    )
    name = "payments/_rows.html" if request.htmx else "payments/history.html"
    return render(request, name, {"page": page})
