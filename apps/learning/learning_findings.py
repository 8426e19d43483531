"""The figures of the mechanisms in words, as tables; where few stand behind one, that is said."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, pgettext

from apps.core.templatetags.ui import clock, number, percent

from .selectors.metrics import FEWEST_PEOPLE, Mechanism, Metrics, Recall


@dataclass(frozen=True)
class Table:
    """A few rows under a title, with what has to be known to read them."""

    title: str
    headers: list[str]
    rows: list[list[str]]
    note: str = ""


def tables_of(found: Metrics) -> list[Table]:
    return [_quizzes(found), _memory(found), _talks(found), _people(found), _mechanisms(found)]


def _share(value: float | None) -> str:
    return gettext("too few") if value is None else percent(round(value * 100))


def _heads() -> list[str]:
    return [gettext("Figure"), gettext("Value"), gettext("From")]


def _quizzes(found: Metrics) -> Table:
    quizzes = found.quizzes
    finished = ngettext("%(n)s attempt", "%(n)s attempts", quizzes.submitted) % {
        "n": number(quizzes.submitted)
    }
    began = ngettext("%(n)s attempt", "%(n)s attempts", quizzes.began) % {
        "n": number(quizzes.began)
    }
    spent = clock(quizzes.median_seconds) if quizzes.median_seconds else "—"
    return Table(
        gettext("Quizzes"),
        _heads(),
        [
            [gettext("Finished of those begun"), _share(quizzes.completion), began],
            [gettext("Accuracy"), _share(quizzes.accuracy), finished],
            [gettext("Passed"), _share(quizzes.passed), finished],
            [gettext("Time on a quiz, median"), spent, finished],
        ],
    )


def _memory(found: Metrics) -> Table:
    return Table(
        gettext("Memory"),
        [gettext("Recalled"), gettext("Measured"), gettext("Predicted"), gettext("From")],
        [
            *(_recall(_after(each.days), each) for each in found.recall),
            _recall(gettext("After a week, seen once before: the baseline"), found.baseline),
        ],
    )


def _after(days: int) -> str:
    return ngettext("Around %(n)d day after", "Around %(n)d days after", days) % {"n": days}


def _recall(name: str, found: Recall) -> list[str]:
    count = ngettext("%(n)s review", "%(n)s reviews", found.count) % {"n": number(found.count)}
    return [name, _share(found.measured), _share(found.predicted), count]


def _talks(found: Metrics) -> Table:
    talks = found.talks
    per = "—" if talks.per_lesson is None else number(talks.per_lesson, 2)
    understanding = (
        "—" if talks.understanding is None else percent(round(talks.understanding * 100))
    )
    rating = "—" if talks.rating is None else number(talks.rating, 1)
    return Table(
        gettext("Tutor"),
        _heads(),
        [
            [gettext("Questions asked per lesson read"), per, number(talks.questions)],
            [gettext("Understanding, as turns were judged"), understanding, number(talks.judged)],
            [gettext("Rating of talks, of five"), rating, number(talks.rated)],
        ],
    )


def _people(found: Metrics) -> Table:
    active = found.active
    return Table(
        gettext("People and concepts"),
        [gettext("Figure"), gettext("Value")],
        [
            [gettext("Learn on a day, on average"), number(active.daily, 1)],
            [gettext("Learnt within 30 days"), number(active.monthly)],
            [gettext("Share of these on a day"), _share(active.stickiness)],
            [
                gettext("Concepts mastered, week by week"),
                " · ".join(number(count) for count in found.mastered_per_week),
            ],
        ],
    )


def _mechanisms(found: Metrics) -> Table:
    names = {
        "quiz": gettext("Quiz"),
        "cards": pgettext("to review", "Cards"),
        "tutor": gettext("Tutor"),
        "pretest": gettext("Pre-test"),
    }
    return Table(
        gettext("Course finished, with and without"),
        [gettext("Mechanism"), gettext("With"), gettext("Without")],
        [[names[each.name], *_groups(each)] for each in found.mechanisms],
        note=gettext(
            "Seats of the last year. This is a correlation: whoever is keen uses more and finishes "
            "more, so the difference isn’t what the mechanism does."
        ),
    )


def _groups(each: Mechanism) -> list[str]:
    if not each.is_enough:
        few = gettext("fewer than %(n)s in a group") % {"n": number(FEWEST_PEOPLE)}
        return [few, few]
    return [
        _of(each.finished_using, each.using),
        _of(each.finished_others, each.others),
    ]


def _of(part: int, whole: int) -> str:
    shares = {"share": percent(round(part / whole * 100)), "n": number(whole)}
    return gettext("%(share)s of %(n)s") % shares
