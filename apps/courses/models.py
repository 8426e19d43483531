"""The catalogue's content: categories, courses, their modules and lessons, and their versions."""

import hashlib
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode

from apps.core.money import CURRENCIES, to_decimal


class Category(TreeNode):
    """A place in the category tree; its name is kept in both languages of the house."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name_en = models.CharField(_("name, English"), max_length=80)
    name_ru = models.CharField(_("name, Russian"), max_length=80)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ru if get_language() == "ru" else self.name_en


class CategoryRedirect(models.Model):
    """The slug of a category that was merged or renamed."""

    slug = models.SlugField(max_length=60, unique=True)
    category = models.ForeignKey(Category, models.CASCADE, related_name="redirects")

    def __str__(self) -> str:
        return self.slug


class Level(models.TextChoices):
    BEGINNER = "beginner", _("Beginner")
    INTERMEDIATE = "intermediate", _("Intermediate")
    ADVANCED = "advanced", _("Advanced")


class ContentLanguage(models.TextChoices):
    """Languages a course may be in; names in the language itself."""

    EN = "en", "English"
    RU = "ru", "Русский"
    DE = "de", "Deutsch"
    ES = "es", "Español"
    FR = "fr", "Français"
    KK = "kk", "Қазақша"
    ZH = "zh", "中文"


class CourseStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


def no_ratings() -> list[int]:
    return [0, 0, 0, 0, 0]


def cover_hash(title: str, category_id: int | None) -> str:
    return hashlib.sha256(f"{title}\n{category_id}".encode()).hexdigest()[:12]


def cover_url(course_id: int, title: str, category_id: int | None, cover: dict[str, str]) -> str:
    """The uploaded picture, about 640 px wide, or the generated one."""
    if cover:
        return cover.get("640") or next(iter(cover.values()))
    return _generated_cover().format(course_id, cover_hash(title, category_id))


@cache
def _generated_cover() -> str:
    """The address with its two places open: reversing it for each card of a page would be slow."""
    return reverse("courses:cover", args=[0, "0" * 12]).replace(f"0-{'0' * 12}", "{}-{}")


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> "CourseQuerySet":
        return self.filter(status=CourseStatus.PUBLISHED)

    def visible_to(self, user: Any) -> "CourseQuerySet":
        """Published ones, one's own, and all for moderators. Seats are enrollment's to add."""
        if not user.is_authenticated:
            return self.published()
        if user.is_moderator:
            return self.all()
        return self.filter(Q(status=CourseStatus.PUBLISHED) | Q(owner=user))

    def editable_by(self, user: Any) -> "CourseQuerySet":
        """One's own; a moderator moderates the content of any."""
        if not user.is_authenticated:
            return self.none()
        if user.is_moderator:
            return self.all()
        return self.filter(owner=user)

    def with_card(self) -> "CourseQuerySet":
        """All that a card or a row of a list shows, in one query."""
        return self.select_related("owner", "category")


class Course(models.Model):
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("teacher")
    )
    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    subtitle = models.CharField(_("subtitle"), max_length=240, blank=True)
    description = models.TextField(_("description"), max_length=20_000, blank=True)
    price_minor = models.PositiveIntegerField(
        _("price, minor units"), default=0, validators=[MaxValueValidator(100_000_000)]
    )
    currency = models.CharField(
        _("currency"), max_length=3, choices=[(c, c) for c in CURRENCIES], default="USD"
    )
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.BEGINNER)
    language = models.CharField(
        _("language"), max_length=2, choices=ContentLanguage, default=ContentLanguage.EN
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="courses",
        verbose_name=_("category"),
    )
    tags = ArrayField(
        models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True
    )
    outcomes = ArrayField(
        models.CharField(max_length=240), verbose_name=_("outcomes"), default=list, blank=True
    )
    prerequisites = ArrayField(
        models.CharField(max_length=240), verbose_name=_("prerequisites"), default=list, blank=True
    )
    # addresses of the uploaded cover by width in px: {"320": "/media/…", "640": …}; empty: generated
    cover = models.JSONField(_("cover"), default=dict, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=CourseStatus, default=CourseStatus.DRAFT
    )
    # How many reviews gave 1, 2, 3, 4 and 5 stars; the two below follow from it.
    rating_histogram = ArrayField(models.PositiveIntegerField(), size=5, default=no_ratings)
    avg_rating = models.DecimalField(
        _("average rating"), max_digits=3, decimal_places=2, null=True, blank=True
    )
    review_count = models.PositiveIntegerField(_("reviews"), default=0)
    student_count = models.PositiveIntegerField(_("students"), default=0)
    lesson_count = models.PositiveIntegerField(_("lessons"), default=0)
    duration_minutes = models.PositiveIntegerField(_("duration, minutes"), default=0)
    # Grows with every change of course or curriculum: the version of caches and ETags.
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    # when somebody who edits it last looked at it as students see it
    previewed_at = models.DateTimeField(_("looked at as a student"), null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        indexes = [
            models.Index(fields=["owner", "-updated_at", "-id"], name="course_of_owner"),
            models.Index(fields=["status", "-created_at", "-id"], name="course_newest"),
            models.Index(fields=["category", "status"], name="course_of_category"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=CourseStatus.values), name="course_status_known"
            ),
            models.CheckConstraint(
                condition=Q(avg_rating__isnull=True) | Q(avg_rating__gte=1, avg_rating__lte=5),
                name="course_rating_range",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def cover_hash(self) -> str:
        """Differs when the generated cover does."""
        return cover_hash(self.title, self.category_id)

    @property
    def cover_url(self) -> str:
        return cover_url(self.pk, self.title, self.category_id, self.cover)

    @property
    def cover_srcset(self) -> str:
        """For `srcset`; empty for the generated picture, which has no size."""
        return ", ".join(f"{url} {width}w" for width, url in self.cover.items())

    @property
    def is_free(self) -> bool:
        return self.price_minor == 0

    @property
    def price(self) -> Decimal:
        return to_decimal(self.price_minor)

    @property
    def is_published(self) -> bool:
        return self.status == CourseStatus.PUBLISHED


class CourseSlug(models.Model):
    """A slug that a course had before; it redirects to the present one."""

    slug = models.SlugField(max_length=80, unique=True)
    course = models.ForeignKey(Course, models.CASCADE, related_name="old_slugs")

    def __str__(self) -> str:
        return self.slug


class ModuleQuerySet(models.QuerySet["Module"]):
    def editable_by(self, user: Any) -> "ModuleQuerySet":
        return self.filter(course__in=Course.objects.editable_by(user))


class Module(models.Model):
    """A chapter of a course."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="modules")
    title = models.CharField(_("title"), max_length=160)
    position = models.PositiveIntegerField(_("position"))

    objects = ModuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "position"],
                name="module_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.title


class LessonQuerySet(models.QuerySet["Lesson"]):
    def editable_by(self, user: Any) -> "LessonQuerySet":
        return self.filter(course__in=Course.objects.editable_by(user))

    def in_order(self) -> "LessonQuerySet":
        return self.order_by("module__position", "position")

    def without_content(self) -> "LessonQuerySet":
        """For outlines: the texts stay in the database."""
        return self.defer("content")


class Lesson(models.Model):
    course = models.ForeignKey(Course, models.CASCADE, related_name="lessons")
    module = models.ForeignKey(Module, models.CASCADE, related_name="lessons")
    title = models.CharField(_("title"), max_length=160)
    content = models.TextField(_("content"), max_length=200_000, blank=True)
    video_url = models.URLField(
        _("video address"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration, minutes"), default=0, validators=[MaxValueValidator(1440)]
    )
    is_preview = models.BooleanField(_("free preview"), default=False)
    position = models.PositiveIntegerField(_("position"))
    # Grows with every change of title or text: an editor that read an older one is told.
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["module", "position"],
                name="lesson_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.title


class LessonAttachment(models.Model):
    """A file beside a lesson, for whoever may open the lesson."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="attachments")
    upload = models.ForeignKey("media.Upload", models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"attachment {self.pk} of lesson {self.lesson_id}"


class CourseVersion(models.Model):
    """The course as it was: fields, modules and lessons, for moderation and for restoring."""

    class Kind(models.TextChoices):
        """What was done to the course to become this version."""

        CREATED = "created", _("created")
        SETTINGS = "settings", _("settings")
        OUTLINE = "outline", _("outline")
        LESSON = "lesson", _("lesson")
        DELETED = "deleted", _("deletion")
        PUBLISHED = "published", _("published")
        RESTORED = "restored", _("restored")

    course = models.ForeignKey(Course, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    kind = models.CharField(_("what was done"), max_length=10, choices=Kind)
    # The lesson that was edited, or the number of the version that was restored.
    subject_id = models.PositiveBigIntegerField(null=True)
    snapshot = models.JSONField(_("snapshot"))
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("version of a course")
        verbose_name_plural = _("versions of courses")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="course_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.course_id} v{self.number}"
