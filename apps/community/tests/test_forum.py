from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.community import services
from apps.community.models import (
    CommunityBan,
    ForumCategory,
    ForumDocument,
    Kind,
    Post,
    Revision,
    Topic,
    TopicFollow,
    TopicRead,
)
from apps.community.selectors import forum
from apps.community.selectors.standing import standing_of
from apps.community.services.reports import refuse, uphold
from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound
from apps.core.models import AuditEntry, Delivery

from .factories import ForumCategoryFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def old_accounts(student, stranger):
    """Nobody here is new."""
    for person in (student, stranger):
        person.created_at = NOW - timedelta(days=30)
        person.save(update_fields=["created_at"])


@pytest.fixture
def category():
    return ForumCategoryFactory()


@pytest.fixture
def topic(category, student):
    return services.create_topic(
        author=student,
        category=category,
        title="Why is the sky blue?",
        content="It isn't at **night**.",
        tags=["Sky", "#light", "sky"],
        at=NOW,
    )


def say(topic, author, text, minutes=1, **more):
    at = NOW + timedelta(minutes=minutes)
    return services.reply(topic=topic, author=author, content=text, at=at, **more)


def figures(category):
    category.refresh_from_db()
    return category.topics_count, category.posts_count, category.last_topic_id


# ── Topics ────────────────────────────────────────────────────────────────────────────────────
def test_a_topic_is_begun_followed_counted_and_announced(topic, category, student):
    assert topic.tags == ["sky", "light"]
    assert figures(category) == (1, 0, topic.pk)
    assert TopicFollow.objects.filter(user=student, topic=topic).exists()
    assert Delivery.objects.filter(event="topic.created").exists()
    assert forum.with_marks([topic], student)[0].is_new is False


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "  "),
        ("title", "a" * 161),
        ("tags", ["a" * 31]),
        ("tags", list("abcdef")),
        ("content", " \n"),
    ],
)
def test_bad_words_are_told(category, student, field, value):
    given = {"title": "A title", "content": "A text", "tags": [], field: value}
    with pytest.raises(Invalid) as error:
        services.create_topic(author=student, category=category, at=NOW, **given)
    assert field in error.value.errors


def test_an_edit_keeps_what_stood_before(topic, student):
    later = NOW + timedelta(hours=1)
    services.edit_topic(topic=topic, by=student, content="It is red at dusk.", at=later)
    topic.refresh_from_db()
    assert topic.edited_at == later
    assert Revision.objects.get(kind=Kind.TOPIC, object_id=topic.pk).content.startswith("It isn't")
    services.edit_topic(topic=topic, by=student, content="It is red at dusk.", at=later)
    assert Revision.objects.count() == 1


def test_strangers_change_nothing_of_a_topic(topic, stranger, category):
    for change in (
        lambda: services.edit_topic(topic=topic, by=stranger, title="Mine", at=NOW),
        lambda: services.edit_topic(topic=topic, by=stranger, tags=["mine"], at=NOW),
        lambda: services.delete_topic(topic=topic, by=stranger, at=NOW),
        lambda: services.pin_topic(topic=topic, by=stranger, value=True, at=NOW),
        lambda: services.lock_topic(topic=topic, by=stranger, value=True, at=NOW),
        lambda: services.slow_topic(topic=topic, by=stranger, seconds=60, at=NOW),
        lambda: services.move_topic(topic=topic, by=stranger, category=category, at=NOW),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_a_deleted_topic_is_gone_with_its_posts(topic, category, student, stranger, moderator):
    post = say(topic, stranger, "Because of the air.")
    with pytest.raises(Conflict):
        services.delete_topic(topic=topic, by=student, at=NOW)
    services.delete_topic(topic=topic, by=moderator, at=NOW)
    assert figures(category) == (0, 0, None)
    assert AuditEntry.objects.filter(action="topic.deleted").exists()
    assert not Post.objects.visible_to(stranger).exists()
    for change in (
        lambda: say(topic, stranger, "And the water?"),
        lambda: services.edit_post(post=post, by=stranger, content="No.", at=NOW),
        lambda: services.delete_post(post=post, by=stranger, at=NOW),
        lambda: services.choose_best(post=post, by=student, at=NOW),
        lambda: services.edit_topic(topic=topic, by=student, title="No", at=NOW),
        lambda: services.delete_topic(topic=topic, by=student, at=NOW),
        lambda: services.pin_topic(topic=topic, by=moderator, value=True, at=NOW),
    ):
        with pytest.raises(NotFound):
            change()


def test_a_locked_topic_is_only_read(topic, student, stranger, moderator):
    post = say(topic, stranger, "Because of the air.")
    services.lock_topic(topic=topic, by=moderator, value=True, at=NOW)
    for change in (
        lambda: say(topic, stranger, "And the water?"),
        lambda: services.edit_post(post=post, by=stranger, content="No.", at=NOW),
        lambda: services.delete_post(post=post, by=stranger, at=NOW),
        lambda: services.choose_best(post=post, by=student, at=NOW),
        lambda: services.edit_topic(topic=topic, by=student, title="No", at=NOW),
    ):
        with pytest.raises(Conflict):
            change()
    services.choose_best(post=post, by=moderator, at=NOW)
    services.lock_topic(topic=topic, by=moderator, value=False, at=NOW)
    say(topic, stranger, "And the water?")


def test_a_hidden_topic_leaves_every_count_and_comes_back(topic, category, stranger, moderator):
    say(topic, stranger, "Because of the air.")
    uphold(kind=Kind.TOPIC, object_id=topic.pk, by=moderator, at=NOW)
    assert figures(category) == (0, 0, None)
    assert not ForumDocument.objects.filter(topic=topic, post=None).exists()
    with pytest.raises(NotFound):
        say(topic, stranger, "Where is it?")
    refuse(kind=Kind.TOPIC, object_id=topic.pk, by=moderator, at=NOW)
    assert figures(category) == (1, 1, topic.pk)


def test_a_moved_topic_takes_its_replies_along(topic, category, stranger, moderator):
    say(topic, stranger, "Because of the air.")
    other = ForumCategoryFactory()
    services.move_topic(topic=topic, category=other, by=moderator, at=NOW)
    assert figures(category) == (0, 0, None)
    assert figures(other) == (1, 1, topic.pk)


# ── Posts ─────────────────────────────────────────────────────────────────────────────────────
def test_a_reply_is_numbered_counted_and_announced(topic, category, stranger):
    first, second = (
        say(topic, stranger, "Because of the air."),
        say(topic, stranger, "And dust.", 2),
    )
    topic.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert (topic.replies_count, topic.last_post_number) == (2, 2)
    assert (topic.last_post_at, topic.last_post_by) == (second.created_at, stranger)
    assert figures(category) == (1, 2, topic.pk)
    assert Delivery.objects.filter(event="post.created").count() >= 2


def test_who_is_banned_writes_nothing(topic, stranger, moderator):
    CommunityBan.objects.create(user=stranger, by=moderator, reason="Rude", created_at=NOW)
    with pytest.raises(NotAllowed):
        say(topic, stranger, "Because of the air.")


def test_slow_mode_holds_one_person_at_a_time(topic, stranger, student, moderator):
    services.slow_topic(topic=topic, by=moderator, seconds=600, at=NOW)
    topic.refresh_from_db()
    say(topic, stranger, "Because of the air.")
    with pytest.raises(Exception, match="slowly"):
        say(topic, stranger, "And dust.", 2)
    say(topic, student, "Thank you!", 2)
    say(topic, stranger, "And dust.", 12)


def test_a_deleted_post_keeps_its_place(topic, category, stranger, student):
    first, second = say(topic, stranger, "Because of the air."), say(topic, student, "Really?", 2)
    services.choose_best(post=first, by=student, at=NOW)
    assert standing_of(stranger) == 15
    services.delete_post(post=first, by=stranger, at=NOW)
    topic.refresh_from_db()
    assert (topic.replies_count, topic.best_post, topic.last_post_by) == (1, None, student)
    assert standing_of(stranger) == 0
    shown = forum.posts_on_page(topic, AnonymousUser(), 1)
    assert [(post.number, post.state, post.content) for post in shown] == [
        (1, "deleted", ""),
        (2, "shown", "Really?"),
    ]
    services.delete_post(post=second, by=student, at=NOW)
    topic.refresh_from_db()
    assert topic.last_post_at == topic.created_at
    assert say(topic, stranger, "Again.", 5).number == 3
    assert figures(category) == (1, 1, topic.pk)


def test_a_hidden_post_is_read_by_its_author_and_moderators(topic, stranger, student, moderator):
    post = say(topic, stranger, "Something rude.")
    answer = say(topic, student, "Please!", 2, reply_to=post)
    uphold(kind=Kind.POST, object_id=post.pk, by=moderator, at=NOW)
    for person, text in [
        (AnonymousUser(), ""),
        (student, ""),
        (stranger, "Something rude."),
        (moderator, "Something rude."),
    ]:
        hidden, quoting = forum.posts_on_page(topic, person, 1)
        assert (hidden.state, hidden.content) == ("hidden", text)
        assert quoting.quote.excerpt == text
        assert (quoting.quote.author is None) == (not text)
    topic.refresh_from_db()
    assert topic.replies_count == 1
    refuse(kind=Kind.POST, object_id=post.pk, by=moderator, at=NOW)
    topic.refresh_from_db()
    assert (topic.replies_count, topic.last_post_by_id) == (2, answer.author_id)


def test_a_quote_is_of_the_same_topic_and_stands(topic, category, student, stranger):
    other = services.create_topic(
        author=student, category=category, title="Sea", content="And the sea?", at=NOW
    )
    elsewhere = say(other, stranger, "It mirrors the sky.")
    with pytest.raises(NotFound):
        say(topic, student, "No.", reply_to=elsewhere)
    services.delete_post(post=elsewhere, by=stranger, at=NOW)
    with pytest.raises(NotFound):
        say(other, student, "No.", reply_to=elsewhere)


def test_a_chain_of_a_thousand_replies_is_harmless(topic, student, django_assert_max_num_queries):
    rows = [
        Post(topic=topic, author=student, number=number, content="No", created_at=NOW)
        for number in range(1, 1001)
    ]
    Post.objects.bulk_create(rows)
    for before, after in zip(rows, rows[1:], strict=False):
        after.reply_to = before
    Post.objects.bulk_update(rows, ["reply_to"])
    Topic.objects.filter(pk=topic.pk).update(last_post_number=1000)
    topic.refresh_from_db()
    with django_assert_max_num_queries(4):
        last = forum.posts_on_page(topic, student, 100)
    assert [post.number for post in last] == list(range(991, 1001))
    assert last[-1].quote.number == 999


def test_the_best_answer_is_the_askers_to_choose(topic, student, stranger, moderator):
    helper = UserFactory(created_at=NOW - timedelta(days=30))
    first, second = say(topic, stranger, "Because of the air."), say(topic, helper, "Because.", 2)
    with pytest.raises(NotAllowed):
        services.choose_best(post=first, by=stranger, at=NOW)
    services.choose_best(post=first, by=student, at=NOW)
    services.choose_best(post=first, by=student, at=NOW)
    assert (standing_of(stranger), standing_of(helper)) == (15, 0)
    services.choose_best(post=second, by=moderator, at=NOW)
    assert (standing_of(stranger), standing_of(helper)) == (0, 15)
    services.choose_best(post=second, by=student, value=False, at=NOW)
    topic.refresh_from_db()
    assert (topic.best_post, standing_of(helper)) == (None, 0)
    assert Delivery.objects.filter(event="answer.chosen").exists()


# ── Reading ───────────────────────────────────────────────────────────────────────────────────
def test_unread_marks(topic, student, stranger, category):
    (seen,) = forum.with_marks(forum.latest_topics(), stranger)
    assert (seen.is_new, seen.unread) == (True, 0)
    say(topic, student, "I'll add a picture.")
    topic.refresh_from_db()
    services.mark_read(topic=topic, user=stranger, number=99, at=NOW)
    services.mark_read(topic=topic, user=stranger, number=0, at=NOW)
    assert TopicRead.objects.get(user=stranger, topic=topic).number == 1
    say(topic, student, "And a second one.", 2)
    say(topic, student, "And a third one.", 3)
    (seen,) = forum.with_marks(forum.latest_topics(), stranger)
    assert (seen.is_new, seen.unread) == (False, 2)
    (seen,) = forum.with_marks(forum.latest_topics(), student)
    assert (seen.is_new, seen.unread) == (False, 0)
    (seen,) = forum.with_marks(forum.latest_topics(), AnonymousUser())
    assert (seen.is_new, seen.unread) == (False, 0)


def test_following(topic, student, stranger):
    say(topic, stranger, "Because of the air.")
    assert forum.followers_of(topic.pk) == sorted([student.pk, stranger.pk])
    services.follow_topic(topic=topic, user=stranger, value=False, at=NOW)
    say(topic, stranger, "And dust.", 2)
    assert forum.followers_of(topic.pk) == [student.pk]
    assert set(forum.followed_topics(student)) == {topic}
    point = forum.standpoint(topic, student)
    assert (point.is_following, point.is_liked, point.read_number) == (True, False, 0)


def test_views_count_each_visitor_once_a_day(topic, student, stranger):
    browser = "Mozilla/5.0 (X11; Linux) Firefox/130.0"

    def view(user, address="1.1.1.1", agent=browser, at=NOW):
        return services.count_view(topic=topic, user=user, address=address, user_agent=agent, at=at)

    assert view(stranger)
    assert not view(stranger, address="2.2.2.2")
    assert not view(student)
    assert view(AnonymousUser())
    assert not view(AnonymousUser())
    assert view(AnonymousUser(), address="2.2.2.2")
    assert not view(AnonymousUser(), address="3.3.3.3", agent="Googlebot/2.1")
    assert not view(AnonymousUser(), address="3.3.3.3", agent="")
    assert view(stranger, at=NOW + timedelta(days=1))
    services.store_views()
    topic.refresh_from_db()
    assert topic.views_count == 4


def test_figures_are_made_anew(topic, category, stranger, capsys):
    say(topic, stranger, "Because of the air.")
    Topic.objects.update(replies_count=7)
    ForumCategory.objects.update(topics_count=9, posts_count=9, last_topic=None)
    call_command("recount_forum")
    topic.refresh_from_db()
    assert topic.replies_count == 1
    assert figures(category) == (1, 1, topic.pk)
    assert "put right" in capsys.readouterr().out
