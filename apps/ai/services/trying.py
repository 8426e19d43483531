"""One tiny question to a model, for the operator who wants to know whether its key works."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from pydantic import BaseModel

from .. import breaker, models_client
from ..inquiry import Inquiry
from ..material import Material
from ..models import ModelCall
from ..models_client import Away
from ..prompting import Message
from ..prompts.registry import Task
from ..prompts.trial.schema import TrialAnswer
from . import spending
from .asking import Asking, milliseconds_since

SECONDS = 15.0
MAX_TOKENS = 256  # room for the reasoning of a model that can't do without


@dataclass(frozen=True)
class Tried:
    """What became of it. `status` is HTTP's, 0 for an answer, 408 when time was up.

    `ceiling`: the day's money of the site is spent, so that the model wasn't asked.
    """

    model: str
    status: int = 0
    milliseconds: int = 0
    cost_micro: int = 0
    ceiling: bool = False

    @property
    def is_ok(self) -> bool:
        return self.status == 0 and not self.ceiling


def _as_it_is(value: Any, material: Any) -> BaseModel:
    found: BaseModel = value
    return found


TRIAL = Task("trial", "cheap", "v1", TrialAnswer, _as_it_is, "", MAX_TOKENS, is_kept=False)


def try_model(*, model: str, at: datetime) -> Tried:
    """Ask the model once, whatever its breaker says; it stands in the ledger, at nobody's credits.

    Call it outside a transaction.
    """
    messages: list[Message] = [{"role": "user", "content": TRIAL.prompt}]
    inquiry = Inquiry(TRIAL, Material("", "", "en"), None, None, at)
    reservation = spending.open_reservation(inquiry)
    started = time.monotonic()
    asking = Asking(inquiry, model, reservation, started + SECONDS)
    try:
        asking.reserve(messages)
        answer = asking.complete(messages, SECONDS)
    except spending.CeilingReached:
        return Tried(model, ceiling=True)
    except Away as error:
        took = milliseconds_since(started)
        asking.settle_away(error, messages, took)
        return Tried(model, status=error.status, milliseconds=took)
    else:
        took = milliseconds_since(started)
        asking.settle(answer, took, ModelCall.Result.OK)
        breaker.succeeded(model)
        cost = models_client.price_of(model).of(answer.tokens_in, answer.tokens_out)
        return Tried(model, milliseconds=took, cost_micro=cost)
    finally:
        spending.close_reservation(reservation=reservation, at=at)


def dearest_trial(model: str) -> int:
    """Micro-dollars that a trial costs at most, by the prices that are set."""
    tokens_in = models_client.estimated_tokens(len(TRIAL.prompt))
    price_in, price_out = settings.AI_PRICES.get(model, settings.AI_UNKNOWN_PRICE)
    return int(tokens_in * price_in + MAX_TOKENS * price_out)  # dollars per million tokens
