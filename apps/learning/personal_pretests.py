"""What learning holds on a person's pre-tests: what they were asked, answered, and what it found."""

from datetime import datetime
from typing import Any

from .models import Concept, Pretest, PretestAnswer, TakenLesson


def export(user: Any) -> dict[str, Any]:
    tests = Pretest.objects.visible_to(user).select_related("course").order_by("id")
    answers = PretestAnswer.objects.filter(pretest__student=user, answered_at__isnull=False)
    taken = TakenLesson.objects.filter(student=user).select_related("lesson").order_by("id")
    found = {finding[0] for test in tests for finding in test.findings}
    names = dict(Concept.objects.filter(pk__in=found).values_list("pk", "name"))
    return {
        "pretests": [
            {
                "id": test.pk,
                "course": test.course.title,
                "started_at": test.started_at.isoformat(),
                "finished_at": test.finished_at.isoformat() if test.finished_at else None,
                "given_up": test.abandoned_at is not None,
                "looks_random": test.looks_random,
                "found": [
                    {"concept": names.get(concept, concept), "known": after, "skip": skip}
                    for concept, _before, after, skip in test.findings
                ],
            }
            for test in tests
        ],
        "pretest_answers": [
            {
                "pretest": answer.pretest_id,
                "question": answer.version.text,
                "answer": answer.given,
                "right": answer.is_right,
                "milliseconds": answer.duration_ms,
            }
            for answer in answers.select_related("version").order_by("pretest_id", "position")
        ],
        "taken_lessons": [
            {"lesson": row.lesson.title, "at": row.taken_at.isoformat()} for row in taken
        ],
    }


def erase(user: Any, at: datetime) -> None:
    """Words and choices of lessons go; marks stay, without a name, for what courses learn from them.

    An empty text, not nothing: nothing is "I don't know".
    """
    PretestAnswer.objects.filter(
        pretest__student=user,
        given__isnull=False,
        version__kind__in=["short", "cloze", "numeric"],
    ).update(given="")
    TakenLesson.objects.filter(student=user).delete()
