"""How hard questions are and how long they take, measured from the log; it acts on new answers only."""

from datetime import datetime
from statistics import fmean, median

from django.db import transaction

from ..engine.mastery import expected_at, measured_difficulty
from ..models import Evidence, EvidenceKind, Question

MOST_ANSWERS = 1000  # the newest of a question
FEWEST_TIMES = 5


def measure_questions(*, since: datetime) -> int:
    """Measure the questions answered since then; how many that were."""
    answered = Evidence.objects.filter(kind=EvidenceKind.QUIZ, received_at__gte=since)
    ids = answered.exclude(question=None).order_by().values_list("question", flat=True).distinct()
    for question_id in sorted(ids):
        _measure(question_id)
    return len(ids)


@transaction.atomic
def _measure(question_id: int) -> None:
    """From answers that were fully trusted; times from all that were measured."""
    rows = Evidence.objects.filter(
        question=question_id, kind=EvidenceKind.QUIZ, voided_at=None, expected__isnull=False
    ).order_by("-pk")[:MOST_ANSWERS]
    answers = [
        (answer, row.expected)
        for row in rows
        if row.weight == 1 and (answer := row.event.answer) and row.expected is not None
    ]
    times = [row.duration_ms for row in rows if row.duration_ms]
    changes: dict[str, float | int | None] = {
        "median_ms": round(median(times)) if len(times) >= FEWEST_TIMES else None
    }
    if answers:
        changes["measured_difficulty"] = measured_difficulty(
            len(answers),
            fmean(expected_at(chance, answer) for answer, chance in answers),
            fmean(answer.score for answer, _chance in answers),
        )
    Question.objects.filter(pk=question_id).update(**changes)
