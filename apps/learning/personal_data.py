"""What learning holds on a person: attempts at quizzes, what they answered, their cards and files."""

from datetime import datetime
from typing import Any

from . import (
    personal_annotations,
    personal_cards,
    personal_mastery,
    personal_path,
    personal_pretests,
    personal_statements,
    personal_tutor,
)
from .models import Answer, Attempt, Import


def export(user: Any) -> dict[str, Any]:
    attempts = Attempt.objects.filter(student=user).select_related("quiz").order_by("id")
    answers = Answer.objects.filter(attempt__student=user).exclude(given=None)
    return {
        "quiz_attempts": [
            {
                "id": attempt.pk,
                "quiz": attempt.quiz.title,
                "started_at": attempt.started_at.isoformat(),
                "submitted_at": attempt.submitted_at.isoformat() if attempt.submitted_at else None,
                "percent": attempt.percent,
            }
            for attempt in attempts
        ],
        "quiz_answers": [
            {
                "attempt": answer.attempt_id,
                "question": answer.version.text,
                "answer": answer.given,
                "right": answer.is_right,
            }
            for answer in answers.select_related("version").order_by("attempt_id", "position")
        ],
        "imports": [
            {"name": kept.name, "format": kept.format, "at": kept.created_at.isoformat()}
            for kept in Import.objects.visible_to(user).defer("content").order_by("id")
        ],
        **personal_cards.export(user),
        **personal_tutor.export(user),
        **personal_pretests.export(user),
        **personal_path.export(user),
        **personal_annotations.export(user),
        **personal_statements.export(user),
        **personal_mastery.export(user),
    }


def erase(user: Any, at: datetime) -> None:
    """Words and cards go; marks stay, without a name, so that statistics remain true."""
    written = Answer.objects.filter(
        attempt__student=user, version__kind__in=["short", "cloze", "numeric"]
    )
    written.update(given=None)
    Import.objects.visible_to(user).delete()
    personal_cards.erase(user, at)
    personal_tutor.erase(user)
    personal_pretests.erase(user, at)
    personal_path.erase(user, at)
    personal_annotations.erase(user, at)
    personal_statements.erase(user, at)
    personal_mastery.erase(user, at)
