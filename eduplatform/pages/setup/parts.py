"""What the page is made of: parts of the platform, each with its state, and trials of them."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _


class State(StrEnum):
    WORKS = "works"
    UNTRIED = "untried"  # it is set, and only a trial can tell whether it works
    NOT_SET = "not_set"
    UNSAFE = "unsafe"  # it does what it says, which isn't for the public
    BROKEN = "broken"
    YOURS = "yours"  # nobody but the operator can see to it


@dataclass(frozen=True, kw_only=True)
class Part:
    """One line of the page: a part of the platform as it is just now.

    variables   the environment variables of .env.example by which it is changed
    is_needed   whether the platform can be shown to the public without it
    trial       the words of its test button; none without
    note        what the trial does or costs, beside the button
    at          where in the admin there is more of it
    """

    key: str
    title: str
    state: State
    text: str
    variables: tuple[str, ...] = ()
    is_needed: bool = False
    trial: str = ""
    note: str = ""
    at: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something is to be done before the public may come."""
        return self.is_needed and self.state not in (State.WORKS, State.YOURS)

    @property
    def word(self) -> str:
        return {
            State.WORKS: _("works"),
            State.UNTRIED: _("set, not tested"),
            State.NOT_SET: _("not set"),
            State.UNSAFE: _("to be changed"),
            State.BROKEN: _("broken"),
            State.YOURS: _("yours to do"),
        }[self.state]

    @property
    def variant(self) -> str:
        """The colour of the theme's label."""
        return {
            State.WORKS: "success",
            State.UNTRIED: "warning",
            State.NOT_SET: "warning" if self.is_needed else "",
            State.UNSAFE: "warning",
            State.BROKEN: "danger",
            State.YOURS: "info",
        }[self.state]

    @property
    def icon(self) -> str:
        return {
            State.WORKS: "check_circle",
            State.UNTRIED: "help",
            State.NOT_SET: "radio_button_unchecked",
            State.UNSAFE: "warning",
            State.BROKEN: "error",
            State.YOURS: "info",
        }[self.state]


@dataclass(frozen=True)
class Found:
    """What a trial found, in words for the operator; `code` goes to the audit log."""

    is_ok: bool
    text: str
    code: str = "ok"
