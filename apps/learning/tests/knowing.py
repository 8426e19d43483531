"""What a made-up student knows: rows as evidence leaves them."""

from datetime import timedelta

from apps.learning.models import LessonConcept, Mastery, Prerequisite, Pretest


def knows(student, concept, *, at, m=0.9, days=0.0, stability=10.0, by=("quiz",), cards=()):
    """The student's mastery of the concept, last practised so many days before `at`."""
    last = at - timedelta(days=days)
    return Mastery.objects.create(
        student=student,
        course=concept.course,
        concept=concept,
        started=0.3,
        m=m,
        stability=stability,
        trace_difficulty=5.0,
        decay=0.1542,
        last=last,
        cards={
            str(card.pk): [card.stability, card.difficulty, card.last_review.isoformat(), 0.1542]
            for card in cards
        },
        succeeded=list(by),
        days=[last.date()],
        last_right=True,
        practised_on=last.date(),
    )


def pretested(student, course, *, at, skip=(), days=0.0):
    """A finished pre-test that found these concepts known, and their masteries."""
    finished = at - timedelta(days=days)
    test = Pretest.objects.create(
        student=student,
        course=course,
        graph={"concepts": [], "edges": []},
        factor=0.15,
        started_at=finished,
        finished_at=finished,
        findings=[[concept.pk, 0.5, 0.93, True] for concept in skip],
    )
    for concept in skip:
        knows(student, concept, at=at, m=0.93, days=days, by=["pretest"])
    return test


def teaches(lesson, *concepts):
    for concept in concepts:
        LessonConcept.objects.create(lesson=lesson, concept=concept)


def needs(advanced, *prerequisites, weight=0.7):
    for prerequisite in prerequisites:
        Prerequisite.objects.create(
            course=advanced.course, advanced=advanced, prerequisite=prerequisite, weight=weight
        )
