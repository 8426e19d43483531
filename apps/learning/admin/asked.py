"""Quizzes and questions to look at, figures of cards, and what the tutor replied.

Attempts are nobody's business but the student's and teacher's, and what stands on a card the student's.
"""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.requests import PersonalRequest
from apps.core.read_only import ReadOnlyAdmin

from ..learning_findings import tables_of
from ..models import (
    Card,
    MemoryParameters,
    Question,
    Quiz,
    RatingReason,
    Review,
    Speaker,
    StudyTime,
    TutorMessage,
)
from ..selectors import talk
from ..selectors.metrics import metrics_of
from ..services.quizzes import unpublish_quiz

PERIODS = (7, 30, 90)  # days


@admin.register(Quiz)
class QuizAdmin(ReadOnlyAdmin):
    """Written in the studio; here it is found and taken down."""

    list_display = ["title", "course", "published_at", "attempts_limit", "pass_percent"]
    search_fields = ["title", "course__title"]
    list_select_related = ["course"]
    ordering = ["-id"]
    show_full_result_count = False
    actions = ["unpublish"]

    @admin.action(description=_("Unpublish: students no longer see it"))
    def unpublish(self, request: PersonalRequest, queryset: QuerySet[Quiz]) -> None:
        for quiz in queryset:
            unpublish_quiz(quiz=quiz, by=request.user, at=timezone.now())


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ["text", "kind", "engine", "status", "course", "stale_since"]
    list_filter = ["status", "current__kind", "current__engine"]
    search_fields = ["current__text", "course__title"]
    list_select_related = ["course", "current"]
    ordering = ["-id"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).exclude(current=None)

    @admin.display(description=_("text"))
    def text(self, question: Question) -> str:
        return question.current.text[:120]

    @admin.display(description=_("kind"))
    def kind(self, question: Question) -> str:
        return question.current.get_kind_display()

    @admin.display(description=_("engine"))
    def engine(self, question: Question) -> str:
        return question.current.engine


@admin.register(Card)
class CardAdmin(ReadOnlyAdmin):
    """The scheduler's side of cards, for questions about what was asked when."""

    list_display = ["id", "student", "course", "state", "due", "reps", "lapses", "suspended_at"]
    list_filter = ["state"]
    search_fields = ["student__email", "course__title"]
    list_select_related = ["student", "course"]
    exclude = ["note"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(Review)
class CardReviewAdmin(ReadOnlyAdmin):
    list_display = ["id", "student", "card_id", "rating", "reviewed_at", "retrievability", "due"]
    search_fields = ["student__email"]
    list_select_related = ["student"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(MemoryParameters)
class MemoryParametersAdmin(ReadOnlyAdmin):
    """Which fits were adopted, and what they gained."""

    list_display = [
        "id",
        "student",
        "adopted",
        "review_count",
        "loss_before",
        "loss_after",
        "standard_error",
        "created_at",
    ]
    list_filter = ["adopted"]
    list_select_related = ["student"]
    ordering = ["-id"]
    show_full_result_count = False


class SentBackFilter(admin.SimpleListFilter):
    title = _("sent back by the checker")
    parameter_name = "faulty"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[TutorMessage]
    ) -> QuerySet[TutorMessage]:
        if self.value() == "yes":
            return queryset.exclude(faults=[])
        return queryset.filter(faults=[]) if self.value() == "no" else queryset


@admin.register(TutorMessage)
class TutorReplyAdmin(ReadOnlyAdmin):
    """What the tutor replied and how it was found, without a word of who asked.

    What students wrote is theirs: moderators see the replies alone.
    """

    SUMMED_DAYS = 90

    list_display = [
        "created_at",
        "prompt_version",
        "engine",
        "question",
        "replied",
        "thumb",
        "why",
        "faults",
    ]
    list_filter = ["prompt_version", "engine", "rating__value", "rating__reason", SentBackFilter]
    list_select_related = ["reply_to", "rating"]
    list_per_page = 50
    search_fields = ["text"]
    fields = ["created_at", "whole_question", "text", "rung", "engine", "prompt_version"]
    readonly_fields = ["whole_question"]
    ordering = ["-id"]
    show_full_result_count = False
    list_before_template = "admin/learning/tutor_prompts.html"

    def get_list_display(self, request: PersonalRequest) -> list[str]:
        return [name for name in self.list_display if name != "question" or request.user.is_admin]

    def get_fields(self, request: PersonalRequest, obj: TutorMessage | None = None) -> list[str]:
        return [name for name in self.fields if name != "whole_question" or request.user.is_admin]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TutorMessage]:
        return super().get_queryset(request).filter(speaker=Speaker.TUTOR)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        since = timezone.now() - timedelta(days=self.SUMMED_DAYS)
        context = {"title": _("Tutor replies"), "prompts": _table_of_prompts(since)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description=_("asked"))
    def question(self, reply: TutorMessage) -> str:
        return reply.reply_to.text[:160] if reply.reply_to else ""

    @admin.display(description=_("asked"))
    def whole_question(self, reply: TutorMessage) -> str:
        return reply.reply_to.text if reply.reply_to else ""

    @admin.display(description=pgettext_lazy("tutor", "reply"))
    def replied(self, reply: TutorMessage) -> str:
        return reply.text[:240]

    @admin.display(description=_("rating"))
    def thumb(self, reply: TutorMessage) -> str:
        rating = getattr(reply, "rating", None)
        if rating is None:
            return ""
        return gettext("up") if rating.value > 0 else gettext("down")

    @admin.display(description=_("reason"))
    def why(self, reply: TutorMessage) -> str:
        rating = getattr(reply, "rating", None)
        said = [rating.get_reason_display(), rating.comment] if rating else []
        return ": ".join(filter(None, said))


def _table_of_prompts(since: Any) -> dict[str, Any]:
    reasons = talk.reasons_by_prompt(since)
    names = dict(RatingReason.choices)
    return {
        "headers": [
            _("Prompt"),
            _("Engine"),
            _("Replies"),
            pgettext_lazy("share of ratings", "Up"),
            pgettext_lazy("share of ratings", "Down"),
            _("Why not"),
            _("Sent back"),
        ],
        "rows": [
            [
                row["prompt_version"] or "–",
                row["engine"] or "–",
                row["replies"],
                _share(row["up"], row["up"] + row["down"]),
                _share(row["down"], row["up"] + row["down"]),
                _listed(reasons.get((row["prompt_version"], row["engine"]), {}), names),
                _share(row["faulty"], row["replies"]),
            ]
            for row in talk.replies_by_prompt(since)
        ],
    }


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "–"


def _listed(counts: dict[str, int], names: dict[str, Any]) -> str:
    ordered = sorted(counts.items(), key=lambda each: -each[1])
    return ", ".join(f"{names[reason]}: {count}" for reason, count in ordered) or "–"


@admin.register(StudyTime)
class StudyTimeAdmin(ReadOnlyAdmin):
    """Hours of study by day; beside them the page of what the mechanisms of learning come to."""

    list_display = ["day", "student", "course_id", "seconds", "acts"]
    search_fields = ["student__email"]
    list_select_related = ["student"]
    ordering = ["-day", "-id"]
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        figures = path("figures/", self.admin_site.admin_view(self.figures), name="learning")
        return [figures, *super().get_urls()]

    def figures(self, request: HttpRequest) -> HttpResponse:
        """Over the last 7, 30 or 90 days."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("days", "")
        days = int(asked) if asked in map(str, PERIODS) else PERIODS[1]
        context = {
            **self.admin_site.each_context(request),
            "title": pgettext("admin", "Learning"),
            "periods": [(count, count == days) for count in PERIODS],
            "tables": tables_of(metrics_of(timezone.now(), days=days)),
        }
        return render(request, "admin/learning/figures.html", context)
