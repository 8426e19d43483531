"""A student's cards: the list, what is due, grades and taking them back, figures."""

from datetime import datetime, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import CursorPagination, IdField, SignedIn
from apps.core.idempotency import idempotent
from apps.courses.models import Course

from ..models import Card, Note, NoteKind
from ..selectors import cards as selectors
from ..selectors.schedule import schedule_of
from ..services import notes, reviews

DAY_MS = 24 * 60 * 60 * 1000
LATEST_SENDING = timedelta(days=7)


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


class PreviewOut(serializers.Serializer[Any]):
    """Seconds until each grade would bring the card back."""

    again = serializers.IntegerField()
    hard = serializers.IntegerField()
    good = serializers.IntegerField()
    easy = serializers.IntegerField()


class DueOut(serializers.Serializer[Any]):
    card = CardOut(source="*")
    preview = serializers.SerializerMethodField()

    @extend_schema_field(PreviewOut)
    def get_preview(self, card: Card) -> dict[str, int]:
        return selectors.preview(card, self.context["at"], self.context["schedule"])


class CardChangesIn(serializers.Serializer[Any]):
    front = serializers.CharField(max_length=notes.MAX_TEXT, required=False)
    back = serializers.CharField(max_length=notes.MAX_TEXT, required=False, allow_blank=True)
    course = DeckField(required=False, allow_null=True)
    is_suspended = serializers.BooleanField(required=False)


class CardIn(serializers.Serializer[Any]):
    course = DeckField(required=False, allow_null=True)
    kind = serializers.ChoiceField(
        choices=NoteKind.choices,
        default=NoteKind.BASIC,
        help_text="`cloze` asks for the gaps `{{c1::answer}}` of the front, one card per number.",
    )
    front = serializers.CharField(max_length=notes.MAX_TEXT)
    back = serializers.CharField(
        max_length=notes.MAX_TEXT, allow_blank=True, default="", help_text="May be empty for cloze."
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


def asked(query: type[serializers.Serializer[Any]], request: Request) -> Any:
    form = query(data=request.query_params)
    form.is_valid(raise_exception=True)
    return form.validated_data


# ── Lists ─────────────────────────────────────────────────────────────────────────────────────
class Flashcards(generics.ListAPIView[Card]):
    """GET and POST /api/flashcards."""

    permission_classes = [SignedIn]
    serializer_class = CardOut
    ordering = ["-id"]

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Card.objects.none()
        return selectors.cards_of(self.request.user).filter(**asked(DeckQuery, self.request))

    @extend_schema(parameters=[DeckQuery])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(request=CardIn, responses={201: CardOut})
    def post(self, request: Request) -> Response:
        form = CardIn(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        note, _made = notes.add_note(student=request.user, at=timezone.now(), **form.validated_data)
        return answer(selectors.cards_of(request.user).filter(note=note).last(), 201)


class DuePages(CursorPagination):
    """A page of what is due, with the number of all that is."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.count = queryset.count()
        return super().paginate_queryset(queryset, request, view)

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        return Response({"count": self.count, **response.data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        found = super().get_paginated_response_schema(schema)
        found["properties"] = {"count": {"type": "integer"}, **found["properties"]}
        found["required"] = ["count", *found["required"]]
        return found


class DueFlashcards(generics.ListAPIView[Card]):
    """GET /api/flashcards/due: the longest due first, with what each grade would do."""

    permission_classes = [SignedIn]
    serializer_class = DueOut
    pagination_class = DuePages
    ordering = ["due", "id"]

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if not getattr(self, "swagger_fake_view", False):
            context |= {"at": self.at, "schedule": self.schedule}
        return context

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Card.objects.none()
        due = selectors.due_cards(self.request.user, self.at, schedule=self.schedule)
        return due.filter(**asked(DeckQuery, self.request))

    @extend_schema(parameters=[DeckQuery])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.at, self.schedule = timezone.now(), schedule_of(request.user)
        return super().get(request, *args, **kwargs)


# ── One card ──────────────────────────────────────────────────────────────────────────────────
def own(request: Request, pk: int) -> Card:
    return get_object_or_404(selectors.cards_of(request.user), pk=pk)


def answer(card: Card, status: int = 200) -> Response:
    return Response(CardOut(card).data, status=status)


class OneFlashcard(APIView):
    """PATCH and DELETE /api/flashcards/{id}.

    The texts are the note's: gaps of a cloze that stay keep their cards, and deleting takes all.
    """

    permission_classes = [SignedIn]

    @extend_schema(request=CardChangesIn, responses=CardOut)
    def patch(self, request: Request, pk: int) -> Response:
        card = own(request, pk)
        form = CardChangesIn(data=request.data, context={"request": request}, partial=True)
        form.is_valid(raise_exception=True)
        changes = dict(form.validated_data)
        suspends = changes.pop("is_suspended", None)
        if suspends is not None:
            act = reviews.suspend_card if suspends else reviews.resume_card
            act(card=card, at=timezone.now())
        if changes:
            notes.edit_note(note=card.note, changes=changes, at=timezone.now())
        cards = selectors.cards_of(request.user).filter(note=card.note_id)
        return answer(cards.filter(pk=pk).first() or cards.last())

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        notes.delete_note(note=own(request, pk).note, at=timezone.now())
        return Response(status=204)


def graded_at(card: Card, told: datetime | None, now: datetime) -> datetime:
    """The moment that was told, within what can be true: neither to come nor before the last one."""
    earliest = max(now - LATEST_SENDING, card.last_review or now - LATEST_SENDING)
    return now if told is None else min(max(told, earliest), now)


class ReviewFlashcard(APIView):
    """POST /api/flashcards/{id}/review: the card as the grade leaves it."""

    permission_classes = [SignedIn]

    @extend_schema(request=GradeIn, responses=CardOut)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        card = own(request, pk)
        form = GradeIn(data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        at = graded_at(card, data.pop("reviewed_at", None), timezone.now())
        review = reviews.review_card(card=card, at=at, **data)
        return answer(review.card)


class UndoFlashcard(APIView):
    """POST /api/flashcards/{id}/undo: the card as it was before its last grade; 409 without one."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses=CardOut)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        return answer(reviews.undo_review(card=own(request, pk), at=timezone.now()))


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


class Forecast(APIView):
    """GET /api/flashcards/forecast: cards due per study day; the first holds what is overdue."""

    permission_classes = [SignedIn]

    @extend_schema(
        parameters=[DaysQuery],
        responses=inline_serializer("Forecast", {"results": DueDayOut(many=True)}),
    )
    def get(self, request: Request) -> Response:
        days = asked(DaysQuery, request)["days"]
        found = selectors.forecast(request.user, timezone.now(), days)
        return Response({"results": DueDayOut(found, many=True).data})


class Stats(APIView):
    """GET /api/flashcards/stats."""

    permission_classes = [SignedIn]

    @extend_schema(responses=MemoryStatsOut)
    def get(self, request: Request) -> Response:
        return Response(MemoryStatsOut(selectors.memory_stats(request.user, timezone.now())).data)
