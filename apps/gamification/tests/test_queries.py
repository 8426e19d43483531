"""What an event costs in its handler: at most twelve queries, the same whatever the history."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.events import UserRegistered
from apps.accounts.tests.factories import UserFactory
from apps.community.events import (
    AnswerChosen,
    CommentCreated,
    ContentLiked,
    ContentUnliked,
    PostCreated,
    TopicCreated,
)
from apps.community.models import Like
from apps.community.tests.factories import CommentFactory, PostFactory
from apps.core import bus
from apps.courses.events import CourseCreated, CoursePublished
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.events import (
    EnrollmentCompleted,
    EnrollmentCreated,
    LessonCompleted,
    ReviewCreated,
)
from apps.enrollment.tests.factories import CompletionFactory, EnrollmentFactory, ReviewFactory
from apps.gamification import handlers
from apps.gamification.models import Act, Award, Habit
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts
from apps.learning.events import (
    ConceptMastered,
    FlashcardReviewed,
    FlashcardReviewUndone,
    PretestFinished,
    QuizSubmitted,
)
from apps.learning.models import Attempt, Card, Pretest
from apps.learning.services import notes, reviews
from apps.learning.tests.factories import ConceptFactory, quiz_with
from apps.referrals import services as referrals
from apps.referrals.events import ReferralRewarded
from apps.referrals.tests.factories import ReferralFactory
from apps.social.events import UserFollowed
from apps.social.models import Follow

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
MOST = 12


# ── One event of each kind: (who counts, the handler's event), made of real rows ──────────────
def lesson_done():
    lesson = LessonFactory()
    seat = EnrollmentFactory(course=lesson.course)
    CompletionFactory(enrollment=seat, lesson=lesson, completed_at=NOW)
    event = LessonCompleted(
        enrollment_id=seat.pk, student_id=seat.student_id, course_id=seat.course_id,
        lesson_id=lesson.pk,
    )  # fmt: skip
    return seat.student, handlers.count_lesson, event


def course_done():
    seat = EnrollmentFactory(completed_at=NOW)
    ids = {"student_id": seat.student_id, "course_id": seat.course_id}
    return seat.student, handlers.count_course, EnrollmentCompleted(enrollment_id=seat.pk, **ids)


def quiz_done():
    quiz, student = quiz_with("single"), UserFactory()
    attempt = Attempt.objects.create(
        quiz=quiz, student=student, number=1, started_at=NOW, submitted_at=NOW, passed=True,
        percent=100, score=1, max_score=1,
    )  # fmt: skip
    event = QuizSubmitted(
        attempt_id=attempt.pk, student_id=student.pk, course_id=quiz.course_id, quiz_id=quiz.pk,
        percent=100, passed=True,
    )  # fmt: skip
    return student, handlers.count_attempt, event


def a_review(student):
    note, _made = notes.add_note(student=student, kind="basic", front="2 + 2", back="4", at=NOW)
    return reviews.review_card(card=note.cards.get(), rating=3, at=NOW)


def card_reviewed():
    student = UserFactory()
    row = a_review(student)
    event = FlashcardReviewed(
        review_id=row.pk, student_id=student.pk, card_id=row.card_id, course_id=None, rating=3,
        occurred_at=NOW,
    )  # fmt: skip
    return student, handlers.count_review, event


def review_undone():
    student, handler, event = card_reviewed()
    handler(event)
    card = Card.objects.get(pk=event.card_id)
    reviews.undo_review(card=card, at=NOW)
    told = FlashcardReviewUndone(review_id=event.review_id, student_id=student.pk, card_id=card.pk)
    return student, handlers.take_back_review, told


def concept_mastered():
    student, concept = UserFactory(), ConceptFactory()
    event = ConceptMastered(
        student_id=student.pk, course_id=concept.course_id, concept_id=concept.pk, evidence_id=1,
        occurred_at=NOW,
    )  # fmt: skip
    return student, handlers.count_concept, event


def pretest_finished():
    student, course = UserFactory(), CourseFactory()
    row = Pretest.objects.create(
        student=student, course=course, graph={}, factor=0.5, started_at=NOW, finished_at=NOW
    )
    event = PretestFinished(pretest_id=row.pk, student_id=student.pk, course_id=course.pk)
    return student, handlers.count_pretest, event


def review_written():
    row = ReviewFactory(created_at=NOW)
    event = ReviewCreated(
        review_id=row.pk, student_id=row.student_id, course_id=row.course_id, rating=5
    )
    return row, event


def opinion():
    row, event = review_written()
    return row.student, handlers.count_opinion, event


def rating():
    row, event = review_written()
    return row.course.owner, handlers.count_rating, event


def topic_written():
    topic = PostFactory().topic
    event = TopicCreated(topic_id=topic.pk, author_id=topic.author_id, category_id=1)
    return topic.author, handlers.count_topic, event


def post_written():
    post = PostFactory()
    event = PostCreated(post_id=post.pk, topic_id=post.topic_id, author_id=post.author_id)
    return post.author, handlers.count_post, event


def comment_written():
    row = CommentFactory(course=CourseFactory())
    event = CommentCreated(
        comment_id=row.pk, author_id=row.author_id, course_id=row.course_id, lesson_id=None,
        root_id=None,
    )  # fmt: skip
    return row.author, handlers.count_comment, event


def liked():
    post, liker = PostFactory(), UserFactory()
    Like.objects.create(user=liker, kind="post", object_id=post.pk, created_at=NOW)
    event = ContentLiked(
        kind="post", object_id=post.pk, author_id=post.author_id, user_id=liker.pk, occurred_at=NOW
    )
    return post.author, handlers.settle_like, event


def unliked():
    author, handler, event = liked()
    handler(event)
    Like.objects.all().delete()
    told = ContentUnliked(
        kind="post", object_id=event.object_id, author_id=author.pk, user_id=event.user_id,
        occurred_at=NOW,
    )  # fmt: skip
    return author, handler, told


def choose(post):
    post.topic.best_post = post
    post.topic.save()
    return AnswerChosen(
        kind="post", object_id=post.pk, author_id=post.author_id, by_id=post.topic.author_id,
        occurred_at=NOW,
    )  # fmt: skip


def answer_chosen():
    post = PostFactory()
    return post.author, handlers.settle_answer, choose(post)


def another_answer_chosen():
    author, handler, event = answer_chosen()
    handler(event)
    other = PostFactory(topic=PostFactory._meta.model.objects.get(pk=event.object_id).topic)
    return other.author, handler, choose(other)


def followed():
    row = Follow.objects.create(follower=UserFactory(), followed=UserFactory(), created_at=NOW)
    event = UserFollowed(follower_id=row.follower_id, followed_id=row.followed_id)
    return row.followed, handlers.count_follower, event


def course_made():
    course = CourseFactory(created_at=NOW)
    event = CourseCreated(course_id=course.pk, owner_id=course.owner_id)
    return course.owner, handlers.count_made_course, event


def course_published():
    course = CourseFactory(published_at=NOW)
    event = CoursePublished(course_id=course.pk, owner_id=course.owner_id)
    return course.owner, handlers.count_published_course, event


def seat_taken():
    seat = EnrollmentFactory(enrolled_at=NOW)
    event = EnrollmentCreated(
        enrollment_id=seat.pk, student_id=seat.student_id, course_id=seat.course_id
    )
    return seat.course.owner, handlers.count_student, event


def registered():
    user = UserFactory()
    return user, handlers.count_registration, UserRegistered(user_id=user.pk, role="student")


def rewarded():
    referral = ReferralFactory()
    rule = next(rule for rule in referrals.rules_in_force() if rule.cause == "joined")
    reward = referrals.give_reward(user=referral.referrer, rule=rule, referral=referral, at=NOW)
    event = ReferralRewarded(
        user_id=reward.user_id, reward_id=reward.pk, cause=rule.key, points=reward.points
    )
    return reward.user, handlers.pay_reward, event


KINDS = [
    lesson_done, course_done, quiz_done, card_reviewed, review_undone, concept_mastered,
    pretest_finished, opinion, rating, topic_written, post_written, comment_written, liked, unliked,
    answer_chosen, another_answer_chosen, followed, course_made, course_published, seat_taken,
    registered, rewarded,
]  # fmt: skip


def test_every_handler_is_here():
    ours = {name for name in bus._subscribers if name.startswith("gamification.")}
    found = set()
    for kind in KINDS:
        with transaction.atomic():
            _person, handler, _event = kind()
            found.add(f"gamification.{handler.__name__}")
            transaction.set_rollback(True)
    # those take places away, and write no act
    assert found == ours - {"gamification.review_places", "gamification.leave_board"}


def cost(handler, event):
    with CaptureQueriesContext(connection) as found:
        handler(event)
    return [query["sql"] for query in found.captured_queries if query["sql"]]


def lived(person, number):
    """A history in the log, one row each; and 40 study days before and around the event's."""
    made = acts.record(
        user_id=person.pk,
        deeds=[Deed("lesson", f"before:{n}", NOW - (60 - n) * DAY) for n in range(40)],
    )
    Act.objects.bulk_create(
        Act(
            user=person,
            rule="review",
            source=f"old:{n}",
            day=made[0].day,
            at=NOW - 60 * DAY,
            points=0,
        )
        for n in range(number)
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_handler_asks_twelve_times_at_most(kind):
    """The first act of somebody, with a badge where there is one at the first time."""
    person, handler, event = kind()
    if kind not in (review_undone, unliked):
        Habit.objects.filter(user=person).delete()
    asked = cost(handler, event)
    assert Act.objects.filter(user=person).exists()
    assert len(asked) <= MOST, "\n".join(asked)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_history_costs_nothing(kind):
    counts = []
    for history in (0, 3000):
        with transaction.atomic():
            person, handler, event = kind()
            lived(person, history)
            counts.append(len(cost(handler, event)))
            transaction.set_rollback(True)
    assert counts[0] == counts[1] <= MOST


def test_the_worst_case():
    """Told late, so that the streak is counted anew: with a length, a badge, a level, in a course,
    by the first quiz passed at once and without a mistake."""
    person, handler, event = quiz_done()
    days = [NOW + n * DAY for n in (-2, -1, 1, 2, 3, 4)]
    acts.record(user_id=person.pk, deeds=[Deed("lesson", str(day), day) for day in days])
    awards, longest = Award.objects.count(), Habit.objects.get(user=person).folded().run.longest
    asked = cost(handler, event)
    habit = Habit.objects.get(user=person).folded()
    assert (longest, habit.run.longest) == (4, 7)
    assert Award.objects.count() - awards >= 4
    assert len(asked) <= MOST, "\n".join(asked)
