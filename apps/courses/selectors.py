"""Everything that is read about courses, for this app and those above it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import has_right
from apps.core import statements
from apps.core.compiled import compiled
from apps.core.errors import NotFound
from apps.core.kept import kept, kept_many
from apps.core.moment import held, note
from apps.core.money import to_decimal

from .cache import CATEGORIES, cached_html
from .examples import example_titles
from .models import (
    Category,
    Course,
    CourseQuerySet,
    CourseStatus,
    CourseVersion,
    Lesson,
    LessonAttachment,
    Module,
    cover_url,
)


# ── Categories ────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class CategoryNode:
    """`course_count` counts the published courses here and below."""

    id: int
    slug: str
    name: str
    course_count: int
    children: list["CategoryNode"] = field(default_factory=list)


def categories_tree() -> list[CategoryNode]:
    """The whole tree in the language of the reader, held for a moment: to be read, not changed."""
    return held(("categories", get_language()), _tree)


def _tree() -> list[CategoryNode]:
    rows = orjson.loads(kept(CATEGORIES, "rows", _category_rows))
    names = "name_ru" if get_language() == "ru" else "name_en"
    below: dict[int | None, list[dict[str, Any]]] = {}
    for row in rows:
        below.setdefault(row["parent_id"], []).append(row)

    def branch(parent_id: int | None) -> list[CategoryNode]:
        found = []
        for row in below.get(parent_id, []):
            children = branch(row["id"])
            count = row["own_count"] + sum(child.course_count for child in children)
            found.append(CategoryNode(row["id"], row["slug"], row[names], count, children))
        return found

    return branch(None)


def ready_categories() -> bytes:
    """The tree as the JSON of the API's `Categories`."""

    def make() -> bytes:
        return orjson.dumps({"results": categories_tree()})

    return kept(CATEGORIES, f"tree:{get_language()}", make)


def _category_rows() -> bytes:
    published = Count("courses", filter=Q(courses__status="published"))
    rows = Category.objects.annotate(own_count=published).order_by("position", "pk")
    names = ("id", "parent_id", "slug", "name_en", "name_ru", "own_count")
    return orjson.dumps(list(rows.values(*names)))


def find_category(slug: str | None) -> Category | None:
    """By its slug, or by one that it, or a category merged into it, had before."""
    if not slug:
        return None
    now = Category.objects.filter(slug=slug).first()
    return now or Category.objects.filter(redirects__slug=slug).first()


def named_category(slug: str) -> Category | None:
    """As `find_category`, held for a moment: to be read, not changed."""

    def find() -> Category | None:
        note([CATEGORIES])
        return find_category(slug)

    return held(("category", slug), find)


def ids_with_descendants(category: Category) -> list[int]:
    """Ids of the category and of all below it."""
    rows = Category.objects.descendants(category, include_self=True)
    return list(rows.values_list("pk", flat=True))


# ── Courses ───────────────────────────────────────────────────────────────────────────────────
def published_course_by_slug(slug: str) -> Course:
    """With all that a card shows. By an old slug too: compare `course.slug` and redirect."""
    course = Course.objects.published().with_card().filter(slug=slug).first() or (
        Course.objects.published().with_card().filter(old_slugs__slug=slug).first()
    )
    if course is None:
        raise NotFound
    return course


def courses_of_teacher(user: User) -> CourseQuerySet:
    """One's own, last edited first."""
    return Course.objects.filter(owner=user).with_card().order_by("-updated_at", "-pk")


def missing_fields(course: Course) -> dict[str, list[str | Promise]]:
    """What a course needs to be public and doesn't have yet: field → message."""
    needed: Mapping[str, bool] = {
        "title": bool(course.title.strip()),
        "description": bool(course.description.strip()),
        "category": course.category_id is not None,
    }
    missing: dict[str, list[str | Promise]] = {
        name: [_("This is needed to publish.")] for name, there in needed.items() if not there
    }
    if course.title in example_titles():
        missing["title"] = [_("This is the example’s title: give the course one of its own.")]
    return missing


# ── Cards ─────────────────────────────────────────────────────────────────────────────────────
_CARD_COLUMNS = (
    "id", "slug", "title", "subtitle", "price_minor", "currency", "level", "language",
    "duration_minutes", "category_id", "cover", "avg_rating", "review_count", "student_count",
    "created_at", "category_slug", "category_en", "category_ru",
    "owner_id", "username", "name", "avatar_url",
)  # fmt: skip
_CARDS = """
SELECT course.id, course.slug, title, subtitle, price_minor, currency, level, language,
       duration_minutes, category_id, cover, avg_rating, review_count, student_count,
       course.created_at, category.slug, category.name_en, category.name_ru,
       owner_id, CASE WHEN owner.is_profile_public THEN owner.username END, owner.name,
       owner.avatar_url
  FROM courses_course course
  JOIN accounts_user owner ON owner.id = course.owner_id
  LEFT JOIN courses_category category ON category.id = course.category_id
 WHERE course.id = ANY(%s) AND course.status = 'published'
"""


def ready_cards(course_ids: Sequence[int]) -> list[bytes]:
    """The published ones of these in their order, each as the JSON of the API's `CourseCard`."""
    return kept_many("course", course_ids, f"card:{get_language()}", _made_cards)


def _made_cards(course_ids: list[int]) -> dict[int, bytes]:
    rows = (
        dict(zip(_CARD_COLUMNS, row, strict=True))
        for row in statements.rows_of(_CARDS, [course_ids])
    )
    return {row["id"]: orjson.dumps(_card(row), option=orjson.OPT_UTC_Z) for row in rows}


def _card(row: Mapping[str, Any]) -> dict[str, Any]:
    names = "category_ru" if get_language() == "ru" else "category_en"
    category = {"slug": row["category_slug"], "name": row[names]}
    return {
        "id": row["id"],
        "slug": row["slug"],
        "title": row["title"],
        "subtitle": row["subtitle"],
        "price": str(to_decimal(row["price_minor"])),
        "currency": row["currency"],
        "is_free": row["price_minor"] == 0,
        "level": row["level"],
        "language": row["language"],
        "duration_minutes": row["duration_minutes"],
        "category": category if row["category_id"] else None,
        "teacher": {
            "id": row["owner_id"],
            "username": row["username"],
            "name": row["name"],
            "avatar": row["avatar_url"] or None,
        },
        "thumbnail": cover_url(
            row["id"], row["title"], row["category_id"], orjson.loads(row["cover"])
        ),
        "avg_rating": None if row["avg_rating"] is None else float(row["avg_rating"]),
        "review_count": row["review_count"],
        "student_count": row["student_count"],
        "created_at": row["created_at"],
    }


# ── Publishing ────────────────────────────────────────────────────────────────────────────────
def may_publish(owner: User) -> bool:
    """Admins, and teachers whom an admin has verified; a demoted teacher no longer."""
    return has_right(owner, "course.create") and (owner.is_admin or owner.is_verified)


@dataclass(frozen=True)
class Check:
    """`place` is where it can be done: the id of a field of the settings, or `lessons`.

    `url` says it for what stands elsewhere; `hint` is what to do when a link isn't enough.
    """

    text: str | Promise
    done: bool
    place: str = ""
    url: str = ""
    hint: str | Promise = ""


@dataclass(frozen=True)
class Checklist:
    """What publishing needs, and what makes a course easier to choose."""

    needed: list[Check]
    better: list[Check]

    @property
    def is_ready(self) -> bool:
        return all(check.done for check in self.needed)

    @property
    def done(self) -> int:
        return sum(check.done for check in (*self.needed, *self.better))

    @property
    def total(self) -> int:
        return len(self.needed) + len(self.better)


def publishing_checklist(course: Course) -> Checklist:
    """`missing_fields` and the right to publish decide; the rest is advice, other apps' included."""
    missing = missing_fields(course)
    empty = course.lessons.filter(content="", video_url="").in_order().first()
    has_preview = course.lessons.filter(is_preview=True).exists()
    lesson = reverse("courses:lesson", args=[empty.pk]) if empty else ""
    return Checklist(
        needed=[
            Check(_("A title of its own"), "title" not in missing, "title"),
            Check(_("A description"), "description" not in missing, "description"),
            Check(_("A category"), "category" not in missing, "category"),
            Check(_("At least one lesson"), course.lesson_count > 0, "lessons"),
            _verified_check(course.owner),
        ],
        better=[
            Check(_("One line of promise"), bool(course.subtitle), "subtitle"),
            Check(_("What students will be able to do"), bool(course.outcomes), "outcomes"),
            Check(_("A picture of your own"), bool(course.cover), "cover"),
            _price_check(course),
            Check(_("A lesson to try for free"), has_preview, "lessons"),
            Check(
                _("No lesson without text or video"),
                course.lesson_count > 0 and empty is None,
                "lessons",
                lesson,
            ),
            *(import_string(name)(course) for name in settings.COURSE_CHECKS),
            Check(
                _("Looked at as a student sees it"),
                course.previewed_at is not None,
                url=reverse("courses:look", args=[course.pk]) if course.lesson_count else "",
            ),
            Check(
                _("Your e-mail address is confirmed"),
                course.owner.email_verified,
                url=reverse("accounts:security"),
            ),
        ],
    )


def _verified_check(owner: User) -> Check:
    return Check(
        _("A teacher verified by an admin"),
        may_publish(owner),
        url=reverse("accounts:apply") if has_right(owner, "teacher.apply") else "",
    )


def _price_check(course: Course) -> Check:
    if course.is_free:
        return Check(_("A price: the course is free"), True, "price")
    return Check(_("A price"), True, "price")


def drafts_to_finish(courses: Iterable[Course]) -> list[tuple[Course, Check]]:
    """The next thing to do for each of these drafts."""
    found = []
    for course in courses:
        if course.status != CourseStatus.DRAFT:
            continue
        missing = missing_fields(course)
        if not course.lesson_count:
            found.append((course, Check(_("Write the first lesson"), False, "lessons")))
        elif "title" in missing:
            found.append((course, Check(_("Give it a title of its own"), False, "title")))
        elif "description" in missing:
            found.append((course, Check(_("Describe the course"), False, "description")))
        elif "category" in missing:
            found.append((course, Check(_("Choose a category"), False, "category")))
        elif not may_publish(course.owner):
            found.append((course, Check(_("Waits until you are verified"), False, "checklist")))
        else:
            found.append((course, Check(_("Ready to publish"), True, "publish")))
    return found


# ── Content ───────────────────────────────────────────────────────────────────────────────────
def outline(course: Course) -> list[Module]:
    """Modules in order, each with `.lessons_in_order` without their texts: two queries."""
    lessons = Lesson.objects.without_content().order_by("position")
    return list(
        Module.objects.filter(course=course)
        .order_by("position")
        .prefetch_related(Prefetch("lessons", queryset=lessons, to_attr="lessons_in_order"))
    )


def lesson_html(lesson: Lesson) -> SafeString:
    """The text of the lesson as safe HTML, its headings with ids."""
    return cached_html(lesson.content)


def versions_of(course: Course) -> QuerySet[CourseVersion]:
    """Newest first, without the snapshots."""
    return (
        CourseVersion.objects.filter(course=course)
        .defer("snapshot")
        .select_related("author")
        .order_by("-number")
    )


def get_version(*, course: Course, number: int) -> CourseVersion:
    version = CourseVersion.objects.filter(course=course, number=number).first()
    if version is None:
        raise NotFound
    return version


def previous_version(version: CourseVersion) -> CourseVersion | None:
    """The one before it; None for the first."""
    return CourseVersion.objects.filter(
        course_id=version.course_id, number__lt=version.number
    ).first()


def attachments_of(lesson: Lesson) -> list[LessonAttachment]:
    """In order, with their files."""
    return _attachments(lesson=lesson.pk)


_attachments = compiled(
    lambda lesson: LessonAttachment.objects.filter(lesson_id=lesson).select_related("upload")
)


def get_attachment(*, lesson: Lesson, upload_id: int) -> LessonAttachment:
    found = attachments_of(lesson)
    attachment = next((each for each in found if each.upload_id == upload_id), None)
    if attachment is None:
        raise NotFound
    return attachment
