"""Whose profiles may be opened."""

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from apps.accounts.models import User
from apps.social import selectors
from apps.social.models import Block


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
