"""What people are told when something happens below."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from apps.accounts.events import TeacherApplied, TeacherRefused, TeacherVerified, UserRegistered
from apps.accounts.models import Role, User
from apps.accounts.selectors import is_shown_to
from apps.community.events import AnswerChosen, PostCreated, TopicSeen
from apps.community.models import Kind, Post
from apps.community.selectors.forum import followers_of
from apps.community.selectors.things import address_of
from apps.core.bus import Event, subscribe
from apps.courses.events import CoursePublished
from apps.courses.models import Course
from apps.enrollment.events import (
    EnrollmentCompleted,
    EnrollmentCreated,
    ReviewCreated,
    ReviewReplied,
)
from apps.learning.events import CardsDue
from apps.messaging import selectors as messaging
from apps.messaging.events import ConversationRead, MessageSent
from apps.payments.events import PaymentFailed, PaymentProcessed, PaymentRefunded
from apps.payments.models import Payment
from apps.referrals.events import ReferralRewarded
from apps.social.events import UserFollowed
from apps.social.models import Follow
from apps.social.selectors import ids_apart_from, is_following

from .services import notify, notify_group, notify_many, settle

MANY = 1000


def _when(event: Event) -> datetime:
    return event.occurred_at or timezone.now()


@subscribe(UserRegistered)
def welcome_user(event: UserRegistered) -> None:
    user = User.objects.get(pk=event.user_id)
    notify(
        user_id=user.pk,
        kind="welcome",
        params={"name": user.get_short_name()},
        url="/courses/",
        at=_when(event),
        key="welcome",
    )


@subscribe(TeacherApplied)
def tell_admins_of_application(event: TeacherApplied) -> None:
    teacher = User.objects.get(pk=event.user_id)
    url = reverse("admin:accounts_teacherapplication_change", args=[event.application_id])
    for admin in User.objects.filter(role=Role.ADMIN, is_active=True):
        notify(
            user_id=admin.pk,
            kind="teacher_applied",
            params={"name": teacher.name},
            url=url,
            at=_when(event),
            key=f"teacher_applied:{event.application_id}:{_when(event).isoformat()}",
        )


@subscribe(TeacherVerified)
def tell_teacher_verified(event: TeacherVerified) -> None:
    notify(
        user_id=event.user_id,
        kind="teacher_verified",
        params={},
        url="/studio/",
        at=_when(event),
        key=f"teacher_verified:{_when(event).isoformat()}",
    )


@subscribe(TeacherRefused)
def tell_teacher_refused(event: TeacherRefused) -> None:
    notify(
        user_id=event.user_id,
        kind="teacher_refused",
        params={"reason": event.reason},
        url="/teach/apply/",
        at=_when(event),
        key=f"teacher_refused:{_when(event).isoformat()}",
    )


@subscribe(UserFollowed)
def tell_of_follower(event: UserFollowed) -> None:
    """Once for each follower, however often they come and go; the private follow unseen."""
    if not is_following(event.follower_id, event.followed_id):
        return
    follower = User.objects.get(pk=event.follower_id)
    followed = User.objects.get(pk=event.followed_id)
    if not is_shown_to(follower, followed):
        return
    notify(
        user_id=followed.pk,
        kind="followed",
        params={"name": follower.name, "people": {"name": follower.pk}},
        url=f"/profile/{followed.username}/followers/",
        at=_when(event),
        key=f"followed:{follower.pk}",
    )


@subscribe(EnrollmentCreated)
def tell_of_new_seat(event: EnrollmentCreated) -> None:
    course = Course.objects.get(pk=event.course_id)
    student = User.objects.get(pk=event.student_id)
    key = f"enrolled:{event.enrollment_id}:{_when(event).isoformat()}"
    notify(
        user_id=student.pk,
        kind="enrolled",
        params={"course": course.title},
        url=f"/learn/{course.slug}/",
        at=_when(event),
        key=key,
    )
    notify(
        user_id=course.owner_id,
        kind="student_joined",
        params={"course": course.title, "student": student.name},
        url=f"/courses/{course.slug}/",
        at=_when(event),
        key=key,
    )


@subscribe(EnrollmentCompleted)
def congratulate_on_completion(event: EnrollmentCompleted) -> None:
    course = Course.objects.get(pk=event.course_id)
    notify(
        user_id=event.student_id,
        kind="course_completed",
        params={"course": course.title},
        url=f"/courses/{course.slug}/#reviews",
        at=_when(event),
        key=f"completed:{event.enrollment_id}",
    )


@subscribe(ReviewCreated)
def tell_teacher_of_review(event: ReviewCreated) -> None:
    course = Course.objects.get(pk=event.course_id)
    student = User.objects.get(pk=event.student_id)
    notify(
        user_id=course.owner_id,
        kind="review_received",
        params={
            "course": course.title,
            "student": student.name,
            "rating": event.rating,
            "people": {"student": student.pk},
        },
        url=f"/courses/{course.slug}/#reviews",
        at=_when(event),
        key=f"review:{event.review_id}",
    )


@subscribe(ReviewReplied)
def tell_student_of_reply(event: ReviewReplied) -> None:
    course = Course.objects.select_related("owner").get(pk=event.course_id)
    notify(
        user_id=event.student_id,
        kind="review_replied",
        params={"course": course.title, "teacher": course.owner.name},
        url=f"/courses/{course.slug}/#reviews",
        at=_when(event),
        key=f"review_reply:{event.review_id}",
    )


@subscribe(CardsDue)
def remind_to_review(event: CardsDue) -> None:
    notify(
        user_id=event.student_id,
        kind="cards_due",
        params={"count": event.count},
        url="/review/",
        at=_when(event),
        key=f"cards_due:{event.day}",
    )


@subscribe(CoursePublished)
def tell_followers_of_course(event: CoursePublished) -> None:
    """Once for the course; a block has ended the follow."""
    course = Course.objects.published().select_related("owner").filter(pk=event.course_id).first()
    if course is None:
        return
    followers = Follow.objects.filter(followed=course.owner_id).order_by("follower")
    ids = list(followers.values_list("follower", flat=True))
    for start in range(0, len(ids), MANY):
        notify_many(
            user_ids=ids[start : start + MANY],
            kind="course_by_followed",
            params={"course": course.title, "teacher": course.owner.name},
            url=f"/courses/{course.slug}/",
            at=_when(event),
            key=f"course_by_followed:{course.pk}",
        )


@subscribe(ReferralRewarded)
def tell_of_referral_reward(event: ReferralRewarded) -> None:
    notify(
        user_id=event.user_id,
        kind="referral_rewarded",
        params={"points": event.points},
        url="/referrals/",
        at=_when(event),
        key=f"referral_reward:{event.reward_id}",
    )


@subscribe(MessageSent)
def tell_of_message(event: MessageSent) -> None:
    """One unread notification for each conversation, however much is said in it."""
    message = messaging.message_to_tell(event.message_id)
    if message is None:
        return
    conversation = message.conversation
    for place in messaging.people_to_tell(message):
        with translation.override(place.user.locale):
            shown = messaging.person_beside(message.author, conversation, place.user)
        params: dict[str, Any] = {"name": shown.name, "title": conversation.title}
        if conversation.is_group:  # who becomes private loses their name there, as in the group
            params["people"] = {"name": message.author_id}
        notify(
            user_id=place.user_id,
            kind="group_message_received" if conversation.title else "message_received",
            params=params,
            url=f"/messages/{conversation.pk}/",
            at=_when(event),
            key=f"message:{conversation.pk}:{place.read_sequence}",
        )


@subscribe(ConversationRead)
def settle_messages(event: ConversationRead) -> None:
    settle(user_id=event.user_id, keys=f"message:{event.conversation_id}:", at=_when(event))


@subscribe(PaymentProcessed)
def send_receipt(event: PaymentProcessed) -> None:
    _tell_of_payment(event, "payment_received")


@subscribe(PaymentFailed)
def tell_of_failed_payment(event: PaymentFailed) -> None:
    _tell_of_payment(event, "payment_failed")


@subscribe(PaymentRefunded)
def tell_of_refund(event: PaymentRefunded) -> None:
    _tell_of_payment(event, "payment_refunded")


def _tell_of_payment(event: PaymentProcessed | PaymentFailed | PaymentRefunded, kind: str) -> None:
    payment = Payment.objects.select_related("course").get(pk=event.payment_id)
    slug = payment.course.slug
    notify(
        user_id=event.buyer_id,
        kind=kind,
        params={
            "course": payment.course.title,
            "amount": str(payment.amount),
            "currency": payment.currency,
        },
        url=f"/checkout/{slug}/" if kind == "payment_failed" else "/payments/",
        at=_when(event),
        key=f"{kind}:{payment.pk}",
    )


@subscribe(PostCreated)
def tell_followers_of_post(event: PostCreated) -> None:
    """One unread notification a topic, however many replies it counts."""
    posts = Post.objects.standing().select_related("topic", "author")
    post = posts.filter(pk=event.post_id).first()
    if post is None or not post.topic.is_standing:
        return
    apart = ids_apart_from(post.author) | {post.author_id}
    notify_group(
        user_ids=[pk for pk in followers_of(post.topic_id) if pk not in apart],
        kind="topic_replies",
        group=f"topic:{post.topic_id}",
        params={"topic": post.topic.title},
        at=_when(event),
        key=str(post.pk),
        url=address_of(post),
    )


@subscribe(TopicSeen)
def settle_topic(event: TopicSeen) -> None:
    settle(user_id=event.user_id, keys=f"topic:{event.topic_id}:", at=_when(event))


@subscribe(AnswerChosen)
def tell_author_of_best_answer(event: AnswerChosen) -> None:
    if event.kind != Kind.POST or event.author_id == event.by_id:
        return
    post = Post.objects.select_related("topic").filter(pk=event.object_id).first()
    if post is None or post.topic.best_post_id != post.pk:
        return
    notify(
        user_id=event.author_id,
        kind="best_answer",
        params={"topic": post.topic.title},
        url=address_of(post),
        at=_when(event),
        key=f"best_answer:{post.pk}",
    )
