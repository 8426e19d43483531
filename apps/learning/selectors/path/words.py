"""The sentences that say why a lesson stands on the path as it does, and why a step comes next."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.core.templatetags.ui import percent


def share(chance: float) -> str:
    """0.64 → "64%" or "64 %"; what is nearly certain isn't said to be so: ">99%", "<1%"."""
    if 0.995 <= chance < 1:
        return f">{percent(99)}"
    if 0 < chance < 0.005:
        return f"<{percent(1)}"
    return percent(round(chance * 100))


def listed(names: Sequence[str]) -> str:
    """“Variance”, “Variance” and “Mean”, “Variance” and 2 more."""
    first = _("“%(name)s”") % {"name": names[0]}
    if len(names) == 1:
        return first
    if len(names) == 2:
        second = _("“%(name)s”") % {"name": names[1]}
        return _("%(first)s and %(second)s") % {"first": first, "second": second}
    count = len(names) - 1
    return ngettext("%(first)s and %(n)d more", "%(first)s and %(n)d more", count) % {
        "first": first,
        "n": count,
    }


# ── Lessons ───────────────────────────────────────────────────────────────────────────────────
def teachers_order() -> str:
    return _("In the teacher’s order: this course names no concepts.")


def no_concepts() -> str:
    return _("No concepts are named for it, so what you know of it can’t be told.")


def done() -> str:
    return _("You have completed it.")


def new() -> str:
    return _("New to you.")


def begun(name: str, shown: float) -> str:
    return _("So far “%(name)s” stands at %(share)s.") % {"name": name, "share": share(shown)}


def unproved() -> str:
    return _("You probably know it, but not every concept has a right answer behind it.")


def partly_known(count: int, of: int) -> str:
    if count == of:
        return unproved()
    return _("You know %(n)d of its %(of)d concepts.") % {"n": count, "of": of}


def opens(count: int) -> str:
    if not count:
        return ""
    return ngettext("Opens %(n)d lesson.", "Opens %(n)d lessons.", count) % {"n": count}


def faded(names: Sequence[str], shown: float) -> str:
    """`shown` is what is left of the first of the names."""
    values = {"name": names[0], "share": share(shown), "n": len(names) - 1}
    if len(names) == 1:
        return _("“%(name)s” has faded to %(share)s.") % values
    return (
        ngettext(
            "“%(name)s” has faded to %(share)s, and %(n)d more with it.",
            "“%(name)s” has faded to %(share)s, and %(n)d more with it.",
            len(names) - 1,
        )
        % values
    )


def known_in_test(count: int, of: int) -> str:
    if of == 1:
        return _("You knew its concept in the pre-test.")
    return _("You knew %(n)d of its %(of)d concepts in the pre-test.") % {"n": count, "of": of}


def known(count: int) -> str:
    if count == 1:
        return _("Your answers show that you know its concept.")
    return _("Your answers show that you know all its %(n)d concepts.") % {"n": count}


def taken(count: int) -> str:
    if count == 1:
        return _("You know its concept and take it all the same.")
    return _("You know its %(n)d concepts and take it all the same.") % {"n": count}


def came_back(names: Sequence[str]) -> str:
    return _("You skipped it, but the check showed a gap: %(names)s.") % {"names": listed(names)}


# ── The next step ─────────────────────────────────────────────────────────────────────────────
def due(faded: int, cards: int, *, is_all: bool) -> str:
    """`cards` were weighed, `is_all` of those that are due."""
    if not faded:
        return _("They are due, before you forget them.")
    values = {"n": faded, "share": share(0.9)}
    if is_all and faded == cards:
        return _("Each has faded below %(share)s.") % values
    if not is_all:
        return (
            ngettext(
                "At least %(n)d of them has faded below %(share)s.",
                "At least %(n)d of them have faded below %(share)s.",
                faded,
            )
            % values
        )
    return (
        ngettext(
            "%(n)d of them has faded below %(share)s.",
            "%(n)d of them have faded below %(share)s.",
            faded,
        )
        % values
    )


def check() -> str:
    return _("You skipped it after the pre-test; one answer tells whether that was right.")


def fades_before(title: str) -> str:
    return _("It has faded, and “%(title)s” builds on it.") % {"title": title}


# ── The strip of concepts ─────────────────────────────────────────────────────────────────────
def here() -> str:
    return _("you are here")


def following() -> str:
    return pgettext("concept", "next")


def after_that() -> str:
    return pgettext("concept", "after that")


def has_faded() -> str:
    return pgettext("concept", "has faded")


def again_in(days: int) -> str:
    return ngettext("review in %(n)d day", "review in %(n)d days", days) % {"n": days}
