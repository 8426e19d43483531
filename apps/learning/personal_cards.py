"""What learning holds on a person's memory: notes, cards, reviews, and the scheduler fitted to them."""

from datetime import datetime
from typing import Any

from .models import Card, MemoryParameters, MemorySettings, Note, Review


def export(user: Any) -> dict[str, Any]:
    notes = Note.objects.filter(student=user).select_related("course").order_by("pk")
    chosen = MemorySettings.objects.filter(student=user).first()
    return {
        "notes": [
            {
                "id": note.pk,
                "course": note.course.title if note.course else None,
                "kind": note.kind,
                "front": note.front,
                "back": note.back,
                "source": note.source,
                "created_at": note.created_at.isoformat(),
            }
            for note in notes
        ],
        "cards": [
            {
                "id": card.pk,
                "note": card.note_id,
                "gap": card.ordinal,
                "due": card.due.isoformat(),
                "stability": card.stability,
                "difficulty": card.difficulty,
                "reviews": card.reps,
                "lapses": card.lapses,
            }
            for card in Card.objects.filter(student=user).order_by("pk")
        ],
        "card_reviews": [
            {
                "card": review.card_id,
                "rating": review.rating,
                "reviewed_at": review.reviewed_at.isoformat(),
                "duration_ms": review.duration_ms,
                "undone": review.undone_at is not None,
            }
            for review in Review.objects.filter(student=user).order_by("pk")
        ],
        "memory_settings": {
            "desired_retention": chosen.desired_retention,
            "day_start": chosen.day_start,
            "cards_from_mistakes": chosen.cards_from_mistakes,
            "cards_from_terms": chosen.cards_from_terms,
        }
        if chosen
        else None,
        "scheduler_weights": [
            {"weights": fit.weights, "adopted": fit.adopted, "at": fit.created_at.isoformat()}
            for fit in MemoryParameters.objects.filter(student=user).order_by("pk")
        ],
    }


def erase(user: Any, at: datetime) -> None:
    """Everything goes: it serves nobody but the person."""
    for model in (Review, Note, MemorySettings, MemoryParameters):
        model.objects.filter(student=user).delete()
