"""What the API reads and writes about people; every field is named."""

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty

from apps.media.models import Purpose, Upload

from .models import Device, Role, TeacherApplication, User
from .selectors import person_shown
from .services.applications import MAX_DOCUMENTS, MAX_LINKS

SELF_CHOSEN_ROLES = [Role.STUDENT, Role.TEACHER]
MAX_PASSWORD = 128


class PasswordField(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_PASSWORD, trim_whitespace=False, **kwargs)


class OwnUploads(serializers.PrimaryKeyRelatedField[Upload]):
    """Ids of the asker's own uploads of one purpose; foreign ones don't exist."""

    def __init__(self, purpose: Purpose, **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(queryset=Upload.objects.all(), **kwargs)

    def get_queryset(self) -> Any:
        user = self.context["request"].user
        return Upload.objects.owned_by(user).filter(purpose=self.purpose)

    def run_validation(self, data: Any = empty) -> Any:
        if data == "":  # the base class takes it for null
            self.fail("incorrect_type", data_type="str")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Upload:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("incorrect_type", data_type=type(data).__name__)
        upload: Upload = super().to_internal_value(data)  # type: ignore[arg-type]
        return upload


# ── People ────────────────────────────────────────────────────────────────────────────────────
class UserOut(serializers.ModelSerializer[User]):
    avatar = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = [
            "id",
            "email",
            "name",
            "username",
            "role",
            "is_verified",
            "email_verified",
            "bio",
            "avatar",
            "locale",
            "timezone",
            "created_at",
        ]
        read_only_fields = fields

    def get_avatar(self, user: User) -> str | None:
        return user.avatar_url or None


class UserIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    username = serializers.CharField(
        max_length=40, validators=User._meta.get_field("username").validators
    )
    bio = serializers.CharField(max_length=2000, allow_blank=True)
    avatar = OwnUploads(Purpose.AVATAR, allow_null=True)
    locale = serializers.ChoiceField(choices=[code for code, _name in settings.LANGUAGES])
    timezone = serializers.CharField(max_length=64)

    def validate_timezone(self, value: str) -> str:
        if value not in available_timezones():
            raise serializers.ValidationError(_("There is no such time zone."))
        return value


# ── Signing in ────────────────────────────────────────────────────────────────────────────────
class RegistrationIn(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    password = PasswordField()
    name = serializers.CharField(max_length=120)
    role = serializers.ChoiceField(choices=SELF_CHOSEN_ROLES)


class CredentialsIn(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    password = PasswordField()


class RefreshIn(serializers.Serializer[Any]):
    refresh = serializers.CharField(max_length=200)


class EmailIn(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)


class KeyIn(serializers.Serializer[Any]):
    key = serializers.CharField(max_length=300)


class NewPasswordIn(KeyIn):
    password = PasswordField()


class TokensOut(serializers.Serializer[Any]):
    access = serializers.CharField()
    refresh = serializers.CharField()


class SignedInOut(TokensOut):
    user = UserOut()


class RegisteredOut(SignedInOut):
    warnings = serializers.ListField(child=serializers.CharField(), required=False)


class SessionOut(serializers.ModelSerializer[Device]):
    """A place where the person is signed in."""

    current = serializers.SerializerMethodField()

    class Meta:
        model = Device
        fields = ["id", "user_agent", "created_at", "seen_at", "current"]
        read_only_fields = fields

    def get_current(self, device: Device) -> bool:
        return bool(device.pk == self.context.get("device"))


# ── Teachers ──────────────────────────────────────────────────────────────────────────────────
class ApplicationIn(serializers.Serializer[Any]):
    qualification = serializers.CharField(max_length=4000)
    links = serializers.ListField(
        child=serializers.URLField(max_length=300), max_length=MAX_LINKS, required=False
    )
    documents = serializers.ListField(
        child=OwnUploads(Purpose.DOCUMENT), max_length=MAX_DOCUMENTS, required=False
    )


class ApplicationOut(serializers.ModelSerializer[TeacherApplication]):
    """The reason is there when the application was refused."""

    reason = serializers.CharField(required=False)

    class Meta:
        model = TeacherApplication
        fields = ["status", "reason"]
        read_only_fields = ["status"]

    def to_representation(self, application: TeacherApplication) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(application)
        if application.status != TeacherApplication.Status.REFUSED:
            del shown["reason"]
        return shown


class DocumentOut(serializers.ModelSerializer[Upload]):
    class Meta:
        model = Upload
        fields = ["id", "name", "kind", "size"]
        read_only_fields = fields


class ApplicationDetailOut(ApplicationOut):
    documents = DocumentOut(many=True)

    class Meta(ApplicationOut.Meta):
        fields = [
            "status",
            "reason",
            "qualification",
            "links",
            "documents",
            "checks",
            "opened_at",
            "submitted_at",
        ]


class ApplicantOut(serializers.Serializer[TeacherApplication]):
    """A teacher in the queue; `id` is the user's."""

    id = serializers.IntegerField(source="user_id")
    email = serializers.EmailField(source="user.email")
    name = serializers.CharField(source="user.name")
    application = ApplicationDetailOut(source="*")


class RefusalIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


# ── Others ────────────────────────────────────────────────────────────────────────────────────
class PersonOut(serializers.Serializer[User]):
    """Somebody beside what they wrote or did; who is private is `{id: null, username: null, …}`."""

    id = serializers.IntegerField(allow_null=True)
    username = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)

    def to_representation(self, person: User) -> dict[str, Any]:
        shown = person_shown(person, self.context["request"].user)
        return {
            "id": shown.pk,
            "username": shown.username or None,
            "name": shown.name,
            "avatar": shown.avatar_url or None,
        }
