"""What a model is sent: the task as the system's message, the text between markers as data."""

import json
import secrets

from django.conf import settings

from .judging import Unusable
from .material import Material
from .prompts.registry import Task

LANGUAGES = {"en": "English", "ru": "Russian"}
ECHO = 4_000  # characters of an unusable answer that the model is shown again

Message = dict[str, str]


def within_limit(text: str) -> str:
    """The text, or its beginning up to the last paragraph that fits AI_MAX_CHARACTERS."""
    limit = settings.AI_MAX_CHARACTERS
    if len(text) <= limit:
        return text
    whole, _, _ = text[:limit].rpartition("\n\n")
    return whole if len(whole) > limit // 2 else text[:limit]


def messages_of(task: Task, material: Material) -> list[Message]:
    """The marker is drawn anew for each call, so that no text can hold it and end the data."""
    text = within_limit(material.text)
    marker = f"===== lesson {secrets.token_hex(12)} ====="
    cut = "" if text == material.text else "\n(The lesson is longer; this is its beginning.)"
    schema = json.dumps(task.schema.model_json_schema(), ensure_ascii=False)
    orders = (
        task.prompt.replace("{language}", LANGUAGES.get(material.language, material.language))
        .replace("{wishes}", json.dumps(dict(material.wishes), ensure_ascii=False))
        .replace("{schema}", schema)
    )
    data = f"{marker}\n# {material.title}\n\n{text}\n{marker}{cut}"
    return [{"role": "system", "content": orders}, {"role": "user", "content": data}]


def with_fault(messages: list[Message], answer: str, fault: Unusable) -> list[Message]:
    """The same, with the unusable answer and what is wrong with it."""
    return [
        *messages,
        {"role": "assistant", "content": answer[:ECHO] or "(empty)"},
        {
            "role": "user",
            "content": f"That can't be used: {fault}\nAnswer again with the JSON object alone.",
        },
    ]
