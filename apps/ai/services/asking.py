"""The one way to ask an engine: a task's name and material in, a checked object out.

Models of the task's tier are asked in their order, then the offline engine, which always answers.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection
from pydantic import BaseModel

from apps.accounts.models import User

from .. import answers, breaker, models_client, selectors
from ..inquiry import Inquiry
from ..judging import Unusable, parsed
from ..material import OFFLINE, Material, Outcome
from ..models import ModelCall, Reservation
from ..models_client import Answer, Away
from ..prompting import Message, messages_of, with_fault
from ..prompts.registry import TASKS, Task
from . import spending

logger = logging.getLogger(__name__)

SHORTEST = 1.0  # seconds: with less left a request isn't begun


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
    inquiry = Inquiry(TASKS[task], material, user, course_id, at)
    models = [] if offline else selectors.models_of(tier_of(inquiry.task))
    if not models:
        return _made_offline(inquiry)
    if not inquiry.task.is_kept:
        return _asked(inquiry, models) or _made_offline(inquiry)
    found = _kept(inquiry, models)
    if found:
        return found
    with answers.one_at_a_time(inquiry, models[0]):
        return _kept(inquiry, models) or _asked(inquiry, models) or _made_offline(inquiry)


def tier_of(task: Task) -> str:
    tier: str = settings.AI_TASK_TIERS.get(task.name, task.tier)
    return tier


def _made_offline(inquiry: Inquiry) -> Outcome[Any]:
    # the engine's dictionaries are big: they are loaded by who asks, not at the start
    engine = import_module("apps.ai.offline")
    make: Callable[[Material], Any] = getattr(engine, inquiry.task.maker)
    return Outcome(make(inquiry.material), OFFLINE, faults=tuple(inquiry.faults))


def _kept(inquiry: Inquiry, models: list[str]) -> Outcome[Any] | None:
    found = answers.kept(inquiry, models)
    if found is None:
        return None
    value, model = found
    spending.record_cached(inquiry, model)
    return Outcome(value, model, cached=True)


def _asked(inquiry: Inquiry, models: list[str]) -> Outcome[Any] | None:
    """What the first model that can makes of it; None when none can, or the day's money is spent."""
    reservation = spending.open_reservation(inquiry)
    deadline = time.monotonic() + settings.AI_ASK_SECONDS
    try:
        for model in models:
            if breaker.lets_by(model, inquiry.at):
                value = Asking(inquiry, model, reservation, deadline).value()
                if value is not None:
                    if inquiry.task.is_kept:
                        answers.keep(inquiry, model, value)
                    return Outcome(value, model, faults=tuple(inquiry.faults))
            logger.warning(
                "ai_model_passed_over", extra={"task": inquiry.task.name, "model": model}
            )
    except spending.CeilingReached:
        pass
    finally:
        spending.close_reservation(reservation=reservation, at=inquiry.at)
    return None


@dataclass(frozen=True)
class Asking:
    """One model asked for one task within one reservation."""

    inquiry: Inquiry
    model: str
    reservation: Reservation
    deadline: float

    def value(self) -> BaseModel | None:
        """A sound value; an unusable answer is sent back once with what is wrong with it."""
        messages = messages_of(self.inquiry.task, self.inquiry.material)
        for _ in range(2):
            answer, took = self._answer(messages)
            if answer is None:
                return None
            try:
                value = self.inquiry.task.sound(
                    parsed(answer.text, self.inquiry.task.schema), self.inquiry.material
                )
            except Unusable as fault:
                self.settle(answer, took, ModelCall.Result.INVALID)
                self.inquiry.faults.append(str(fault))
                logger.warning(
                    "ai_answer_unusable",
                    extra={"task": self.inquiry.task.name, "model": self.model},
                )
                messages = with_fault(messages, answer.text, fault)
            else:
                self.settle(answer, took, ModelCall.Result.OK)
                return value
        return None

    def _answer(self, messages: list[Message]) -> tuple[Answer | None, int]:
        """The model's answer and the milliseconds it took; passing faults are borne a few times."""
        for attempt in range(1, settings.AI_TRIES + 1):
            seconds = min(settings.AI_REQUEST_SECONDS, self.deadline - time.monotonic())
            if seconds < SHORTEST:
                break
            self.reserve(messages)
            started = time.monotonic()
            try:
                answer = self.complete(messages, seconds)
            except Away as error:
                self.settle_away(error, messages, milliseconds_since(started))
                pause = _pause_after(error, attempt)
                if pause is None or not breaker.lets_by(self.model, self.inquiry.at):
                    break
                time.sleep(pause)
            else:
                breaker.succeeded(self.model)
                return answer, milliseconds_since(started)
        return None, 0

    def complete(self, messages: list[Message], seconds: float) -> Answer:
        if not connection.in_atomic_block:
            connection.close()  # nobody else waits for it while the model thinks
        return models_client.complete(
            model=self.model,
            messages=messages,
            max_tokens=self.inquiry.task.max_tokens,
            seconds=seconds,
        )

    def reserve(self, messages: list[Message]) -> None:
        """The dearest that the request can become."""
        price = models_client.price_of(self.model)
        spending.reserve_request(
            reservation=self.reservation,
            model=self.model,
            micro=price.of(_estimated_tokens(messages), self.inquiry.task.max_tokens),
        )

    def settle(self, answer: Answer, took: int, result: str) -> None:
        price = models_client.price_of(self.model)
        spending.settle_request(
            reservation=self.reservation,
            model=self.model,
            result=result,
            cost_micro=price.of(answer.tokens_in, answer.tokens_out),
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            duration_ms=took,
            at=self.inquiry.at,
        )

    def settle_away(self, error: Away, messages: list[Message], took: int) -> None:
        """A request that was read may be charged, so its input counts as spent."""
        tokens_in = _estimated_tokens(messages) if error.was_read else 0
        result = ModelCall.Result.AWAY if error.may_pass else ModelCall.Result.REFUSED
        price = models_client.price_of(self.model)
        spending.settle_request(
            reservation=self.reservation,
            model=self.model,
            result=result,
            cost_micro=price.of(tokens_in, 0),
            tokens_in=tokens_in,
            duration_ms=took,
            at=self.inquiry.at,
        )
        if not error.is_of_the_request:
            breaker.failed(self.model, self.inquiry.at)
        logger.warning(
            "ai_model_away",
            extra={"task": self.inquiry.task.name, "model": self.model, "why": str(error)},
        )


def _pause_after(error: Away, attempt: int) -> float | None:
    """Seconds until the next try, or None when there is no use in one."""
    longest = settings.AI_LONGEST_PAUSE_SECONDS
    if not error.may_pass or attempt >= settings.AI_TRIES or error.wait > longest:
        return None
    jitter = random.SystemRandom().uniform(0, settings.AI_PAUSE_SECONDS * 2 ** (attempt - 1))
    return min(longest, error.wait + jitter)


def _estimated_tokens(messages: list[Message]) -> int:
    return models_client.estimated_tokens(sum(len(message["content"]) for message in messages))


def milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
