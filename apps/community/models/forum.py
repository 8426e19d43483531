"""The forum: categories, topics, the posts within them, and who follows and has read what."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .writing import MAX_TEXT

POSTS_ON_A_PAGE = 10
# an hour between two posts of one person is as slow as a topic gets
SLOWEST_SECONDS = 3600
STANDS = Q(deleted_at=None, hidden_at=None)


def _person(**options: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options)


class ForumCategory(models.Model):
    """A room of the forum; what names it is kept in both languages of the house."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name_en = models.CharField(_("name, English"), max_length=80)
    name_ru = models.CharField(_("name, Russian"), max_length=80)
    description_en = models.CharField(_("description, English"), max_length=240, blank=True)
    description_ru = models.CharField(_("description, Russian"), max_length=240, blank=True)
    icon = models.CharField(_("icon"), max_length=40, default="messages-square")
    position = models.PositiveIntegerField(_("position"), default=0)
    # of what stands, moved with it; `recount_forum` makes them anew
    topics_count = models.PositiveIntegerField(_("topics"), default=0)
    posts_count = models.PositiveIntegerField(_("replies"), default=0)
    last_topic = models.ForeignKey(
        "community.Topic", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("forum category")
        verbose_name_plural = _("forum categories")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ru if get_language() == "ru" else self.name_en

    @property
    def description(self) -> str:
        return self.description_ru if get_language() == "ru" else self.description_en


class TopicQuerySet(models.QuerySet["Topic"]):
    def standing(self) -> "TopicQuerySet":
        """Neither deleted nor hidden."""
        return self.filter(STANDS)

    def visible_to(self, user: Any) -> "TopicQuerySet":
        """What stands, for everybody; one's own while it is hidden, and all hidden for moderators."""
        if not user.is_authenticated:
            return self.standing()
        if user.is_moderator:
            return self.filter(deleted_at=None)
        return self.filter(Q(hidden_at=None) | Q(author_id=user.pk), deleted_at=None)

    def editable_by(self, user: Any) -> "TopicQuerySet":
        """One's own that stand; a moderator's are all that aren't deleted."""
        if not user.is_authenticated:
            return self.none()
        if user.is_moderator:
            return self.filter(deleted_at=None)
        return self.standing().filter(author_id=user.pk)

    def with_card(self) -> "TopicQuerySet":
        """All that a row of a list shows, in one query; the text stays in the database."""
        return self.select_related("author", "category", "last_post_by").defer("content")


class Topic(models.Model):
    """A question or a thought, and the posts that follow it."""

    category = models.ForeignKey(
        ForumCategory, models.PROTECT, related_name="topics", verbose_name=_("category")
    )
    author = _person(verbose_name=_("author"))
    title = models.CharField(_("title"), max_length=160)
    content = models.TextField(_("content"), max_length=MAX_TEXT)
    tags = ArrayField(
        models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True
    )
    is_pinned = models.BooleanField(_("pinned"), default=False)
    is_locked = models.BooleanField(_("locked"), default=False)
    # one person writes here so seldom; 0: as they like
    slow_mode_seconds = models.PositiveSmallIntegerField(_("slow mode, seconds"), default=0)
    views_count = models.PositiveIntegerField(_("views"), default=0)
    # posts that stand
    replies_count = models.PositiveIntegerField(_("replies"), default=0)
    likes_count = models.PositiveIntegerField(_("likes"), default=0)
    # given out once each: a post's number never changes, so a page is a range of numbers
    last_post_number = models.PositiveIntegerField(default=0)
    # of the last post that stands, or of the topic itself
    last_post_at = models.DateTimeField(_("last post"))
    last_post_by = _person()
    best_post = models.ForeignKey(
        "community.Post", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = _person(null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.CheckConstraint(
                condition=Q(slow_mode_seconds__lte=SLOWEST_SECONDS), name="topic_slow_mode_range"
            )
        ]
        indexes = [
            models.Index(
                fields=["category", "-is_pinned", "-last_post_at", "-id"],
                name="topic_of_category",
                condition=STANDS,
            ),
            models.Index(
                fields=["category", "-created_at", "-id"],
                name="topic_of_category_newest",
                condition=STANDS,
            ),
            models.Index(
                fields=["category", "-likes_count", "-id"],
                name="topic_of_category_liked",
                condition=STANDS,
            ),
            models.Index(fields=["-last_post_at", "-id"], name="topic_latest", condition=STANDS),
            models.Index(fields=["-created_at", "-id"], name="topic_newest", condition=STANDS),
            models.Index(
                fields=["-last_post_at", "-id"],
                name="topic_unanswered",
                condition=STANDS & Q(replies_count=0),
            ),
            models.Index(fields=["author", "-created_at", "-id"], name="topic_of_author"),
            models.Index(fields=["last_post_by"], name="topic_last_by"),
            GinIndex(fields=["tags"], name="topic_tags"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_standing(self) -> bool:
        return self.deleted_at is None and self.hidden_at is None

    @property
    def pages(self) -> int:
        return page_of(self.last_post_number)


class PostQuerySet(models.QuerySet["Post"]):
    def standing(self) -> "PostQuerySet":
        return self.filter(STANDS)

    def visible_to(self, user: Any) -> "PostQuerySet":
        """As the topic's: what stands, one's own while hidden, all hidden for moderators.

        A page of a topic shows the places of the others too, without their texts:
        `selectors.forum.posts_on_page`.
        """
        topics = Topic.objects.visible_to(user)
        posts = self.filter(topic__in=topics, deleted_at=None)
        if user.is_authenticated and user.is_moderator:
            return posts
        own = Q(author_id=user.pk) if user.is_authenticated else Q()
        return posts.filter(Q(hidden_at=None) | own)

    def editable_by(self, user: Any) -> "PostQuerySet":
        """One's own that stand in a visible topic; a moderator's are all that aren't deleted."""
        if not user.is_authenticated:
            return self.none()
        if user.is_moderator:
            return self.visible_to(user)
        return self.visible_to(user).standing().filter(author_id=user.pk)


class Post(models.Model):
    """A reply in a topic. A deleted one keeps its place."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="posts")
    author = _person(verbose_name=_("author"))
    number = models.PositiveIntegerField(_("number"))
    content = models.TextField(_("content"), max_length=MAX_TEXT)
    # one level, and only a quotation: nobody walks up the chain
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    likes_count = models.PositiveIntegerField(_("likes"), default=0)
    created_at = models.DateTimeField(_("created"))
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = _person(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="post_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="post_number_from_one"),
        ]
        indexes = [
            models.Index(fields=["author", "-created_at", "-id"], name="post_of_author"),
            models.Index(fields=["topic", "-number"], name="post_last_standing", condition=STANDS),
        ]

    def __str__(self) -> str:
        return f"post {self.number} in topic {self.topic_id}"

    @property
    def is_standing(self) -> bool:
        return self.deleted_at is None and self.hidden_at is None

    @property
    def page(self) -> int:
        return page_of(self.number)


def page_of(number: int) -> int:
    """The page on which the post of this number stands."""
    return max(1, -(-number // POSTS_ON_A_PAGE))


class TopicFollow(models.Model):
    """The person is told of new posts."""

    user = _person()
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="topic_follow_once")]

    def __str__(self) -> str:
        return f"{self.user_id} follows topic {self.topic_id}"


class TopicRead(models.Model):
    """How far the person has read: the highest number of a post they were shown."""

    user = _person()
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="topic_read_once")]

    def __str__(self) -> str:
        return f"{self.user_id} read topic {self.topic_id} to {self.number}"


class ForumDocument(models.Model):
    """What a topic, or one of its posts, is found by: there while it stands.

    Kept beside the texts, so that reading them carries no vectors. Titles weigh A, texts D.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")
    post = models.OneToOneField(Post, models.CASCADE, null=True, related_name="+")
    words = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic"], condition=Q(post=None), name="forum_document_of_topic_once"
            )
        ]
        indexes = [GinIndex(fields=["words"], name="forum_document_words")]

    def __str__(self) -> str:
        return f"document of topic {self.topic_id}"
