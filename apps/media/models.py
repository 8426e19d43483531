"""Files that people uploaded."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    AVATAR = "avatar", _("avatar")
    COVER = "cover", _("cover of a course")
    BANNER = "banner", _("cover of a profile")
    LESSON_IMAGE = "lesson_image", _("picture in a lesson")
    ATTACHMENT = "attachment", _("attachment")
    DOCUMENT = "document", _("document")
    MESSAGE = "message", _("attachment of a message")


class UploadQuerySet(models.QuerySet["Upload"]):
    def owned_by(self, user: Any) -> "UploadQuerySet":
        return self.filter(owner_id=user.pk)


class Upload(models.Model):
    """One file: public pictures under hashed names, everything else private."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=12, choices=Purpose)
    kind = models.CharField(max_length=80)  # media type, by content
    name = models.CharField(max_length=200)  # as the owner called it
    size = models.PositiveIntegerField()  # bytes
    path = models.CharField(max_length=200)  # below MEDIA_ROOT
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    # public addresses by width in px: {"320": "/media/…", …}
    variants = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [models.Index(fields=["owner", "-created_at"], name="upload_of_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        return self.purpose in {
            Purpose.AVATAR,
            Purpose.BANNER,
            Purpose.COVER,
            Purpose.LESSON_IMAGE,
        }

    @property
    def url(self) -> str:
        """The largest size of a public picture; "" for a private file."""
        return str(self.variants[max(self.variants, key=int)]) if self.variants else ""

    @property
    def srcset(self) -> str:
        widths = sorted(self.variants, key=int)
        return ", ".join(f"{self.variants[width]} {width}w" for width in widths)
