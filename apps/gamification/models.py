"""The log of acts, what it adds up to, and who shows their points to whom.

`Act` is the truth: rows are only added. All the rest follows from it and can be made anew.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.enrollment.models import Enrollment

from .engine import levels
from .engine.badges import BADGES, Badge
from .engine.fold import State


def person(**options: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"),
        **options,
    )  # fmt: skip


class Goal(models.IntegerChoices):
    """XP a day by studying."""

    EASY = 20, _("relaxed")
    STEADY = 50, _("steady")
    SERIOUS = 100, _("serious")
    INTENSE = 200, _("intense")


class Habit(models.Model):
    """What a person's acts add up to. Whoever adds acts of the person holds the lock of this row.

    The columns repeat what `state` says, for lists and for the header; the streak is as it stood at
    the end of the last study day, `selectors.summary_of` says how it stands now.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    xp = models.PositiveIntegerField("XP", default=0)
    run = models.PositiveIntegerField(_("streak, days"), default=0)
    last_day = models.DateField(_("last study day"), null=True, blank=True)
    state = models.JSONField(default=dict)
    # what the person chose
    is_on = models.BooleanField(_("points and streaks shown"), default=True)
    celebrates = models.BooleanField(_("celebrations"), default=True)
    daily_goal = models.PositiveSmallIntegerField(
        _("daily goal, XP"), choices=Goal, default=Goal.STEADY
    )
    reminded_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("habit")
        verbose_name_plural = _("habits")
        constraints = [
            models.CheckConstraint(condition=Q(daily_goal__in=Goal.values), name="habit_goal_known")
        ]
        indexes = [
            # whose streak is at risk
            models.Index(fields=["last_day"], name="habit_with_streak", condition=Q(run__gt=0))
        ]

    def __str__(self) -> str:
        return f"habit {self.user_id}"

    @property
    def level(self) -> int:
        return levels.level_of(self.xp)

    def folded(self) -> State:
        return State(**self.state)


class ActQuerySet(models.QuerySet["Act"]):
    def visible_to(self, user: Any) -> "ActQuerySet":
        return self.filter(user=user)


class Act(models.Model):
    """One thing that somebody did, or that followed from it, with the XP that it brought; never
    changed. `source` names the cause within the rule: the same cause twice is one row.
    """

    user = person()
    rule = models.CharField(_("rule"), max_length=24)
    # compared byte by byte, so that the causes that begin alike are a range of the index
    source = models.CharField(_("cause"), max_length=80, db_collation="C")
    # the person's study day, by their clock of then
    day = models.DateField(_("study day"))
    at = models.DateTimeField(_("when"))
    points = models.IntegerField("XP")
    # no key: what was earned outlives what it was earned by
    course_id = models.PositiveBigIntegerField(_("course"), null=True, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        constraints = [
            models.UniqueConstraint(fields=["user", "rule", "source"], name="act_once"),
        ]
        indexes = [
            models.Index(fields=["user", "id"], name="act_of_user"),
            models.Index(fields=["user", "day"], name="act_of_day"),
            # whose answers to a question were chosen, one after the other
            models.Index(
                fields=["source"],
                name="act_best_answer",
                condition=Q(rule__in=["answer", "answer_undone"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.source}"


class DayTotal(models.Model):
    """What one study day of a person brought; a day without acts has no row."""

    user = person()
    day = models.DateField(_("study day"))
    lessons = models.PositiveIntegerField(_("lessons"), default=0)
    quizzes = models.PositiveIntegerField(_("quizzes"), default=0)
    reviews = models.PositiveIntegerField(_("cards"), default=0)
    comments = models.PositiveIntegerField(_("comments"), default=0)
    # acts of study that stand: with one the day counts for the streak
    acts = models.PositiveIntegerField(_("acts of study"), default=0)
    points = models.IntegerField("XP", default=0)
    studied = models.IntegerField(_("XP by studying"), default=0)
    by_rule = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("study day")
        verbose_name_plural = _("study days")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="day_total_once")]

    def __str__(self) -> str:
        return f"{self.day} of {self.user_id}"


class CourseTotal(models.Model):
    """XP of a person in a course, in a week that begins with the Monday, or without one in all."""

    user = person()
    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    week = models.DateField(null=True)
    points = models.IntegerField("XP", default=0)
    # the last act that moved the points: of those with equal points it is told who had them first
    reached_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("XP in a course")
        verbose_name_plural = _("XP in courses")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "week", "user"], nulls_distinct=False, name="course_total_once"
            )
        ]

    def __str__(self) -> str:
        return f"course {self.course_id}, user {self.user_id}"


class EntrantQuerySet(models.QuerySet["Entrant"]):
    def visible_to(self, user: Any) -> "EntrantQuerySet":
        """One's own: whom else somebody sees, the leaderboard says."""
        return self.filter(user=user)

    def shown(self) -> "EntrantQuerySet":
        """Those who have a place: public, here, with an open seat and the habit switched on."""
        seats = Enrollment.objects.open().filter(
            student_id=OuterRef("user_id"), course_id=OuterRef("course_id")
        )
        off = Habit.objects.filter(user_id=OuterRef("user_id"), is_on=False)
        return self.filter(
            Exists(seats),
            ~Exists(off),
            user__is_profile_public=True,
            user__is_active=True,
            user__banned_at=None,
            user__erased_at=None,
        )


class Entrant(models.Model):
    """Somebody who takes part in a course's leaderboard; whoever leaves it has no row."""

    user = person()
    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="+")
    since = models.DateTimeField(_("since"))

    objects = EntrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("entrant")
        verbose_name_plural = _("entrants")
        constraints = [
            models.UniqueConstraint(fields=["course", "user"], name="entrant_once"),
        ]

    def __str__(self) -> str:
        return f"course {self.course_id}, user {self.user_id}"


class Award(models.Model):
    """A badge that somebody has."""

    user = person()
    badge = models.CharField(_("badge"), max_length=40)
    earned_at = models.DateTimeField(_("earned"))
    granted_by = person(null=True, blank=True)

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        constraints = [models.UniqueConstraint(fields=["user", "badge"], name="award_once")]
        indexes = [models.Index(fields=["user", "-earned_at", "-id"], name="award_of_user")]

    def __str__(self) -> str:
        return f"{self.badge} of {self.user_id}"

    @property
    def shape(self) -> Badge:
        return BADGES[self.badge]


class MomentKind(models.TextChoices):
    BADGE = "badge", _("badge")
    LEVEL = "level", _("level")
    STREAK = "streak", _("streak")
    COURSE = "course", _("course")


class Moment(models.Model):
    """Something to celebrate: shown once, between two things and never in the middle of one."""

    user = person()
    kind = models.CharField(max_length=8, choices=MomentKind)
    # the badge's slug, the level, the days in a row, the id of the course
    key = models.CharField(max_length=40)
    points = models.PositiveIntegerField("XP", default=0)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="moment_once"),
            models.CheckConstraint(
                condition=Q(kind__in=MomentKind.values), name="moment_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "id"], name="moment_waiting", condition=Q(seen_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} of {self.user_id}"
