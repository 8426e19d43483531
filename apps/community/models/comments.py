"""Discussions under courses and lessons: comments in threads, questions and their answers."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.enrollment.selectors import courses_open_to, lessons_open_to

from .forum import SLOWEST_SECONDS, STANDS
from .writing import MAX_TEXT


def _person(**options: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options)


class CommentQuerySet(models.QuerySet["Comment"]):
    def standing(self) -> "CommentQuerySet":
        return self.filter(STANDS)

    def under_open(self, user: Any) -> "CommentQuerySet":
        """Under courses whose outline, and lessons whose text, the person may read."""
        under_course = Q(lesson=None, course__in=courses_open_to(user).values("pk"))
        return self.filter(under_course | Q(lesson__in=lessons_open_to(user).values("pk")))

    def visible_to(self, user: Any) -> "CommentQuerySet":
        """Under what one may read: what stands, one's own while hidden, all for those who keep order."""
        comments = self.under_open(user).filter(deleted_at=None)
        if not user.is_authenticated:
            return comments.filter(hidden_at=None)
        if user.is_moderator:
            return comments
        own = Q(author_id=user.pk) | Q(course__owner_id=user.pk)
        return comments.filter(Q(hidden_at=None) | own)

    def editable_by(self, user: Any) -> "CommentQuerySet":
        """One's own that stand; a moderator's are all that aren't deleted."""
        if not user.is_authenticated:
            return self.none()
        if user.is_moderator:
            return self.filter(deleted_at=None)
        return self.visible_to(user).standing().filter(author_id=user.pk)

    def kept_in_order_by(self, user: Any) -> "CommentQuerySet":
        """Those that the person may pin, lock and hide: under their own course; a moderator's, any."""
        if not user.is_authenticated:
            return self.none()
        if user.is_moderator:
            return self.filter(deleted_at=None)
        return self.filter(course__owner_id=user.pk, deleted_at=None)


class Comment(models.Model):
    """A comment under a course or one of its lessons; an answer hangs under the thread's root."""

    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="+")
    lesson = models.ForeignKey(
        "courses.Lesson", models.CASCADE, null=True, blank=True, related_name="+"
    )
    author = _person(verbose_name=_("author"))
    # the first comment of the thread; a thread is one level deep, however deep people answer
    root = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="+")
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    content = models.TextField(_("content"), max_length=MAX_TEXT)
    # words of the lesson that the comment is about
    passage = models.TextField(_("passage"), max_length=1000, blank=True)
    is_question = models.BooleanField(_("question"), default=False)
    # on a question: the comment that answers it
    answer = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    is_pinned = models.BooleanField(_("pinned"), default=False)
    likes_count = models.PositiveIntegerField(_("likes"), default=0)
    replies_count = models.PositiveIntegerField(_("replies"), default=0)
    created_at = models.DateTimeField(_("created"))
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = _person(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of writing", "comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=Q(root=None) | Q(is_question=False, is_pinned=False, passage=""),
                name="comment_only_roots_ask",
            ),
            models.CheckConstraint(
                condition=Q(answer=None) | Q(is_question=True), name="comment_answer_to_question"
            ),
            models.CheckConstraint(
                condition=Q(reply_to=None) | Q(root__isnull=False), name="comment_reply_in_thread"
            ),
        ]
        indexes = [
            models.Index(
                fields=["course", "-is_pinned", "-created_at", "-id"],
                name="comment_of_course",
                condition=Q(root=None, lesson=None),
            ),
            models.Index(
                fields=["lesson", "-is_pinned", "-created_at", "-id"],
                name="comment_of_lesson",
                condition=Q(root=None),
            ),
            models.Index(fields=["root", "created_at", "id"], name="comment_in_thread"),
            models.Index(
                fields=["course", "-created_at", "-id"],
                name="comment_open_questions",
                condition=STANDS & Q(is_question=True, answer=None),
            ),
            models.Index(fields=["author", "-created_at", "-id"], name="comment_of_author"),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"

    @property
    def is_standing(self) -> bool:
        return self.deleted_at is None and self.hidden_at is None


class Discussion(models.Model):
    """How a course's or a lesson's discussion is kept; without a row it is open."""

    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="+")
    lesson = models.ForeignKey(
        "courses.Lesson", models.CASCADE, null=True, blank=True, related_name="+"
    )
    is_locked = models.BooleanField(_("locked"), default=False)
    slow_mode_seconds = models.PositiveSmallIntegerField(_("slow mode, seconds"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course"], condition=Q(lesson=None), name="discussion_of_course_once"
            ),
            models.UniqueConstraint(fields=["lesson"], name="discussion_of_lesson_once"),
            models.CheckConstraint(
                condition=Q(slow_mode_seconds__lte=SLOWEST_SECONDS),
                name="discussion_slow_mode_range",
            ),
        ]

    def __str__(self) -> str:
        return f"discussion of {self.course_id}/{self.lesson_id}"
