"""What enrollment holds on a person."""

from datetime import datetime
from typing import Any

from django.db.models import F

from .models import Enrollment, HelpfulVote, LessonCompletion, Review


def export(user: Any) -> dict[str, Any]:
    completions = LessonCompletion.objects.filter(enrollment__student=user)
    return {
        "enrollments": [
            {
                "course": seat.course.title,
                "status": seat.status,
                "progress_percent": seat.progress_percent,
                "enrolled_at": seat.enrolled_at.isoformat(),
                "completed_at": seat.completed_at.isoformat() if seat.completed_at else None,
            }
            for seat in Enrollment.objects.of(user).select_related("course").order_by("id")
        ],
        "completed_lessons": [
            {"lesson": done.lesson.title, "completed_at": done.completed_at.isoformat()}
            for done in completions.select_related("lesson").order_by("id")
        ],
        "reviews": [
            {
                "course": review.course.title,
                "rating": review.rating,
                "comment": review.comment,
                "created_at": review.created_at.isoformat(),
            }
            for review in Review.objects.filter(student=user)
            .select_related("course")
            .order_by("id")
        ],
        "helpful_votes": list(
            HelpfulVote.objects.filter(user=user).order_by("id").values_list("review", flat=True)
        ),
    }


def erase(user: Any, at: datetime) -> None:
    """Words and votes go; seats and stars stay, without a name, so that counts remain true."""
    Review.objects.filter(student=user).exclude(comment="").update(comment="", updated_at=at)
    voted = HelpfulVote.objects.filter(user=user)
    Review.objects.filter(votes__user=user).update(helpful_count=F("helpful_count") - 1)
    voted.delete()
