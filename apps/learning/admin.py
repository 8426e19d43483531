"""Quizzes and questions to look at, and figures of cards.

Attempts are nobody's business but the student's and teacher's, and what stands on a card the student's.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.requests import PersonalRequest
from apps.core.read_only import ReadOnlyAdmin

from .models import Card, MemoryParameters, Question, Quiz, Review
from .services.quizzes import unpublish_quiz


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
