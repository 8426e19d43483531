"""People, the devices they are signed in on, and teachers' applications."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A role is a field of the user, not a kind of user: a teacher can study."""

    STUDENT = "student", _("student")
    TEACHER = "teacher", _("teacher")
    MODERATOR = "moderator", _("moderator")
    ADMIN = "admin", _("admin")


class UserManager(BaseUserManager["User"]):
    @staticmethod
    def normal_email(email: str) -> str:
        """The form in which addresses are kept and compared."""
        return email.strip().lower()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normal_email(email), **fields)
        user.set_password(password)
        if not user.username:
            user.username = f"user-{clock.now().timestamp():.6f}".replace(".", "-")
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            email, password, role=Role.ADMIN, is_staff=True, is_superuser=True, **fields
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normal_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Never deleted: erased in place, so that keys to it stay true."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    username = models.CharField(
        _("username"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9._-]*\Z", _("Latin letters, digits, . _ -"))],
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.STUDENT)
    is_verified = models.BooleanField(_("verified teacher"), default=False)
    email_verified = models.BooleanField(_("e-mail verified"), default=False)
    bio = models.TextField(_("bio"), max_length=2000, blank=True)
    avatar_url = models.CharField(_("avatar"), max_length=300, blank=True)
    locale = models.CharField(
        _("language"), max_length=5, choices=[("en", "English"), ("ru", "Русский")], default="en"
    )
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC")
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    # whether what the person studies and wants to learn may order what is found
    personal_order = models.BooleanField(_("personal order"), default=True, db_default=True)
    # whether others see who wrote, reviewed, follows; kept here because every list that shows a
    # person reads it with the person
    is_profile_public = models.BooleanField(_("public profile"), default=True, db_default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    created_at = models.DateTimeField(_("registered"), default=clock.now)
    banned_at = models.DateTimeField(_("banned"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="user_username_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="user_role_known"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="user_newest"),
            # beginnings of names: people are found while they are typed
            GinIndex(OpClass(Lower("name"), name="gin_trgm_ops"), name="user_name_beginnings"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def is_teacher(self) -> bool:
        return self.role == Role.TEACHER

    @property
    def is_moderator(self) -> bool:
        return self.role in (Role.MODERATOR, Role.ADMIN)

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN


# signs in user agents, the more telling first: Edge calls itself Chrome, Chrome calls itself Safari
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser/", "Yandex Browser"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
]


class Device(models.Model):
    """One sign-in: a web session, or the family of refresh tokens of an API client."""

    user = models.ForeignKey(User, models.PROTECT, related_name="devices")
    session_key = models.CharField(max_length=40, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    address_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-seen_at"], name="device_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["session_key"],
                condition=~models.Q(session_key=""),
                name="device_session_once",
            )
        ]

    def __str__(self) -> str:
        return f"device {self.pk} of user {self.user_id}"

    @property
    def label(self) -> str:
        """What the user agent says, in words: "Firefox, Linux"; as it is when it says neither."""
        found = [
            next((name for sign, name in signs if sign in self.user_agent), "")
            for signs in (BROWSERS, SYSTEMS)
        ]
        return ", ".join(filter(None, found)) or self.user_agent[:60]

    @property
    def is_phone(self) -> bool:
        return any(sign in self.user_agent for sign in ("Android", "iPhone", "Mobile"))


class RefreshToken(models.Model):
    """One refresh token of a device's family; only its hash is kept."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="refresh_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"refresh token {self.pk}"


class TeacherApplication(models.Model):
    """A teacher's request to be verified, with what they show for it."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        VERIFIED = "verified", _("verified")
        REFUSED = "refused", _("refused")

    user = models.OneToOneField(
        User, models.PROTECT, related_name="application", verbose_name=_("teacher")
    )
    qualification = models.TextField(_("qualification"), max_length=4000, blank=True)
    links = ArrayField(
        models.URLField(max_length=300), verbose_name=_("links"), default=list, blank=True
    )
    documents = models.ManyToManyField(
        "media.Upload", related_name="+", verbose_name=_("documents"), blank=True
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    # What the automatic pre-checks found: {"documents": ..., "name": ..., "links": ...}
    checks = models.JSONField(_("pre-checks"), default=dict, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("teacher's application")
        verbose_name_plural = _("teachers' applications")
        indexes = [models.Index(fields=["status", "-opened_at"], name="application_queue")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_status_display()}"


class Interest(models.Model):
    """Something a person wants to learn: a subject of the catalogue, or words of their own."""

    class Kind(models.TextChoices):
        SUBJECT = "subject"
        WORDS = "words"

    user = models.ForeignKey(User, models.PROTECT, related_name="interests")
    kind = models.CharField(max_length=7, choices=Kind)
    # of a subject the key, whose meaning the apps above know
    value = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "value"], name="interest_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["subject", "words"]), name="interest_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["kind", "value"], name="interest_value")]

    def __str__(self) -> str:
        return self.value


class QuietHours(models.Model):
    """When a person isn't to be disturbed, by their own clock; usually over midnight.

    Who never chose has no row: for them an unsaved one holds.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+",
        verbose_name=_("user"),
    )  # fmt: skip
    is_on = models.BooleanField(_("quiet hours"), default=True)
    begins = models.TimeField(_("quiet from"), default=time(22))
    ends = models.TimeField(_("until"), default=time(8))

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(begins=models.F("ends")), name="quiet_hours_end"
            )
        ]

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"

    def hold_at(self, wall: time) -> bool:
        """Whether they hold at a time of the person's clock."""
        if not self.is_on:
            return False
        if self.begins < self.ends:
            return self.begins <= wall < self.ends
        return wall >= self.begins or wall < self.ends

    def over_at(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first moment from `at` on when they don't hold in the time zone."""
        wall = at.astimezone(zone)
        if not self.hold_at(wall.time()):
            return at
        # an hour that comes twice has two ends; the one that is left is meant
        ends = (
            datetime.combine(wall.date() + timedelta(days=ahead), self.ends, zone).replace(
                fold=fold
            )
            for ahead in (0, 1)
            for fold in (0, 1)
        )
        return min(end for each in ends if (end := each.astimezone(UTC)) > at)
