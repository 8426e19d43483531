"""What people did that others may like to hear of: one row per deed, read when a feed is opened."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    COURSE_COMPLETED = "course_completed", _("finished a course")
    COURSE_PUBLISHED = "course_published", _("published a course")
    TOPIC_CREATED = "topic_created", _("began a topic")
    COMMENT_POSTED = "comment_posted", _("wrote a comment")
    BADGE_EARNED = "badge_earned", _("earned a badge")
    LEVEL_REACHED = "level_reached", _("reached a level")


# what somebody's points brought: shown with their badges
OF_HABIT = (Kind.BADGE_EARNED, Kind.LEVEL_REACHED)


class FeedEntry(models.Model):
    """A deed, once per cause. Whether somebody sees it is asked of its owner and of the thing itself
    at each reading: nothing here has to follow when either changes."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    # the seat, course, topic, comment or award that it comes from; the level
    object_id = models.BigIntegerField()
    course = models.ForeignKey("courses.Course", models.CASCADE, null=True, related_name="+")
    lesson = models.ForeignKey("courses.Lesson", models.CASCADE, null=True, related_name="+")
    topic = models.ForeignKey("community.Topic", models.CASCADE, null=True, related_name="+")
    award = models.ForeignKey("gamification.Award", models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("feed entry")
        verbose_name_plural = _("feed entries")
        constraints = [
            models.UniqueConstraint(fields=["actor", "kind", "object_id"], name="feed_entry_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="feed_entry_kind_known"),
        ]
        indexes = [
            # a feed enters it once for each person followed
            models.Index(fields=["actor", "-created_at", "-id"], name="feed_entry_of_actor"),
        ]

    # of a badge that stays a secret to who doesn't have it; set where entries are read
    is_secret = False

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
