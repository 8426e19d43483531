"""What each middleware costs: the bare view through the whole stack, and through it without each one.

`make bench-middleware`. Processor time in this process from the environ to the last byte, in
microseconds, so that foreign load hardly lengthens it; the stacks are asked in turns, and a
difference is the median over the turns. Asked for are the bare view under /api/ without credentials,
and the same as a page for somebody signed in by a session.
"""

import io
import os
import random
import statistics
import sys
import time
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.serving_settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.bench.crowd import gathered  # noqa: E402
from tests.bench.urls import ANSWER  # noqa: E402

TURNS, CALLS = 25, 20
# left out with all that need them
NEEDED_BY = {
    "SessionMiddleware": (
        "CsrfViewMiddleware",
        "AuthenticationMiddleware",
        "accounts.middleware.AccountMiddleware",
        "LoginRequiredMiddleware",
        "MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ),
    "AuthenticationMiddleware": (
        "accounts.middleware.AccountMiddleware",
        "LoginRequiredMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ),
}


def without(name: str) -> list[str]:
    gone = (name, *(each for key, group in NEEDED_BY.items() if key in name for each in group))
    return [each for each in settings.MIDDLEWARE if not each.endswith(gone)]


def handler_of(middleware: list[str]) -> WSGIHandler:
    with override_settings(MIDDLEWARE=middleware):
        return WSGIHandler()


def environ(path: str, cookie: str = "") -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT_LANGUAGE": "en",
        "HTTP_USER_AGENT": "bench",
        **({"HTTP_COOKIE": cookie} if cookie else {}),
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
    }


def microseconds(handler: WSGIHandler, asked: dict[str, Any]) -> float:
    """Of one call, the mean of some."""
    started = time.process_time()
    for _ in range(CALLS):
        response: Any = handler(dict(asked), lambda status, headers: None)
        assert b"".join(response) == ANSWER
        response.close()
    return (time.process_time() - started) / CALLS * 1e6


def measured(asked: dict[str, Any]) -> list[tuple[str, float]]:
    """By name, what leaving it out saves; first what the whole costs, last Django without any."""
    handlers = {"the whole": handler_of(list(settings.MIDDLEWARE)), "none": handler_of([])}
    handlers |= {name: handler_of(without(name)) for name in settings.MIDDLEWARE}
    times: dict[str, list[float]] = {name: [] for name in handlers}
    for _ in range(TURNS):
        for name in random.sample(list(handlers), len(handlers)):
            times[name].append(microseconds(handlers[name], asked))
    whole = times["the whole"]
    saved = [
        (
            name,
            statistics.median(base - each for base, each in zip(whole, times[name], strict=True)),
        )
        for name in settings.MIDDLEWARE
    ]
    return [
        ("the whole", statistics.median(whole)),
        *saved,
        ("Django without any", statistics.median(times["none"])),
    ]


def main() -> None:
    [person] = gathered(1, timezone.now(), random.Random(1))
    cookie = f"{settings.SESSION_COOKIE_NAME}={person.session_key}"
    columns = [measured(environ("/api/bare")), measured(environ("/bare/", cookie))]
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{timezone.now():%d %B %Y}, load average {load}; µs\n")
    print(
        "| without it, less by | API, nobody | share | page, signed in | share |\n|---|---|---|---|---|"
    )
    for (name, api), (_, page) in zip(*columns, strict=True):
        shares = (api / columns[0][0][1], page / columns[1][0][1])
        print(f"| {name} | {api:.0f} | {shares[0]:.0%} | {page:.0f} | {shares[1]:.0%} |")


if __name__ == "__main__":
    with override_settings(ACCOUNT_REQUESTS_PER_MINUTE=10**9):
        main()
