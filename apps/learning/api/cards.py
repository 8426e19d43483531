"""A student's cards: the list, what is due, grades and taking them back, figures."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import CursorPagination, SignedIn
from apps.core.hot import HotCalls
from apps.core.idempotency import idempotent
from apps.core.pagination import first_page

from ..models import Card
from ..selectors import cards as selectors
from ..selectors.cards import due_count_by, preview
from ..selectors.log import is_logged
from ..selectors.schedule import schedule_of
from ..services import notes, reviews
from .card_shapes import (
    CardChangesIn,
    CardIn,
    CardOut,
    DaysQuery,
    DeckQuery,
    DueDayOut,
    DueOut,
    GradeIn,
    MemoryStatsOut,
    shown,
)

LATEST_SENDING = timedelta(days=7)


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

    default_limit = selectors.PAGE

    def begin(self, view: Any, rows: list[Card], count: Callable[[], int]) -> list[Card]:
        """The first page, of rows that were read one beyond it."""
        self.request = view.request
        self.page = first_page(rows, ordering=view.ordering, limit=self.default_limit)
        self.count = count() if self.page.next else len(rows)
        return self.page.items

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        found = super().paginate_queryset(queryset, request, view)
        is_whole = self.page.next is None and self.page.previous is None
        self.count = len(found) if is_whole else queryset.count()
        return found

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        return Response({"count": self.count, **response.data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        found = super().get_paginated_response_schema(schema)
        found["properties"] = {"count": {"type": "integer"}, **found["properties"]}
        found["required"] = ["count", *found["required"]]
        return found


class DueFlashcards(HotCalls, generics.ListAPIView[Card]):
    """GET /api/flashcards/due: the longest due first, with what each grade would do."""

    permission_classes = [SignedIn]
    serializer_class = DueOut
    pagination_class = DuePages
    ordering = ["due", "id"]
    queryset = Card.objects.none()  # for the description alone

    @extend_schema(parameters=[DeckQuery])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        at, schedule = timezone.now(), schedule_of(request.user)
        if request.query_params:
            due = selectors.due_cards(request.user, at, schedule=schedule)
            cards = self.paginate_queryset(due.filter(**asked(DeckQuery, request))) or []
        else:
            found = selectors.first_due(schedule, at)
            cards = self.paginator.begin(self, found, partial(due_count_by, schedule, at))
        return self.get_paginated_response(
            [{"card": shown(card), "preview": preview(card, at, schedule)} for card in cards]
        )


# ── One card ──────────────────────────────────────────────────────────────────────────────────
def own(request: Request, pk: int) -> Card:
    return get_object_or_404(selectors.cards_of(request.user), pk=pk)


def answer(card: Card, status: int = 200) -> Response:
    return Response(shown(card), status=status)


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


class ReviewFlashcard(HotCalls, APIView):
    """POST /api/flashcards/{id}/review: the card as the grade leaves it.

    The header `Reviews-Postponed` tells how many reviews of what the card exercises were put off.
    """

    permission_classes = [SignedIn]

    @extend_schema(request=GradeIn, responses=CardOut)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        card = own(request, pk)
        form = GradeIn(data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        told = data.pop("reviewed_at", None)
        if told and is_logged(card, rating=data["rating"], at=told):
            return answer(card)  # sent again after its key was forgotten
        at = graded_at(card, told, timezone.now())
        review = reviews.review_card(card=card, at=at, **data)
        response = answer(review.card)
        response["Reviews-Postponed"] = str(review.postponed)
        return response


class UndoFlashcard(APIView):
    """POST /api/flashcards/{id}/undo: the card as it was before its last grade; 409 without one."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses=CardOut)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        return answer(reviews.undo_review(card=own(request, pk), at=timezone.now()))


# ── Figures ───────────────────────────────────────────────────────────────────────────────────
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
