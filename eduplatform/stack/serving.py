"""How the platform is served: WSGI for pages and API, ASGI for what keeps its connection open.

`python -m eduplatform.stack.serving pages|sockets [host:port]` becomes that process. Image, Compose
and the measurements start the same commands; the proxy routes by `KEPT_OPEN`.
"""

import argparse
import os
import re
import sys

# Why so few threads: docs/adr/0003-production-processes.md
WORKERS = 2
THREADS = 2
# Sockets, the tutor's streams and files made while they are sent: one of the few WSGI threads would
# wait as long as the model or the slowest reader.
KEPT_OPEN = (
    r"^(/ws/"
    r"|/api/lessons/[0-9]+/tutor/messages"
    r"|/learn/[^/]+/[0-9]+/tutor/messages/"
    r"|/studio/courses/[0-9]+/learning/statements/)$"
)


def is_kept_open(path: str) -> bool:
    return re.match(KEPT_OPEN, path) is not None


def pages(host: str, port: int, *, workers: int = WORKERS, threads: int = THREADS) -> list[str]:
    """The module and its arguments that serve pages and API."""
    return [
        *("granian", "eduplatform.wsgi:application", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port), "--log-level", "warning"),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        # one that died is replaced, one that doesn't end in time is killed
        *("--respawn-failed-workers", "--workers-kill-timeout", "20"),
    ]


def sockets(host: str, port: int, *, patience: int = 10) -> list[str]:
    """The module and its arguments that serve sockets and streams, which may end for so long."""
    return [
        *("uvicorn", "eduplatform.asgi:application", "--host", host, "--port", str(port)),
        *("--lifespan", "off", "--no-access-log", "--log-level", "warning"),
        "--no-proxy-headers",  # whom to believe is the setting TRUSTED_PROXIES
        *("--ws-max-size", "65536"),  # a giant frame is refused before it is read
        *("--timeout-graceful-shutdown", str(patience)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eduplatform.stack.serving")
    parser.add_argument("name", choices=["pages", "sockets"])
    parser.add_argument("address", nargs="?", default="0.0.0.0:8000")
    asked = parser.parse_args()
    host, _, port = asked.address.partition(":")
    if asked.name == "sockets":
        command = sockets(host, int(port))
    else:
        workers = int(os.environ.get("WEB_WORKERS") or WORKERS)
        command = pages(host, int(port), workers=workers)
    os.execv(sys.executable, [sys.executable, "-m", *command])  # noqa: S606


if __name__ == "__main__":
    main()
