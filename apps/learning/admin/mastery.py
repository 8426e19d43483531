"""What mastery is made of and what it came to, to look at."""

from datetime import date, datetime

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.read_only import ReadOnlyAdmin

from ..models import Evidence, Mastery


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """What was folded into mastery, for questions about an estimate."""

    list_display = [
        "id",
        "student",
        "course",
        "kind",
        "shown_score",
        "shown_weight",
        "occurred_at",
        "voided",
    ]
    list_filter = ["kind", "contested"]
    search_fields = ["student__email", "course__title"]
    list_select_related = ["student", "course"]
    ordering = ["-id"]
    show_full_result_count = False

    @admin.display(description=pgettext_lazy("evidence", "score"), ordering="score")
    def shown_score(self, evidence: Evidence) -> float | None:
        return evidence.score

    @admin.display(description=_("weight"), ordering="weight")
    def shown_weight(self, evidence: Evidence) -> float | None:
        return evidence.weight

    @admin.display(description=_("taken out"), ordering="voided_at")
    def voided(self, evidence: Evidence) -> datetime | None:
        return evidence.voided_at


@admin.register(Mastery)
class MasteryAdmin(ReadOnlyAdmin):
    list_display = ["student", "concept", "course", "estimate", "last_seen", "since"]
    list_filter = ["mastered"]
    search_fields = ["student__email", "concept__name", "course__title"]
    list_select_related = ["student", "concept", "course"]
    ordering = ["-id"]
    show_full_result_count = False

    @admin.display(description=_("estimate"), ordering="m")
    def estimate(self, mastery: Mastery) -> str:
        return f"{mastery.m:.2f}"

    @admin.display(description=_("last evidence"), ordering="last")
    def last_seen(self, mastery: Mastery) -> datetime | None:
        return mastery.last

    @admin.display(description=pgettext_lazy("concept", "mastered on"), ordering="mastered_on")
    def since(self, mastery: Mastery) -> date | None:
        return mastery.mastered_on
