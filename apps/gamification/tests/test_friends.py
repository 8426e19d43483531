"""Streaks kept together: whose day it is, days of rest, who is nobody's friend."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.tests.factories import UserFactory
from apps.gamification.models import Habit
from apps.gamification.selectors.deeds import Deed
from apps.gamification.selectors.friends import friend_streaks
from apps.gamification.services import acts, choices
from apps.social.models import Follow
from apps.social.services import block, change_profile, follow, unfollow

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BEFORE = MONDAY - 30 * DAY


def person(name, zone="UTC"):
    return UserFactory(username=name, name=name.title(), timezone=zone)


def befriend(one, other, at=BEFORE):
    follow(follower=one, followed=other, at=at - DAY)
    follow(follower=other, followed=one, at=at)


def learn(who, *moments):
    for at in moments:
        source = f"{who.pk}:{at.isoformat()}"
        acts.record(user_id=who.pk, deeds=[Deed("lesson", source, at)])


def together(one, other, at):
    """What both see, which is the same."""
    [mine] = friend_streaks(one, at)
    [theirs] = friend_streaks(other, at)
    assert (mine.days, mine.mine_today, mine.theirs_today) == (
        theirs.days,
        theirs.theirs_today,
        theirs.mine_today,
    )
    return mine.days, mine.mine_today, mine.theirs_today


@pytest.fixture
def pair():
    one, other = person("anna"), person("boris")
    befriend(one, other)
    return one, other


def test_days_on_which_both_learnt(pair):
    one, other = pair
    learn(one, *(MONDAY + n * DAY for n in range(5)))
    learn(other, *(MONDAY + n * DAY for n in (0, 2, 3)))
    assert together(*pair, MONDAY + 3 * DAY) == (2, True, True)
    # today isn't over
    assert together(*pair, MONDAY + 4 * DAY) == (2, True, False)
    # and then it is, but the weekend asks for nothing
    assert together(*pair, MONDAY + 6 * DAY) == (0, False, False)


def test_a_weekend_breaks_nothing(pair):
    friday = MONDAY + 4 * DAY
    for who in pair:
        learn(who, friday, friday + 3 * DAY)
    assert together(*pair, friday + 2 * DAY)[0] == 1
    assert together(*pair, friday + 3 * DAY) == (2, True, True)


def test_a_day_of_rest_of_one_is_enough(pair):
    one, other = pair
    choices.choose_rest_days(user=one, weekdays=[2], at=MONDAY - 10 * DAY)
    for who in pair:
        learn(who, MONDAY, MONDAY + DAY, MONDAY + 3 * DAY)
    assert together(*pair, MONDAY + 3 * DAY)[0] == 3


def test_it_begins_when_both_follow(pair):
    one, other = pair
    Follow.objects.filter(follower=other).update(created_at=MONDAY + 2 * DAY)
    for who in pair:
        learn(who, *(MONDAY + n * DAY for n in range(4)))
    assert together(*pair, MONDAY + 3 * DAY)[0] == 2
    unfollow(follower=other, followed=one)
    assert friend_streaks(one, MONDAY + 3 * DAY) == []
    assert friend_streaks(other, MONDAY + 3 * DAY) == []


def test_each_has_their_own_day():
    """It is Wednesday morning in Tokyo while Los Angeles has Tuesday still before it."""
    one, other = person("aya", "Asia/Tokyo"), person("bo", "America/Los_Angeles")
    befriend(one, other)
    learn(one, datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 3, 1, tzinfo=UTC))
    learn(other, datetime(2026, 3, 2, 20, tzinfo=UTC))
    tuesday_noon = datetime(2026, 3, 3, 20, tzinfo=UTC)
    assert together(one, other, tuesday_noon) == (1, False, False)
    learn(one, tuesday_noon + timedelta(hours=2))  # on Wednesday, in Tokyo
    assert together(one, other, tuesday_noon + timedelta(hours=3)) == (1, True, False)
    learn(other, tuesday_noon + timedelta(hours=4))
    assert together(one, other, tuesday_noon + timedelta(hours=5)) == (2, True, True)


def test_a_long_one_is_counted_to_its_beginning(pair):
    Follow.objects.update(created_at=MONDAY - 400 * DAY)
    for who in pair:
        days = (MONDAY - n * DAY for n in range(200))
        learn(who, *(day for day in reversed(list(days)) if day.weekday() < 5))
    expected = sum((MONDAY - n * DAY).weekday() < 5 for n in range(200))
    assert together(*pair, MONDAY) == (expected, True, True)


def become_private(who):
    change_profile(user=who, changes={"is_profile_public": False})


def switch_off(who):
    choices.choose(user=who, changes={"is_on": False})


def be_banned(who):
    who.is_active = False
    who.save()


@pytest.mark.parametrize("go", [become_private, switch_off, be_banned], ids=lambda go: go.__name__)
def test_who_does_not_show_themselves_is_nobodys_friend(pair, go):
    one, other = pair
    for who in pair:
        learn(who, MONDAY)
    assert len(friend_streaks(one, MONDAY)) == 1
    go(other)
    other.refresh_from_db()
    assert friend_streaks(one, MONDAY) == []
    if other.is_active:
        assert friend_streaks(other, MONDAY) == []


def test_a_moderator_who_may_look_at_private_people_has_no_streak_with_them(moderator, student):
    befriend(moderator, student)
    learn(student, MONDAY)
    assert len(friend_streaks(moderator, MONDAY)) == 1
    become_private(student)
    assert friend_streaks(moderator, MONDAY) == []


def test_a_block_ends_it(pair):
    one, other = pair
    for who in pair:
        learn(who, MONDAY)
    block(blocker=other, blocked=one, at=MONDAY)
    assert friend_streaks(one, MONDAY) == friend_streaks(other, MONDAY) == []


def test_the_longest_first_and_a_bounded_number_of_questions(student):
    friends = [person(f"friend{number:02}") for number in range(35)]
    for number, friend in enumerate(friends):
        befriend(student, friend)
        learn(friend, *(MONDAY + n * DAY for n in range(4 - number % 4, 5)))
    learn(student, *(MONDAY + n * DAY for n in range(5)))
    with CaptureQueriesContext(connection) as many:
        found = friend_streaks(student, MONDAY + 4 * DAY)
    assert len(found) == 30
    assert [each.days for each in found] == sorted((each.days for each in found), reverse=True)
    assert found[0].days == 4
    assert len(many) <= 6


def test_the_piece_for_other_pages(client, student):
    friend = person("anna")
    client.force_login(student)
    assert client.get("/habit/friends/").content == b""
    befriend(student, friend)
    now = datetime.now(UTC)
    learn(friend, now)
    shown = client.get("/habit/friends/").content.decode()
    assert "Anna" in shown
    assert "Has learnt today. Your turn." in shown
    learn(student, now)
    shown = client.get("/habit/friends/").content.decode()
    assert "You have both learnt today." in shown
    assert "1 day together" in shown
    assert Habit.objects.filter(user=friend, last_day__gte=date(2026, 1, 1)).exists()
