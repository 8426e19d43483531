"""The terms that a lesson defines, fit for cards."""

from apps.ai.material import Material
from apps.ai.prompts.key_terms.schema import KeyTerm, KeyTerms

from .lesson import read
from .wording import printed
from .words import first_high

MOST = 20


def make_key_terms(material: Material) -> KeyTerms:
    lesson = read(material.title, material.text, material.language)
    definitions = lesson.definitions if lesson else []
    # what the author has set in bold goes before what was only found
    chosen = sorted(definitions, key=lambda definition: not definition.is_marked)[:MOST]
    chosen.sort(key=lambda definition: definition.sentence.number)
    return KeyTerms(
        terms=[
            KeyTerm(
                term=printed(first_high(definition.term + definition.tail)),
                definition=printed(first_high(definition.meaning)) + ".",
                quote=definition.quote,
            )
            for definition in chosen
        ]
    )
