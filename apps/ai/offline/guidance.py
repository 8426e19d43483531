"""The tutor's reply without a model: the move that the policy chose, in the student's language."""

from collections.abc import Iterable

from apps.ai.material import Material
from apps.ai.prompts.tutor.schema import Orders, TutorReply

from .guard import told
from .tutor_words import spoken_by_tutors
from .wording import OUTER, inside_quotes

MOST_KNOWN = 4


def make_guidance(material: Material) -> TutorReply:
    """Each phrase has a bare form for when the lesson's own words must not be said."""
    orders: Orders = material.private
    phrases = spoken_by_tutors(orders.language).phrases
    parts = _parts(orders)
    cites = list(range(1, orders.passages + 1))[:1]
    for phrase in _chosen(phrases, orders):
        used = {name: text for name, text in parts.items() if f"{{{name}}}" in phrase}
        # the phrases are the same for every lesson: only what is put in can tell anything
        lessons = [text for name, text in used.items() if name != "place"]
        if all(used.values()) and not told(" . ".join(lessons), orders):
            return TutorReply(text=phrase.format(**used), cites=cites)
    return TutorReply(text=phrases["smaller_bare"][0], cites=[])


def _chosen(phrases: dict[str, list[str]], orders: Orders) -> Iterable[str]:
    whole = phrases[orders.move]
    turn = orders.turn % len(whole)
    return [*whole[turn:], *whole[:turn], *phrases[f"{orders.move}_bare"]]


def _parts(orders: Orders) -> dict[str, str]:
    left, right = OUTER[orders.language]
    return {
        "known": ", ".join(f"{left}{word}{right}" for word in orders.known[:MOST_KNOWN]),
        "found": ", ".join(f"{left}{word}{right}" for word in orders.found[:MOST_KNOWN]),
        "section": inside_quotes(orders.section, orders.language),
        "frame": inside_quotes(orders.frame, orders.language),
        "place": spoken_by_tutors(orders.language).places[orders.third],
        "near": inside_quotes(orders.near, orders.language),
    }
