"""The moderators' side of the community: reports that wait, comments, bans, standing."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.read_only import ReadOnlyAdmin

from .models import Comment, CommunityBan, Kind, Report, Standing
from .selectors.texts import excerpt
from .selectors.things import MODELS, address_of
from .services import bans, reports

WEEK = timedelta(days=7)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """Comments to look at, hide and show again, through the services that write it down."""

    list_display = ["shown_text", "author", "course", "likes_count", "created_at", "hidden_at"]
    list_filter = [("hidden_at", admin.EmptyFieldListFilter), "is_question"]
    search_fields = ["content", "author__email", "author__name", "course__title"]
    list_select_related = ["author", "course"]
    ordering = ["-created_at", "-id"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    actions = ["hide_comments", "show_comments"]

    @admin.display(description=_("comment"))
    def shown_text(self, comment: Comment) -> str:
        return excerpt(comment.content, 100)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and request.user.is_moderator)

    @admin.action(description=_("Hide"), permissions=["moderate"])
    def hide_comments(self, request: HttpRequest, queryset: Any) -> None:
        for comment in queryset.filter(deleted_at=None):
            _decide(reports.uphold, Kind.COMMENT, comment.pk, request)

    @admin.action(description=_("Show again"), permissions=["moderate"])
    def show_comments(self, request: HttpRequest, queryset: Any) -> None:
        for comment in queryset.filter(deleted_at=None):
            _decide(reports.refuse, Kind.COMMENT, comment.pk, request)


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """The moderators' queue: what was reported, the heaviest first."""

    list_display = ["thing", "reason", "note", "weight", "created_at", "decision", "decided_by"]
    list_filter = [("decided_at", admin.EmptyFieldListFilter), "reason", "kind"]
    list_select_related = ["decided_by"]
    ordering = ["decided_at", "-weight", "created_at"]
    show_full_result_count = False
    actions = ["uphold_reports", "refuse_reports", "ban_for_a_week"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not request.GET and request.method == "GET":  # what waits, unless asked for more
            return redirect(f"{request.path}?decided_at__isempty=1")
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("text"))
    def thing(self, report: Report) -> str:
        found = MODELS[report.kind].objects.filter(pk=report.object_id).first()
        if found is None:
            return "—"
        words = excerpt(found.content, 100) or str(found)
        return format_html('<a href="{}">{}</a>', address_of(found), words)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and request.user.is_moderator)

    @admin.action(description=_("Hide what was reported"), permissions=["moderate"])
    def uphold_reports(self, request: HttpRequest, queryset: Any) -> None:
        for kind, object_id in _things(queryset):
            _decide(reports.uphold, kind, object_id, request)

    @admin.action(description=_("Let it stand"), permissions=["moderate"])
    def refuse_reports(self, request: HttpRequest, queryset: Any) -> None:
        for kind, object_id in _things(queryset):
            _decide(reports.refuse, kind, object_id, request)

    @admin.action(description=_("Hide it and ban its author for a week"), permissions=["moderate"])
    def ban_for_a_week(self, request: HttpRequest, queryset: Any) -> None:
        now = timezone.now()
        # deciding them takes the rows out of the queue that was chosen from
        reasons = {
            (row.kind, row.object_id): row.get_reason_display()
            for row in queryset.filter(decided_at=None)
        }
        for (kind, object_id), reason in reasons.items():
            thing = _decide(reports.uphold, kind, object_id, request)
            if thing is None:
                continue
            try:
                bans.ban(
                    user=thing.author,
                    by=request.user,
                    reason=reason,
                    until=now + WEEK,
                    at=now,
                )
            except DomainError as error:
                messages.error(request, str(error))


def _things(queryset: Any) -> set[tuple[str, int]]:
    return set(queryset.filter(decided_at=None).values_list("kind", "object_id"))


def _decide(decide: Any, kind: str, object_id: int, request: HttpRequest) -> Any:
    try:
        return decide(kind=kind, object_id=object_id, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return None


@admin.register(CommunityBan)
class CommunityBanAdmin(ReadOnlyAdmin):
    """Who may not write, why and until when; a ban is made here and lifted here."""

    list_display = ["user", "reason", "until", "by", "created_at", "lifted_at"]
    list_filter = [("lifted_at", admin.EmptyFieldListFilter)]
    search_fields = ["user__email", "user__name", "user__username", "reason"]
    list_select_related = ["user", "by"]
    autocomplete_fields: list[str] = []
    raw_id_fields = ["user"]
    fields = ["user", "reason", "until"]
    ordering = ["-created_at", "-id"]
    show_full_result_count = False
    actions = ["lift_bans"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_moderate_permission(request)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and request.user.is_moderator)

    def save_model(self, request: HttpRequest, obj: CommunityBan, form: Any, change: bool) -> None:
        made = bans.ban(
            user=obj.user, by=request.user, reason=obj.reason, until=obj.until, at=timezone.now()
        )
        obj.pk = made.pk

    @admin.action(description=_("Lift the ban"), permissions=["moderate"])
    def lift_bans(self, request: HttpRequest, queryset: Any) -> None:
        for ban in queryset:
            bans.lift_ban(ban=ban, by=request.user, at=timezone.now())


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    """What likes and best answers add up to."""

    list_display = ["user", "score"]
    search_fields = ["user__email", "user__name", "user__username"]
    list_select_related = ["user"]
    ordering = ["-score"]
    show_full_result_count = False
