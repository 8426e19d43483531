"""Following and blocking: true counts, whoever comes at once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.tests.factories import UserFactory
from apps.core import personal_data
from apps.core.errors import Conflict, NotFound, TooMany
from apps.core.models import Delivery
from apps.core.tests.threads import together
from apps.social import selectors, services
from apps.social.models import Block, Follow, Profile

pytestmark = pytest.mark.django_db


def follow(follower, followed, at=None):
    return services.follow(follower=follower, followed=followed, at=at or timezone.now())


def counts(person):
    profile = selectors.profile_of(person)
    return profile.followers_count, profile.following_count


def test_following_counts_once_and_is_told(student, stranger):
    assert follow(stranger, student)
    assert not follow(stranger, student)
    assert (counts(student), counts(stranger)) == ((1, 0), (0, 1))
    told = Delivery.objects.filter(event="user.followed").values_list("payload", flat=True)
    assert told[0] == {"follower_id": stranger.pk, "followed_id": student.pk}
    assert len(told) == Delivery.objects.values("subscriber").distinct().count()
    assert services.unfollow(follower=stranger, followed=student)
    assert not services.unfollow(follower=stranger, followed=student)
    assert (counts(student), counts(stranger)) == ((0, 0), (0, 0))


def test_nobody_follows_or_blocks_themselves(student):
    with pytest.raises(Conflict):
        follow(student, student)
    with pytest.raises(Conflict):
        services.block(blocker=student, blocked=student, at=timezone.now())


def test_a_block_ends_follows_both_ways_and_keeps_away(student, stranger):
    follow(student, stranger)
    follow(stranger, student)
    assert services.block(blocker=student, blocked=stranger, at=timezone.now())
    assert not services.block(blocker=student, blocked=stranger, at=timezone.now())
    assert (counts(student), counts(stranger)) == ((0, 0), (0, 0))
    for pair in [(student, stranger), (stranger, student)]:
        with pytest.raises(NotFound):
            follow(*pair)
    assert services.unblock(blocker=student, blocked=stranger)
    assert not services.unblock(blocker=student, blocked=stranger)
    assert follow(stranger, student)


@pytest.mark.parametrize(("age", "limit"), [(timedelta(days=2), 50), (timedelta(days=4), 500)])
def test_a_day_has_an_end(student, age, limit, monkeypatch):
    now = timezone.now()
    User.objects.filter(pk=student.pk).update(created_at=now - age)
    student.refresh_from_db()
    taken = {}
    monkeypatch.setattr(
        services.follows.limits, "take", lambda **order: taken.update(order), raising=True
    )
    follow(student, UserFactory())
    assert (taken["limit"], taken["per"]) == (limit, timedelta(days=1))


def test_beyond_the_day_nothing_is_followed(student, monkeypatch):
    monkeypatch.setattr(services.follows, "NEW_FOLLOWS_PER_DAY", 2)
    people = UserFactory.create_batch(3)
    now = timezone.now()
    for person in people[:2]:
        follow(student, person, now)
    with pytest.raises(TooMany), transaction.atomic():
        follow(student, people[2], now)
    assert follow(student, people[0], now) is False  # nothing new
    services.unfollow(follower=student, followed=people[0])
    with pytest.raises(TooMany), transaction.atomic():
        follow(student, people[0], now)
    assert counts(student) == (0, 1)
    assert follow(student, people[2], now + timedelta(days=1, seconds=1))


# ── At once ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_two_hundred_follow_at_once():
    long_ago = timezone.now() - timedelta(days=9)
    star, *crowd = UserFactory.create_batch(26, created_at=long_ago)

    def act(number):
        """Eight acts each: 200 in all; every third ends with nothing followed."""
        me = crowd[number]
        for turn in range(8):
            if turn % 2 == 0 or number % 3 == 0:
                follow(me, star)
            if turn % 2 == 1:
                follow(star, me)
                if number % 3:
                    services.unfollow(follower=star, followed=me)
            if number % 3 == 0 and turn == 7:
                services.unfollow(follower=me, followed=star)

    together(25, act)
    assert counts(star) == (
        Follow.objects.filter(followed=star).count(),
        Follow.objects.filter(follower=star).count(),
    )
    assert counts(star) == (16, 9)
    assert services.recount_follows(repair=False) == []


@pytest.mark.django_db(transaction=True)
def test_one_pair_at_once_is_one_follow(student, stranger):
    made = together(10, lambda n: follow(student, stranger))
    assert sum(made) == 1
    assert (counts(stranger), counts(student)) == ((1, 0), (0, 1))


@pytest.mark.django_db(transaction=True)
def test_followed_and_blocked_at_once_from_both_sides(student, stranger):
    now = timezone.now()

    def act(number):
        pair = (student, stranger) if number % 2 else (stranger, student)
        try:
            if number == 5:
                services.block(blocker=student, blocked=stranger, at=now)
            else:
                follow(*pair)
        except NotFound:
            pass

    together(12, act)
    assert Block.objects.count() == 1
    assert Follow.objects.count() == 0
    assert (counts(student), counts(stranger)) == ((0, 0), (0, 0))


# ── Counted anew, handed out, erased ──────────────────────────────────────────────────────────
def test_wrong_counts_are_found_and_mended(student, stranger, capsys):
    follow(stranger, student)
    call_command("recount_follows")
    Profile.objects.filter(pk=student.pk).update(followers_count=7)
    Profile.objects.filter(pk=stranger.pk).delete()
    with pytest.raises(SystemExit):
        call_command("recount_follows")
    assert "(7, 0), counted (1, 0)" in capsys.readouterr().out
    call_command("recount_follows", "--repair")
    assert (counts(student), counts(stranger)) == ((1, 0), (0, 1))


def test_what_is_held_is_handed_out_and_erased(student, stranger, teacher):
    follow(student, stranger)
    follow(teacher, student)
    services.block(blocker=student, blocked=UserFactory(), at=timezone.now())
    services.change_profile(user=student, changes={"location": "Almaty"})
    holding = next(each for each in personal_data.holdings() if each.app == "social")
    exported = holding.export(student)
    assert exported["profile"]["location"] == "Almaty"
    assert [row["username"] for row in exported["following"]] == ["stranger"]
    assert len(exported["blocked"]) == 1
    holding.erase(student, timezone.now())
    assert not Follow.objects.exists()
    assert not Block.objects.exists()
    assert not Profile.objects.filter(pk=student.pk).exists()
    assert (counts(stranger), counts(teacher)) == ((0, 0), (0, 0))
