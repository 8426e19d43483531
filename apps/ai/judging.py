"""Whether a model's answer may be used: its form by the schema, its content by the lesson."""

import json
import re
from importlib import import_module
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .material import Material
from .prompts.concepts.schema import FoundConcept, FoundConcepts
from .prompts.key_terms.schema import KeyTerms
from .prompts.quiz.schema import QuizDraft
from .prompts.summary.schema import Summary
from .prompts.tutor.schema import TutorReply

FENCE = re.compile(r"```(?:json)?\s*\n(.*?)```", re.S)
ADDRESS = re.compile(r"\b\w+://|\bwww\.|\w@\w|\.[a-z]{2,}/\w", re.I)
WORD = re.compile(r"[^\W_]{4,}")
ROOT = 5  # letters of a word that stay through most of its forms, in English and in Russian
ENOUGH = 0.5  # of a sentence's words that the lesson has to know
TOLD = 8  # faults that a model is told of

Shape = TypeVar("Shape", bound=BaseModel)


class Unusable(Exception):
    """A model's answer can't be used; the message is for the model."""


def parsed(text: str, schema: type[Shape]) -> Shape:
    """The object that the answer holds, wherever in it the JSON stands; raises Unusable."""
    try:
        return schema.model_validate(_json_of(text))
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)[:TOLD]
        ]
        raise Unusable("; ".join(faults)) from error


def _json_of(text: str) -> Any:
    """The first JSON object in the text: bare, in a fence, or among other words."""
    decoder = json.JSONDecoder()
    for candidate in [*FENCE.findall(text), text]:
        start = candidate.find("{")
        while start >= 0:
            try:
                return decoder.raw_decode(candidate, start)[0]
            except (ValueError, RecursionError):
                start = candidate.find("{", start + 1)
                if start > 2_000:  # no answer has so long a foreword
                    break
    raise Unusable("there is no whole JSON object in the answer")


def sound_quiz(draft: QuizDraft, material: Material) -> QuizDraft:
    """The questions in which the validator finds no fault."""
    faults = import_module("apps.ai.offline.validate").faults
    found = [
        (question, faults(question, material.text, material.language))
        for question in draft.questions
    ]
    kept = [question for question, wrong in found if not wrong]
    if not kept:
        told = [f"question {number}: {', '.join(wrong)}" for number, (_, wrong) in enumerate(found)]
        raise Unusable("; ".join(told[:TOLD]) or "there are no questions")
    return QuizDraft(questions=kept)


def sound_summary(summary: Summary, material: Material) -> Summary:
    """The sentences that speak of what the lesson speaks of, and hold no address."""
    kept = [sentence for sentence in summary.sentences if _is_of(sentence, material)]
    if not kept:
        raise Unusable("none of the sentences says what the lesson says")
    return Summary(sentences=kept)


def sound_terms(terms: KeyTerms, material: Material) -> KeyTerms:
    """The terms whose quote stands in the lesson, and whose definition speaks of the same."""
    lesson = _letters(material.text)
    kept = [
        term
        for term in terms.terms
        if _letters(term.quote) in lesson
        and _is_of(term.term, material)
        and _is_of(term.definition, material)
    ]
    if terms.terms and not kept:
        raise Unusable("each quote has to be one sentence of the lesson, copied letter by letter")
    return KeyTerms(terms=kept)


def sound_guidance(reply: TutorReply, material: Material) -> TutorReply:
    """The reply, when it keeps to its orders; they are the material's private part."""
    faults = import_module("apps.ai.offline.guard").faults(reply, material.private)
    if faults:
        raise Unusable("; ".join(faults))
    return reply


def sound_concepts(found: FoundConcepts, material: Material) -> FoundConcepts:
    """The concepts whose quote stands in the lesson, in the lesson's words, needing only known ones."""
    lesson = _letters(material.text)
    kept = [
        concept
        for concept in found.concepts
        if _letters(concept.quote) in lesson
        and _letters(concept.name)
        and _is_of(concept.name, material)
        and _is_of(concept.description, material)
    ]
    if found.concepts and not kept:
        raise Unusable("each quote has to be one sentence of the lesson, copied letter by letter")
    names = [*material.wishes.get("known", ()), *(concept.name for concept in kept)]
    return FoundConcepts(concepts=[_narrowed(concept, names, material) for concept in kept])


def _narrowed(concept: FoundConcept, names: list[str], material: Material) -> FoundConcept:
    """Without other names that the lesson doesn't give it, and without needs that nobody named."""
    known = {_letters(name) for name in names} - {_letters(concept.name)}
    text = _letters(material.text)
    aliases = [each for each in concept.aliases if _letters(each) and _letters(each) in text]
    needs = [each for each in concept.needs if _letters(each) in known]
    return concept.model_copy(update={"aliases": aliases, "needs": needs})


def _is_of(text: str, material: Material) -> bool:
    """Whether the words are mostly the lesson's, and lead nowhere else."""
    if ADDRESS.search(text):
        return False
    lesson = f"{material.title}\n{material.text}"
    roots = {word[:ROOT].lower() for word in WORD.findall(text)}
    known = {word[:ROOT].lower() for word in WORD.findall(lesson)}
    return not roots or len(roots & known) / len(roots) >= ENOUGH


def _letters(text: str) -> str:
    """Letters and figures alone: markup, spaces and dashes are no difference."""
    return re.sub(r"[\W_]+", "", text).lower()
