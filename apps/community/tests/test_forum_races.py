"""Parallel replies, deletions and choices: numbers without gaps or doubles, figures true."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from apps.accounts.tests.factories import ModeratorFactory, UserFactory
from apps.community import services
from apps.community.models import Kind, Post, Standing, StandingEntry, Topic, TopicRead
from apps.community.services import topics
from apps.community.services.reports import refuse, uphold
from apps.core.errors import DomainError
from apps.enrollment.tests.threads import together

from .factories import ForumCategoryFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def people(now):
    return UserFactory.create_batch(AT_ONCE, created_at=now - timedelta(days=30))


@pytest.fixture
def topic(now):
    asker = UserFactory(created_at=now - timedelta(days=30))
    return services.create_topic(
        author=asker, category=ForumCategoryFactory(), title="Sky", content="Why blue?", at=now
    )


def say(topic, author, now, text="So it is."):
    return services.reply(topic=topic, author=author, content=text, at=now)


def is_true(topic) -> bool:
    """Whether nothing changes when everything is counted anew."""

    def figures():
        found = Topic.objects.select_related("category").get(pk=topic.pk)
        room = found.category
        return (
            found.replies_count,
            found.last_post_number,
            found.last_post_by_id,
            room.topics_count,
            room.posts_count,
            room.last_topic_id,
        )

    before = figures()
    services.recount_topic(topic.pk)
    services.recount_category(topic.category_id)
    return before == figures()


def test_parallel_replies_take_one_number_each(topic, people, now):
    together(AT_ONCE, lambda n: say(topic, people[n], now))
    numbers = Post.objects.filter(topic=topic).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, AT_ONCE + 1))
    topic.refresh_from_db()
    assert (topic.replies_count, topic.last_post_number) == (AT_ONCE, AT_ONCE)
    assert is_true(topic)


def test_without_the_lock_numbers_are_given_twice(topic, people, now, monkeypatch):
    monkeypatch.setattr(topics, "locked_topic", lambda pk: Topic.objects.get(pk=pk))
    with pytest.raises(IntegrityError, match="post_number_once"):
        for _round in range(20):
            together(AT_ONCE, lambda n: say(topic, people[n], now))


def test_replies_deletions_and_hiding_at_once_leave_true_figures(topic, people, now):
    written = [say(topic, person, now) for person in people]
    moderator = ModeratorFactory()
    acts = [
        lambda: services.delete_post(post=written[0], by=people[0], at=now),
        lambda: services.delete_post(post=written[0], by=moderator, at=now),
        lambda: uphold(kind=Kind.POST, object_id=written[1].pk, by=moderator, at=now),
        lambda: uphold(kind=Kind.POST, object_id=written[1].pk, by=moderator, at=now),
        lambda: refuse(kind=Kind.POST, object_id=written[1].pk, by=moderator, at=now),
        lambda: say(topic, people[2], now, "And so on it goes."),
        lambda: services.choose_best(post=written[3], by=topic.author, at=now),
        lambda: services.delete_post(post=written[3], by=people[3], at=now),
    ]

    def act(n):
        try:
            acts[n]()
        except DomainError:
            pass  # the other one was first

    for _round in range(3):
        together(len(acts), act)
    assert is_true(topic)
    topic.refresh_from_db()
    assert topic.best_post is None
    assert not StandingEntry.objects.filter(cause="best_answer").exists()


def test_one_best_answer_however_many_choose(topic, people, now):
    written = [say(topic, person, now) for person in people]
    together(AT_ONCE, lambda n: services.choose_best(post=written[n], by=topic.author, at=now))
    topic.refresh_from_db()
    entry = StandingEntry.objects.get(cause="best_answer")
    assert entry.object_id == topic.best_post_id
    scores = dict(Standing.objects.values_list("user", "score"))
    assert {pk for pk, score in scores.items() if score} == {entry.user_id}
    assert scores[entry.user_id] == 15


def test_topics_moved_and_hidden_at_once_are_counted_once(topic, people, now):
    say(topic, people[0], now)
    rooms = [ForumCategoryFactory() for _ in range(AT_ONCE)]
    moderator = ModeratorFactory()

    def act(n):
        if n % 4 == 3:
            uphold(kind=Kind.TOPIC, object_id=topic.pk, by=moderator, at=now)
        else:
            services.move_topic(topic=topic, category=rooms[n], by=moderator, at=now)

    together(AT_ONCE, act)
    refuse(kind=Kind.TOPIC, object_id=topic.pk, by=moderator, at=now)
    topic.refresh_from_db()
    for room in [*rooms, Topic.objects.get(pk=topic.pk).category]:
        room.refresh_from_db()
        here = room.pk == topic.category_id
        assert (room.topics_count, room.posts_count) == ((1, 1) if here else (0, 0))


def test_reading_in_several_tabs_keeps_the_highest_number(topic, people, now):
    for person in people:
        say(topic, person, now)
    topic.refresh_from_db()
    reader = UserFactory()
    together(
        AT_ONCE,
        lambda n: services.mark_read(topic=topic, user=reader, number=n + 1, at=now),
    )
    assert TopicRead.objects.get(user=reader, topic=topic).number == AT_ONCE


def test_a_visitor_who_comes_many_times_at_once_counts_once(topic, people, now):
    counted = together(
        AT_ONCE,
        lambda n: services.count_view(
            topic=topic, user=people[0], address="1.1.1.1", user_agent="Firefox", at=now
        ),
    )
    assert sum(counted) == 1
    together(4, lambda n: services.store_views())
    topic.refresh_from_db()
    assert topic.views_count == 1
