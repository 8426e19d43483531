"""Deeds of the lower apps that become entries; each is looked up, for it may be gone by now."""

from datetime import datetime

from django.utils import timezone

from apps.community.events import CommentCreated, TopicCreated
from apps.community.models import Comment, Topic
from apps.core.bus import Event, subscribe
from apps.courses.events import CoursePublished
from apps.courses.models import Course
from apps.enrollment.events import EnrollmentCompleted
from apps.enrollment.models import Enrollment
from apps.gamification.events import BadgeEarned, LevelReached
from apps.gamification.models import Award

from . import services
from .models import Kind

LEVELS = 5  # every so many one is told, so that the feed isn't flooded


def _when(event: Event) -> datetime:
    return event.occurred_at or timezone.now()


@subscribe(EnrollmentCompleted)
def keep_finished_course(event: EnrollmentCompleted) -> None:
    if Enrollment.objects.filter(pk=event.enrollment_id).exists():
        services.keep(
            actor_id=event.student_id,
            kind=Kind.COURSE_COMPLETED,
            object_id=event.enrollment_id,
            course_id=event.course_id,
            at=_when(event),
        )


@subscribe(CoursePublished)
def keep_published_course(event: CoursePublished) -> None:
    if Course.objects.filter(pk=event.course_id).exists():
        services.keep(
            actor_id=event.owner_id,
            kind=Kind.COURSE_PUBLISHED,
            object_id=event.course_id,
            course_id=event.course_id,
            at=_when(event),
        )


@subscribe(TopicCreated)
def keep_topic(event: TopicCreated) -> None:
    topic = Topic.objects.standing().filter(pk=event.topic_id).first()
    if topic is not None:
        services.keep(
            actor_id=topic.author_id,
            kind=Kind.TOPIC_CREATED,
            object_id=topic.pk,
            topic_id=topic.pk,
            at=topic.created_at,
        )


@subscribe(CommentCreated)
def keep_comment(event: CommentCreated) -> None:
    comment = Comment.objects.standing().filter(pk=event.comment_id).first()
    if comment is not None:
        services.keep(
            actor_id=comment.author_id,
            kind=Kind.COMMENT_POSTED,
            object_id=comment.pk,
            course_id=comment.course_id,
            lesson_id=comment.lesson_id,
            at=comment.created_at,
        )


@subscribe(BadgeEarned)
def keep_badge(event: BadgeEarned) -> None:
    award = Award.objects.filter(pk=event.award_id).first()
    if award is not None:
        services.keep(
            actor_id=award.user_id,
            kind=Kind.BADGE_EARNED,
            object_id=award.pk,
            award_id=award.pk,
            at=award.earned_at,
        )


@subscribe(LevelReached)
def keep_level(event: LevelReached) -> None:
    """Also one that was passed with the last step; once for each."""
    passed = event.level - event.level % LEVELS
    if passed and event.level - passed <= 1:
        services.keep(
            actor_id=event.user_id, kind=Kind.LEVEL_REACHED, object_id=passed, at=_when(event)
        )
