"""Rows of the community for tests."""

import factory
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.community.models import Comment, ForumCategory, Post, Topic


class ForumCategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ForumCategory

    slug = factory.Sequence(lambda n: f"room-{n}")
    name_en = factory.Sequence(lambda n: f"Room {n}")
    name_ru = factory.Sequence(lambda n: f"Комната {n}")


class TopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic

    category = factory.SubFactory(ForumCategoryFactory)
    author = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Topic {n}")
    content = "How does it work?"
    created_at = factory.LazyFunction(timezone.now)
    last_post_at = factory.SelfAttribute("created_at")
    last_post_by = factory.SelfAttribute("author")


class PostFactory(factory.django.DjangoModelFactory):
    """A bare row: the topic's figures are the services' to move."""

    class Meta:
        model = Post

    topic = factory.SubFactory(TopicFactory)
    author = factory.SubFactory(UserFactory)
    number = factory.Sequence(lambda n: n + 1)
    content = "Like this."
    created_at = factory.LazyFunction(timezone.now)


class CommentFactory(factory.django.DjangoModelFactory):
    """A bare row under `course`, or under `lesson` of it."""

    class Meta:
        model = Comment

    author = factory.SubFactory(UserFactory)
    content = "Why is that?"
    created_at = factory.LazyFunction(timezone.now)
