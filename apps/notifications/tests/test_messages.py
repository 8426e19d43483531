"""New messages: one unread notification for each conversation, to those who want and need it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.messaging import services
from apps.messaging.tests.factories import conversation_of, say
from apps.notifications import handlers
from apps.notifications.models import Dispatch, Notification
from apps.notifications.services import choose
from apps.social.models import Block

pytestmark = pytest.mark.django_db


def told(user):
    return Notification.objects.filter(user=user, kind__contains="message").order_by("pk")


def test_much_said_is_told_once_until_it_is_read(student, stranger, deliver_all):
    talk = conversation_of(student, stranger)
    for _ in range(3):
        say(talk, student)
    deliver_all()
    assert [each.title for each in told(stranger)] == ["New message from Dana Kim"]
    assert told(stranger).get().url == f"/messages/{talk.pk}/"
    assert not told(student).exists()
    services.mark_read(conversation=talk, user=stranger, sequence=3, at=timezone.now())
    deliver_all()
    assert told(stranger).get().read_at
    say(talk, student)
    deliver_all()
    assert told(stranger).count() == 2


def test_who_has_read_is_there_or_mutes_is_not_told(student, stranger, deliver_all, monkeypatch):
    talk = conversation_of(student, stranger)
    services.mute(conversation=talk, user=stranger, value=True)
    say(talk, student)
    deliver_all()
    assert not told(stranger).exists()
    services.mute(conversation=talk, user=stranger, value=False)
    say(talk, student)
    services.mark_read(conversation=talk, user=stranger, sequence=2, at=timezone.now())
    deliver_all()
    assert not told(stranger).exists()
    monkeypatch.setattr("apps.messaging.selectors.messages.present", lambda channel: {stranger.pk})
    say(talk, student)
    deliver_all()
    assert not told(stranger).exists()


def test_nobody_is_told_of_whom_they_blocked(student, stranger, teacher, deliver_all):
    group = conversation_of(student, stranger, teacher, title="Ink")
    Block.objects.create(blocker=stranger, blocked=student, created_at=timezone.now())
    say(group, student)
    deliver_all()
    assert not told(stranger).exists()
    assert told(teacher).get().title == "New messages in “Ink”"


def test_the_private_are_not_named_in_groups(student, stranger, teacher, deliver_all):
    student.is_profile_public = False
    student.save(update_fields=["is_profile_public"])
    group = conversation_of(student, stranger, teacher)
    say(group, student)
    deliver_all()
    assert "Dana" not in told(stranger).get().title


def test_a_letter_waits_and_goes_only_to_who_wants_it_and_has_not_read(
    student, stranger, deliver_all
):
    choose(user=stranger, choices={"message_received": {"email": True}})
    type(stranger).objects.filter(pk=stranger.pk).update(email_verified=True)
    talk = conversation_of(student, stranger)
    say(talk, student)
    deliver_all()
    letter = Dispatch.objects.get(notification__user=stranger)
    assert letter.due_at >= letter.notification.created_at + timedelta(minutes=15)
    services.mark_read(conversation=talk, user=stranger, sequence=1, at=timezone.now())
    deliver_all()
    assert not Dispatch.objects.exists()


def test_what_was_taken_back_is_not_told(student, stranger, deliver_all):
    message = say(conversation_of(student, stranger), student)
    services.delete_message(message=message, by=student, for_everyone=True, at=timezone.now())
    deliver_all()
    assert handlers and not told(stranger).exists()
