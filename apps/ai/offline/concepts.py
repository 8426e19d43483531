"""The concepts that a lesson teaches: what it defines, and which definition is made of which."""

from apps.ai.material import Material
from apps.ai.prompts.concepts.schema import FoundConcept, FoundConcepts

from .definitions import Definition
from .lesson import Lesson, read
from .wording import printed
from .words import content_set, first_high

MOST = 12
MOST_NEEDS = 10
LONGEST = 80

Words = frozenset[str]  # of a term, in their dictionary forms


def make_concepts(material: Material) -> FoundConcepts:
    """A definition that uses another's term needs it; of two that use each other the later does.

    Names under the wish `known` count as defined before the lesson, and aren't given again.
    """
    lesson = read(material.title, material.text, material.language)
    if lesson is None:
        return FoundConcepts(concepts=[])
    known = {content_set(name, lesson.language): name for name in material.wishes.get("known", ())}
    chosen = _chosen(lesson, set(known))
    named = known | {_words(definition, lesson): _name(definition) for definition in chosen}
    return FoundConcepts(
        concepts=[
            FoundConcept(
                name=_name(definition),
                description=printed(first_high(definition.meaning)) + ".",
                aliases=[printed(definition.alias)] if definition.alias else [],
                quote=definition.quote,
                needs=[
                    named[words]
                    for words in _needed(definition, list(named), chosen[place + 1 :], lesson)
                ][:MOST_NEEDS],
                importance=_importance(definition, chosen, lesson),
            )
            for place, definition in enumerate(chosen)
        ]
    )


def _needed(
    definition: Definition, terms: list[Words], later: list[Definition], lesson: Lesson
) -> list[Words]:
    """The terms that the definition is made of; of "vector space" not "vector" beside it."""
    own = _words(definition, lesson)
    users = {_words(other, lesson) for other in later if _uses(other, own, lesson)}
    used = [words for words in terms if _uses(definition, words, lesson) and words not in users]
    return [words for words in used if not any(words < other for other in used)]


def _chosen(lesson: Lesson, known: set[Words]) -> list[Definition]:
    """What the author has set in bold goes before what was only found; in the lesson's order."""
    fit = [
        each
        for each in lesson.definitions
        if _words(each, lesson) not in known
        and "$" not in each.term
        and len(_name(each)) <= LONGEST
    ]
    fit.sort(key=lambda definition: not definition.is_marked)
    return sorted(fit[:MOST], key=lambda definition: definition.sentence.number)


def _name(definition: Definition) -> str:
    return printed(first_high(definition.term.strip("`")))


def _words(definition: Definition, lesson: Lesson) -> Words:
    return content_set(definition.term, lesson.language)


def _uses(definition: Definition, words: Words, lesson: Lesson) -> bool:
    """Whether the meaning holds all words of a term that isn't its own."""
    meaning = content_set(definition.meaning, lesson.language)
    return bool(words) and words != _words(definition, lesson) and words <= meaning


def _importance(definition: Definition, chosen: list[Definition], lesson: Lesson) -> int:
    """5 for what the lesson is called after, 4 for what others are made of."""
    words = _words(definition, lesson)
    if words <= content_set(lesson.title, lesson.language):
        return 5
    uses = sum(_uses(other, words, lesson) for other in chosen)
    return 4 if uses > 1 else 3
