"""Structured logs with a request id, without bodies, tokens or addresses."""

from typing import Any

import structlog

# What every record passes through, ours and that of libraries.
SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso"),
]


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
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": "ERROR" if testing else level},
        "loggers": {
            "django": {"handlers": [], "level": "ERROR" if testing else "INFO", "propagate": True},
            "django.request": {"level": "CRITICAL" if testing else "ERROR"},
            "uvicorn.access": {"level": "WARNING"},
            "django_structlog": {"level": "CRITICAL" if testing else level},
        },
    }
