"""Told in many processes at once: once per cause, and what holds in the end is what counts."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet, Sum

from apps.accounts.models import User
from apps.accounts.tests.factories import UserFactory
from apps.community import services as community
from apps.community.models import Like
from apps.community.services.likes import toggle_like
from apps.community.tests.factories import PostFactory, TopicFactory
from apps.core.tests.threads import together
from apps.gamification import personal_data
from apps.gamification.models import Act, Award, DayTotal, Habit, Moment
from apps.gamification.selectors import deeds
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, answers, history

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 10
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def person():
    return UserFactory()


def tell(person, source, times=1):
    for _ in range(times):
        acts.record(user_id=person.pk, deeds=[Deed("lesson", source, NOW)])


def written(person, rule):
    return Act.objects.filter(user=person, rule=rule)


def is_true(person):
    """What is stored is what the log adds up to."""
    brought = written(person, "lesson").aggregate(all=Sum("points"))["all"]
    brought += written(person, "badge").aggregate(all=Sum("points"))["all"] or 0
    habit, day = Habit.objects.get(user=person), DayTotal.objects.get(user=person)
    counted = habit.folded().counters["lessons"]
    return habit.xp == day.points == brought and counted == written(person, "lesson").count()


# ── One cause, many causes ────────────────────────────────────────────────────────────────────
def test_one_cause_told_two_hundred_times_counts_once(person):
    together(AT_ONCE, lambda _n: tell(person, "1", times=20))
    assert written(person, "lesson").count() == 1
    assert written(person, "badge").count() == 1
    assert Habit.objects.get(user=person).xp == 20 + 20
    assert is_true(person)


def test_many_causes_at_once_are_all_counted(person):
    together(AT_ONCE, lambda n: [tell(person, f"{n}:{each}") for each in range(5)])
    assert written(person, "lesson").count() == 50
    assert written(person, "lesson").aggregate(all=Sum("points"))["all"] == 800
    assert is_true(person)


def test_without_the_lock_points_are_lost_or_a_cause_collides(person, monkeypatch):
    tell(person, "first")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)
    for number in range(20):
        try:
            together(AT_ONCE, lambda n, number=number: tell(person, f"{number}:{n}"))
        except IntegrityError:
            return
        if not is_true(person):
            return
    pytest.fail("nothing went wrong without the lock")


# ── Taken back and done again ─────────────────────────────────────────────────────────────────
def test_likes_given_and_taken_back_at_once_end_as_they_hold(person):
    post, fans = PostFactory(author=person), UserFactory.create_batch(AT_ONCE)

    def click(n):
        for _ in range(3):
            fan = fans[n // 2]  # two of each at once
            toggle_like(user=fan, kind="post", object_id=post.pk, at=NOW)
            thing = ("post", post.pk, fan.pk)
            acts.settle(
                user_id=person.pk,
                deed=deeds.of_like(*thing, NOW),
                holds=lambda: deeds.has_like(*thing),
                at=NOW,
            )

    together(AT_ONCE, click)
    likes = Like.objects.filter(object_id=post.pk).count()
    brought = Act.objects.filter(user=person, rule__startswith="like")
    assert Habit.objects.get(user=person).xp == (brought.aggregate(all=Sum("points"))["all"] or 0)
    assert Habit.objects.get(user=person).xp == likes


def test_what_was_read_before_the_lock_would_be_wrong(person):
    """Whoever looks first and waits for the lock then, as `settle` is told not to do."""
    post, fan = PostFactory(author=person), UserFactory()
    thing = ("post", post.pk, fan.pk)
    deed = deeds.of_like(*thing, NOW)
    toggle_like(user=fan, kind="post", object_id=post.pk, at=NOW)
    read_early = deeds.has_like(*thing)
    toggle_like(user=fan, kind="post", object_id=post.pk, at=NOW)
    for holds, xp in ((read_early, 1), (lambda: deeds.has_like(*thing), 0)):
        acts.settle(user_id=person.pk, deed=deed, holds=False, at=NOW)  # the later one was first
        acts.settle(user_id=person.pk, deed=deed, holds=holds, at=NOW)
        assert Habit.objects.get(user=person).xp == xp


# ── Best answers ──────────────────────────────────────────────────────────────────────────────
def credited(topic):
    rows = Act.objects.filter(rule__startswith="answer", source__startswith=f"topic:{topic.pk}")
    by_person = rows.values("user").annotate(points=Sum("points")).filter(points__gt=0)
    return dict(by_person.values_list("user", "points"))


@pytest.fixture
def swapped(person):
    """While the first choice is still being written, another answer is chosen and told."""
    topic = TopicFactory(created_at=NOW - timedelta(days=1))
    first, second = (PostFactory(topic=topic) for _ in range(2))

    def choose(post):
        community.choose_best(post=post, by=topic.author, at=NOW)

    def settle(post):
        answers.settle_best(kind="post", object_id=post.pk, at=NOW)

    def run():
        choose(first)
        is_written, is_over = threading.Event(), threading.Event()

        def slow():
            with transaction.atomic():
                settle(first)
                is_written.set()
                is_over.wait(0.5)

        def quick():
            is_written.wait(10)
            choose(second)
            settle(second)
            is_over.set()

        together(2, lambda n: (slow, quick)[n]())
        return credited(topic), second.author_id

    return run


def test_of_two_choices_at_once_the_one_that_holds_is_paid(swapped):
    paid, author = swapped()
    assert paid == {author: 25}


def test_without_the_lock_both_are_paid(swapped, monkeypatch):
    monkeypatch.setattr(answers, "lock", lambda: None)
    paid, _author = swapped()
    assert sorted(paid.values()) == [25, 25]


def test_answers_chosen_to_and_fro_at_once_end_with_one(person):
    topic = TopicFactory(created_at=NOW - timedelta(days=1))
    posts = [PostFactory(topic=topic) for _ in range(3)]

    def choose(n):
        for turn in range(4):
            post = posts[(n + turn) % 3]
            community.choose_best(post=post, by=topic.author, at=NOW)
            answers.settle_best(kind="post", object_id=post.pk, at=NOW)

    together(6, choose)
    topic.refresh_from_db()
    answers.settle_best(kind="post", object_id=topic.best_post_id, at=NOW)
    assert credited(topic) == {topic.best_post.author_id: 25}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (0,)


# ── Erased, and caught up with, while something is told ──────────────────────────────────────
def test_nothing_of_who_is_erased_is_left_by_an_act_told_meanwhile(person):
    tell(person, "first")
    is_written, is_over = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            tell(person, "second")
            is_written.set()
            is_over.wait(0.5)

    def erase():
        is_written.wait(10)
        with transaction.atomic():
            personal_data.erase(person, NOW)
            User.objects.filter(pk=person.pk).update(is_active=False, erased_at=NOW)
        is_over.set()

    together(2, lambda n: (slow, erase)[n]())
    tell(person, "third")
    for model in (Act, Award, DayTotal, Moment):
        assert not model.objects.filter(user=person).exists()


def test_catching_up_sees_what_was_taken_back_meanwhile(person, monkeypatch):
    """What was read before the lock may not hold any more."""
    post, fan = PostFactory(author=person, created_at=NOW), UserFactory()
    Like.objects.create(user=fan, kind="post", object_id=post.pk, created_at=NOW)
    thing = ("post", post.pk, fan.pk)
    is_read, is_over = threading.Event(), threading.Event()
    read = history.history_of

    def slowly(*given):
        found = list(read(*given))
        is_read.set()
        is_over.wait(0.5)
        return iter(found)

    def take_back():
        is_read.wait(10)
        Like.objects.all().delete()
        acts.settle(
            user_id=person.pk,
            deed=deeds.of_like(*thing, NOW),
            holds=lambda: deeds.has_like(*thing),
            at=NOW,
        )
        is_over.set()

    monkeypatch.setattr(history, "history_of", slowly)
    together(2, lambda n: (lambda: history.catch_up(user=person, at=NOW), take_back)[n]())
    assert written(person, "like").count() == written(person, "like_undone").count()
