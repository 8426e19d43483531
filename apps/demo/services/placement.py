"""Pre-tests of the demo: taken by one who knows the beginnings of the course."""

import random
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.core import bus
from apps.courses.models import Course
from apps.learning.engine.marking import right_answer
from apps.learning.models import Concept
from apps.learning.selectors.pretests import open_question
from apps.learning.services.pretests import answer_pretest, start_pretest

READS_FIRST = timedelta(minutes=3)
SLIPS = 0.1


def take_pretest(student: User, course: Course, *, knows: float, at: datetime) -> int:
    """With that share of the concepts known, in the order of the course; how many questions."""
    names = list(Concept.objects.filter(course=course).in_order().values_list("pk", flat=True))
    known = set(names[: round(knows * len(names))])
    draw = random.Random(f"{student.username} {course.slug} pre-test")  # noqa: S311
    moment = at + READS_FIRST
    with bus.happening(moment):
        pretest = start_pretest(student=student, course=course, at=moment)
    asked = 0
    while (row := open_question(pretest)) is not None:
        spent = draw.randint(9_000, 35_000)
        moment += timedelta(milliseconds=spent)
        right = row.concept_id in known and draw.random() > SLIPS
        with bus.happening(moment):
            pretest = answer_pretest(
                pretest=pretest,
                question_id=row.question_id,
                answer=right_answer(row.version.kind, row.version.body) if right else None,
                at=moment,
                duration_ms=spent,
            )
        asked += 1
    return asked
