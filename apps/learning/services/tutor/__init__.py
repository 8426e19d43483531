"""The tutor: a student's message in, a checked reply out; ratings of replies and talks."""

from .ratings import clear_talk, rate_reply, rate_talk
from .turns import LONGEST, ask_tutor, reply_in_steps

__all__ = ["LONGEST", "ask_tutor", "clear_talk", "rate_reply", "rate_talk", "reply_in_steps"]
