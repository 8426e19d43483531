"""The only module that knows litellm; nobody loads it before a model is asked.

One request, one answer or `Away`. No retries here, no logs with texts or keys, no network beyond
the model's own address.
"""

import logging
import os
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings

from .money import MICRO

MOST_TOKENS = 10_000_000  # more than any model takes: what a server claims beyond is not believed
_loading = threading.Lock()


class Away(Exception):
    """The model gave no answer.

    status      HTTP's, 408 when time was up
    wait        seconds that the server asked to wait
    """

    def __init__(self, why: str, *, status: int, wait: float = 0) -> None:
        super().__init__(why)
        self.status, self.wait = status, wait

    @property
    def may_pass(self) -> bool:
        """Whether the same request may succeed a little later."""
        return self.status in (408, 429) or self.status >= 500

    @property
    def was_read(self) -> bool:
        """Whether the model may have worked on the request, and has to be paid for it."""
        return self.status == 408

    @property
    def is_of_the_request(self) -> bool:
        """Whether this one request was refused, not the model away for others too."""
        return self.status in (400, 413, 422)


@dataclass(frozen=True)
class Answer:
    text: str
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True)
class Price:
    """Micro-dollars per million tokens."""

    tokens_in: int
    tokens_out: int

    def of(self, tokens_in: int, tokens_out: int) -> int:
        """Micro-dollars, rounded up."""
        return -(-(tokens_in * self.tokens_in + tokens_out * self.tokens_out) // MICRO)


def complete(
    *, model: str, messages: list[dict[str, str]], max_tokens: int, seconds: float
) -> Answer:
    """The model's answer within `seconds` in all; raises Away."""
    _litellm()  # loading it is not the model's time
    return _within(seconds, lambda: _complete(model, messages, max_tokens))


def price_of(model: str) -> Price:
    """What is set for the model, else what LiteLLM knows, else the price of an expensive one."""
    if model in settings.AI_PRICES:
        per_million = settings.AI_PRICES[model]
    else:
        per_million = _listed_price(model) or settings.AI_UNKNOWN_PRICE
    return Price(*[int((amount * MICRO).to_integral_value(ROUND_UP)) for amount in per_million])


def _within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """The result of `work`, or Away when it takes longer: limits of sockets are per read.

    The thread that is left behind ends with its socket, and holds nobody up.
    """
    done: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put(work())
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits
            done.put(error)

    threading.Thread(target=run, name="model-call", daemon=True).start()
    try:
        result = done.get(timeout=seconds)
    except queue.Empty:
        raise Away("time is up", status=408) from None
    if isinstance(result, Exception):
        raise result
    return result


def _complete(model: str, messages: list[dict[str, str]], max_tokens: int) -> Answer:
    import httpx  # litellm's, so no earlier than it

    litellm = _litellm()
    name, address = _route(model)
    json_mode = settings.AI_JSON_MODE and "response_format" in (
        litellm.get_supported_openai_params(name) or []
    )
    try:
        response = litellm.completion(
            model=name,
            messages=messages,
            max_tokens=max_tokens,
            response_format={"type": "json_object"} if json_mode else None,
            # always the same, as litellm keeps a client for each; what is left is waited for above
            timeout=httpx.Timeout(settings.AI_REQUEST_SECONDS, connect=settings.AI_CONNECT_SECONDS),
            num_retries=0,
            max_retries=0,
            drop_params=True,
            **address,
        )
        text = response.choices[0].message.content or ""
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in there, it is no answer
        raise _away(error) from None  # its own words may hold the key or the prompt
    usage = getattr(response, "usage", None)
    sent = sum(len(message["content"]) for message in messages)
    return Answer(
        text=text,
        tokens_in=_tokens(getattr(usage, "prompt_tokens", None), sent),
        tokens_out=_tokens(getattr(usage, "completion_tokens", None), len(text)),
    )


def _away(error: Any) -> Away:
    status = int(getattr(error, "status_code", 0) or 500)
    headers = getattr(error, "litellm_response_headers", None) or {}
    wait = str(headers.get("retry-after", ""))
    return Away(
        f"{type(error).__name__} {status}",
        status=status,
        wait=float(wait) if wait.isascii() and wait.isdigit() else 0,
    )


def _tokens(claimed: Any, characters: int) -> int:
    """What the server says, if that can be; else an estimate from the length of the text."""
    if isinstance(claimed, int) and 0 < claimed <= MOST_TOKENS:
        return claimed
    return estimated_tokens(characters)


def estimated_tokens(characters: int) -> int:
    """More rather than less: Russian has two to three characters in a token, English four."""
    return characters // 2 + 1


def _route(model: str) -> tuple[str, dict[str, str]]:
    """LiteLLM's name of the model, and where and with which key to ask it."""
    if settings.AI_BASE_URL:
        # a server without keys still gets a header
        key = settings.AI_API_KEY or "none"
        return f"openai/{model}", {"api_base": settings.AI_BASE_URL, "api_key": key}
    return model, {"api_key": settings.AI_KEYS[model.partition("/")[0]]}


def _listed_price(model: str) -> tuple[Decimal, Decimal] | None:
    """Dollars per million tokens, in and out, as LiteLLM's own list has them."""
    entry = _litellm().model_cost.get(model) or _litellm().model_cost.get(model.partition("/")[2])
    if settings.AI_BASE_URL or not entry or "input_cost_per_token" not in entry:
        return None
    return (
        Decimal(str(entry["input_cost_per_token"])) * MICRO,
        Decimal(str(entry["output_cost_per_token"])) * MICRO,
    )


@lru_cache(maxsize=1)
def _litellm() -> Any:
    """litellm without its price list from the network, its .env file, its telemetry and its logs."""
    with _loading:
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
        os.environ["LITELLM_MODE"] = "PRODUCTION"
        import litellm
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    for name in ("httpx", "httpcore", "openai"):  # they would write addresses, with keys in some
        logging.getLogger(name).setLevel(logging.WARNING)
    return litellm
