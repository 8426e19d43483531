"""A course as a whole: begun, edited, thrown away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import has_right
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.slugs import slug_of
from apps.courses.cache import forget_categories, forget_courses
from apps.courses.events import CourseChanged, CourseCreated
from apps.courses.models import (
    ContentLanguage,
    Course,
    CourseSlug,
    CourseStatus,
    CourseVersion,
)
from apps.courses.selectors import missing_fields

from .changes import assign, finish_change, keep_version, lock_course
from .snapshots import COURSE_FIELDS

FIELDS = (*COURSE_FIELDS, "category")
PRICE_FIELDS = {"price_minor", "currency"}
MAX_ITEMS = 20  # tags, outcomes, prerequisites each
SLUG_LENGTH = 80


@transaction.atomic
def create_course(*, owner: User, title: str, at: datetime, **fields: Any) -> Course:
    """A draft; its language is the teacher's and it is free, unless `fields` say otherwise."""
    if not has_right(owner, "course.create"):
        raise NotAllowed(_("Only teachers make courses."))
    language = owner.locale if owner.locale in ContentLanguage.values else ContentLanguage.EN
    course = Course(owner=owner, language=language, created_at=at, updated_at=at)
    assign(course, _checked({"title": title, **fields}), allowed=FIELDS)
    course.slug = _free_slug(course)
    try:
        with transaction.atomic():
            course.save()
    except IntegrityError:  # the same title at the same moment
        course.slug = _with_tail(course.slug)
        course.save()
    keep_version(course=course, author=owner, kind=CourseVersion.Kind.CREATED, at=at)
    publish(CourseCreated(course_id=course.pk, owner_id=owner.pk))
    return course


@transaction.atomic
def update_course(
    *, course: Course, editor: User, changes: Mapping[str, Any], at: datetime
) -> Course:
    """The course with `changes` (fields of FIELDS) made; what didn't differ makes no version."""
    course = lock_course(course.pk)
    category_id = course.category_id
    changed = assign(course, _checked(changes), allowed=FIELDS)
    if not changed:
        return course
    if PRICE_FIELDS.intersection(changed) and editor.pk != course.owner_id and not editor.is_admin:
        raise NotAllowed(_("Only the teacher sets the price."))
    if course.is_published and (missing := missing_fields(course)):
        raise Invalid(errors=missing)
    if "title" in changed:
        changed += move_slug(course)
    course.save(update_fields=changed)
    finish_change(course=course, editor=editor, kind=CourseVersion.Kind.SETTINGS, at=at)
    if course.category_id != category_id:
        forget_categories()
    return course


@transaction.atomic
def delete_course(*, course: Course, by: User, at: datetime) -> None:
    """Throw a draft away. What students know of is archived instead: Conflict."""
    course = lock_course(course.pk)
    kept = Conflict(_("Only a draft can be deleted. Archive this course instead."))
    if course.status != CourseStatus.DRAFT or course.student_count:
        raise kept
    forget_courses([course.pk])
    publish(CourseChanged(course_id=course.pk))
    try:
        course.delete()
    except ProtectedError as error:  # seats, payments or reviews of higher apps
        raise kept from error


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Texts trimmed, empty list items dropped, too long lists refused."""
    found = dict(changes)
    for name in ("title", "subtitle"):
        if isinstance(found.get(name), str):
            found[name] = found[name].strip()
    for name in ("tags", "outcomes", "prerequisites"):
        if name in found:
            found[name] = list(dict.fromkeys(text.strip() for text in found[name] if text.strip()))
            if len(found[name]) > MAX_ITEMS:
                message = _("At most %(count)s of them.") % {"count": MAX_ITEMS}
                raise Invalid(errors={name: [message]})
    return found


def move_slug(course: Course) -> list[str]:
    """Follow the title with the slug; the old one redirects once the public knew it.

    Names the fields to be saved.
    """
    old = course.slug
    if slug_of(course.title, max_length=SLUG_LENGTH) == old:
        return []
    course.slug = _free_slug(course)
    CourseSlug.objects.filter(course=course, slug=course.slug).delete()
    if course.published_at is not None:
        CourseSlug.objects.create(course=course, slug=old)
    return ["slug"]


def _free_slug(course: Course) -> str:
    slug = slug_of(course.title, max_length=SLUG_LENGTH)
    taken = (
        Course.objects.exclude(pk=course.pk).filter(slug=slug).exists()
        or CourseSlug.objects.exclude(course_id=course.pk).filter(slug=slug).exists()
    )
    return _with_tail(slug) if taken else slug


def _with_tail(slug: str) -> str:
    tail = get_random_string(5, "abcdefghjkmnpqrstuvwxyz23456789")
    return f"{slug[: SLUG_LENGTH - 6]}-{tail}"
