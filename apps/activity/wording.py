"""How a deed is told: after its owner's name, or alone on their own page; in both languages."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .models import OF_HABIT, FeedEntry, Kind

# the Russian words know nobody's gender, so they name the thing
AFTER_NAME: dict[str, Any] = {
    Kind.COURSE_COMPLETED: _("finished “%(title)s”"),
    Kind.COURSE_PUBLISHED: _("published a course, “%(title)s”"),
    Kind.TOPIC_CREATED: _("began a topic, “%(title)s”"),
    Kind.COMMENT_POSTED: _("commented on “%(title)s”"),
    Kind.BADGE_EARNED: _("earned the badge “%(title)s”"),
    Kind.LEVEL_REACHED: _("reached level %(title)s"),
}
ALONE: dict[str, Any] = {
    Kind.COURSE_COMPLETED: _("Finished “%(title)s”"),
    Kind.COURSE_PUBLISHED: _("Published “%(title)s”"),
    Kind.TOPIC_CREATED: _("Began a topic, “%(title)s”"),
    Kind.COMMENT_POSTED: _("Commented on “%(title)s”"),
    Kind.BADGE_EARNED: _("Earned the badge “%(title)s”"),
    Kind.LEVEL_REACHED: _("Reached level %(title)s"),
}
ICONS: dict[str, str] = {
    Kind.COURSE_COMPLETED: "circle-check",
    Kind.COURSE_PUBLISHED: "presentation",
    Kind.TOPIC_CREATED: "messages-square",
    Kind.COMMENT_POSTED: "message-circle",
    Kind.BADGE_EARNED: "award",
    Kind.LEVEL_REACHED: "trending-up",
}


def title_of(entry: FeedEntry) -> str:
    if entry.kind == Kind.LEVEL_REACHED:
        return str(entry.object_id)
    if entry.award is not None:
        return entry.award.shape.name
    thing = entry.topic or entry.lesson or entry.course
    return thing.title if thing else ""


def after_name(entry: FeedEntry) -> str:
    if entry.is_secret:
        return str(_("earned a hidden badge"))
    return str(AFTER_NAME[entry.kind] % {"title": title_of(entry)})


def alone(entry: FeedEntry) -> str:
    if entry.is_secret:
        return str(_("Earned a hidden badge"))
    return str(ALONE[entry.kind] % {"title": title_of(entry)})


def url_of(entry: FeedEntry) -> str:
    """Where the deed can be looked at."""
    if entry.topic_id:
        return reverse("community:topic", args=[entry.topic_id])
    if entry.kind in OF_HABIT:
        return reverse("profile", args=[entry.actor.username])
    if entry.kind == Kind.COMMENT_POSTED:
        return reverse("community:comment", args=[entry.object_id])
    return f"/courses/{entry.course.slug}/" if entry.course else ""
