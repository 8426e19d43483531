"""A course's own page."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.accounts.selectors import is_shown_to
from apps.analytics import services as analytics
from apps.core.caching import is_impersonal, public_for_visitors
from apps.core.errors import NotFound
from apps.courses.cache import cached_html
from apps.courses.models import Course
from apps.courses.selectors import outline
from apps.enrollment import selectors as enrollment
from apps.learning.selectors import path, pretests
from apps.learning.selectors.drawn_graph import picture_of
from apps.messaging.selectors import may_write_to

from .selectors import lesson_url, next_lesson_id

KEPT_SECONDS = 300


@login_not_required
@require_safe
@public_for_visitors
def course(request: HttpRequest, slug: str) -> HttpResponse:
    found = _course_of(request.user, slug)
    if found.slug != slug:
        return redirect("course", found.slug, permanent=True)
    response = _kept(request, found) if _is_keepable(request) else _page(request, found)
    _note_view(request, found)
    return response


@login_not_required
@require_safe
@public_for_visitors
def course_map(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture of its concepts; nothing for a course that has none."""
    found = _course_of(request.user, slug)
    picture = picture_of(request.user, found, timezone.now())
    if picture is None:
        return HttpResponse()
    return render(request, "pages/_course_map.html", {"course": found, "picture": picture})


def _is_keepable(request: HttpRequest) -> bool:
    return is_impersonal(request) and not request.GET


def _kept(request: HttpRequest, course: Course) -> HttpResponse:
    """A visitor's page, from the cache while nothing that it shows has changed."""
    owner = course.owner
    shown = (
        course.revision,
        course.status,
        course.rating_histogram,
        course.student_count,
        [name for name, _url in _crumbs(course)],
        (owner.name, owner.username, owner.bio, owner.avatar_url, owner.is_verified),
        owner.is_profile_public,
    )
    digest = hashlib.sha256(repr(shown).encode()).hexdigest()
    key = f"pages:course:{course.pk}:{get_language()}:{digest}"
    content: bytes | None = cache.get(key)
    if content is None:
        content = _page(request, course).content
        cache.set(key, content, KEPT_SECONDS)
    return HttpResponse(content)


def _page(request: HttpRequest, course: Course) -> HttpResponse:
    modules = outline(course)
    lessons = [lesson for module in modules for lesson in module.lessons_in_order]
    context = {
        "course": course,
        "modules": modules,
        "preview": next((lesson for lesson in lessons if lesson.is_preview), None),
        "description": cached_html(course.description),
        "crumbs": _crumbs(course),
        "site": settings.SITE_URL,
        "canonical": settings.SITE_URL + reverse("course", args=[course.slug]),
        "editable": Course.objects.editable_by(request.user).filter(pk=course.pk).exists(),
        "is_owner": course.owner_id == request.user.pk,
        "may_write": _may_write(request.user, course.owner),
        **_seat(request.user, course, modules),
    }
    return render(request, "pages/course.html", context)


def _may_write(user: Any, teacher: User) -> bool:
    """Whether the reader may begin a conversation with the teacher, whose username they may know."""
    if not user.is_authenticated or user.pk == teacher.pk or not is_shown_to(teacher, user):
        return False
    return bool(may_write_to(user, teacher))


def _course_of(user: Any, slug: str) -> Course:
    """One that the person may know of, by its slug or by one it had before."""
    courses = enrollment.courses_open_to(user).with_card().select_related("category__parent")
    found = courses.filter(slug=slug).first() or courses.filter(old_slugs__slug=slug).first()
    if found is None:
        raise NotFound
    return found


def _crumbs(course: Course) -> list[tuple[str, str]]:
    """The course's category below its own parent, as links to the catalogue."""
    category = course.category
    if category is None:
        return []
    line = [category.parent, category] if category.parent else [category]
    return [(each.name, f"{reverse('search:catalogue')}?category={each.slug}") for each in line]


def _seat(user: Any, course: Course, modules: list[Any]) -> dict[str, Any]:
    """The reader's seat, what is done on it, and where it goes on."""
    seat = enrollment.seat_of(user, course.pk)
    done = enrollment.completed_lesson_ids(seat) if seat else set()
    lesson_id = next_lesson_id(modules, done)
    way = path.way_through(user, course, timezone.now()) if seat else None
    if way and way.has_concepts and way.ahead:
        lesson_id = way.ahead[0].lesson.pk
    return {
        "seat": seat,
        "done": done,
        "skipped": {step.lesson.pk for step in way.skipped} if way else set(),
        "has_path": bool(way and way.has_concepts),
        "continue_url": lesson_url(course, lesson_id) if seat and lesson_id else "",
        "pretest": pretests.offer_of(user, course) if seat else None,
    }


def _note_view(request: HttpRequest, course: Course) -> None:
    """One row in the event table; a teacher's own visits don't count."""
    if course.owner_id == request.user.pk or not course.is_published:
        return
    fact = analytics.Fact(
        name="course.viewed", at=timezone.now(), user_id=request.user.pk, course_id=course.pk
    )
    analytics.record([fact])
