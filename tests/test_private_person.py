"""Somebody private is found nowhere by a stranger: no name, no username, no picture.

Each trace below is something that the person left while they were public, and the addresses where
others see it. Whoever adds a place that shows people adds a trace to it here.
"""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.tests.factories import TeacherFactory, UserFactory
from apps.community.models import Kind
from apps.community.services import comments, likes, posts, topics
from apps.community.tests.factories import ForumCategoryFactory, TopicFactory
from apps.core import moment
from apps.courses import services as courses
from apps.courses.models import Course
from apps.courses.tests.factories import CategoryFactory, CourseFactory, LessonFactory
from apps.enrollment import services as seats
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, boards
from apps.messaging import services as messaging
from apps.notifications.models import Notification
from apps.referrals import services as referrals
from apps.social import services as social
from apps.social.selectors import people_by_prefix

pytestmark = pytest.mark.django_db

NAME, USERNAME, AVATAR = "Xenia Quillfeather", "xquill-77", "/media/avatar/ab/quillpicture.webp"
SIGNS = ("xenia", "quillfeather", "xquill", "quillpicture")


class School:
    """A person who is about to become private, a course of somebody else's, and a stranger."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.person: User = TeacherFactory(name=NAME, username=USERNAME, avatar_url=AVATAR)
        self.teacher: User = TeacherFactory(username="the-teacher", name="Tom Plain")
        self.stranger: User = UserFactory(username="the-stranger", name="Sam Stone")
        self.course: Course = CourseFactory(owner=self.teacher, title="Plain lines", slug="lines")
        LessonFactory(course=self.course)

    def publish_own_course(self) -> Course:
        course = courses.create_course(
            owner=self.person,
            title="Other things",
            description="Lines.",
            category=CategoryFactory(),
            at=self.now,
        )
        module = courses.add_module(course=course, title="One", editor=self.person, at=self.now)
        courses.add_lesson(module=module, title="Pens", editor=self.person, at=self.now)
        return courses.publish_course(course=course, by=self.person, at=self.now)

    def become_private(self) -> None:
        social.change_profile(user=self.person, changes={"is_profile_public": False})
        moment.end()


Trace = Callable[[School], list[str]]
TRACES: list[Trace] = []


def trace(leave: Trace) -> Trace:
    """Leave something behind, and say at which addresses others see it."""
    TRACES.append(leave)
    return leave


# ── What people leave behind ──────────────────────────────────────────────────────────────────
@trace
def is_there(school: School) -> list[str]:
    return [f"/api/users/{USERNAME}/profile", f"/profile/{USERNAME}/"]


@trace
def reviewed_a_course(school: School) -> list[str]:
    seats.enroll(student=school.person, course=school.course, at=school.now)
    seats.write_review(
        student=school.person, course=school.course, rating=5, comment="Clear.", at=school.now
    )
    return [
        "/courses/lines/",
        "/courses/lines/reviews/",
        f"/api/reviews/course/{school.course.pk}",
        f"/api/reviews/course/{school.course.pk}?limit=5",
    ]


@trace
def follows_others(school: School) -> list[str]:
    for other in (school.teacher, school.stranger):
        social.follow(follower=school.person, followed=other, at=school.now)
    return [
        "/api/users/the-teacher/followers",
        "/profile/the-teacher/followers/",
        "/api/notifications/me",
        "/notifications/",
        "/",
    ]


@trace
def is_followed(school: School) -> list[str]:
    for other in (school.teacher, school.stranger):
        social.follow(follower=other, followed=school.person, at=school.now)
    return [
        "/api/users/the-teacher/following",
        "/profile/the-teacher/following/",
        "/profile/the-stranger/following/",
    ]


@trace
def began_a_topic(school: School) -> list[str]:
    room = ForumCategoryFactory(slug="lines")
    topic = topics.create_topic(
        author=school.person,
        category=room,
        title="Which nib?",
        content="For thin lines.",
        at=school.now,
    )
    posts.reply(topic=topic, author=school.teacher, content="A soft one.", at=school.now)
    return [
        "/forum/",
        "/forum/lines/",
        f"/forum/topic/{topic.pk}/",
        f"/forum/topic/{topic.pk}/history/",
        "/forum/search/?q=nib",
        "/forum/feed/",
        "/forum/lines/feed/",
        f"/forum/people/?q=&topic={topic.pk}",
        "/forum/people/?q=xen",
        "/api/forum/categories",
        f"/api/forum/categories/{room.pk}/topics",
        f"/api/forum/topics/{topic.pk}",
        "/api/forum/search?q=nib",
    ]


@trace
def answered_a_topic(school: School) -> list[str]:
    topic = TopicFactory(author=school.stranger, title="Which ink?")
    post = posts.reply(topic=topic, author=school.person, content="A black one.", at=school.now)
    posts.reply(topic=topic, author=school.teacher, content="Indeed.", reply_to=post, at=school.now)
    posts.choose_best(post=post, by=school.stranger, at=school.now)
    likes.toggle_like(user=school.person, kind=Kind.TOPIC, object_id=topic.pk, at=school.now)
    return [
        "/forum/",
        f"/forum/topic/{topic.pk}/",
        f"/forum/topic/{topic.pk}/new/?after=0",
        f"/forum/posts/{post.pk}/history/",
        f"/forum/people/?q=&topic={topic.pk}",
        f"/api/forum/topics/{topic.pk}",
        f"/api/forum/topics/{topic.pk}/posts",
        "/api/notifications/me",
        "/notifications/",
        "/",
    ]


@trace
def commented_on_a_course(school: School) -> list[str]:
    asked = comments.write_comment(
        author=school.person, course=school.course, content="For beginners?", at=school.now
    )
    below = comments.reply_to(
        comment=asked, author=school.stranger, content="For me it was.", at=school.now
    )
    again = comments.reply_to(
        comment=below, author=school.person, content="Thank you.", at=school.now
    )
    comments.reply_to(comment=again, author=school.stranger, content="Gladly.", at=school.now)
    return [
        "/courses/lines/",
        "/courses/lines/discussion/",
        f"/courses/lines/discussion/?at={asked.pk}",
        f"/comments/{asked.pk}/history/",
        f"/comments/{again.pk}/reply/",
        f"/api/courses/{school.course.pk}/comments",
        f"/api/comments/{asked.pk}",
        f"/api/comments/{asked.pk}/replies",
        "/api/notifications/me",
        "/notifications/",
    ]


@trace
def talks_in_a_group(school: School) -> list[str]:
    group, _made = messaging.start_conversation(
        by=school.person, participants=[school.teacher, school.stranger], at=school.now
    )
    messaging.send_message(
        conversation=group, author=school.person, content="Good evening!", at=school.now
    )
    return [
        "/messages/",
        "/messages/rows/",
        f"/messages/{group.pk}/",
        f"/messages/{group.pk}/messages/",
        f"/messages/{group.pk}/people/",
        "/api/messages/conversations",
        f"/api/messages/conversations/{group.pk}",
        f"/api/messages/conversations/{group.pk}/messages",
        "/api/messages/search?q=evening",
        "/api/notifications/me",
        "/notifications/",
    ]


@trace
def did_what_followers_see(school: School) -> list[str]:
    social.change_profile(user=school.person, changes={"show_activity": True})
    social.follow(follower=school.stranger, followed=school.person, at=school.now)
    topics.create_topic(
        author=school.person,
        category=ForumCategoryFactory(),
        title="Which paper?",
        content="For ink.",
        at=school.now,
    )
    acts.record(user_id=school.person.pk, deeds=[Deed("lesson", "1", school.now)])
    return [
        "/feed/",
        "/feed/summary/",
        "/api/activity/feed",
        f"/profile/{USERNAME}/activity/",
        f"/api/users/{USERNAME}/activity",
    ]


@trace
def invites_and_is_invited(school: School) -> list[str]:
    guest = UserFactory()
    invitations = [(school.person, guest), (school.stranger, school.person)]
    referrals.ensure_rules()
    for host, referee in invitations:
        code = referrals.own_code(user=host, at=school.now)
        referrals.refer(referee_id=referee.pk, code=code.code, at=school.now)
        referrals.complete_referral(referee_id=referee.pk, at=school.now)
    return [
        "/referrals/",
        "/api/referrals/leaderboard",
        "/api/referrals/stats",
        "/api/notifications/me",
        "/notifications/",
    ]


@trace
def learns_beside_others(school: School) -> list[str]:
    """On the leaderboard, and in a streak kept with somebody."""
    for person in (school.person, school.stranger):
        seats.grant_seat(student_id=person.pk, course_id=school.course.pk, at=school.now)
        boards.join(user=person, course=school.course, at=school.now)
        deed = Deed("lesson", "1", school.now, school.course.pk)
        acts.record(user_id=person.pk, deeds=[deed])
    social.follow(follower=school.person, followed=school.stranger, at=school.now)
    social.follow(follower=school.stranger, followed=school.person, at=school.now)
    board = f"/api/gamification/leaderboard/course/{school.course.pk}"
    return [
        "/courses/lines/leaderboard/",
        "/courses/lines/leaderboard/?period=all",
        "/courses/lines/leaderboard/brief/",
        "/habit/friends/",
        "/awards/",
        board,
        f"{board}?period=all",
    ]


@trace
def earned_badges(school: School) -> list[str]:
    learnt = Deed("lesson", "1", school.now)
    acts.record(user_id=school.person.pk, deeds=[learnt])
    return [
        f"/profile/{USERNAME}/",
        f"/api/users/{USERNAME}/badges",
        f"/api/users/{USERNAME}/profile",
        "/awards/",
        "/awards/first-steps/",
        "/habit/summary/",
        "/api/gamification/badges",
    ]


# ── Who comes by ──────────────────────────────────────────────────────────────────────────────
def pages(viewer: User | None, addresses: list[str]) -> list[tuple[str, int, str]]:
    client = Client()
    if viewer:
        client.force_login(viewer)
    answers = [(address, client.get(address)) for address in addresses]
    return [
        (address, answer.status_code, answer.content.decode().lower())
        for address, answer in answers
    ]


def told(text: str) -> list[str]:
    return [sign for sign in SIGNS if sign in text]


@pytest.mark.parametrize("leave", TRACES, ids=lambda leave: leave.__name__)
def test_a_private_person_is_found_nowhere(leave, deliver_all):
    school = School()
    addresses = leave(school)
    deliver_all()
    viewers = {"visitor": None, "stranger": school.stranger}
    before = [found for viewer in viewers.values() for found in pages(viewer, addresses)]
    shown = {address for address, _status, text in before if told(text)}
    # no trace is without a place where it was seen, and what is kept of it must go as well
    assert shown, "nobody ever saw this"
    school.become_private()
    deliver_all()
    for name, viewer in viewers.items():
        for address, _status, text in pages(viewer, addresses):
            own = {address.lower()} if USERNAME in address else set()
            for each in own:
                text = text.replace(each, "").replace(USERNAME, "")
            assert told(text) == [], f"{address} tells the {name}"


@pytest.mark.parametrize("below", ["", "/courses", "/badges", "/followers", "/following"])
def test_who_is_private_isnt_there(below):
    school = School()
    school.become_private()
    address = f"/api/users/{USERNAME}{below or '/profile'}"
    page = f"/profile/{USERNAME}/"
    nobody = "/api/users/nobody-at-all/profile", "/profile/nobody-at-all/"
    for viewer in (None, school.stranger):
        answers = pages(viewer, [address, page, *nobody])
        assert [status for _address, status, _text in answers] == [404] * 4
        # and nothing is different from who never was
        assert answers[0][2] == answers[2][2]
    own = pages(school.person, [address, page])
    assert [status for _address, status, _text in own] == [200, 200]


def test_a_teacher_is_named_on_their_course_without_a_way_to_their_profile(deliver_all):
    school = School()
    course = school.publish_own_course()
    school.become_private()
    deliver_all()
    addresses = [
        f"/courses/{course.slug}/",
        f"/api/courses/{course.pk}",
        "/api/courses",
        "/courses/",
    ]
    for viewer in (None, school.stranger):
        for address, status, text in pages(viewer, addresses):
            assert status == 200
            assert "quillfeather" in text, address
            assert "xquill" not in text, address


def test_a_private_teacher_is_not_suggested(deliver_all):
    """Their courses are, which bear the name."""
    school = School()
    school.publish_own_course()
    deliver_all()

    def suggested() -> set[tuple[str, str]]:
        moment.end()
        found = Client().get("/api/courses/suggest?q=quillf").json()["results"]
        return {(one["kind"], one["text"]) for one in found}

    assert ("teacher", NAME) in suggested()
    school.become_private()
    assert "teacher" not in {kind for kind, _text in suggested()}  # before the index knows
    deliver_all()
    assert "teacher" not in {kind for kind, _text in suggested()}


def test_nobody_is_offered_somebody_private():
    school = School()
    assert people_by_prefix(school.stranger, "xen") == [school.person]
    school.become_private()
    assert people_by_prefix(school.stranger, "xen") == []
    assert people_by_prefix(school.stranger, USERNAME) == []


def test_the_teacher_is_told_of_a_review_without_the_name(deliver_all):
    school = School()
    school.become_private()
    reviewed_a_course(school)
    deliver_all()
    told_of = Notification.objects.get(user=school.teacher, kind="review_received")
    [(_address, _status, text), (_page, _ok, page)] = pages(
        school.teacher, ["/api/notifications/me", "/notifications/"]
    )
    assert told_of.params["rating"] == 5
    assert '"private member reviewed' in text
    assert "private member reviewed" in page.replace("\xa0", " ")


def test_keepers_of_order_know_everybody(moderator):
    school = School()
    reviewed_a_course(school)
    school.become_private()
    found = pages(moderator, ["/courses/lines/reviews/", f"/profile/{USERNAME}/"])
    assert all(NAME.lower() in text for _address, _status, text in found)


def test_who_comes_back_is_named_again(deliver_all):
    school = School()
    addresses = reviewed_a_course(school)
    school.become_private()
    pages(None, addresses)
    social.change_profile(user=school.person, changes={"is_profile_public": True})
    moment.end()
    assert any(told(text) for _address, _status, text in pages(None, addresses))
