"""Every write of notifications."""

from .choices import choose, choose_all
from .letters import MAX_ATTEMPTS, mail_of, send_due, take_back_letters
from .personal_data import erase, export
from .telling import (
    announce,
    mark_all_read,
    mark_read,
    notify,
    notify_gathered,
    notify_group,
    notify_many,
    settle,
)

__all__ = [
    "MAX_ATTEMPTS",
    "announce",
    "choose",
    "choose_all",
    "erase",
    "export",
    "mail_of",
    "mark_all_read",
    "mark_read",
    "notify",
    "notify_gathered",
    "notify_group",
    "notify_many",
    "send_due",
    "settle",
    "take_back_letters",
]
