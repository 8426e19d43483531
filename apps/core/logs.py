"""Structured logs with a request id, without bodies, tokens or addresses."""

import logging
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog

# What every record passes through, ours and that of libraries.
SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso"),
]


class RoutesForAddresses(logging.Filter):
    """Django's own lines name a request by its address, in which keys travel: here by its route."""

    def filter(self, record: logging.LogRecord) -> bool:
        from django.http import HttpRequest

        from .request_log import named

        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            route = named(request)
            if isinstance(record.args, tuple):
                record.args = tuple(route if arg == request.path else arg for arg in record.args)
            record.request = route
        return True


class RequestLine(logging.Formatter):
    """The request log as JSON. It is written for every request, and this costs a tenth of the way
    that other records go."""

    def format(self, record: logging.LogRecord) -> str:
        facts = record.__dict__
        line = {
            "event": record.msg,
            **{name: facts[name] for name in ("code", "request", "milliseconds", "user_id")},
            **structlog.contextvars.get_contextvars(),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        return orjson.dumps(line).decode()


def logging_config(form: str, level: str, *, testing: bool) -> dict[str, Any]:
    """Django's LOGGING; `form` is `console` for people or `json` for machines."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=not testing,
    )
    renderer = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    renderer,
                ]
                if form == "json"
                else [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": SHARED,
            },
            "request_line": {"()": RequestLine},
        },
        "filters": {"routes": {"()": RoutesForAddresses}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "structured",
                "filters": ["routes"],
            },
            "requests": {"class": "logging.StreamHandler", "formatter": "request_line"},
        },
        "root": {"handlers": ["console"], "level": "ERROR" if testing else level},
        "loggers": {
            "django": {"handlers": [], "level": "ERROR" if testing else "INFO", "propagate": True},
            "django.request": {"level": "CRITICAL" if testing else "ERROR"},
            "uvicorn.access": {"level": "WARNING"},
            "pymorphy3": {"level": "WARNING"},  # tells of every loading of its dictionary
            "eduplatform.requests": {
                "handlers": ["requests"] if form == "json" else [],
                "level": "CRITICAL" if testing else level,
                "propagate": form != "json",
            },
        },
    }
