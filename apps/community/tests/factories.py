"""Rows of the community for tests."""

import factory
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.community import services
from apps.community.models import Comment, ForumCategory, Post, Topic


class ForumCategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ForumCategory

    slug = factory.Sequence(lambda n: f"room-{n}")
    name_en = factory.Sequence(lambda n: f"Room {n}")
    name_ru = factory.Sequence(lambda n: f"Комната {n}")


class TopicFactory(factory.django.DjangoModelFactory):
    """Counted in its category."""

    class Meta:
        model = Topic

    category = factory.SubFactory(ForumCategoryFactory)
    author = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Topic {n}")
    content = "How does it work?"
    created_at = factory.LazyFunction(timezone.now)
    last_post_at = factory.SelfAttribute("created_at")
    last_post_by = factory.SelfAttribute("author")

    @classmethod
    def _create(cls, model, **fields):
        made = super()._create(model, **fields)
        services.recount_category(made.category_id)
        return made


class PostFactory(factory.django.DjangoModelFactory):
    """Counted in its topic."""

    class Meta:
        model = Post

    topic = factory.SubFactory(TopicFactory)
    author = factory.SubFactory(UserFactory)
    number = factory.Sequence(lambda n: n + 1)
    content = "Like this."
    created_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model, **fields):
        made = super()._create(model, **fields)
        services.recount_topic(made.topic_id)
        services.recount_category(made.topic.category_id)
        made.topic.refresh_from_db()
        return made


class CommentFactory(factory.django.DjangoModelFactory):
    """A bare row under `course`, or under `lesson` of it."""

    class Meta:
        model = Comment

    author = factory.SubFactory(UserFactory)
    content = "Why is that?"
    created_at = factory.LazyFunction(timezone.now)
