"""Several people at once, and what holds whatever they do."""

import threading
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.tests.factories import UserFactory
from apps.core.errors import DomainError
from apps.enrollment.tests.threads import together
from apps.messaging import personal_data, selectors, services
from apps.messaging.models import Conversation, Message, Participant
from apps.messaging.services import marks, messages

from .factories import conversation_of, say


@pytest.fixture(autouse=True)
def no_hurry(settings):
    settings.MESSAGES_PER_MINUTE = settings.MESSAGES_PER_MINUTE_NEW = 10_000


def unlocked(conversation):
    return Conversation.objects.get(pk=conversation.pk)


@contextmanager
def without_lock(monkeypatch, until):
    """The conversation is read without its lock, and all read it before anybody writes."""
    barrier = threading.Barrier(until)

    def read(conversation):
        found = unlocked(conversation)
        barrier.wait(5)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(messages, "locked", read)
        patch.setattr(marks, "locked", read)
        yield


def send_together(conversation, people):
    return together(len(people), lambda number: say(conversation, people[number]).sequence)


@pytest.mark.django_db(transaction=True)
def test_parallel_senders_leave_no_gap_and_no_double(student):
    people = [student, *UserFactory.create_batch(5)]
    group = conversation_of(*people)
    found = []
    for _ in range(4):
        found += send_together(group, people)
    assert sorted(found) == [*range(1, 25)]
    group.refresh_from_db()
    assert group.last_sequence == 24
    assert services.recount(conversation=group) == 0


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_get_one_number(student, stranger, monkeypatch):
    """What the lock is for: the unique constraint alone refuses one of them."""
    talk = conversation_of(student, stranger)
    with without_lock(monkeypatch, 2), pytest.raises(IntegrityError):
        send_together(talk, [student, stranger])


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_once_have_one_conversation(student, stranger):
    pairs = [(student, stranger), (stranger, student)] * 4
    found = together(8, lambda number: conversation_of(*pairs[number]).pk)
    assert len(set(found)) == 1
    assert Conversation.objects.count() == 1
    assert Participant.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_parallel_beginnings_stay_within_the_day(student):
    people = UserFactory.create_batch(9)

    def begin(number):
        try:
            return conversation_of(student, people[number])
        except DomainError:
            return None

    assert sum(each is not None for each in together(9, begin)) == 5


@pytest.mark.django_db(transaction=True)
def test_reading_while_others_write_keeps_the_count(student, stranger):
    talk = conversation_of(student, stranger)
    say(talk, student)

    def act(number):
        if number % 2:
            return say(talk, student)
        return services.mark_read(
            conversation=talk, user=stranger, sequence=number, at=timezone.now()
        )

    for _ in range(3):
        together(6, act)
    assert services.recount(conversation=talk) == 0


# ── Whatever is done, in whatever order ─────────────────────────────────────────────────────
PEOPLE = 3
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["say", "say", "say", "read", "hide", "delete", "leave", "add", "edit", "erase"]
        ),
        st.integers(0, PEOPLE - 1),
        st.integers(0, 30),
    ),
    max_size=30,
)


class Undone(Exception):
    """Takes an example back."""


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(acts=ACTS)
def test_the_counts_are_true_after_whatever_was_done(student, stranger, teacher, acts):
    people = [student, stranger, teacher]
    with pytest.raises(Undone), transaction.atomic():
        group = conversation_of(*people)
        for act, who, number in acts:
            with_refusals(act, group, people, people[who], number)
            for person in people:
                assert told(person, group) == counted(person, group), (act, who, number)
        assert list(Message.objects.order_by("sequence").values_list("sequence", flat=True)) == [
            *range(1, Message.objects.count() + 1)
        ]
        raise Undone


def with_refusals(act, group, people, person, number):
    try:
        with transaction.atomic():
            perform(act, group, people, person, number)
    except DomainError:
        pass  # a refusal changes nothing either


def perform(act, group, people, person, number):
    now = timezone.now()
    message = Message.objects.filter(sequence=number).select_related("conversation").first()
    if act == "say":
        say(group, person)
    elif act == "read":
        services.mark_read(conversation=group, user=person, sequence=number, at=now)
    elif act == "leave":
        services.leave_conversation(conversation=group, user=person, at=now)
    elif act == "add":
        services.add_participant(
            conversation=group, user=person, by=people[number % PEOPLE], at=now
        )
    elif act == "erase" and number > 15:
        personal_data.erase(person, now)
    elif message is not None and act == "hide":
        services.delete_message(message=message, by=person, for_everyone=False, at=now)
    elif message is not None and act == "delete":
        services.delete_message(message=message, by=person, for_everyone=True, at=now)
    elif message is not None and act == "edit":
        services.edit_message(message=message, content="Other", at=now)


def told(person, group):
    return selectors.unread_total(person)


def counted(person, group):
    """By what the person sees: others' standing messages beyond what they have read."""
    place = Participant.objects.get(conversation=group, user=person)
    if place.left_at is not None:
        return 0
    seen = selectors.messages_of(group, person).filter(deleted_at=None)
    return seen.exclude(author=person).filter(sequence__gt=place.read_sequence).count()
