"""Everything that is written of conversations and messages."""

from .conversations import (
    CONVERSATIONS_PER_DAY,
    CONVERSATIONS_PER_DAY_NEW,
    MAX_PEOPLE,
    MAX_TITLE,
    add_participant,
    appoint,
    leave_conversation,
    mute,
    remove_participant,
    rename_conversation,
    start_conversation,
)
from .marks import mark_delivered, mark_read, recount, recount_all
from .messages import (
    DELETABLE,
    EDITABLE,
    MAX_LENGTH,
    RESTORABLE,
    delete_message,
    edit_message,
    restore_message,
    send_message,
    wipe_deleted,
)
from .reports import MAX_REASON, decide_report, open_report, report_message

__all__ = [
    "CONVERSATIONS_PER_DAY",
    "CONVERSATIONS_PER_DAY_NEW",
    "DELETABLE",
    "EDITABLE",
    "MAX_LENGTH",
    "MAX_PEOPLE",
    "MAX_REASON",
    "MAX_TITLE",
    "RESTORABLE",
    "add_participant",
    "appoint",
    "decide_report",
    "delete_message",
    "edit_message",
    "leave_conversation",
    "mark_delivered",
    "mark_read",
    "mute",
    "open_report",
    "recount",
    "recount_all",
    "remove_participant",
    "rename_conversation",
    "report_message",
    "restore_message",
    "send_message",
    "start_conversation",
    "wipe_deleted",
]
