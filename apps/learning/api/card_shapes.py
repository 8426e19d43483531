"""What the calls about cards take and answer."""

from typing import Any

from rest_framework import serializers

from apps.core.api import IdField
from apps.courses.models import Course

from ..models import Card, Note, NoteKind
from ..selectors import cards as selectors
from ..services.notes import MAX_TEXT

DAY_MS = 24 * 60 * 60 * 1000


class WholeNumber(serializers.IntegerField):
    """A number as JSON writes it: neither text nor a truth value."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class DeckField(serializers.PrimaryKeyRelatedField[Course]):
    """The id of a course that the caller has a seat in or owns."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Course.objects.all(), pk_field=IdField(), **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data == "":
            self.fail("incorrect_type", data_type="str")
        return super().run_validation(data)

    def get_queryset(self) -> Any:
        if "request" not in self.context:  # the schema is being made
            return Course.objects.none()
        return selectors.courses_for_cards(self.context["request"].user)


# ── Shapes ────────────────────────────────────────────────────────────────────────────────────
class NoteOut(serializers.ModelSerializer[Note]):
    class Meta:
        model = Note
        fields = ["id", "kind", "front", "back"]
        read_only_fields = fields


class CardOut(serializers.ModelSerializer[Card]):
    front = serializers.SerializerMethodField(help_text="What is asked; markdown.")
    back = serializers.SerializerMethodField(help_text="What is answered; markdown.")
    source = serializers.CharField(source="note.source", read_only=True)  # type: ignore[assignment]
    state = serializers.IntegerField(
        read_only=True, help_text="As py-fsrs: 1 learning, 2 review, 3 relearning."
    )
    due = serializers.DateTimeField(
        read_only=True, help_text="On the day chosen within FSRS's range, so that days are even."
    )
    unplaced_due = serializers.DateTimeField(read_only=True, help_text="As FSRS computed it.")
    is_suspended = serializers.SerializerMethodField()
    is_leech = serializers.SerializerMethodField(help_text="Forgotten so often that it needs help.")
    note = NoteOut(read_only=True, help_text="The texts that PATCH changes.")

    class Meta:
        model = Card
        fields = [
            "id",
            "front",
            "back",
            "course",
            "source",
            "state",
            "step",
            "due",
            "unplaced_due",
            "stability",
            "difficulty",
            "last_review",
            "reps",
            "lapses",
            "is_suspended",
            "is_leech",
            "note",
        ]
        read_only_fields = fields

    def get_front(self, card: Card) -> str:
        return selectors.front_of(card)

    def get_back(self, card: Card) -> str:
        return selectors.back_of(card)

    def get_is_suspended(self, card: Card) -> bool:
        return card.suspended_at is not None

    def get_is_leech(self, card: Card) -> bool:
        return card.leech_at is not None


def shown(card: Card) -> dict[str, Any]:
    """As `CardOut`, which would look up its fields anew for each card."""
    note = card.note
    return {
        "id": card.pk,
        "front": selectors.front_of(card),
        "back": selectors.back_of(card),
        "course": card.course_id,
        "source": note.source,
        "state": card.state,
        "step": card.step,
        "due": card.due,
        "unplaced_due": card.unplaced_due,
        "stability": card.stability,
        "difficulty": card.difficulty,
        "last_review": card.last_review,
        "reps": card.reps,
        "lapses": card.lapses,
        "is_suspended": card.suspended_at is not None,
        "is_leech": card.leech_at is not None,
        "note": {"id": note.pk, "kind": note.kind, "front": note.front, "back": note.back},
    }


class PreviewOut(serializers.Serializer[Any]):
    """Seconds until each grade would bring the card back."""

    again = serializers.IntegerField()
    hard = serializers.IntegerField()
    good = serializers.IntegerField()
    easy = serializers.IntegerField()


class DueOut(serializers.Serializer[Any]):
    card = CardOut()
    preview = PreviewOut()


class CardChangesIn(serializers.Serializer[Any]):
    front = serializers.CharField(max_length=MAX_TEXT, required=False)
    back = serializers.CharField(max_length=MAX_TEXT, required=False, allow_blank=True)
    course = DeckField(required=False, allow_null=True)
    is_suspended = serializers.BooleanField(required=False)


class CardIn(serializers.Serializer[Any]):
    course = DeckField(required=False, allow_null=True)
    kind = serializers.ChoiceField(
        choices=NoteKind.choices,
        default=NoteKind.BASIC,
        help_text="`cloze` asks for the gaps `{{c1::answer}}` of the front, one card per number.",
    )
    front = serializers.CharField(max_length=MAX_TEXT)
    back = serializers.CharField(
        max_length=MAX_TEXT, allow_blank=True, default="", help_text="May be empty for cloze."
    )


class GradeIn(serializers.Serializer[Any]):
    rating = WholeNumber(
        min_value=1, max_value=4, help_text="1 again, 2 hard, 3 good, 4 easy; due or not."
    )
    duration_ms = WholeNumber(min_value=0, max_value=DAY_MS, default=0)
    reviewed_at = serializers.DateTimeField(
        required=False,
        help_text="When it was graded, if it couldn't be sent at once: at most 7 days ago.",
    )


class DeckQuery(serializers.Serializer[Any]):
    course = IdField(required=False)


class DaysQuery(serializers.Serializer[Any]):
    days = serializers.IntegerField(min_value=1, max_value=365, default=30)


# ── Figures ───────────────────────────────────────────────────────────────────────────────────
class DueDayOut(serializers.Serializer[Any]):
    day = serializers.DateField(help_text="A study day of the student.")
    count = serializers.IntegerField()


class RetentionOut(serializers.Serializer[Any]):
    days = serializers.IntegerField()
    first_day = serializers.IntegerField()
    last_day = serializers.IntegerField()
    count = serializers.IntegerField(help_text="Reviews so many days after the one before.")
    measured = serializers.FloatField(allow_null=True, help_text="Null when there are too few.")
    predicted = serializers.FloatField(allow_null=True)


class StudyDayOut(serializers.Serializer[Any]):
    day = serializers.DateField()
    reviews = serializers.IntegerField()
    minutes = serializers.FloatField()


class TotalsOut(serializers.Serializer[Any]):
    cards = serializers.IntegerField()
    new = serializers.IntegerField()
    learning = serializers.IntegerField()
    review = serializers.IntegerField()
    relearning = serializers.IntegerField()
    suspended = serializers.IntegerField()
    leeches = serializers.IntegerField()


class ForgettingOut(serializers.Serializer[Any]):
    """An estimate by FSRS' curves."""

    cards = serializers.IntegerField()
    remembered = serializers.FloatField(allow_null=True)
    without_reviews = serializers.FloatField(allow_null=True)


class FitOut(serializers.Serializer[Any]):
    """The last try to fit the scheduler to the student's own log."""

    adopted = serializers.BooleanField()
    review_count = serializers.IntegerField()
    loss_before = serializers.FloatField()
    loss_after = serializers.FloatField()
    standard_error = serializers.FloatField()
    created_at = serializers.DateTimeField()


class MemoryStatsOut(serializers.Serializer[Any]):
    retention = RetentionOut(many=True)
    days = StudyDayOut(many=True)
    forecast = DueDayOut(many=True)
    totals = TotalsOut()
    forgetting = ForgettingOut()
    seconds_per_review = serializers.FloatField()
    fit = FitOut(allow_null=True)
