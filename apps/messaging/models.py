"""Conversations, who takes part in them, and what is said."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

# stems Russian words, and by its rule for ASCII words English ones too
WORDS = SearchVector("content", config="russian")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: Any) -> "ConversationQuerySet":
        """Those the person takes or took part in; nobody else's, whatever their role."""
        return self.filter(Exists(Participant.objects.of(user).filter(conversation=OuterRef("pk"))))

    def open_to(self, user: Any) -> "ConversationQuerySet":
        """Those the person takes part in now."""
        return self.filter(
            Exists(Participant.objects.of(user).active().filter(conversation=OuterRef("pk")))
        )


class Conversation(models.Model):
    """Two people, or a group; its messages are numbered 1, 2, 3 … under the lock of this row."""

    is_group = models.BooleanField(_("group"), default=False)
    title = models.CharField(_("title"), max_length=120, blank=True)
    # where it was begun, if that was in a course
    course = models.ForeignKey(
        "courses.Course", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # "small id:large id" of two, which makes their conversation the only one
    direct_key = models.CharField(  # noqa: DJ001 - groups have none, and none is unlike any other
        max_length=41, unique=True, null=True, editable=False
    )
    last_sequence = models.PositiveIntegerField(default=0)
    # of the beginning as long as nothing was said
    last_message_at = models.DateTimeField()
    created_at = models.DateTimeField()

    objects: Any = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_group=True, direct_key=None)
                | Q(is_group=False, direct_key__isnull=False),
                name="conversation_direct_has_key",
            )
        ]
        indexes = [
            # how many somebody began today
            models.Index(fields=["created_by", "-created_at"], name="conversation_begun")
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def of(self, user: Any) -> "ParticipantQuerySet":
        return self.filter(user_id=user.pk)

    def active(self) -> "ParticipantQuerySet":
        """Who hasn't left and wasn't removed."""
        return self.filter(left_at=None)


class Participant(models.Model):
    """A person in a conversation: what they may read, and how far they have.

    They read what is numbered after `joined_sequence` and, once they left, up to `left_sequence`.
    """

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    joined_sequence = models.PositiveIntegerField(default=0)
    left_sequence = models.PositiveIntegerField(null=True, blank=True)
    read_sequence = models.PositiveIntegerField(default=0)
    delivered_sequence = models.PositiveIntegerField(default=0)
    # moved under the conversation's lock; `recount_messages` makes it anew
    unread_count = models.PositiveIntegerField(default=0)
    is_muted = models.BooleanField(default=False)
    is_admin = models.BooleanField(default=False)
    # whoever wrote to somebody, or began, is known to them by name from then on
    has_written = models.BooleanField(default=False)

    objects: Any = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="participant_once"),
            models.CheckConstraint(
                condition=Q(left_at=None, left_sequence=None)
                | Q(left_at__isnull=False, left_sequence__isnull=False),
                name="participant_left_somewhere",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user"],
                name="participant_unread",
                condition=Q(unread_count__gt=0, left_at=None),
            ),
            models.Index(fields=["user", "conversation"], name="participant_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in conversation {self.conversation_id}"


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> "MessageQuerySet":
        """What was said while the person took part and they haven't hidden; staff see no more."""
        mine = Participant.objects.of(user).filter(
            Q(left_sequence=None) | Q(left_sequence__gte=OuterRef("sequence")),
            conversation=OuterRef("conversation"),
            joined_sequence__lt=OuterRef("sequence"),
        )
        return self.filter(Exists(mine)).not_hidden_from(user)

    def not_hidden_from(self, user: Any) -> "MessageQuerySet":
        return self.filter(
            ~Exists(HiddenMessage.objects.filter(message=OuterRef("pk"), user=user.pk))
        )

    def editable_by(self, user: Any) -> "MessageQuerySet":
        """One's own that still stand, in conversations one takes part in."""
        own = self.visible_to(user).filter(author_id=user.pk, deleted_at=None)
        active = Participant.objects.of(user).active()
        return own.filter(Exists(active.filter(conversation=OuterRef("conversation"))))

    def complete(self) -> "MessageQuerySet":
        """With all that shows a message."""
        return self.select_related("author", "attachment", "reply_to__author")


class Message(models.Model):
    """One message. Deleted for everybody, it stays as a stub; its words go after thirty days."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    sequence = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content = models.TextField(blank=True)
    attachment = models.ForeignKey("media.Upload", models.PROTECT, null=True, related_name="+")
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    objects: Any = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "sequence"], name="message_sequence")
        ]
        indexes = [
            models.Index(fields=["author", "-created_at"], name="message_of_author"),
            # entered by conversations: a common word of all others' costs nothing
            GinIndex(F("conversation"), WORDS, name="message_search"),
            models.Index(
                fields=["deleted_at"],
                name="message_to_wipe",
                condition=Q(deleted_at__isnull=False) & ~Q(content=""),
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.sequence} of conversation {self.conversation_id}"

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    def is_editable_until(self, moment: datetime) -> bool:
        """Whether the message was written after the moment."""
        return self.deleted_at is None and self.created_at > moment


class HiddenMessage(models.Model):
    """A message somebody deleted for themselves."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "user"], name="message_hidden_once")
        ]

    def __str__(self) -> str:
        return f"message {self.message_id} hidden from {self.user_id}"


class Decision(models.TextChoices):
    UPHELD = "upheld", _("upheld")
    DISMISSED = "dismissed", _("dismissed")


class MessageReport(models.Model):
    """Somebody showed a message they received to those who keep order: the only way it is seen."""

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reporter")
    )
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("created"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)

    class Meta:
        verbose_name = _("reported message")
        verbose_name_plural = _("reported messages")
        constraints = [
            models.UniqueConstraint(fields=["reporter", "message"], name="message_reported_once"),
            models.CheckConstraint(
                condition=Q(decision__in=["", *Decision.values]), name="message_report_decision"
            ),
        ]
        indexes = [models.Index(F("created_at").desc(), name="message_reports_newest")]

    def __str__(self) -> str:
        return f"report {self.pk}"


class ReportedWords(models.Model):
    """What a report shows: the message and those before it, as they stood when it was made."""

    report = models.ForeignKey(MessageReport, models.CASCADE, related_name="words")
    sequence = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content = models.TextField(blank=True)
    attachment_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "sequence"], name="reported_words_once")
        ]
        indexes = [models.Index(fields=["author"], name="reported_words_of_author")]

    def __str__(self) -> str:
        return f"{self.sequence} in report {self.report_id}"
