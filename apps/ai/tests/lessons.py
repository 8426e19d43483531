"""A lesson, and what a good model makes of it."""

import json

from apps.ai.services import Material

TEXT = """# Plants and light

**Photosynthesis** is the process in which plants turn light into chemical energy.

**Chlorophyll** is the green pigment that absorbs light in the leaves of plants.

**A stoma** is a small opening in the surface of a leaf through which gases pass.

Plants take in carbon dioxide through their leaves and give off oxygen during the day.
"""
TERM = {
    "term": "Chlorophyll",
    "definition": "The green pigment that absorbs light in the leaves.",
    "quote": "Chlorophyll is the green pigment that absorbs light in the leaves of plants.",
}
TERMS = json.dumps({"terms": [TERM]})
SUMMARY = json.dumps({"sentences": ["Plants turn light into chemical energy."]})
QUESTION = {
    "kind": "short",
    "text": "Which green pigment absorbs light in the leaves of plants?",
    "accepted": ["Chlorophyll"],
    "explanation": f"In the lesson: “{TERM['quote']}”",
    "quote": TERM["quote"],
    "section": "Plants and light",
}
QUIZ = json.dumps({"questions": [QUESTION]})


def lesson(text: str = TEXT, **wishes) -> Material:
    return Material("Plants and light", text, "en", wishes)
