"""The admin by role: moderators reach content, never money, people's answers or the operation."""

import pytest

from apps.courses.tests.factories import CourseFactory

pytestmark = pytest.mark.django_db

OPEN = [
    "courses/course",
    "courses/courseversion",
    "courses/category",
    "enrollment/review",
    "community/forumcategory",
    "community/topic",
    "messaging/messagereport",
    "community/comment",
    "community/communityban",
    "community/standing",
]
CLOSED = [
    "payments/payment",
    "accounts/user",
    "accounts/teacherapplication",
    "enrollment/enrollment",
    "learning/card",
    "learning/review",
    "learning/memoryparameters",
    "core/delivery",
    "core/job",
    "core/auditentry",
    "notifications/notification",
    "ai/modelcall",
    "ai/modelcall/costs",
    "ai/creditday",
    "auth/group",
]


@pytest.mark.parametrize("page", OPEN)
def test_a_moderator_reaches_content(site, moderator, page):
    assert site(moderator).get(f"/admin/{page}/").status_code == 200


@pytest.mark.parametrize("page", CLOSED)
def test_a_moderator_reaches_nothing_else(site, moderator, page):
    assert site(moderator).get(f"/admin/{page}/").status_code == 403


def test_rights_end_with_the_role(site, moderator):
    browser = site(moderator)
    assert browser.get("/admin/courses/course/").status_code == 200
    type(moderator).objects.filter(pk=moderator.pk).update(role="student", is_staff=False)
    assert browser.get("/admin/courses/course/").status_code == 302


def test_a_moderator_deletes_no_course(site, moderator):
    course = CourseFactory()
    assert site(moderator).post(f"/admin/courses/course/{course.pk}/delete/").status_code == 403
