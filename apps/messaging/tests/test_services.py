"""Beginning, writing, reading, leaving: what holds afterwards."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from apps.messaging import selectors, services
from apps.messaging.models import Conversation, Message, Participant
from apps.social.models import Block

from .factories import conversation_of, old, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_hurry(settings):
    settings.MESSAGES_PER_MINUTE = settings.MESSAGES_PER_MINUTE_NEW = 10_000


def place(conversation, user):
    return Participant.objects.get(conversation=conversation, user=user)


def unread(conversation, user):
    return place(conversation, user).unread_count


def seen(conversation, user):
    return [each.sequence for each in selectors.messages_of(conversation, user)]


# ── Beginning ─────────────────────────────────────────────────────────────────────────────────
def test_two_have_one_conversation_whoever_begins(student, stranger):
    first = services.start_conversation(by=student, participants=[stranger], at=timezone.now())
    again = services.start_conversation(by=stranger, participants=[student], at=timezone.now())
    assert (first[1], again[1]) == (True, False)
    assert first[0] == again[0]
    assert not first[0].is_group


def test_more_are_a_new_group_each_time(student, stranger, teacher):
    one = conversation_of(student, stranger, teacher, title=" Study group ")
    two = conversation_of(student, stranger, teacher)
    assert one.is_group and one != two
    assert one.title == "Study group"
    assert place(one, student).is_admin and not place(one, stranger).is_admin


def test_nobody_writes_to_themselves(student):
    with pytest.raises(Invalid):
        conversation_of(student, student)
    with pytest.raises(Invalid):
        conversation_of(student)


def test_a_group_has_fifty_people_at_most(student):
    old(student)
    people = UserFactory.create_batch(50)
    with pytest.raises(Invalid):
        conversation_of(student, *people)
    group = conversation_of(student, *people[:49])
    with pytest.raises(Conflict):
        services.add_participant(conversation=group, user=people[49], by=student, at=timezone.now())


def test_a_new_account_begins_five_a_day_and_later_more(student):
    now = timezone.now()
    people = UserFactory.create_batch(5)
    for person in people:
        conversation_of(student, person, at=now)
    with pytest.raises(TooMany) as refused:
        conversation_of(student, UserFactory(), at=now + timedelta(hours=1))
    assert refused.value.retry_after == 23 * 3600
    conversation_of(student, people[0], at=now)  # the ones that stand already cost nothing
    conversation_of(student, UserFactory(), at=now + timedelta(hours=25))


def test_a_message_nobody_wrote_yet_is_only_there_for_who_began(student, stranger):
    found = conversation_of(student, stranger)
    assert list(selectors.conversations_of(student)) == [found]
    assert list(selectors.conversations_of(stranger)) == []
    say(found, student)
    assert list(selectors.conversations_of(stranger)) == [found]


# ── Writing ───────────────────────────────────────────────────────────────────────────────────
def test_messages_are_numbered_and_counted(student, stranger):
    found = conversation_of(student, stranger)
    assert [say(found, student).sequence, say(found, student).sequence] == [1, 2]
    assert unread(found, stranger) == selectors.unread_total(stranger) == 2
    assert selectors.unread_total(student) == 0
    services.mark_read(conversation=found, user=stranger, sequence=1, at=timezone.now())
    assert unread(found, stranger) == 1
    say(found, stranger)  # who answers has read
    assert unread(found, stranger) == 0
    assert unread(found, student) == 1


def test_reading_never_goes_back_or_beyond_the_end(student, stranger):
    found = conversation_of(student, stranger)
    for _ in range(3):
        say(found, student)
    for sequence, expected in [(2, 2), (1, 2), (10**9, 3)]:
        services.mark_read(conversation=found, user=stranger, sequence=sequence, at=timezone.now())
        assert place(found, stranger).read_sequence == expected
    services.mark_delivered(conversation=found, user=stranger, sequence=10**9)
    assert place(found, stranger).delivered_sequence == 3


@pytest.mark.parametrize("content", ["", "   \n", "x" * 20_001, "a\x00b", "\ud800"])
def test_what_is_no_message_is_refused(student, stranger, content):
    found = conversation_of(student, stranger)
    with pytest.raises(Invalid):
        say(found, student, content)
    found.refresh_from_db()
    assert found.last_sequence == 0


@pytest.mark.parametrize(
    "content", ["👩‍👩‍👧‍👦 \u202e right", "é" * 20_000, "Привет, как дела?", "𝕏\u200b"]
)
def test_any_other_text_comes_back_as_it_was(student, stranger, content):
    found = conversation_of(student, stranger)
    assert Message.objects.get(pk=say(found, student, content).pk).content == content


def test_too_many_messages_a_minute_are_refused(student, stranger, settings):
    settings.MESSAGES_PER_MINUTE_NEW, settings.MESSAGES_PER_MINUTE = 2, 3
    found, now = conversation_of(student, stranger), timezone.now()
    for _ in range(2):
        say(found, student, at=now)
    with pytest.raises(TooMany):
        say(found, student, at=now)
    old(student)
    say(found, student, at=now)
    with pytest.raises(TooMany):
        say(found, student, at=now + timedelta(seconds=59))
    say(found, student, at=now + timedelta(seconds=61))


def test_a_foreigner_writes_and_reads_nothing(student, stranger, teacher):
    found = conversation_of(student, stranger)
    message = say(found, student)
    with pytest.raises(NotFound):
        say(found, teacher)
    with pytest.raises(NotFound):
        selectors.get_conversation(teacher, found.pk)
    with pytest.raises(NotFound):
        selectors.get_message(teacher, message.pk)
    assert seen(found, teacher) == []


def test_staff_see_no_private_messages(student, stranger, moderator, admin):
    message = say(conversation_of(student, stranger), student)
    for one in (moderator, admin):
        assert not Conversation.objects.visible_to(one).exists()
        assert not Message.objects.visible_to(one).exists()
        with pytest.raises(NotFound):
            selectors.get_message(one, message.pk)


def test_an_answer_quotes_what_was_said_here(student, stranger, teacher):
    here, elsewhere = conversation_of(student, stranger), conversation_of(student, teacher)
    quoted = say(here, stranger)
    assert say(here, student, reply_to=quoted).reply_to == quoted
    with pytest.raises(Invalid):
        say(elsewhere, student, reply_to=quoted)


# ── Changing ──────────────────────────────────────────────────────────────────────────────────
def test_a_message_is_changed_within_a_quarter_of_an_hour(student, stranger):
    found, now = conversation_of(student, stranger), timezone.now()
    message = say(found, student, at=now)
    services.edit_message(message=message, content="Bye", at=now + timedelta(minutes=14))
    message.refresh_from_db()
    assert message.content == "Bye" and message.edited_at
    with pytest.raises(NotAllowed):
        services.edit_message(message=message, content="No", at=now + timedelta(minutes=16))


def test_deleting_for_oneself_leaves_it_to_the_others(student, stranger):
    found = conversation_of(student, stranger)
    message = say(found, student)
    say(found, student)
    services.delete_message(message=message, by=stranger, for_everyone=False, at=timezone.now())
    assert (seen(found, stranger), seen(found, student)) == ([2], [2, 1])
    assert unread(found, stranger) == 1
    services.delete_message(message=message, by=stranger, for_everyone=False, at=timezone.now())
    assert unread(found, stranger) == 1


def test_deleting_for_everybody_leaves_a_stub_for_a_day(student, stranger):
    found, now = conversation_of(student, stranger), timezone.now()
    message = say(found, student, at=now)
    with pytest.raises(NotAllowed):
        services.delete_message(message=message, by=stranger, for_everyone=True, at=now)
    with pytest.raises(NotAllowed):
        services.delete_message(
            message=message, by=student, for_everyone=True, at=now + timedelta(hours=25)
        )
    services.delete_message(message=message, by=student, for_everyone=True, at=now)
    services.delete_message(message=message, by=student, for_everyone=True, at=now)
    assert seen(found, stranger) == [1]
    assert unread(found, stranger) == 0
    with pytest.raises(Conflict):
        services.edit_message(message=message, content="Again", at=now)


def test_words_that_were_deleted_go_after_thirty_days(student, stranger):
    found, now = conversation_of(student, stranger), timezone.now()
    message = say(found, student, at=now)
    services.delete_message(message=message, by=student, for_everyone=True, at=now)
    assert services.wipe_deleted(at=now + timedelta(days=29)) == 0
    assert services.wipe_deleted(at=now + timedelta(days=31)) == 1
    message.refresh_from_db()
    assert message.content == ""


# ── Groups ────────────────────────────────────────────────────────────────────────────────────
def test_who_was_removed_reads_up_to_then_and_no_further(student, stranger, teacher):
    group = conversation_of(student, stranger, teacher)
    before = say(group, student)
    services.remove_participant(conversation=group, user=stranger, by=student, at=timezone.now())
    after = say(group, student)
    assert seen(group, stranger) == [1]
    assert selectors.get_message(stranger, before.pk) == before
    with pytest.raises(NotFound):
        selectors.get_message(stranger, after.pk)
    with pytest.raises(NotAllowed):
        say(group, stranger)
    assert selectors.unread_total(stranger) == 0
    assert list(selectors.conversations_of(stranger)) == []
    assert list(selectors.left_conversations_of(stranger)) == [group]


def test_who_is_added_reads_from_then_on(student, stranger, teacher, moderator):
    group = conversation_of(student, stranger, teacher)
    say(group, student)
    services.add_participant(conversation=group, user=moderator, by=student, at=timezone.now())
    say(group, student)
    assert seen(group, moderator) == [2]
    assert unread(group, moderator) == 1


def test_only_administrators_add_remove_and_rename(student, stranger, teacher, moderator):
    group, now = conversation_of(student, stranger, teacher), timezone.now()
    with pytest.raises(NotAllowed):
        services.add_participant(conversation=group, user=moderator, by=stranger, at=now)
    with pytest.raises(NotAllowed):
        services.remove_participant(conversation=group, user=teacher, by=stranger, at=now)
    with pytest.raises(NotAllowed):
        services.rename_conversation(conversation=group, title="Mine", by=stranger, at=now)
    with pytest.raises(NotFound):
        services.add_participant(conversation=group, user=moderator, by=moderator, at=now)


def test_a_group_is_never_without_an_administrator(student, stranger, teacher):
    group, now = conversation_of(student, stranger, teacher), timezone.now()
    with pytest.raises(Conflict):
        services.appoint(conversation=group, user=student, is_admin=False, by=student, at=now)
    services.leave_conversation(conversation=group, user=student, at=now)
    assert place(group, stranger).is_admin


def test_a_conversation_of_two_stays_one(student, stranger, teacher):
    found, now = conversation_of(student, stranger), timezone.now()
    with pytest.raises(Conflict):
        services.leave_conversation(conversation=found, user=student, at=now)
    with pytest.raises(Conflict):
        services.add_participant(conversation=found, user=teacher, by=student, at=now)


# ── Blocks ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("way", [1, -1])
def test_a_block_stops_two_from_writing_and_leaves_what_was_said(student, stranger, way):
    found = conversation_of(student, stranger)
    say(found, student)
    blocker, blocked = (student, stranger)[::way]
    Block.objects.create(blocker=blocker, blocked=blocked, created_at=timezone.now())
    for one in (student, stranger):
        with pytest.raises(NotAllowed):
            say(found, one)
        assert seen(found, one) == [1]
        assert not selectors.may_send_in(one, found)


def test_a_block_leaves_groups_as_they_are_but_nobody_is_added_over_it(student, stranger, teacher):
    group = conversation_of(student, stranger, teacher)
    Block.objects.create(blocker=student, blocked=stranger, created_at=timezone.now())
    say(group, stranger)
    assert seen(group, student) == [1]
    with pytest.raises(NotAllowed):
        conversation_of(stranger, student, teacher)


def test_nobody_writes_to_whose_account_has_ended(student, stranger):
    found = conversation_of(student, stranger)
    type(stranger).objects.filter(pk=stranger.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        say(found, student)
