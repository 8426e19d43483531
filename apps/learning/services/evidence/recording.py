"""Evidence as it comes: an answer, a grade, a lesson, a talk, a pre-test.

What is about no concept tells nothing and isn't kept: a tag that is set later invents no history.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import Invalid
from apps.core.transactions import joined
from apps.courses.models import Lesson

from ...engine import mastery
from ...engine.log import restored
from ...engine.trace import DECAY, Trace, recall
from ...models import (
    Answer,
    Attempt,
    Concept,
    Evidence,
    EvidenceKind,
    MergedConcept,
    Pretest,
    RefreshItem,
    Review,
    Standing,
    TutorMessage,
)
from ...models.evidence import stored_trace
from ...selectors.activity import active_seconds
from ...selectors.schedule import Schedule, schedule_of
from ...selectors.tags import Tags, concepts_of_lessons, concepts_of_notes, concepts_of_questions
from .folding import locked_standing
from .gathering import keep_past, put_by
from .taking import take_in


@transaction.atomic
def record_quiz(*, attempt: Attempt, at: datetime) -> list[Evidence]:
    """Each answer of a submitted attempt; one that was never given when time ran out tells nothing."""
    submitted = attempt.submitted_at
    if submitted is None:
        return []
    answers = _telling(attempt, attempt.answers.select_related("version", "question"))
    course_id = attempt.quiz.course_id
    about = _of_course(course_id, concepts_of_questions(answers))
    if not about:
        return []
    schedule = schedule_of(attempt.student)
    day = schedule.day_of(submitted)
    standing = locked_standing(attempt.student_id, course_id)
    earlier = Evidence.objects.filter(student=attempt.student_id, question__in=about, day=day)
    repeated = set(earlier.filter(kind=EvidenceKind.QUIZ).values_list("question_id", flat=True))
    return _take(standing, _of_attempt(attempt, answers, about, repeated, day), schedule, at)


@transaction.atomic
def record_past_quizzes(*, student: User, taken: Sequence[tuple[Attempt, list[Answer]]]) -> None:
    """Quizzes of long ago, in the order of their days, of a student who had taken none before:
    what each would have told when it was submitted."""
    schedule = schedule_of(student)
    asked = {row.question_id for _attempt, rows in taken for row in rows}
    tags = concepts_of_questions(asked)
    of_course: dict[int, Tags] = {}
    told: dict[int, list[Evidence]] = {}
    seen: set[tuple[int, date]] = set()
    for attempt, rows in taken:
        assert attempt.submitted_at is not None
        course_id, day = attempt.quiz.course_id, schedule.day_of(attempt.submitted_at)
        if course_id not in of_course:
            of_course[course_id] = _of_course(course_id, tags)
        answers, about = _telling(attempt, rows), of_course[course_id]
        repeated = {pk for pk in answers if (pk, day) in seen}
        told.setdefault(course_id, []).extend(_of_attempt(attempt, answers, about, repeated, day))
        seen |= {(pk, day) for pk in answers}
    for course_id in sorted(course for course, found in told.items() if found):
        standing = locked_standing(student.pk, course_id)
        if not put_by(standing, told[course_id]):
            keep_past(standing, told[course_id])


def _telling(attempt: Attempt, rows: Iterable[Answer]) -> dict[int, Answer]:
    """The marked answers by question, without those that were never given when time ran out."""
    ran_out = attempt.submitted_at == attempt.deadline
    return {
        row.question_id: row
        for row in rows
        if row.share is not None and not (ran_out and row.given is None)
    }


def _of_attempt(
    attempt: Attempt,
    answers: Mapping[int, Answer],
    about: Tags,
    repeated: Collection[int],
    day: date,
) -> list[Evidence]:
    assert attempt.submitted_at is not None
    return [
        _row(
            EvidenceKind.QUIZ,
            f"answer:{answer.pk}",
            about[question_id],
            occurred_at=attempt.submitted_at,
            day=day,
            answer=_of_answer(answer, repeated=question_id in repeated),
            duration_ms=answer.duration_ms,
            question_id=question_id,
            lesson_id=attempt.quiz.lesson_id,
        )
        for question_id, answer in answers.items()
        if question_id in about
    ]


@transaction.atomic
def record_refresh(*, item: RefreshItem, at: datetime) -> Evidence | None:
    """An answer to a question that was asked before a lesson."""
    question = item.question
    if question is None or item.answered_at is None:
        return None
    course_id, concepts = _of_one_course(concepts_of_questions([question.pk]).get(question.pk, ()))
    if not concepts:
        return None
    student = item.refresh.student
    schedule = schedule_of(student)
    day = schedule.day_of(item.answered_at)
    standing = locked_standing(student.pk, course_id)
    earlier = Evidence.objects.filter(student=student, question=question, day=day)
    row = _row(
        EvidenceKind.QUIZ,
        f"refresh:{item.pk}",
        concepts,
        occurred_at=item.answered_at,
        day=day,
        answer=_of_answer(item, repeated=earlier.filter(kind=EvidenceKind.QUIZ).exists()),
        duration_ms=item.duration_ms,
        question_id=question.pk,
        lesson_id=question.quiz and question.quiz.lesson_id,
    )
    return _first(_take(standing, [row], schedule, at))


def _of_answer(answer: Answer | RefreshItem, *, repeated: bool) -> mastery.Answer:
    question, version = answer.question, answer.version
    assert question is not None  # of a refresh item too: cards are graded elsewhere
    assert version is not None
    measured = question.measured_difficulty
    spent = answer.duration_ms  # 0: the page didn't measure it
    hasty = spent > 0 and mastery.is_hasty(spent, question.median_ms or 0)
    return mastery.Answer(
        score=float(answer.share or 0),
        guess=mastery.guess_of(version.kind, len(version.body.get("options", ()))),
        difficulty=mastery.DIFFICULTY[question.difficulty] if measured is None else measured,
        weight=mastery.quiz_weight(repeated=repeated, hasty=hasty),
    )


@joined
def record_review(*, review: Review, at: datetime) -> Evidence | None:
    """The grade of a card; a step that repeats it on the same day weighs as a repeated question."""
    card = review.card
    if card is None:
        return None
    course_id, concepts = _of_one_course(concepts_of_notes([card.note_id]).get(card.note_id, ()))
    if not concepts:
        return None
    schedule = schedule_of(card.student)
    row = _of_grade(review, concepts, schedule)
    standing = locked_standing(review.student_id, course_id)
    return _first(_take(standing, [row], schedule, at))


@transaction.atomic
def record_past_reviews(*, student: User, reviews: Sequence[Review]) -> None:
    """Grades of long ago, in bulk and in any order: what each would have told when it was given,
    but for the credit that it would have earned other cards."""
    about = concepts_of_notes({review.card.note_id for review in reviews if review.card})
    courses = dict(
        Concept.objects.filter(
            pk__in={concept for concepts in about.values() for concept in concepts}
        ).values_list("pk", "course_id")
    )
    schedule = schedule_of(student)
    rows: dict[int, list[Evidence]] = {}
    for review in reviews:
        kept = (
            [pk for pk in about.get(review.card.note_id, ()) if pk in courses]
            if review.card
            else []
        )
        if kept:
            course_id = courses[kept[0]]
            concepts = tuple(concept for concept in kept if courses[concept] == course_id)
            rows.setdefault(course_id, []).append(_of_grade(review, concepts, schedule))
    for course_id in sorted(rows):
        standing = locked_standing(student.pk, course_id)
        if not put_by(standing, rows[course_id]):
            keep_past(standing, rows[course_id])


def _of_grade(review: Review, concepts: Collection[int], schedule: Schedule) -> Evidence:
    day = schedule.day_of(review.reviewed_at)
    parameters = review.parameters
    decay = parameters.weights[20] if parameters else DECAY
    before = restored(review.before).memory
    known = None
    if before.stability is not None and before.difficulty is not None and before.last_review:
        trace = Trace(before.stability, before.difficulty, before.last_review, decay)
        known = recall(trace, review.reviewed_at)
    repeated = before.last_review is not None and schedule.day_of(before.last_review) == day
    grade = mastery.card_answer(review.rating)
    answer = mastery.Answer(
        grade.score, grade.guess, weight=mastery.quiz_weight(repeated=repeated, hasty=False)
    )
    after = Trace(review.stability, review.difficulty, review.reviewed_at, decay)
    return _row(
        EvidenceKind.CARD,
        f"review:{review.pk}",
        concepts,
        occurred_at=review.reviewed_at,
        day=day,
        answer=answer,
        duration_ms=review.duration_ms,
        facts={"card": review.card_id, "recall": known, "trace": stored_trace(after)},
    )


@transaction.atomic
def record_lesson(*, student_id: int, lesson_id: int, at: datetime) -> Evidence | None:
    """A finished lesson, if it was on the screen long enough; unmeasured it counts as read."""
    lesson = Lesson.objects.without_content().filter(pk=lesson_id).first()
    if lesson is None:
        return None
    concepts = _of_course(lesson.course_id, concepts_of_lessons([lesson_id])).get(lesson_id)
    if not concepts:
        return None
    active = active_seconds(student_id, lesson_id, at)
    if active is not None and not mastery.counts_as_read(active, 60 * lesson.duration_minutes):
        return None
    schedule = schedule_of(User.objects.get(pk=student_id))
    row = _row(
        EvidenceKind.LESSON,
        f"lesson:{lesson_id}",
        concepts,
        occurred_at=at,
        day=schedule.day_of(at),
        lesson_id=lesson_id,
    )
    standing = locked_standing(student_id, lesson.course_id)
    return _first(_take(standing, [row], schedule, at))


@transaction.atomic
def record_turn(*, message: TutorMessage, at: datetime) -> Evidence | None:
    """A judged message of a student; its `rung` is the number of hints that had been given.

    Beyond three a day and concept it isn't kept. Raises Invalid for a score that is no number.
    """
    if message.score is None or message.concept_id is None:
        return None
    if not isfinite(message.score):
        raise Invalid(errors={"score": [_("A number from 0 to 1.")]})
    thread = message.thread
    concept = _now_known(thread.course_id, [message.concept_id]).get(message.concept_id)
    if concept is None:
        return None
    schedule = schedule_of(thread.student)
    day = schedule.day_of(message.created_at)
    standing = locked_standing(thread.student_id, thread.course_id)
    today = Evidence.objects.filter(
        student=thread.student_id, course=thread.course_id, kind=EvidenceKind.TUTOR, day=day
    )
    earlier = today.filter(concepts=[concept]).count()
    if earlier >= mastery.TUTOR_TURNS_A_DAY:
        return None
    row = _row(
        EvidenceKind.TUTOR,
        f"turn:{message.pk}",
        [concept],
        occurred_at=message.created_at,
        day=day,
        answer=mastery.tutor_answer(message.score, hints=message.rung, earlier_today=earlier),
        hints=message.rung,
        lesson_id=thread.lesson_id,
    )
    return _first(_take(standing, [row], schedule, at))


@transaction.atomic
def record_pretest(*, pretest: Pretest, at: datetime) -> Evidence | None:
    """What a finished pre-test found; concepts that are gone since are left out.

    Answers that look random tell nothing, whatever they would add up to.
    """
    if pretest.finished_at is None or pretest.looks_random:
        return None
    known = _now_known(pretest.course_id, [each[0] for each in pretest.findings])
    findings = {
        known[concept]: [known[concept], *found]
        for concept, *found in reversed(pretest.findings)
        if concept in known
    }
    if not findings:
        return None
    schedule = schedule_of(pretest.student)
    ordered = list(reversed(findings.values()))
    row = _row(
        EvidenceKind.PRETEST,
        f"pretest:{pretest.pk}",
        [each[0] for each in ordered],
        occurred_at=pretest.finished_at,
        day=schedule.day_of(pretest.finished_at),
        facts={"findings": ordered},
    )
    standing = locked_standing(pretest.student_id, pretest.course_id)
    return _first(_take(standing, [row], schedule, at))


def _take(
    standing: Standing, rows: Sequence[Evidence], schedule: Schedule, at: datetime
) -> list[Evidence]:
    if put_by(standing, rows):
        return []
    return take_in(standing=standing, rows=rows, schedule=schedule, at=at)


def _first(rows: Sequence[Evidence]) -> Evidence | None:
    return rows[0] if rows else None


# ── Rows and their concepts ───────────────────────────────────────────────────────────────────
def _row(
    kind: EvidenceKind,
    key: str,
    concepts: Collection[int],
    *,
    occurred_at: datetime,
    day: date,
    answer: mastery.Answer | None = None,
    **fields: Any,
) -> Evidence:
    if answer is not None:
        fields |= {
            "score": answer.score,
            "guess": answer.guess,
            "difficulty": answer.difficulty,
            "weight": answer.weight,
            "teaches": answer.teaches,
        }
    return Evidence(
        kind=kind, key=key, concepts=list(concepts), occurred_at=occurred_at, day=day, **fields
    )


def _of_course(course_id: int, tags: Tags) -> Tags:
    """The tags without concepts of other courses."""
    named = {concept for concepts in tags.values() for concept in concepts}
    if not named:
        return {}
    own = set(Concept.objects.filter(course=course_id, pk__in=named).values_list("pk", flat=True))
    kept = {owner: tuple(c for c in concepts if c in own) for owner, concepts in tags.items()}
    return {owner: concepts for owner, concepts in kept.items() if concepts}


def _of_one_course(concepts: Collection[int]) -> tuple[int, tuple[int, ...]]:
    """The course of the first concept, and those of the concepts that belong to it."""
    courses = dict(Concept.objects.filter(pk__in=concepts).values_list("pk", "course_id"))
    kept = [concept for concept in concepts if concept in courses]
    if not kept:
        return 0, ()
    course_id = courses[kept[0]]
    return course_id, tuple(concept for concept in kept if courses[concept] == course_id)


def _now_known(course_id: int, named: Collection[int]) -> Mapping[int, int]:
    """Of concepts named in the past those that the course has still, by what took them over."""
    taken_over = MergedConcept.objects.filter(course=course_id, old_id__in=named)
    into = dict(taken_over.values_list("old_id", "concept_id"))
    now = {concept: into.get(concept, concept) for concept in named}
    there = Concept.objects.filter(course=course_id, pk__in=set(now.values()))
    known = set(there.values_list("pk", flat=True))
    return {concept: other for concept, other in now.items() if other in known}
