"""Quiz, summary, key terms, concepts and a tutor's guidance from a lesson's own sentences, with no model.

Dictionaries are heavy and load with the first call: call it in a worker.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.ai.material import Material
    from apps.ai.prompts.concepts.schema import FoundConcepts
    from apps.ai.prompts.key_terms.schema import KeyTerms
    from apps.ai.prompts.quiz.schema import QuizDraft
    from apps.ai.prompts.summary.schema import Summary
    from apps.ai.prompts.tutor.schema import TutorReply


def make_quiz(material: "Material") -> "QuizDraft":
    """Questions that the lesson answers; few for a lesson that defines little, or none."""
    from .quiz import make_quiz

    return make_quiz(material)


def make_summary(material: "Material") -> "Summary | None":
    """The lesson's own weightiest sentences; None when it is too short to choose from."""
    from .summary import make_summary

    return make_summary(material)


def make_key_terms(material: "Material") -> "KeyTerms":
    """The terms that the lesson itself defines."""
    from .terms import make_key_terms

    return make_key_terms(material)


def make_guidance(material: "Material") -> "TutorReply":
    """What the tutor says by its orders, the material's private part."""
    from .guidance import make_guidance

    return make_guidance(material)


def make_concepts(material: "Material") -> "FoundConcepts":
    """What the lesson defines, and which of it needs which."""
    from .concepts import make_concepts

    return make_concepts(material)
