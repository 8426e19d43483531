"""What is handed out, and what is left when somebody goes."""

import json

import pytest
from django.utils import timezone

from apps.core.personal_data import export_all
from apps.messaging import personal_data, selectors, services
from apps.messaging.models import HiddenMessage, Message, Participant, ReportedWords

from .factories import conversation_of, say

pytestmark = pytest.mark.django_db


def test_ones_own_words_are_handed_out_and_nobody_elses(student, stranger):
    talk = conversation_of(student, stranger)
    say(talk, student, "Mine")
    say(talk, stranger, "Theirs")
    told = json.dumps(export_all(student)["messaging"])
    assert "Mine" in told and "Theirs" not in told


def test_the_words_of_who_goes_leave_stubs_and_true_counts(student, stranger, teacher):
    group = conversation_of(student, stranger, teacher, title="Ink")
    gone, stays = say(group, student, "Mine"), say(group, teacher, "Theirs")
    services.report_message(message=stays, reporter=stranger, reason="Hm", at=timezone.now())
    services.delete_message(message=stays, by=student, for_everyone=False, at=timezone.now())
    assert selectors.unread_total(stranger) == 2
    personal_data.erase(student, timezone.now())
    gone.refresh_from_db()
    assert (gone.content, gone.is_deleted) == ("", True)
    assert not HiddenMessage.objects.filter(user=student).exists()
    assert not ReportedWords.objects.filter(author=student, content__gt="").exists()
    assert Participant.objects.get(user=student).left_at
    assert Participant.objects.filter(is_admin=True, left_at=None).exists()
    assert selectors.unread_total(stranger) == 1
    assert [each.sequence for each in Message.objects.order_by("sequence")] == [1, 2]
    assert services.recount(conversation=group) == 0
