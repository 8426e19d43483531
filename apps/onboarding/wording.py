"""The sentences that are put together: why a course, how long it takes."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .selectors import Pick

WEEK = 7
MANY_DAYS = 10  # from there on it is told in weeks


def why(pick: Pick) -> str:
    """One sentence: the wish, what others say, how little it takes."""
    course = pick.course
    parts = []
    if pick.is_held:
        parts.append(_("you’re enrolled already"))
    elif pick.topic:
        parts.append(_("because you chose %(topic)s") % {"topic": pick.topic})
    if course.avg_rating is not None and course.review_count:
        rated = ngettext(
            "%(mean)s of 5 from %(n)s person",
            "%(mean)s of 5 from %(n)s people",
            course.review_count,
        )
        mean = number_format(course.avg_rating, 1)
        parts.append(rated % {"mean": mean, "n": number_format(course.review_count)})
    takes = ngettext(
        "the first lesson takes %(n)s minute", "the first lesson takes %(n)s minutes", pick.minutes
    )
    parts.append(takes % {"n": pick.minutes})
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def outlook(pick: Pick, minutes: int) -> str:
    """How long the course takes at so many minutes a day, by the duration that it says."""
    total = pick.course.duration_minutes
    if not total:
        return ""
    days = -(-total // minutes)
    told = {"minutes": minutes, "title": pick.course.title}
    if days < MANY_DAYS:
        told["n"] = days
        return (
            ngettext(
                "At %(minutes)s minutes a day, “%(title)s” takes a day.",
                "At %(minutes)s minutes a day, “%(title)s” takes about %(n)s days.",
                days,
            )
            % told
        )
    told["n"] = weeks = round(days / WEEK)
    return (
        ngettext(
            "At %(minutes)s minutes a day, “%(title)s” takes about %(n)s week.",
            "At %(minutes)s minutes a day, “%(title)s” takes about %(n)s weeks.",
            weeks,
        )
        % told
    )
