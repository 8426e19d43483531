"""Lists cost the same number of queries with one row as with three."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.tests.factories import (
    AdminFactory,
    ApplicationFactory,
    DeviceFactory,
    TeacherFactory,
    UserFactory,
)
from apps.community import services as forum
from apps.community.services import comments
from apps.community.tests.factories import ForumCategoryFactory, TopicFactory
from apps.courses import services as courses
from apps.courses.tests.factories import CategoryFactory
from apps.enrollment import services as seats
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, boards
from apps.learning.services.concepts import add_concept
from apps.learning.services.notes import add_note
from apps.learning.services.statements import Thing, record
from apps.messaging import services as messaging
from apps.notifications.services import notify
from apps.payments.tests.factories import PaymentFactory
from apps.referrals.services import own_code, refer
from apps.social.services import change_profile, follow

from . import table
from .caller import signed_in
from .description import operations, resolved

pytestmark = pytest.mark.django_db


class Growing:
    """A school that grows by one of everything, all of it seen by one student, teacher and admin."""

    def __init__(self) -> None:
        self.student = UserFactory(email="student@count.test")
        self.owner = TeacherFactory(email="owner@count.test", username=WHOSE)
        change_profile(user=self.owner, changes={"show_activity": True})
        self.admin = AdminFactory(email="admin@count.test")
        self.now = timezone.now()
        self.size = 0
        self.course = self._course("The first")
        self.lesson = self.course.lessons.get()
        self.lesson.course = self.course
        self.thread = comments.write_comment(
            author=self.owner, lesson=self.lesson, content="Which pen?", at=self.now
        )
        self.room = ForumCategoryFactory()
        self.topic = TopicFactory(category=self.room, title="Drawing talk")
        # what a list is of, where it isn't of the course
        self.ids = {
            "GET /api/lessons/{id}/comments": self.lesson.pk,
            "GET /api/comments/{id}/replies": self.thread.pk,
            "GET /api/forum/categories/{id}/topics": self.room.pk,
            "GET /api/forum/topics/{id}/posts": self.topic.pk,
        }

    def _course(self, title: str):
        course = courses.create_course(
            owner=self.owner,
            title=title,
            description="Lines.",
            category=CategoryFactory(),
            at=self.now,
        )
        self._lesson(course)
        return courses.publish_course(course=course, by=self.owner, at=self.now)

    def _lesson(self, course) -> None:
        module = courses.add_module(course=course, title="One", editor=self.owner, at=self.now)
        courses.add_lesson(module=module, title="Pens", editor=self.owner, at=self.now)

    def grow(self) -> None:
        self.size += 1
        number = self.size
        course = self._course(f"Drawing {number}")
        self._lesson(self.course)
        changes = {"subtitle": f"Line {number}"}
        courses.update_course(course=self.course, editor=self.owner, changes=changes, at=self.now)
        # each seat, review and payment is of another person and course
        reviewer = UserFactory()
        for person in (self.student, reviewer):
            seats.grant_seat(student_id=person.pk, course_id=course.pk, at=self.now)
        follow(follower=reviewer, followed=self.owner, at=self.now)
        # by one followed whose courses the feed tells of
        follow(follower=self.student, followed=self.owner, at=self.now)
        follow(follower=self.owner, followed=reviewer, at=self.now)
        seats.grant_seat(student_id=reviewer.pk, course_id=self.course.pk, at=self.now)
        seats.write_review(
            student=reviewer, course=self.course, rating=5, comment="Good.", at=self.now
        )
        boards.join(user=reviewer, course=self.course, at=self.now)
        lesson = Deed("lesson", str(number), self.now, self.course.pk)
        acts.record(user_id=reviewer.pk, deeds=[lesson])
        PaymentFactory(buyer=self.student)
        DeviceFactory(user=self.student)
        ApplicationFactory()
        add_note(
            student=self.student,
            kind="basic",
            front="Front",
            back="Back",
            course=course,
            at=self.now,
        )
        add_concept(course=self.course, name=f"Concept {number}", at=self.now)
        record(
            actor_id=self.student.pk,
            verb="experienced",
            object=Thing(activity="course", id=course.pk, name=course.title),
            at=self.now,
            course_id=course.pk,
        )
        code = own_code(user=reviewer, at=self.now)
        refer(referee_id=UserFactory().pk, code=code.code, at=self.now)
        for place in ({"lesson": self.lesson}, {"course": self.course}):
            comment = comments.write_comment(
                author=reviewer, content=f"Number {number}", at=self.now, **place
            )
            comments.reply_to(comment=comment, author=self.owner, content="Yes.", at=self.now)
        comments.reply_to(comment=self.thread, author=reviewer, content="A thin one.", at=self.now)
        helper = UserFactory()
        now = timezone.now()
        forum.create_topic(
            author=reviewer,
            category=self.room,
            title=f"Drawing talk {number}",
            content="Which pen?",
            at=now,
        )
        first = self.topic.posts.first()
        forum.reply(
            topic=self.topic,
            author=helper,
            content=f"Drawing needs pen {number}.",
            reply_to=first,
            at=now,
        )
        notify(
            user_id=self.student.pk,
            kind="enrolled",
            params={"course": course.title},
            at=self.now,
            key=f"n{number}",
        )
        talk, _made = messaging.start_conversation(
            by=self.student, participants=[reviewer, self.owner][: 1 + number % 2], at=self.now
        )
        for author in (self.student, reviewer):
            messaging.send_message(
                conversation=talk, author=author, content=f"Drawing {number}", at=self.now
            )


WORDS = ("suggest", "search")  # what is typed there
LISTS = {
    "GET /api/categories": "student",
    "GET /api/courses": "student",
    "GET /api/courses/suggest": "student",
    "GET /api/courses/facets": "student",
    "GET /api/courses/{id}/curriculum": "student",
    "GET /api/courses/{id}/versions": "owner",
    "GET /api/courses/{id}/concepts": "student",
    "GET /api/courses/{id}/path": "student",
    "GET /api/reviews/course/{id}": "student",
    "GET /api/enrollments/me": "student",
    "GET /api/progress/courses/{id}/lessons": "student",
    "GET /api/payments/me": "student",
    "GET /api/notifications/me": "student",
    "GET /api/notifications/preferences": "student",
    "GET /api/referrals/leaderboard": "student",
    "GET /api/gamification/leaderboard/course/{id}": "student",
    "GET /api/gamification/badges": "student",
    "GET /api/gamification/calendar": "student",
    "GET /api/messages/conversations": "student",
    "GET /api/messages/search": "student",
    "GET /api/auth/sessions": "student",
    "GET /api/flashcards": "student",
    "GET /api/forum/categories": "student",
    "GET /api/forum/categories/{id}/topics": "student",
    "GET /api/forum/topics": "student",
    "GET /api/forum/topics/{id}/posts": "student",
    "GET /api/forum/search": "student",
    "GET /api/flashcards/due": "student",
    "GET /api/flashcards/forecast": "student",
    "GET /api/learning/events": "student",
    "GET /api/admin/teachers/pending": "admin",
    "GET /api/courses/{id}/comments": "student",
    "GET /api/lessons/{id}/comments": "student",
    "GET /api/comments/{id}/replies": "student",
    "GET /api/users/{username}/courses": "student",
    "GET /api/users/{username}/activity": "student",
    "GET /api/activity/feed": "student",
    "GET /api/users/{username}/followers": "student",
    "GET /api/users/{username}/following": "student",
    "GET /api/users/{username}/badges": "student",
}
# of lists below a person, whose
WHOSE = "counted-owner"


def answers_a_list(found) -> bool:
    content = found["responses"].get("200", {}).get("content", {})
    schema = resolved(content.get("application/json", {}).get("schema", {}))
    return "results" in schema.get("properties", {})


def test_every_list_is_counted():
    reading = {call: found for call, found in operations().items() if call.startswith("GET")}
    lists = {call for call, found in reading.items() if answers_a_list(found)}
    assert len(lists) > 10
    assert lists - set(LISTS) == set()


def test_lists_cost_the_same_however_long_they_are(deliver_all):
    school = Growing()
    seats.grant_seat(student_id=school.student.pk, course_id=school.course.pk, at=school.now)
    people = {
        name: signed_in(getattr(school, name).email) for name in ("student", "owner", "admin")
    }

    def measured() -> tuple[dict[str, int], dict[str, int]]:
        """Queries and bytes of each list, with nothing cached."""
        queries, sizes = {}, {}
        for call, person in LISTS.items():
            thing_id = WHOSE if "{username}" in call else school.ids.get(call, school.course.pk)
            address = table.address(call.split()[1], thing_id)
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                answer = people[person].get(
                    f"{address}?q=drawing" if call.endswith(WORDS) else address
                )
            assert answer.status_code == 200, call
            queries[call], sizes[call] = len(captured), len(answer.content)
        return queries, sizes

    school.grow()
    deliver_all()
    few, short = measured()
    school.grow()
    school.grow()
    deliver_all()
    many, long = measured()
    assert many == few
    assert max(few.values()) <= 12, few
    same = {call for call in LISTS if long[call] <= short[call]}
    assert same <= {
        "GET /api/notifications/preferences",
        "GET /api/courses/facets",
        "GET /api/flashcards/forecast",
        "GET /api/gamification/calendar",
        "GET /api/users/{username}/badges",
        "GET /api/forum/categories",
    }
