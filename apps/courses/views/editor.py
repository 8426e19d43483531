"""The course editor: the outline on the left, a lesson's text and settings beside it.

The text itself is saved by the editor's script through the API, as it is typed.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from apps.accounts.requests import PersonalRequest
from apps.core import markdown
from apps.core.errors import DomainError
from apps.courses import selectors, services
from apps.courses.forms import AttachmentForm, LessonForm, TitleForm
from apps.courses.models import Course, Lesson
from apps.media.models import Purpose
from apps.media.services import signed_url, store_upload

from .scope import check_right, course_of, lesson_of, module_of


@require_safe
def editor(request: PersonalRequest, pk: int) -> HttpResponse:
    """The first lesson, or the empty outline."""
    course = course_of(request.user, pk)
    lesson = course.lessons.in_order().without_content().first()
    if lesson is not None:
        query = request.GET.urlencode()
        return redirect(reverse("courses:lesson", args=[lesson.pk]) + (query and f"?{query}"))
    context = {
        "course": course,
        "modules": selectors.outline(course),
        "form": TitleForm(),
        "undo": _number(request.GET.get("undo")),
    }
    return render(request, "courses/editor_empty.html", context)


@require_safe
def lesson(request: PersonalRequest, pk: int) -> HttpResponse:
    found = lesson_of(request.user, pk)
    context = {
        "lesson": found,
        "course": found.course,
        "modules": selectors.outline(found.course),
        "form": TitleForm(),
        "settings_form": _settings_form(found),
        "attachment_form": AttachmentForm(),
        "attachments": selectors.attachments_of(found),
        "preview": markdown.render(found.content),
        "is_new": "new" in request.GET,
        "undo": _number(request.GET.get("undo")),
    }
    return render(request, "courses/editor.html", context)


@require_POST
def preview(request: PersonalRequest) -> HttpResponse:
    """The text as students will read it."""
    check_right(request.user)
    html = markdown.render(request.POST.get("content", "").replace("\x00", ""))
    return render(request, "courses/_preview.html", {"preview": html})


# ── Outline ───────────────────────────────────────────────────────────────────────────────────
@require_POST
def add_module(request: PersonalRequest, pk: int) -> HttpResponse:
    """By a form in the outline: 422 with the form, or the editor again."""
    course = course_of(request.user, pk)
    form = TitleForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "course": course}
        return render(request, "courses/_add_module.html", context, status=422)
    module = services.add_module(
        course=course, title=form.cleaned_data["title"], at=timezone.now(), editor=request.user
    )
    added = services.add_lesson(
        module=module, title=_("New lesson"), at=timezone.now(), editor=request.user
    )
    return HttpResponseClientRedirect(_address(added))


@require_POST
def rename_module(request: PersonalRequest, pk: int) -> HttpResponse:
    module = module_of(request.user, pk)
    form = TitleForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "module": module}
        return render(request, "courses/_rename_module.html", context, status=422)
    services.rename_module(
        module=module, title=form.cleaned_data["title"], editor=request.user, at=timezone.now()
    )
    return HttpResponseClientRefresh()


@require_POST
def delete_module(request: PersonalRequest, pk: int) -> HttpResponse:
    module = module_of(request.user, pk)
    last = selectors.versions_of(module.course)[0].number
    services.delete_module(module=module, editor=request.user, at=timezone.now())
    return _deleted(request, module.course, last)


@require_POST
def add_lesson(request: PersonalRequest, pk: int) -> HttpResponse:
    """An empty one, opened at once; its title is asked for there."""
    module = module_of(request.user, pk)
    added = services.add_lesson(
        module=module, title=_("New lesson"), at=timezone.now(), editor=request.user
    )
    return redirect(_address(added))


@require_POST
def duplicate_lesson(request: PersonalRequest, pk: int) -> HttpResponse:
    found = lesson_of(request.user, pk)
    copy = services.duplicate_lesson(lesson=found, editor=request.user, at=timezone.now())
    return redirect("courses:lesson", copy.pk)


@require_POST
def delete_lesson(request: PersonalRequest, pk: int) -> HttpResponse:
    found = lesson_of(request.user, pk)
    last = selectors.versions_of(found.course)[0].number
    services.delete_lesson(lesson=found, editor=request.user, at=timezone.now())
    return _deleted(request, found.course, last)


def _deleted(request: PersonalRequest, course: Course, last: int) -> HttpResponse:
    """Back to where one was, with a note that can undo it by restoring version `last`."""
    here = course.lessons.filter(pk=_number(request.POST.get("current"))).only("pk").first()
    back = reverse("courses:lesson", args=[here.pk]) if here else _home(course)
    return redirect(f"{back}?undo={last}")


# ── Beside the text ───────────────────────────────────────────────────────────────────────────
@require_POST
def lesson_settings(request: PersonalRequest, pk: int) -> HttpResponse:
    found = lesson_of(request.user, pk)
    form = LessonForm(request.POST)
    if form.is_valid():
        found = services.update_lesson(
            lesson=found, editor=request.user, changes=form.changes(), at=timezone.now()
        )
        form = _settings_form(found)
    context = {"settings_form": form, "lesson": found, "saved": not form.is_bound}
    status = 422 if form.is_bound else 200
    return render(request, "courses/_lesson_settings.html", context, status=status)


@require_POST
def attach(request: PersonalRequest, pk: int) -> HttpResponse:
    """Add a file to the lesson."""
    found = lesson_of(request.user, pk)
    form = AttachmentForm(request.POST, request.FILES)
    now = timezone.now()
    if form.is_valid():
        try:
            upload = store_upload(
                owner=request.user,
                file=form.cleaned_data["file"],
                purpose=Purpose.ATTACHMENT,
                at=now,
            )
            there = [row.upload for row in selectors.attachments_of(found)]
            services.update_lesson(
                lesson=found, editor=request.user, changes={"attachments": [*there, upload]}, at=now
            )
            form = AttachmentForm()
        except DomainError as error:
            form.add_error("file", str(error))
    return _attachments(request, found, form)


@require_POST
def detach(request: PersonalRequest, pk: int, upload_id: int) -> HttpResponse:
    found = lesson_of(request.user, pk)
    left = [row.upload for row in selectors.attachments_of(found) if row.upload_id != upload_id]
    services.update_lesson(
        lesson=found, editor=request.user, changes={"attachments": left}, at=timezone.now()
    )
    return _attachments(request, found, AttachmentForm())


@require_safe
def open_attachment(request: PersonalRequest, pk: int, upload_id: int) -> HttpResponse:
    """To the file itself, for a few minutes."""
    found = lesson_of(request.user, pk)
    row = selectors.get_attachment(lesson=found, upload_id=upload_id)
    return redirect(signed_url(row.upload))


def _attachments(request: PersonalRequest, lesson: Lesson, form: AttachmentForm) -> HttpResponse:
    context = {
        "lesson": lesson,
        "attachments": selectors.attachments_of(lesson),
        "attachment_form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "courses/_attachments.html", context, status=status)


def _settings_form(lesson: Lesson) -> LessonForm:
    automatic = lesson.duration_minutes == services.reading_minutes(lesson.content)
    return LessonForm(
        initial={
            "duration_minutes": None if automatic else lesson.duration_minutes,
            "video_url": lesson.video_url,
            "is_preview": lesson.is_preview,
        }
    )


def _address(lesson: Lesson) -> str:
    """The new lesson's page, its title ready to be typed over."""
    return reverse("courses:lesson", args=[lesson.pk]) + "?new=1"


def _home(course: Course) -> str:
    return reverse("courses:editor", args=[course.pk])


def _number(text: str | None) -> int:
    """A number from an address or a hidden field; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0
