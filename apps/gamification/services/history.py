"""What people did before anybody counted, or while an event was lost: read from the rows themselves."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from apps.accounts.models import User
from apps.community.models import Comment, Like, Post, Topic
from apps.core.bus import happening
from apps.courses.models import Course
from apps.enrollment.models import Enrollment, LessonCompletion
from apps.enrollment.models import Review as CourseReview
from apps.learning.models import Evidence, Mastery, Pretest, Review
from apps.referrals.models import Reward
from apps.social.models import Follow

from ..models import Act
from ..selectors import deeds
from ..selectors.deeds import Deed
from . import acts, answers


@transaction.atomic
def catch_up(*, user: User, at: datetime) -> int:
    """Write what the rows say and the log doesn't have yet; the number of new acts.

    In the order in which it was done. Nobody is told of it, nothing is celebrated: it is long ago.
    Read under the locks of who takes something back meanwhile: it is seen here or there.
    """
    answers.lock()
    if acts.open_book(user.pk) is None:
        return 0
    found = sorted(history_of(user, at), key=lambda deed: deed.at)
    return len(acts.record(user_id=user.pk, deeds=found, quiet=True))


@transaction.atomic
def retell(*, user: User, at: datetime) -> int:
    """As `catch_up`, told week by week as if it had been heard then; the number of new acts.

    For who makes a past: feeds and figures are to know of it.
    """
    answers.lock()
    if acts.open_book(user.pk) is None:
        return 0
    found = sorted(history_of(user, at), key=lambda deed: deed.at)
    written = 0
    for _week, group in groupby(found, key=lambda deed: deed.at.isocalendar()[:2]):
        told = list(group)
        with happening(told[-1].at):
            written += len(acts.record(user_id=user.pk, deeds=told))
    return written


def pay_rewards() -> int:
    """Give the points of referral rewards that nobody was given yet; how many those were.

    The rewards themselves are the list: of before there was a log, and of lost events.
    """
    paid = Act.objects.filter(
        user=OuterRef("user"), rule="referral", source=Cast(OuterRef("pk"), CharField())
    )
    waiting = Reward.objects.filter(~Exists(paid), user__erased_at=None)
    count = 0
    for reward in waiting.select_related("user").order_by("pk").iterator():
        count += bool(acts.record(user_id=reward.user_id, deeds=[deeds.of_reward(reward)]))
    return count


def history_of(user: User, at: datetime) -> Iterator[Deed]:
    """All that the rows of the lower apps say of the person, in no order; up to `at`."""
    yield deeds.of_registration(user)
    yield from _studied(user)
    yield from _wrote(user)
    yield from _was_followed(user)
    yield from _taught(user)
    for reward in Reward.objects.filter(user=user).select_related("user"):
        yield deeds.of_reward(reward)
    yield from _mastered(user, at)


def _studied(user: User) -> Iterator[Deed]:
    done = LessonCompletion.objects.filter(enrollment__student=user)
    for row in done.select_related("enrollment"):
        yield deeds.of_completion(row)
    seats = Enrollment.objects.filter(student=user, completed_at__isnull=False)
    for seat in seats.select_related("course"):
        yield deeds.of_finished_course(seat)
    for attempt in deeds.attempts_that_count().filter(student=user):
        yield from deeds.of_attempt(attempt)
    for review in Review.objects.filter(student=user, undone_at=None):
        yield deeds.of_review(review)
    for pretest in Pretest.objects.filter(student=user, finished_at__isnull=False):
        yield deeds.of_pretest(pretest)
    for opinion in CourseReview.objects.filter(student=user):
        yield deeds.of_opinion(opinion)


def _mastered(user: User, at: datetime) -> Iterator[Deed]:
    """The evidence that first made a concept mastered knows when; of older ones the day is left."""
    when: dict[int, datetime] = {}
    telling = Evidence.objects.filter(student=user).exclude(announced=[]).order_by("occurred_at")
    for concepts, moment in telling.values_list("announced", "occurred_at"):
        when |= {concept: moment for concept in concepts if concept not in when}
    for row in Mastery.objects.filter(student=user, mastered=True).select_related("concept"):
        yield deeds.of_concept(user.pk, row.concept, when.get(row.concept_id, row.last or at))


def _wrote(user: User) -> Iterator[Deed]:
    for topic in Topic.objects.standing().filter(author=user):
        yield deeds.of_topic(topic)
        yield from _likes("topic", topic.pk)
    for post in Post.objects.standing().filter(author=user):
        yield deeds.of_post(post)
        yield from _likes("post", post.pk)
    for comment in Comment.objects.standing().filter(author=user):
        yield deeds.of_comment(comment)
        yield from _likes("comment", comment.pk)
    best = Topic.objects.filter(best_post__isnull=False).values("best_post")
    for post in Post.objects.standing().filter(author=user, pk__in=best):
        yield from _answered("post", post.pk, post.created_at)
    chosen = Comment.objects.filter(answer__isnull=False).values("answer")
    for comment in Comment.objects.standing().filter(author=user, pk__in=chosen):
        yield from _answered("comment", comment.pk, comment.created_at)


def _likes(kind: str, object_id: int) -> Iterator[Deed]:
    for like in Like.objects.filter(kind=kind, object_id=object_id):
        yield deeds.of_like(kind, object_id, like.user_id, like.created_at)


def _answered(kind: str, object_id: int, at: datetime) -> Iterator[Deed]:
    best = deeds.best_answer(kind, object_id)
    if best is not None and best.author_id != best.asker_id:
        yield deeds.of_answer(best, at)


def _was_followed(user: User) -> Iterator[Deed]:
    for row in Follow.objects.filter(followed=user):
        yield deeds.of_follow(row)


def _taught(user: User) -> Iterator[Deed]:
    for course in Course.objects.filter(owner=user):
        yield deeds.of_made_course(course)
        if course.published_at is not None:
            yield deeds.of_published_course(course)
    for seat in Enrollment.objects.filter(course__owner=user):
        yield deeds.of_student(seat)
    for review in CourseReview.objects.filter(course__owner=user).select_related("course"):
        yield deeds.of_rating(review)
