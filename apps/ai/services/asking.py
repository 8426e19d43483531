"""The one way to ask an engine: a task's name and material in, a checked object out."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

from apps.accounts.models import User

from ..material import OFFLINE, Material, Outcome

# what makes each task without a model, in apps.ai.offline
MAKERS = {"quiz": "make_quiz", "summary": "make_summary", "key_terms": "make_key_terms"}


def ask(
    *,
    task: str,
    material: Material,
    user: User | None,
    at: datetime,
    course_id: int | None = None,
    offline: bool = False,
) -> Outcome[Any]:
    """What the task's schema describes, made of the material; the summary of a short text is None.

    Call it outside a transaction. Raises TooMany when a model would be asked and the user's credits
    of the day are used up; with `offline` no model is asked.
    """
    # the engine's dictionaries are big: they are loaded by who asks, not at the start
    engine = import_module("apps.ai.offline")
    make: Callable[[Material], Any] = getattr(engine, MAKERS[task])
    return Outcome(make(material), OFFLINE)
