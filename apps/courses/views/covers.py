"""Pictures of courses that have none of their own."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apps.core.errors import NotFound
from apps.courses.covers import BRANCH_STYLES, cover_svg
from apps.courses.models import Category, Course

# a file needs what a drawing inside a page doesn't
NAMESPACED = '<svg xmlns="http://www.w3.org/2000/svg" '


@login_not_required
@require_safe
def cover(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    """The pattern drawn from title and category; its address changes with them.

    Whoever has the address of a draft's cover knows the title already.
    """
    course = get_object_or_404(Course.objects.select_related("category"), pk=pk)
    if digest == course.cover_hash:
        return _drawn(request, course)
    if course.is_published:  # an older page shows the older address
        return redirect("courses:cover", pk, course.cover_hash)
    raise NotFound


@cache_control(public=True, max_age=31_536_000, immutable=True)
def _drawn(request: HttpRequest, course: Course) -> HttpResponse:
    root = (
        Category.objects.ancestors(course.category, include_self=True).first()
        if course.category
        else None
    )
    style = BRANCH_STYLES.get(root.slug, "") if root else ""
    drawing = cover_svg(course.title, style).replace("<svg ", NAMESPACED, 1)
    return HttpResponse(drawing, content_type="image/svg+xml")
