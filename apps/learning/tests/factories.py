"""Made-up quizzes for tests: rows as the services make them."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from apps.ai.prompts.quiz.schema import DraftQuestion
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.learning.models import Concept, QuestionStatus, Quiz
from apps.learning.services.questions import add_question

# A lesson that gives a summary and several questions without a model.
TEXT = """
**Mitosis** — the division of a cell nucleus into two nuclei with the same chromosomes.
**Meiosis** — the division of a cell nucleus into four nuclei with half of the chromosomes.
**Cytokinesis** — the division of the cytoplasm of a cell into two separate daughter cells.
**Interphase** — the part of the cell cycle in which the cell grows and copies its DNA.
**Centromere** — the region of a chromosome that joins its two sister chromatids together.

Robert Remak described the division of animal cells in 1841 after years of careful observation.
Walther Flemming named the threads of the dividing nucleus in 1879 and drew every stage of it.
The spindle pulls the chromatids to opposite poles of the cell before the cytoplasm divides.
Plant cells build a new wall between the daughter cells, and animal cells pinch themselves apart.
Cells of the skin divide every day, and most cells of the nervous system never divide again.
"""
# One of each kind.
DRAFTS = {
    "single": DraftQuestion(
        kind="single",
        text="Which organelle makes ATP?",
        options=["the mitochondrion", "the ribosome", "the nucleus"],
        right=[0],
        explanation="In the lesson: mitochondria make ATP.",
        quote="Mitochondria make ATP.",
    ),
    "multiple": DraftQuestion(
        kind="multiple",
        text="Which of these are organelles?",
        options=["a ribosome", "a cell", "a nucleus", "a tissue"],
        right=[0, 2],
    ),
    "true_false": DraftQuestion(kind="true_false", text="Ribosomes make ATP.", is_true=False),
    "short": DraftQuestion(
        kind="short", text="What holds the DNA?", accepted=["the nucleus", "nucleus"]
    ),
    "numeric": DraftQuestion(
        kind="numeric",
        text="How fast does a body fall?",
        value="9.81",
        tolerance="0.01",
        unit="m/s²",
    ),
    "ordering": DraftQuestion(
        kind="ordering",
        text="Put the phases in order.",
        items=["prophase", "metaphase", "anaphase", "telophase"],
    ),
    "matching": DraftQuestion(
        kind="matching",
        text="What does each do?",
        pairs=[
            {"left": "mitochondrion", "right": "makes ATP"},
            {"left": "ribosome", "right": "makes proteins"},
            {"left": "nucleus", "right": "holds DNA"},
        ],
    ),
    "cloze": DraftQuestion(
        kind="cloze",
        text="The ___ holds the ___.",
        gaps=[["nucleus"], ["DNA", "genome"]],
    ),
}


class QuizFactory(DjangoModelFactory):
    """A published quiz of a lesson, without questions: see `quiz_with`."""

    class Meta:
        model = Quiz

    lesson = factory.SubFactory(LessonFactory)
    course = factory.SelfAttribute("lesson.course")
    lesson_key = factory.SelfAttribute("lesson.pk")
    title = factory.SelfAttribute("lesson.title")
    shuffles = False
    published_at = factory.LazyFunction(timezone.now)
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)


def quiz_with(*kinds: str, status=QuestionStatus.APPROVED, **fields) -> Quiz:
    """A quiz with a question of each of the kinds, all eight when none is named."""
    quiz = QuizFactory(**fields)
    for kind in kinds or DRAFTS:
        add_question(
            course=quiz.course,
            quiz=quiz,
            draft=DRAFTS[kind],
            editor=quiz.course.owner,
            status=status,
            at=timezone.now(),
        )
    return quiz


class ConceptFactory(DjangoModelFactory):
    class Meta:
        model = Concept

    course = factory.SubFactory(CourseFactory)
    name = factory.Sequence("Concept {}".format)
    position = factory.Sequence(int)
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)
