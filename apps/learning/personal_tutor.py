"""What learning holds on a person's talks with the tutor."""

from typing import Any

from .models import TalkRating, TutorMessage, TutorThread


def export(user: Any) -> dict[str, Any]:
    messages = TutorMessage.objects.filter(thread__student=user).select_related("thread", "rating")
    ratings = TalkRating.objects.filter(thread__student=user).select_related("thread")
    return {
        "talks_with_the_tutor": [
            {
                "lesson": message.thread.lesson_id,
                "speaker": message.speaker,
                "text": message.text,
                "at": message.created_at.isoformat(),
                "rating": message.rating.value if hasattr(message, "rating") else None,
                "reason": message.rating.reason if hasattr(message, "rating") else "",
                "comment": message.rating.comment if hasattr(message, "rating") else "",
            }
            for message in messages.order_by("thread_id", "pk")
        ],
        "ratings_of_talks": [
            {
                "lesson": rating.thread.lesson_id,
                "understood": rating.value,
                "at": rating.rated_at.isoformat(),
            }
            for rating in ratings.order_by("pk")
        ],
    }


def erase(user: Any) -> None:
    """Talks are words alone: nothing of them stays."""
    TutorThread.objects.visible_to(user).delete()
