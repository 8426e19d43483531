"""The moderators' side of the forum: categories to edit, topics to look at, lock, hide and show."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from apps.accounts.requests import PersonalRequest
from apps.core.errors import DomainError
from apps.core.read_only import ReadOnlyAdmin
from apps.core.templatetags.ui import icon

from . import services
from .models import ForumCategory, Kind, Topic
from .services import reports

# addresses of the forum that aren't categories
TAKEN = {"feed", "new", "people", "posts", "preview", "report", "search", "topic"}


class CategoryForm(forms.ModelForm):
    class Meta:
        model = ForumCategory
        fields = [
            "slug",
            "name_en",
            "name_ru",
            "description_en",
            "description_ru",
            "icon",
            "position",
        ]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in TAKEN:
            raise forms.ValidationError(_("Another page has this address."))
        return slug

    def clean_icon(self) -> str:
        name: str = self.cleaned_data["icon"]
        try:
            icon(name)
        except KeyError as error:
            raise forms.ValidationError(_("There is no such icon.")) from error
        return name


@admin.register(ForumCategory)
class ForumCategoryAdmin(ModelAdmin):
    form = CategoryForm
    list_display = ["name", "slug", "position", "topics_count", "posts_count"]
    ordering = ["position", "id"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # its topics would have nowhere to stand


@admin.register(Topic)
class TopicAdmin(ReadOnlyAdmin):
    """Through the services, which write down who did it."""

    list_display = ["title", "author", "category", "replies_count", "created_at", "hidden_at"]
    list_filter = ["category", "is_locked", ("hidden_at", admin.EmptyFieldListFilter)]
    search_fields = ["title", "author__email", "author__name"]
    list_select_related = ["author", "category"]
    ordering = ["-created_at", "-id"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    actions = ["lock_topics", "hide_topics", "show_topics"]

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and request.user.is_moderator)

    @admin.action(description=_("Lock"), permissions=["moderate"])
    def lock_topics(self, request: PersonalRequest, queryset: Any) -> None:
        for topic in queryset.filter(deleted_at=None):
            services.lock_topic(topic=topic, by=request.user, value=True, at=timezone.now())

    @admin.action(description=_("Hide"), permissions=["moderate"])
    def hide_topics(self, request: HttpRequest, queryset: Any) -> None:
        _decide(reports.uphold, queryset, request)

    @admin.action(description=_("Show again"), permissions=["moderate"])
    def show_topics(self, request: HttpRequest, queryset: Any) -> None:
        _decide(reports.refuse, queryset, request)


def _decide(decide: Any, topics: Any, request: HttpRequest) -> None:
    for topic in topics.filter(deleted_at=None):
        try:
            decide(kind=Kind.TOPIC, object_id=topic.pk, by=request.user, at=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
