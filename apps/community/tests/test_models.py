import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.community import services
from apps.community.models import Comment, ForumCategory, Post, Topic
from apps.courses.tests.factories import CourseFactory

from .factories import CommentFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_the_categories_are_added_once_and_named_in_both_languages():
    assert services.ensure_forum_categories() == 6
    assert services.ensure_forum_categories() == 0
    assert all(
        row.name_en and row.name_ru and row.description_ru for row in ForumCategory.objects.all()
    )


def test_who_sees_a_topic(student, stranger, moderator):
    now = timezone.now()
    shown = TopicFactory(author=student)
    hidden = TopicFactory(author=student, hidden_at=now)
    TopicFactory(author=student, deleted_at=now)
    for person, seen in [
        (AnonymousUser(), {shown}),
        (stranger, {shown}),
        (student, {shown, hidden}),
        (moderator, {shown, hidden}),
    ]:
        assert set(Topic.objects.visible_to(person)) == seen
    assert set(Topic.objects.editable_by(student)) == {shown}
    assert set(Topic.objects.editable_by(moderator)) == {shown, hidden}
    assert not Topic.objects.editable_by(stranger).exists()
    assert not Topic.objects.editable_by(AnonymousUser()).exists()


def test_who_sees_a_post(student, stranger, moderator):
    now = timezone.now()
    topic = TopicFactory()
    gone = TopicFactory(hidden_at=now)
    shown = PostFactory(topic=topic, author=student)
    hidden = PostFactory(topic=topic, author=student, hidden_at=now)
    elsewhere = PostFactory(topic=gone, author=student)
    PostFactory(topic=topic, author=student, deleted_at=now)
    for person, seen in [
        (AnonymousUser(), {shown}),
        (stranger, {shown}),
        (student, {shown, hidden}),
        (moderator, {shown, hidden, elsewhere}),
    ]:
        assert set(Post.objects.visible_to(person)) == seen
    assert set(Post.objects.editable_by(student)) == {shown}
    assert not Post.objects.editable_by(stranger).exists()


def test_a_number_is_given_once():
    post = PostFactory(number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PostFactory(topic=post.topic, number=1)


def test_who_sees_a_comment(student, stranger, moderator, teacher):
    course = CourseFactory(owner=teacher)
    now = timezone.now()
    shown = CommentFactory(course=course, author=student)
    hidden = CommentFactory(course=course, author=student, hidden_at=now)
    CommentFactory(course=course, author=student, deleted_at=now)
    for person, seen in [
        (AnonymousUser(), {shown}),
        (stranger, {shown}),
        (student, {shown, hidden}),
        (teacher, {shown, hidden}),
        (moderator, {shown, hidden}),
    ]:
        assert set(Comment.objects.visible_to(person)) == seen
    assert set(Comment.objects.kept_in_order_by(teacher)) == {shown, hidden}
    assert not Comment.objects.kept_in_order_by(student).exists()
