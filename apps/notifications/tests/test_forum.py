from datetime import timedelta

import pytest
from django.utils import timezone, translation

from apps.accounts.tests.factories import UserFactory
from apps.community import services as forum
from apps.community.tests.factories import ForumCategoryFactory
from apps.notifications.models import Notification
from apps.notifications.services import mark_read
from apps.social.models import Block

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(student):
    return forum.create_topic(
        author=student,
        category=ForumCategoryFactory(),
        title="Why is the sky blue?",
        content="It isn't at night.",
        at=timezone.now(),
    )


def say(topic, author, text):
    return forum.reply(topic=topic, author=author, content=text, at=timezone.now())


def told(person, kind="topic_replies"):
    return list(Notification.objects.of(person).filter(kind=kind).order_by("pk"))


def test_ten_replies_are_one_unread_notification(topic, student, stranger, deliver_all):
    for n in range(10):
        say(topic, stranger, f"Because of air, part {n}.")
    deliver_all()
    (one,) = told(student)
    assert one.title == "10 new replies in “Why is the sky blue?”"
    assert one.url == f"/forum/topic/{topic.pk}/#post-1"
    with translation.override("ru"):
        assert one.title == "10 новых ответов в теме «Why is the sky blue?»"
    assert told(stranger) == []
    mark_read(user=student, notification_id=one.pk, at=timezone.now())
    say(topic, stranger, "And one more thing.")
    deliver_all()
    _first, second = told(student)
    assert second.title == "1 new reply in “Why is the sky blue?”"
    assert second.url == f"/forum/topic/{topic.pk}/?page=2#post-11"


def test_what_was_read_in_the_topic_is_told_no_more(topic, student, stranger, deliver_all):
    say(topic, stranger, "Because of air.")
    deliver_all()
    topic.refresh_from_db()
    forum.mark_read(topic=topic, user=student, number=1, at=timezone.now())
    deliver_all()
    (one,) = told(student)
    assert one.read_at is not None


def test_nobody_hears_of_whom_they_blocked(topic, student, stranger, deliver_all):
    Block.objects.create(blocker=student, blocked=stranger, created_at=timezone.now())
    say(topic, stranger, "Because of air.")
    deliver_all()
    assert told(student) == []


def test_who_follows_no_more_hears_nothing(topic, student, stranger, deliver_all):
    forum.follow_topic(topic=topic, user=student, value=False, at=timezone.now())
    say(topic, stranger, "Because of air.")
    deliver_all()
    assert told(student) == []


def test_what_is_gone_before_it_is_told_is_not_told(topic, student, stranger, deliver_all):
    post = say(topic, stranger, "Because of air.")
    forum.delete_post(post=post, by=stranger, at=timezone.now())
    deliver_all()
    assert told(student) == []


def test_the_author_of_the_best_answer_is_told_once(topic, student, stranger, deliver_all):
    helper = UserFactory(created_at=timezone.now() - timedelta(days=9))
    post = say(topic, stranger, "Because of air.")
    other = say(topic, helper, "Because of light.")
    for best in (post, other, post):
        forum.choose_best(post=best, by=student, at=timezone.now())
    deliver_all()
    assert len(told(stranger, "best_answer")) == 1
    assert told(helper, "best_answer") == []
