"""Courses to moderate, their versions, and the category tree to keep in order."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from apps.accounts.requests import PersonalRequest
from apps.core.errors import DomainError
from apps.core.read_only import ReadOnlyAdmin

from . import selectors, services
from .models import Category, Course, CourseVersion


def do_with_each(request: HttpRequest, rows: Any, command: Callable[[Any], object]) -> None:
    """Run the command on each row; say how many worked, and why others didn't."""
    done = 0
    for row in rows:
        try:
            command(row)
            done += 1
        except DomainError as error:
            messages.error(request, f"{row}: {error}")
    if done:
        text = ngettext("%(count)s changed.", "%(count)s changed.", done) % {"count": done}
        messages.success(request, text)


@admin.register(Course)
class CourseAdmin(ReadOnlyAdmin):
    """Written in the studio, which a moderator may open; here it is found and taken down."""

    list_display = [
        "title",
        "owner",
        "category",
        "status",
        "lesson_count",
        "student_count",
        "avg_rating",
        "updated_at",
        "in_studio",
    ]
    list_filter = ["status", "level", "language", "category"]
    search_fields = ["title", "slug", "owner__email", "owner__name"]
    list_select_related = ["owner", "category"]
    ordering = ["-updated_at", "-id"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    actions = ["archive", "publish"]

    @admin.display(description=_("studio"))
    def in_studio(self, course: Course) -> str:
        return format_html('<a href="/studio/courses/{}/">{}</a>', course.pk, _("Open"))

    @admin.action(description=_("Archive: take out of the catalogue"))
    def archive(self, request: PersonalRequest, queryset: QuerySet[Course]) -> None:
        now = timezone.now()
        do_with_each(
            request,
            queryset,
            lambda course: services.archive_course(course=course, by=request.user, at=now),
        )

    @admin.action(description=_("Publish, or publish again"))
    def publish(self, request: PersonalRequest, queryset: QuerySet[Course]) -> None:
        now = timezone.now()
        do_with_each(
            request,
            queryset,
            lambda course: services.publish_course(course=course, by=request.user, at=now),
        )


@admin.register(CourseVersion)
class CourseVersionAdmin(ReadOnlyAdmin):
    list_display = ["course", "number", "kind", "author", "created_at", "what_changed"]
    list_filter = ["kind"]
    search_fields = ["course__title", "author__email"]
    list_select_related = ["course", "author"]
    ordering = ["-created_at", "-id"]
    show_full_result_count = False
    actions = ["restore"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CourseVersion]:
        return super().get_queryset(request).defer("snapshot")

    @admin.display(description=_("what changed"))
    def what_changed(self, version: CourseVersion) -> str:
        return format_html(
            '<a href="/studio/courses/{}/history/{}/">{}</a>',
            version.course_id,
            version.number,
            _("Open"),
        )

    @admin.action(description=_("Bring this version back"))
    def restore(self, request: PersonalRequest, queryset: QuerySet[CourseVersion]) -> None:
        now = timezone.now()
        do_with_each(
            request,
            queryset,
            lambda version: services.restore_version(
                course=version.course, number=version.number, by=request.user, at=now
            ),
        )


class CategoryForm(forms.ModelForm):
    merge_into = forms.ModelChoiceField(
        label=_("Merge into"),
        queryset=Category.objects.all(),
        required=False,
        help_text=_("Courses and subcategories go there, and the old address leads there."),
    )

    class Meta:
        model = Category
        fields = ["slug", "name_en", "name_ru", "parent"]

    def clean_merge_into(self) -> Category | None:
        target: Category | None = self.cleaned_data["merge_into"]
        own = selectors.ids_with_descendants(self.instance) if self.instance.pk else []
        if target is not None and (not own or target.pk in own):
            raise forms.ValidationError(_("A category can’t be merged into itself."))
        return target


@admin.register(Category)
class CategoryAdmin(ModelAdmin):
    """The tree; a category isn't deleted but merged into another."""

    form = CategoryForm
    list_display = ["in_tree", "slug", "name_en", "name_ru", "position"]
    search_fields = ["slug", "name_en", "name_ru"]
    list_per_page = 500
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return Category.objects.with_tree_fields()

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return []  # the tree's own

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("category"))
    def in_tree(self, category: Category) -> str:
        return "— " * getattr(category, "tree_depth", 0) + category.name

    def save_model(
        self, request: HttpRequest, obj: Category, form: CategoryForm, change: bool
    ) -> None:
        if not change:
            services.add_category(category=obj)
            return
        category = Category.objects.get(pk=obj.pk)
        if target := form.cleaned_data["merge_into"]:
            services.merge_category(category=category, into=target)
            return
        if category.parent_id != obj.parent_id:
            services.move_category(category=category, parent=obj.parent)
        services.rename_category(
            category=category, slug=obj.slug, name_en=obj.name_en, name_ru=obj.name_ru
        )
