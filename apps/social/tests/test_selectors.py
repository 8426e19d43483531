"""Whose profiles may be opened."""

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.tests.factories import UserFactory
from apps.social import selectors
from apps.social.models import Block, Follow


def block(blocker, blocked):
    Block.objects.create(blocker=blocker, blocked=blocked, created_at=timezone.now())


def test_the_private_are_there_for_themselves_and_who_keeps_order(student, stranger, moderator):
    User.objects.filter(pk=student.pk).update(is_profile_public=False)
    readers = (AnonymousUser(), stranger, student, moderator)
    found = [student in selectors.people_visible_to(reader) for reader in readers]
    assert found == [False, False, True, True]


def test_a_block_works_both_ways(student, stranger, teacher):
    block(student, stranger)
    assert stranger not in selectors.people_visible_to(student)
    assert student not in selectors.people_visible_to(stranger)
    assert student in selectors.people_visible_to(teacher)
    assert selectors.is_blocked_between(stranger.pk, student.pk)
    assert selectors.ids_apart_from(stranger) == {student.pk}
    assert selectors.ids_apart_from(teacher) == set()


def test_who_is_gone_is_not_there(student, stranger):
    User.objects.filter(pk=student.pk).update(is_active=False)
    assert student not in selectors.people_visible_to(stranger)


def usernames(viewer, q, limit=8):
    return [person.username for person in selectors.people_by_prefix(viewer, q, limit)]


def test_people_are_found_by_the_beginning_of_any_name(student, stranger):
    UserFactory(username="dasha", name="Дарья Ким")
    assert usernames(stranger, "da") == ["dasha", "student"]
    assert usernames(stranger, "@DAN") == ["student"]
    assert usernames(stranger, "ki") == ["student"]
    assert usernames(stranger, " КИМ ") == ["dasha"]
    assert usernames(stranger, "Дарья к") == ["dasha"]
    assert usernames(stranger, "ana") == usernames(stranger, "%") == usernames(stranger, "_") == []
    assert usernames(stranger, "") == usernames(stranger, "@") == usernames(stranger, "\0") == []


def test_oneself_the_private_and_the_blocked_are_not_found(student, stranger, teacher):
    assert usernames(student, "dana") == []
    assert usernames(stranger, "dana") == ["student"]
    block(student, stranger)
    assert usernames(stranger, "dana") == []
    assert usernames(teacher, "dana") == ["student"]
    User.objects.filter(pk=student.pk).update(is_profile_public=False)
    assert usernames(teacher, "dana") == usernames(AnonymousUser(), "dana") == []


def test_whom_one_follows_comes_first(student, django_assert_num_queries):
    people = [UserFactory(username=f"lea-{n}", name="Lea Ost") for n in range(4)]
    Follow.objects.create(follower=student, followed=people[2], created_at=timezone.now())
    with django_assert_num_queries(2):
        assert usernames(student, "lea", 3) == ["lea-2", "lea-0", "lea-1"]
    assert usernames(student, "lea", 1) == ["lea-2"]
    assert usernames(AnonymousUser(), "lea", 2) == ["lea-0", "lea-1"]
