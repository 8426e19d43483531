"""What rows of the lower apps say that somebody did.

One function for each kind of row, used when it is told by an event and when history is caught up
with; a deed of the same row is the same each time.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from apps.accounts.models import User
from apps.community.models import Comment, Kind, Like, Post, Topic
from apps.courses.models import Course
from apps.enrollment.models import Enrollment, LessonCompletion
from apps.enrollment.models import Review as CourseReview
from apps.learning.models import Answer, Attempt, Concept, Mastery, Pretest, Question, Review
from apps.referrals.models import Reward
from apps.referrals.selectors import figures_of
from apps.social.models import Follow

FAST = timedelta(hours=24)
LONG = 600  # minutes
QUICK = timedelta(minutes=5)
LOVED = Decimal("4.5")
FIRST_USERS = 100
LATE = timedelta(days=2)


@dataclass(frozen=True)
class Deed:
    """What somebody did, before it is in the log. `points` for rules whose XP the deed itself has;
    `told` is when the platform heard of it, for a moment `at` that a device says.
    """

    rule: str
    source: str
    at: datetime
    course_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    points: int | None = None
    told: datetime | None = None


# ── Studying ──────────────────────────────────────────────────────────────────────────────────
def of_completion(row: LessonCompletion) -> Deed:
    return Deed("lesson", str(row.lesson_id), row.completed_at, row.enrollment.course_id)


def of_finished_course(seat: Enrollment) -> Deed:
    assert seat.completed_at is not None
    facts: dict[str, Any] = {
        "fast": seat.completed_at - seat.enrolled_at <= FAST,
        "long": seat.course.duration_minutes >= LONG,
    }
    if seat.course.category_id is not None:
        facts["category"] = seat.course.category_id
    return Deed("course", str(seat.course_id), seat.completed_at, seat.course_id, facts)


def attempts_that_count() -> QuerySet[Attempt]:
    """Handed in, and not by a teacher who tries a quiz of their own course."""
    handed_in = Attempt.objects.filter(submitted_at__isnull=False).select_related("quiz")
    return handed_in.exclude(student=F("quiz__course__owner"))


def of_attempt(attempt: Attempt) -> list[Deed]:
    """That it was handed in; that the quiz is passed, and without a mistake, where it is."""
    at, course_id = attempt.submitted_at, attempt.quiz.course_id
    assert at is not None
    facts = {
        "number": attempt.number,
        "percent": attempt.percent,
        "quick": bool(attempt.passed) and at - attempt.started_at <= QUICK,
        "first_try": bool(attempt.passed) and attempt.number == 1,
        "thorough": has_answered_all(attempt.student_id, course_id),
    }
    deeds = [Deed("attempt", str(attempt.pk), at, course_id, facts)]
    if attempt.passed:
        deeds.append(Deed("quiz", str(attempt.quiz_id), at, course_id))
    if attempt.percent == 100:
        deeds.append(Deed("perfect", str(attempt.quiz_id), at, course_id))
    return deeds


def has_answered_all(student_id: int, course_id: int) -> bool:
    """Whether the student has answered every question that the course's quizzes ask now."""
    given = Answer.objects.filter(
        attempt__student_id=student_id, attempt__submitted_at__isnull=False, given_at__isnull=False
    )
    asked = Question.objects.approved().filter(
        course_id=course_id, quiz__published_at__isnull=False
    )
    return not asked.exclude(pk__in=given.values("question")).exists()


def of_review(row: Review, told: datetime | None = None) -> Deed:
    """`told` is when the platform heard of it.

    A device without a net sends its grades later and says when they were given. That counts for two
    days, and not before the card was made: who moves a clock can't fill the days gone by. How often
    an earlier day is believed, the log decides.
    """
    at = row.reviewed_at
    if told is not None and told - at > LATE:
        at = told
    elif told is not None and row.card is not None:
        at = max(at, min(row.card.created_at, told))
    return Deed("review", str(row.pk), at, row.course_id, told=told)


def of_concept(student_id: int, concept: Concept, at: datetime) -> Deed:
    facts = {"whole": has_whole_map(student_id, concept.course_id)}
    return Deed("concept", str(concept.pk), at, concept.course_id, facts)


def has_whole_map(student_id: int, course_id: int) -> bool:
    """Whether the student has mastered every concept of the course."""
    mastered = Mastery.objects.filter(student_id=student_id, course_id=course_id, mastered=True)
    left = Concept.objects.filter(course_id=course_id).exclude(pk__in=mastered.values("concept"))
    return not left.exists()


def of_pretest(pretest: Pretest) -> Deed:
    assert pretest.finished_at is not None
    return Deed("pretest", str(pretest.course_id), pretest.finished_at, pretest.course_id)


def of_opinion(review: CourseReview) -> Deed:
    return Deed("opinion", str(review.course_id), review.created_at, review.course_id)


# ── Taking part ───────────────────────────────────────────────────────────────────────────────
def of_topic(topic: Topic) -> Deed:
    return Deed("topic", str(topic.pk), topic.created_at)


def of_post(post: Post) -> Deed:
    return Deed("post", str(post.pk), post.created_at)


def of_comment(comment: Comment) -> Deed:
    return Deed("comment", str(comment.pk), comment.created_at, comment.course_id)


def of_like(kind: str, object_id: int, liker_id: int, at: datetime) -> Deed:
    return Deed("like", f"{kind}:{object_id}:{liker_id}", at)


def has_like(kind: str, object_id: int, liker_id: int) -> bool:
    return Like.objects.filter(user_id=liker_id, kind=kind, object_id=object_id).exists()


@dataclass(frozen=True)
class BestAnswer:
    """The answer of a question that is chosen now: by whom it is, and who asked."""

    question: str
    author_id: int
    asker_id: int


def best_answer(kind: str, object_id: int) -> BestAnswer | None:
    """Of the question that the post or comment answers; None when none is chosen there."""
    if kind == Kind.POST:
        topic = Topic.objects.filter(best_post=object_id).select_related("best_post").first()
        if topic is None or topic.best_post is None:
            return None
        return BestAnswer(f"topic:{topic.pk}", topic.best_post.author_id, topic.author_id)
    asked = Comment.objects.filter(answer=object_id).select_related("answer").first()
    if asked is None or asked.answer is None:
        return None
    return BestAnswer(f"question:{asked.pk}", asked.answer.author_id, asked.author_id)


def of_answer(best: BestAnswer, at: datetime) -> Deed:
    return Deed("answer", best.question, at, facts={"asker": best.asker_id})


def of_follow(row: Follow) -> Deed:
    return Deed("follower", str(row.follower_id), row.created_at)


# ── Teaching ──────────────────────────────────────────────────────────────────────────────────
def of_made_course(course: Course) -> Deed:
    return Deed("made", str(course.pk), course.created_at)


def of_published_course(course: Course) -> Deed:
    assert course.published_at is not None
    return Deed("published", str(course.pk), course.published_at)


def of_student(seat: Enrollment) -> Deed:
    """For the course's teacher; one person in several courses of theirs is one student."""
    return Deed("student", str(seat.student_id), seat.enrolled_at)


def of_rating(review: CourseReview) -> Deed:
    """For the course's teacher; `loved` counts their courses that are rated high by now.

    Of a student who takes their review back and writes another one the first is counted.
    """
    loved = Course.objects.filter(owner_id=review.course.owner_id, avg_rating__gte=LOVED).count()
    facts = {"rating": review.rating, "loved": loved}
    return Deed("rated", f"{review.course_id}:{review.student_id}", review.created_at, facts=facts)


# ── Being here ────────────────────────────────────────────────────────────────────────────────
def of_registration(user: User) -> Deed:
    before = User.objects.filter(pk__lt=user.pk)[:FIRST_USERS]
    first = before.count() < FIRST_USERS
    return Deed("registered", "", user.created_at, facts={"first": first})


def of_reward(reward: Reward) -> Deed:
    """Points of a referral as the reward's row says, with how many people came and finished."""
    inviter = figures_of(reward.user)
    facts = {"completed": inviter.completed_count, "joined": inviter.joined_count}
    return Deed("referral", str(reward.pk), reward.created_at, facts=facts, points=reward.points)
