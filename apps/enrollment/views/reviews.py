"""Reviews of a course: a fragment of its page, and a page of its own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.pagination import paginate
from apps.courses.models import Course
from apps.enrollment import selectors, services
from apps.enrollment.forms import ReplyForm, ReviewForm
from apps.enrollment.models import Review

PAGE = 5


@login_not_required
@require_http_methods(["GET", "POST"])
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """The reviews of a course; a POST writes one's own, or changes it."""
    courses = selectors.courses_open_to(request.user).with_card()
    course = get_object_or_404(courses, slug=slug)
    own = selectors.review_by(request.user, course.pk)
    if request.method == "GET" and "cursor" in request.GET and request.htmx:
        return render(request, "enrollment/_review_rows.html", _rows(request, course))
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        initial={"rating": own.rating, "comment": own.comment} if own else None,
    )
    if request.method == "GET":
        return _page(request, course, own, form)
    if not request.user.is_authenticated:
        return redirect(f"/accounts/login/?next=/courses/{course.slug}/")
    if not form.is_valid():
        return _page(request, course, own, form, status=422)
    _save(request, course, own, form.cleaned_data)
    if not request.htmx:
        messages.success(request, _("Your review is published. Thank you!"))
        return redirect("enrollment:reviews", course.slug)
    course.refresh_from_db()
    return _page(request, course, selectors.review_by(request.user, course.pk), ReviewForm())


def _save(
    request: HttpRequest, course: Course, own: Review | None, cleaned: dict[str, Any]
) -> None:
    now = timezone.now()
    if own is None:
        services.write_review(student=request.user, course=course, at=now, **cleaned)
    else:
        services.edit_review(review=own, at=now, **cleaned)


def _page(
    request: HttpRequest, course: Course, own: Review | None, form: ReviewForm, status: int = 200
) -> HttpResponse:
    context = _rows(request, course) | {
        "own": own,
        "form": form,
        "may_review": selectors.has_open_seat(request.user, course.pk),
        "is_open": bool(form.errors),
        "shares": selectors.rating_shares(course),
    }
    name = "enrollment/_reviews.html" if request.htmx else "enrollment/reviews.html"
    return render(request, name, context, status=status)


def _rows(request: HttpRequest, course: Course) -> dict[str, Any]:
    page = paginate(
        selectors.reviews_of(course, request.user),
        ordering=["-created_at", "-id"],
        cursor=request.GET.get("cursor"),
        limit=PAGE,
    )
    return {"course": course, "page": page, "teaches": course.owner_id == request.user.pk}


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(
        Review.objects.deletable_by(request.user).select_related("course"), pk=pk
    )
    services.delete_review(review=review, by=request.user, at=timezone.now())
    if request.htmx:
        course = Course.objects.with_card().get(pk=review.course_id)
        own = selectors.review_by(request.user, course.pk)
        return _page(request, course, own, ReviewForm())
    messages.success(request, _("The review is deleted."))
    return redirect("enrollment:reviews", review.course.slug)


@require_POST
def helpful(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a review helped, or take it back; answers the button as it is now."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    services.vote_helpful(review=review, user=request.user, at=timezone.now())
    if not request.htmx:
        return redirect("enrollment:reviews", review.course.slug)
    return _answer(request, review, "enrollment/_helpful.html")


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The teacher's form below a review, and what it says."""
    review = get_object_or_404(
        Review.objects.answerable_by(request.user).select_related("course"), pk=pk
    )
    form = ReplyForm(
        request.POST if request.method == "POST" else None, initial={"text": review.reply}
    )
    if request.method == "GET" or not form.is_valid():
        status = 422 if form.errors else 200
        name = "enrollment/_reply_form.html" if request.htmx else "enrollment/reply.html"
        return render(request, name, {"review": review, "form": form}, status=status)
    services.reply_to_review(
        review=review, by=request.user, text=form.cleaned_data["text"], at=timezone.now()
    )
    if not request.htmx:
        return redirect("enrollment:reviews", review.course.slug)
    return _answer(request, review, "enrollment/_review.html", teaches=True)


def _answer(request: HttpRequest, review: Review, name: str, **more: Any) -> HttpResponse:
    shown = selectors.reviews_of(review.course, request.user).get(pk=review.pk)
    return render(request, name, {"review": shown, **more})
