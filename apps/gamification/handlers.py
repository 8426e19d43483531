"""What the lower apps tell becomes acts; each row is looked up, for it may be gone by now."""

from datetime import datetime

from django.utils import timezone

from apps.accounts.events import UserBanned, UserRegistered, UserRenamed
from apps.accounts.models import User
from apps.community.events import (
    AnswerChosen,
    CommentCreated,
    ContentLiked,
    ContentUnliked,
    PostCreated,
    TopicCreated,
)
from apps.community.models import Comment, Post, Topic
from apps.core.bus import Event, subscribe
from apps.courses.events import CourseCreated, CoursePublished
from apps.courses.models import Course
from apps.enrollment.events import (
    EnrollmentCancelled,
    EnrollmentCompleted,
    EnrollmentCreated,
    LessonCompleted,
    ReviewCreated,
)
from apps.enrollment.models import Enrollment, LessonCompletion
from apps.enrollment.models import Review as CourseReview
from apps.learning.events import (
    ConceptMastered,
    FlashcardReviewed,
    FlashcardReviewUndone,
    PretestFinished,
    QuizSubmitted,
)
from apps.learning.models import Concept, Pretest, Review
from apps.referrals.events import ReferralRewarded
from apps.referrals.models import Reward
from apps.social.events import UserFollowed
from apps.social.models import Follow

from .selectors import deeds
from .services import acts, answers, boards


def _when(event: Event) -> datetime:
    return event.occurred_at or timezone.now()


# ── Studying ──────────────────────────────────────────────────────────────────────────────────
@subscribe(LessonCompleted)
def count_lesson(event: LessonCompleted) -> None:
    rows = LessonCompletion.objects.select_related("enrollment")
    row = rows.filter(enrollment=event.enrollment_id, lesson=event.lesson_id).first()
    if row is not None:
        acts.record(user_id=row.enrollment.student_id, deeds=[deeds.of_completion(row)])


@subscribe(EnrollmentCompleted)
def count_course(event: EnrollmentCompleted) -> None:
    seat = Enrollment.objects.select_related("course").filter(pk=event.enrollment_id).first()
    if seat is not None and seat.completed_at is not None:
        acts.record(user_id=seat.student_id, deeds=[deeds.of_finished_course(seat)])


@subscribe(QuizSubmitted)
def count_attempt(event: QuizSubmitted) -> None:
    attempt = deeds.attempts_that_count().filter(pk=event.attempt_id).first()
    if attempt is not None:
        acts.record(user_id=attempt.student_id, deeds=deeds.of_attempt(attempt))


@subscribe(FlashcardReviewed)
def count_review(event: FlashcardReviewed) -> None:
    _settle_review(event.review_id, _when(event))


@subscribe(FlashcardReviewUndone)
def take_back_review(event: FlashcardReviewUndone) -> None:
    _settle_review(event.review_id, _when(event))


def _settle_review(review_id: int, at: datetime) -> None:
    rows = Review.objects.filter(pk=review_id)
    row = rows.select_related("card").first()
    if row is not None:
        acts.settle(
            user_id=row.student_id,
            deed=deeds.of_review(row, told=at),
            holds=rows.filter(undone_at=None).exists,
            at=at,
        )


@subscribe(ConceptMastered)
def count_concept(event: ConceptMastered) -> None:
    concept = Concept.objects.filter(pk=event.concept_id).first()
    if concept is not None:
        deed = deeds.of_concept(event.student_id, concept, _when(event))
        acts.record(user_id=event.student_id, deeds=[deed])


@subscribe(PretestFinished)
def count_pretest(event: PretestFinished) -> None:
    pretest = Pretest.objects.filter(pk=event.pretest_id).first()
    if pretest is not None and pretest.finished_at is not None:
        acts.record(user_id=pretest.student_id, deeds=[deeds.of_pretest(pretest)])


@subscribe(ReviewCreated)
def count_opinion(event: ReviewCreated) -> None:
    review = CourseReview.objects.select_related("course").filter(pk=event.review_id).first()
    if review is not None:
        acts.record(user_id=review.student_id, deeds=[deeds.of_opinion(review)])


# ── Taking part ───────────────────────────────────────────────────────────────────────────────
@subscribe(TopicCreated)
def count_topic(event: TopicCreated) -> None:
    topic = Topic.objects.standing().filter(pk=event.topic_id).first()
    if topic is not None:
        acts.record(user_id=topic.author_id, deeds=[deeds.of_topic(topic)])


@subscribe(PostCreated)
def count_post(event: PostCreated) -> None:
    post = Post.objects.standing().filter(pk=event.post_id).first()
    if post is not None:
        acts.record(user_id=post.author_id, deeds=[deeds.of_post(post)])


@subscribe(CommentCreated)
def count_comment(event: CommentCreated) -> None:
    comment = Comment.objects.standing().filter(pk=event.comment_id).first()
    if comment is not None:
        acts.record(user_id=comment.author_id, deeds=[deeds.of_comment(comment)])


@subscribe(ContentLiked, ContentUnliked)
def settle_like(event: ContentLiked | ContentUnliked) -> None:
    thing = (event.kind, event.object_id, event.user_id)
    at = _when(event)
    acts.settle(
        user_id=event.author_id,
        deed=deeds.of_like(*thing, at),
        holds=lambda: deeds.has_like(*thing),
        at=at,
    )


@subscribe(AnswerChosen)
def settle_answer(event: AnswerChosen) -> None:
    answers.settle_best(kind=event.kind, object_id=event.object_id, at=_when(event))


@subscribe(UserFollowed)
def count_follower(event: UserFollowed) -> None:
    rows = Follow.objects.filter(follower=event.follower_id, followed=event.followed_id)
    row = rows.first()
    if row is not None:
        acts.record(user_id=event.followed_id, deeds=[deeds.of_follow(row)])


# ── Teaching ──────────────────────────────────────────────────────────────────────────────────
@subscribe(CourseCreated)
def count_made_course(event: CourseCreated) -> None:
    course = Course.objects.filter(pk=event.course_id).first()
    if course is not None:
        acts.record(user_id=course.owner_id, deeds=[deeds.of_made_course(course)])


@subscribe(CoursePublished)
def count_published_course(event: CoursePublished) -> None:
    course = Course.objects.filter(pk=event.course_id).first()
    if course is not None and course.published_at is not None:
        acts.record(user_id=course.owner_id, deeds=[deeds.of_published_course(course)])


@subscribe(EnrollmentCreated)
def count_student(event: EnrollmentCreated) -> None:
    seat = Enrollment.objects.select_related("course").filter(pk=event.enrollment_id).first()
    if seat is not None:
        acts.record(user_id=seat.course.owner_id, deeds=[deeds.of_student(seat)])


@subscribe(ReviewCreated)
def count_rating(event: ReviewCreated) -> None:
    review = CourseReview.objects.select_related("course").filter(pk=event.review_id).first()
    if review is not None:
        acts.record(user_id=review.course.owner_id, deeds=[deeds.of_rating(review)])


# ── Being here ────────────────────────────────────────────────────────────────────────────────
@subscribe(UserRegistered)
def count_registration(event: UserRegistered) -> None:
    user = User.objects.filter(pk=event.user_id, erased_at=None).first()
    if user is not None:
        acts.record(user_id=user.pk, deeds=[deeds.of_registration(user)])


@subscribe(ReferralRewarded)
def pay_reward(event: ReferralRewarded) -> None:
    reward = Reward.objects.select_related("user").filter(pk=event.reward_id).first()
    if reward is not None:
        acts.record(user_id=reward.user_id, deeds=[deeds.of_reward(reward)])


# ── Places on leaderboards ────────────────────────────────────────────────────────────────────
@subscribe(UserRenamed, UserBanned)
def review_places(event: UserRenamed | UserBanned) -> None:
    """Who became private, or isn't here any more, has none; who is public again has theirs."""
    boards.review_places(user_id=event.user_id)


@subscribe(EnrollmentCancelled)
def leave_board(event: EnrollmentCancelled) -> None:
    """Unless the seat was taken up again meanwhile."""
    seats = Enrollment.objects.open().filter(student=event.student_id, course=event.course_id)
    if not seats.exists():
        boards.leave(user_id=event.student_id, course_id=event.course_id)
