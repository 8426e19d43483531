"""What figures of the habit are called."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from .engine.badges import Badge, Group

GROUPS = {
    Group.LEARNING: pgettext_lazy("badges", "Learning"),
    Group.KNOWLEDGE: pgettext_lazy("badges", "Knowledge"),
    Group.MASTERY: pgettext_lazy("badges", "Mastery"),
    Group.COMPLETION: pgettext_lazy("badges", "Courses finished"),
    Group.STREAK: pgettext_lazy("badges", "Streak"),
    Group.SOCIAL: pgettext_lazy("badges", "Talking with others"),
    Group.HELPING: pgettext_lazy("badges", "Helping"),
    Group.TEACHING: pgettext_lazy("badges", "Teaching"),
    Group.POINTS: pgettext_lazy("badges", "Inviting"),
    Group.EARLY_BIRD: pgettext_lazy("badges", "Early mornings"),
    Group.SEASONAL: pgettext_lazy("badges", "Days of the year"),
    Group.LIMITED: pgettext_lazy("badges", "Special"),
    Group.HIDDEN: pgettext_lazy("badges", "Hidden"),
}
RARITY_NAMES = {
    "common": pgettext_lazy("badge", "common"),
    "uncommon": pgettext_lazy("badge", "uncommon"),
    "rare": pgettext_lazy("badge", "rare"),
    "epic": pgettext_lazy("badge", "epic"),
    "legendary": pgettext_lazy("badge", "legendary"),
    "mythic": pgettext_lazy("badge", "mythic"),
}
KINDS = {
    "studied": pgettext_lazy("day", "studied"),
    "rest": pgettext_lazy("day", "day of rest"),
    "frozen": pgettext_lazy("day", "freeze"),
    "repaired": pgettext_lazy("day", "repaired"),
    "missed": pgettext_lazy("day", "missed"),
    "": _("nothing yet"),
}

Words = Callable[[int], str]
# what a counter counts, behind "7 of"; the number is the target
OF: dict[str, Words] = {
    "courses": lambda n: ngettext("of %(n)d course", "of %(n)d courses", n),
    "in_one_category": lambda n: ngettext("of %(n)d course", "of %(n)d courses", n),
    "categories": lambda n: ngettext("of %(n)d category", "of %(n)d categories", n),
    "weekend_lessons": lambda n: ngettext("of %(n)d lesson", "of %(n)d lessons", n),
    "quizzes": lambda n: ngettext("of %(n)d quiz", "of %(n)d quizzes", n),
    "perfect_quizzes": lambda n: ngettext("of %(n)d perfect quiz", "of %(n)d perfect quizzes", n),
    "attempts_at_one": lambda n: ngettext("of %(n)d attempt", "of %(n)d attempts", n),
    "comments": lambda n: ngettext("of %(n)d comment", "of %(n)d comments", n),
    "topics": lambda n: ngettext("of %(n)d topic", "of %(n)d topics", n),
    "likes": lambda n: ngettext("of %(n)d like", "of %(n)d likes", n),
    "best_answers": lambda n: ngettext("of %(n)d best answer", "of %(n)d best answers", n),
    "people_helped": lambda n: ngettext("of %(n)d person", "of %(n)d people", n),
    "followers": lambda n: ngettext("of %(n)d follower", "of %(n)d followers", n),
    "courses_published": lambda n: ngettext("of %(n)d course", "of %(n)d courses", n),
    "students": lambda n: ngettext("of %(n)d student", "of %(n)d students", n),
    "courses_loved": lambda n: ngettext("of %(n)d course", "of %(n)d courses", n),
    "five_stars": lambda n: ngettext("of %(n)d review", "of %(n)d reviews", n),
    "streak": lambda n: ngettext("of %(n)d day", "of %(n)d days", n),
    "referrals": lambda n: ngettext("of %(n)d person", "of %(n)d people", n),
    "people_invited": lambda n: ngettext("of %(n)d person", "of %(n)d people", n),
    "all": lambda n: ngettext("of %(n)d badge", "of %(n)d badges", n),
}


def progress_words(badge: Badge, current: int) -> str:
    """ "7 of 10 courses"."""
    words = OF.get(badge.counter, _bare)
    return f"{current} {words(badge.target) % {'n': badge.target}}"


def _bare(target: int) -> str:
    return ngettext("of %(n)d", "of %(n)d", target)


# ── Celebrations of a streak, by its length ───────────────────────────────────────────────────
STREAK_TITLES = {
    3: _("Three days in a row"),
    7: _("Seven days in a row"),
    14: _("Fourteen days in a row"),
    30: _("Thirty days in a row"),
    60: _("Sixty days in a row"),
    100: _("A hundred days in a row"),
    365: _("365 days in a row"),
}
STREAK_LABELS = {
    3: _("The beginning is made"),
    7: _("A week without a gap"),
    14: _("Two weeks without a gap"),
    30: _("A month without a gap"),
    60: _("Two months without a gap"),
    100: _("Very few get that far"),
    365: _("A whole year of study"),
}
