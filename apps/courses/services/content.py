"""Modules and lessons: added, edited, moved, copied, deleted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import markdown
from apps.core.errors import Conflict, Invalid, NotFound
from apps.courses.models import Course, CourseVersion, Lesson, LessonAttachment, Module
from apps.media.models import Upload

from .changes import assign, finish_change, lock_course
from .snapshots import LESSON_FIELDS

OUTLINE = CourseVersion.Kind.OUTLINE
DELETED = CourseVersion.Kind.DELETED
TEXT = {"title", "content"}
MAX_MODULES = 200
MAX_LESSONS = 200  # in a module
MAX_ATTACHMENTS = 20


class StaleLesson(Conflict):
    message = _("This lesson was changed elsewhere since you opened it.")


def reading_minutes(text: str) -> int:
    """How long the text takes to read; 0 for none."""
    return markdown.reading_minutes(text) if text.strip() else 0


# ── Modules ───────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_module(*, course: Course, title: str, at: datetime, editor: User) -> Module:
    """A module at the end of the course."""
    course = lock_course(course.pk)
    rows = Module.objects.filter(course=course)
    module = Module(course=course, position=_next_position(rows, MAX_MODULES))
    assign(module, {"title": title.strip()}, allowed=["title"])
    module.save()
    finish_change(course=course, editor=editor, kind=OUTLINE, at=at)
    return module


@transaction.atomic
def rename_module(*, module: Module, title: str, editor: User, at: datetime) -> Module:
    course, module = _locked_module(module)
    if assign(module, {"title": title.strip()}, allowed=["title"]):
        module.save(update_fields=["title"])
        finish_change(course=course, editor=editor, kind=OUTLINE, at=at)
    return module


@transaction.atomic
def delete_module(*, module: Module, editor: User, at: datetime) -> None:
    """With its lessons. The last lesson of a published course stays: Conflict."""
    course, module = _locked_module(module)
    gone = list(module.lessons.values_list("pk", flat=True))
    module.delete()
    _close_gap(Module.objects.filter(course=course), module.position)
    finish_change(course=course, editor=editor, kind=DELETED, at=at, lessons=gone)


# ── Lessons ───────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_lesson(*, module: Module, title: str, at: datetime, editor: User, **fields: Any) -> Lesson:
    """A lesson at the end of the module; `fields` as for `update_lesson`."""
    course, module = _locked_module(module)
    attachments = fields.pop("attachments", None)
    lesson = Lesson(
        course=course,
        module=module,
        position=_next_position(Lesson.objects.filter(module=module), MAX_LESSONS),
        created_at=at,
        updated_at=at,
    )
    _edit(lesson, {"title": title, **fields})
    lesson.save()
    if attachments:
        _attach(lesson, attachments)
    finish_change(course=course, editor=editor, kind=OUTLINE, at=at, lessons=[lesson.pk])
    return lesson


@transaction.atomic
def update_lesson(
    *,
    lesson: Lesson,
    editor: User,
    changes: Mapping[str, Any],
    at: datetime,
    revision: int | None = None,
) -> Lesson:
    """The lesson with `changes` made: fields of LESSON_FIELDS, and `attachments` (uploads in order).

    A duration of 0 means the reading time of the text, now and as the text grows. With `revision`
    the edit is made only to that revision of title and text, else StaleLesson.
    """
    course, lesson = _locked_lesson(lesson)
    if revision is not None and revision != lesson.revision:
        raise StaleLesson
    fields = dict(changes)
    attachments = fields.pop("attachments", None)
    changed = _edit(lesson, fields)
    attached = attachments is not None and _attach(lesson, attachments)
    if not changed and not attached:
        return lesson
    lesson.revision += bool(TEXT.intersection(changed))
    lesson.updated_at = at
    lesson.save(update_fields=[*changed, "revision", "updated_at"])
    finish_change(
        course=course,
        editor=editor,
        kind=CourseVersion.Kind.LESSON,
        subject_id=lesson.pk,
        at=at,
        lessons=[lesson.pk],
    )
    return lesson


@transaction.atomic
def delete_lesson(*, lesson: Lesson, editor: User, at: datetime) -> None:
    """The last lesson of a published course stays: Conflict."""
    course, lesson = _locked_lesson(lesson)
    lesson_id = lesson.pk
    lesson.delete()
    _close_gap(Lesson.objects.filter(module_id=lesson.module_id), lesson.position)
    finish_change(course=course, editor=editor, kind=DELETED, at=at, lessons=[lesson_id])


@transaction.atomic
def duplicate_lesson(*, lesson: Lesson, editor: User, at: datetime) -> Lesson:
    """A copy right after the lesson, named as a copy."""
    course, lesson = _locked_lesson(lesson)
    siblings = Lesson.objects.filter(module_id=lesson.module_id)
    _next_position(siblings, MAX_LESSONS)  # refuses a full module
    siblings.filter(position__gt=lesson.position).update(position=F("position") + 1)
    title = str(_("%(title)s (copy)")) % {"title": lesson.title[:150]}
    copy = Lesson.objects.create(
        course=course,
        module_id=lesson.module_id,
        position=lesson.position + 1,
        created_at=at,
        updated_at=at,
        **{**{field: getattr(lesson, field) for field in LESSON_FIELDS}, "title": title},
    )
    for attachment in lesson.attachments.all():
        copy.attachments.create(upload_id=attachment.upload_id, position=attachment.position)
    finish_change(course=course, editor=editor, kind=OUTLINE, at=at, lessons=[copy.pk])
    return copy


# ── Order ─────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def reorder(
    *, course: Course, order: Sequence[tuple[int, Sequence[int]]], editor: User, at: datetime
) -> None:
    """Put modules, and lessons within and across them, in this order.

    `order` names every module and lesson of the course once: Invalid for ids that aren't the
    course's or come twice, Conflict when some are left out (somebody added them meanwhile).
    """
    course = lock_course(course.pk)
    modules = Module.objects.in_bulk(
        list(Module.objects.filter(course=course).values_list("pk", flat=True))
    )
    lessons = {lesson.pk: lesson for lesson in course.lessons.without_content()}
    module_ids = [module_id for module_id, _lessons in order]
    lesson_ids = [lesson_id for _module, ids in order for lesson_id in ids]
    _check_named(module_ids, set(modules), "modules")
    _check_named(lesson_ids, set(lessons), "lessons")
    for place, (module_id, ids) in enumerate(order, start=1):
        modules[module_id].position = place
        for lesson_place, lesson_id in enumerate(ids, start=1):
            lessons[lesson_id].module_id = module_id
            lessons[lesson_id].position = lesson_place
    Module.objects.bulk_update(modules.values(), ["position"])
    Lesson.objects.bulk_update(lessons.values(), ["module", "position"])
    finish_change(course=course, editor=editor, kind=OUTLINE, at=at)


def _check_named(named: Sequence[int], there: set[int], field: str) -> None:
    if len(set(named)) != len(named) or not set(named) <= there:
        raise Invalid(errors={field: [_("Name the parts of this course, each once.")]})
    if set(named) != there:
        raise Conflict(_("The outline was changed elsewhere. Load it again."))


# ── Rows under the lock of their course ─────────────────────────────────────────────────────────
def _locked_module(module: Module) -> tuple[Course, Module]:
    course = lock_course(module.course_id)
    found = Module.objects.filter(pk=module.pk, course=course).first()
    if found is None:
        raise NotFound
    return course, found


def _locked_lesson(lesson: Lesson) -> tuple[Course, Lesson]:
    course = lock_course(lesson.course_id)
    found = Lesson.objects.filter(pk=lesson.pk, course=course).first()
    if found is None:
        raise NotFound
    return course, found


def _edit(lesson: Lesson, changes: Mapping[str, Any]) -> list[str]:
    fields = dict(changes)
    if isinstance(fields.get("title"), str):
        fields["title"] = fields["title"].strip()
    automatic = lesson.duration_minutes == reading_minutes(lesson.content)
    minutes = fields.get("duration_minutes")
    if minutes == 0 or (minutes is None and automatic):
        fields["duration_minutes"] = reading_minutes(fields.get("content", lesson.content))
    return assign(lesson, fields, allowed=LESSON_FIELDS)


def _attach(lesson: Lesson, uploads: Sequence[Upload]) -> bool:
    """Make these the lesson's attachments, in this order; whether that differs from before."""
    wanted = list(dict.fromkeys(upload.pk for upload in uploads))
    if len(wanted) > MAX_ATTACHMENTS:
        message = _("At most %(count)s of them.") % {"count": MAX_ATTACHMENTS}
        raise Invalid(errors={"attachments": [message]})
    if wanted == list(lesson.attachments.values_list("upload_id", flat=True)):
        return False
    lesson.attachments.all().delete()
    LessonAttachment.objects.bulk_create(
        LessonAttachment(lesson=lesson, upload_id=upload_id, position=place)
        for place, upload_id in enumerate(wanted)
    )
    return True


def _next_position(rows: QuerySet[Any], limit: int) -> int:
    if rows.count() >= limit:
        raise Conflict(
            _("The limit of %(count)s is reached. Delete something first.") % {"count": limit}
        )
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def _close_gap(rows: QuerySet[Any], position: int) -> None:
    rows.filter(position__gt=position).update(position=F("position") - 1)
