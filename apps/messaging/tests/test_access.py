"""Who may write to whom: switches, privacy, blocks."""

import pytest
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.courses.tests.factories import CourseFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.messaging import selectors
from apps.social.models import Block, Follow, Profile, WritesFrom

pytestmark = pytest.mark.django_db


def choose(user, writes_from):
    Profile.objects.update_or_create(user=user, defaults={"writes_from": writes_from})


def follow(one, other):
    Follow.objects.create(follower=one, followed=other, created_at=timezone.now())


def hide(user):
    user.is_profile_public = False
    user.save(update_fields=["is_profile_public"])


def test_anyone_may_write_to_anyone(student, stranger):
    assert selectors.may_write_to(student, stranger)
    assert not selectors.may_write_to(student, student)


def test_nobody_writes_to_who_wants_nobody(student, stranger):
    choose(stranger, WritesFrom.NOBODY)
    follow(stranger, student)
    assert not selectors.may_write_to(student, stranger)
    assert selectors.may_write_to(stranger, student)


@pytest.fixture(params=["switch", "private"])
def reserved(request, stranger):
    """Somebody to whom only those write whom they follow or share a course with."""
    if request.param == "switch":
        choose(stranger, WritesFrom.CONNECTED)
    else:
        hide(stranger)
    return stranger


def test_the_reserved_hear_from_whom_they_follow(student, reserved):
    assert not selectors.may_write_to(student, reserved)
    follow(student, reserved)
    assert not selectors.may_write_to(student, reserved)
    follow(reserved, student)
    assert selectors.may_write_to(student, reserved)


def test_the_reserved_hear_from_who_learns_beside_them(student, reserved):
    course = CourseFactory()
    EnrollmentFactory(student=reserved, course=course)
    assert not selectors.may_write_to(student, reserved)
    seat = EnrollmentFactory(student=student, course=course)
    assert selectors.may_write_to(student, reserved)
    type(seat).objects.filter(pk=seat.pk).update(status="cancelled")
    assert not selectors.may_write_to(student, reserved)


def test_the_reserved_hear_from_their_teacher_and_their_students(teacher, reserved):
    assert not selectors.may_write_to(teacher, reserved)
    EnrollmentFactory(student=reserved, course=CourseFactory(owner=teacher))
    assert selectors.may_write_to(teacher, reserved)
    choose(teacher, WritesFrom.CONNECTED)
    assert selectors.may_write_to(reserved, teacher)


@pytest.mark.parametrize("way", [1, -1])
def test_a_block_stands_in_both_ways(student, stranger, way):
    blocker, blocked = (student, stranger)[::way]
    Block.objects.create(blocker=blocker, blocked=blocked, created_at=timezone.now())
    follow(stranger, student)
    assert not selectors.may_write_to(student, stranger)
    assert not selectors.may_write_to(stranger, student)


@pytest.mark.parametrize("fields", [{"is_active": False}, {"erased_at": timezone.now()}])
def test_nobody_writes_to_who_is_gone(student, stranger, fields):
    type(stranger).objects.filter(pk=stranger.pk).update(**fields)
    assert not selectors.may_write_to(student, stranger)
    assert stranger not in selectors.people_known_to(student)


def test_the_private_are_known_to_the_connected_only(student, stranger):
    hide(stranger)
    assert stranger not in selectors.people_known_to(student)
    follow(stranger, student)
    assert stranger in selectors.people_known_to(student)


def test_who_refuses_is_found_among_many_in_one_query(student, django_assert_num_queries):
    people = UserFactory.create_batch(10)
    choose(people[3], WritesFrom.NOBODY)
    hide(people[7])
    with django_assert_num_queries(1):
        assert selectors.refusing(student, people) == {people[3].pk, people[7].pk}
