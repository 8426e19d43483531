"""The teacher's studio: one's courses, a course's settings, publishing, its history."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import TeacherApplication, User
from apps.accounts.requests import PersonalRequest
from apps.accounts.selectors import application_of
from apps.core.errors import DomainError, Invalid
from apps.core.pagination import paginate
from apps.courses import differences, selectors, services
from apps.courses.examples import example_for
from apps.courses.forms import CourseForm, TitleForm
from apps.courses.models import Course
from apps.media.models import Purpose
from apps.media.services import store_upload

from .scope import check_right, course_of

PAGE = 20


def _application(user: User) -> TeacherApplication | None:
    """Of who still has to be told where it stands."""
    return None if user.is_verified else application_of(user)


@require_safe
def studio(request: PersonalRequest) -> HttpResponse:
    """One's own courses, last edited first."""
    check_right(request.user)
    page = paginate(
        selectors.courses_of_teacher(request.user),
        ordering=["-updated_at", "-pk"],
        cursor=request.GET.get("cursor") or None,
        limit=PAGE,
    )
    context = {
        "page": page,
        "attention": selectors.drafts_to_finish(page.items),
        "application": _application(request.user),
    }
    template = "_course_rows" if request.htmx else "studio"
    return render(request, f"courses/{template}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_course(request: PersonalRequest) -> HttpResponse:
    """A title is enough to begin."""
    check_right(request.user, "course.create")
    form = TitleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        course = services.create_course(
            owner=request.user, title=form.cleaned_data["title"], at=timezone.now()
        )
        return redirect("courses:editor", course.pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "example": example_for(request.user)}
    return render(request, "courses/new_course.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def course_settings(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    bound = request.method == "POST"
    data = (request.POST, request.FILES) if bound else ()
    form = CourseForm(*data, course=course)
    if bound and form.is_valid() and _save(request, course, form):
        messages.success(request, _("The settings are saved."))
        return redirect("courses:settings", course.pk)
    context = {"form": form, "course": course}
    return render(request, "courses/settings.html", context, status=422 if bound else 200)


def _save(request: PersonalRequest, course: Course, form: CourseForm) -> bool:
    """Whether it was saved; what the rules refuse is told at its field."""
    now = timezone.now()
    changes = form.changes()
    try:
        if file := form.cleaned_data["cover"]:
            upload = store_upload(owner=request.user, file=file, purpose=Purpose.COVER, at=now)
            changes["cover"] = upload.variants
        services.update_course(course=course, editor=request.user, changes=changes, at=now)
    except Invalid as error:
        for name, texts in error.errors.items():
            form.add_error(name if name in form.fields else None, [str(text) for text in texts])
        return False
    except DomainError as error:
        form.add_error("cover" if form.cleaned_data["cover"] else None, str(error))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: PersonalRequest, pk: int) -> HttpResponse:
    """What is there, what is missing and where to add it; the button that makes it public."""
    course = course_of(request.user, pk)
    if request.method == "POST":
        services.publish_course(course=course, by=request.user, at=timezone.now())
        messages.success(request, _("“%(title)s” is public now.") % {"title": course.title})
        return redirect("courses:publish", course.pk)
    context = {
        "course": course,
        "checklist": selectors.publishing_checklist(course),
        "application": _application(request.user),
    }
    return render(request, "courses/publish.html", context)


@require_safe
def look(request: PersonalRequest, pk: int) -> HttpResponse:
    """The first lesson as students see it; that somebody looked is noted on the checklist."""
    course = course_of(request.user, pk)
    lesson = course.lessons.in_order().first()
    if lesson is None:
        messages.info(request, _("There is nothing to look at yet: write a lesson first."))
        return redirect("courses:editor", course.pk)
    services.note_preview(course=course, at=timezone.now())
    return redirect(f"/learn/{course.slug}/{lesson.pk}/")  # learning's, above this app


@require_POST
def archive(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    services.archive_course(course=course, by=request.user, at=timezone.now())
    messages.success(request, _("The course is archived. Its students keep their places."))
    return redirect("courses:publish", course.pk)


@require_POST
def delete(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    services.delete_course(course=course, by=request.user, at=timezone.now())
    messages.success(request, _("The draft is deleted."))
    return redirect("courses:studio")


@require_safe
def history(request: PersonalRequest, pk: int) -> HttpResponse:
    course = course_of(request.user, pk)
    page = paginate(
        selectors.versions_of(course),
        ordering=["-number"],
        cursor=request.GET.get("cursor") or None,
        limit=PAGE,
    )
    template = "_version_rows" if request.htmx else "history"
    return render(request, f"courses/{template}.html", {"course": course, "page": page})


@require_safe
def version(request: PersonalRequest, pk: int, number: int) -> HttpResponse:
    """What a version changed, and what bringing it back would change."""
    course = course_of(request.user, pk)
    shown = selectors.get_version(course=course, number=number)
    before = selectors.previous_version(shown)
    context = {
        "course": course,
        "version": shown,
        "changed": differences.between(before.snapshot, shown.snapshot) if before else None,
    }
    return render(request, "courses/version.html", context)


@require_POST
def restore(request: PersonalRequest, pk: int, number: int) -> HttpResponse:
    course = course_of(request.user, pk)
    services.restore_version(course=course, number=number, by=request.user, at=timezone.now())
    messages.success(request, _("Version %(number)s is back.") % {"number": number})
    return redirect("courses:editor", course.pk)
