"""Courses through the API: made, read, edited, published, restored."""

from functools import cache
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.accounts.requests import PersonalApiRequest
from apps.accounts.rights import needs
from apps.core import markdown
from apps.core.api import Anyone, IdField
from apps.core.errors import Invalid, NotFound
from apps.core.kept import kept
from apps.core.money import CURRENCIES, to_minor
from apps.core.ready import HotReads, ready, ready_json
from apps.courses import selectors, services
from apps.courses.models import (
    Category,
    ContentLanguage,
    Course,
    CourseQuerySet,
    CourseVersion,
    Level,
)
from apps.media.models import Purpose, Upload

MAX_ITEMS = 20


# ── What is read ──────────────────────────────────────────────────────────────────────────────
class TeacherOut(serializers.ModelSerializer[User]):
    """Named in any case; without a username where there is no profile to open by it."""

    username = serializers.SerializerMethodField()
    avatar = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "username", "name", "avatar"]

    def get_username(self, user: User) -> str | None:
        return user.username if user.is_profile_public else None

    def get_avatar(self, user: User) -> str | None:
        return user.avatar_url or None


class CourseCategoryOut(serializers.ModelSerializer[Category]):
    name = serializers.CharField(read_only=True)

    class Meta:
        model = Category
        fields = ["slug", "name"]


class CourseCardOut(serializers.ModelSerializer[Course]):
    """A course in a list; wants rows of `with_card()`."""

    price = serializers.DecimalField(max_digits=12, decimal_places=2, read_only=True)
    is_free = serializers.BooleanField(read_only=True)
    category = CourseCategoryOut(allow_null=True, read_only=True)
    teacher = TeacherOut(source="owner", read_only=True)
    thumbnail = serializers.CharField(source="cover_url", read_only=True)
    avg_rating = serializers.FloatField(allow_null=True, read_only=True)

    class Meta:
        model = Course
        fields = [
            "id",
            "slug",
            "title",
            "subtitle",
            "price",
            "currency",
            "is_free",
            "level",
            "language",
            "duration_minutes",
            "category",
            "teacher",
            "thumbnail",
            "avg_rating",
            "review_count",
            "student_count",
            "created_at",
        ]
        read_only_fields = fields


class CourseOut(CourseCardOut):
    """A course by itself."""

    description_html = serializers.SerializerMethodField()
    rating_histogram = serializers.ListField(child=serializers.IntegerField(), read_only=True)

    class Meta(CourseCardOut.Meta):
        fields = [
            *CourseCardOut.Meta.fields,
            "description",
            "description_html",
            "outcomes",
            "prerequisites",
            "tags",
            "status",
            "lesson_count",
            "rating_histogram",
            "revision",
            "updated_at",
        ]
        read_only_fields = fields

    def get_description_html(self, course: Course) -> str:
        return markdown.render(course.description)


class VersionOut(serializers.ModelSerializer[CourseVersion]):
    author = TeacherOut(read_only=True)

    class Meta:
        model = CourseVersion
        fields = ["number", "kind", "subject_id", "author", "created_at", "updated_at"]
        read_only_fields = fields


# ── What is written ───────────────────────────────────────────────────────────────────────────
def lines(longest: int) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=longest), max_length=MAX_ITEMS, required=False
    )


class CourseIn(serializers.Serializer[Any]):
    """Fields left out stay as they are."""

    title = serializers.CharField(max_length=160)
    subtitle = serializers.CharField(max_length=240, required=False, allow_blank=True)
    description = serializers.CharField(
        max_length=20_000, required=False, allow_blank=True, trim_whitespace=False
    )
    price = serializers.DecimalField(
        max_digits=9, decimal_places=2, min_value=0, max_value=1_000_000, required=False
    )
    currency = serializers.ChoiceField(choices=[(c, c) for c in CURRENCIES], required=False)
    level = serializers.ChoiceField(choices=Level.choices, required=False)
    language = serializers.ChoiceField(choices=ContentLanguage.choices, required=False)
    category = serializers.CharField(
        max_length=60, required=False, allow_null=True, help_text="Slug of a category."
    )
    tags = lines(40)
    outcomes = lines(240)
    prerequisites = lines(240)
    thumbnail = IdField(
        required=False,
        allow_null=True,
        help_text="Id of an upload with the purpose `cover`; null takes the picture away.",
    )

    def validate_category(self, slug: str | None) -> Category | None:
        category = selectors.find_category(slug)
        if slug and category is None:
            raise serializers.ValidationError(_("No category has this slug."))
        return category

    def validate_thumbnail(self, upload_id: int | None) -> dict[str, str]:
        if upload_id is None:
            return {}
        uploads = Upload.objects.owned_by(self.context["user"]).filter(purpose=Purpose.COVER)
        upload = uploads.filter(pk=upload_id).first()
        if upload is None:
            raise serializers.ValidationError(_("There is no such upload of yours."))
        return dict(upload.variants)

    def changes(self) -> dict[str, Any]:
        """Valid input as the services take it."""
        found = dict(self.validated_data)
        if "price" in found:
            found["price_minor"] = to_minor(found.pop("price"))
        if "thumbnail" in found:
            found["cover"] = found.pop("thumbnail")
        return found


def changes_of(request: PersonalApiRequest, *, partial: bool) -> dict[str, Any]:
    form = CourseIn(data=request.data, partial=partial, context={"user": request.user})
    form.is_valid(raise_exception=True)
    return form.changes()


def get_course(courses: CourseQuerySet, pk: int) -> Course:
    course = courses.with_card().filter(pk=pk).first()
    if course is None:
        raise NotFound
    return course


@cache
def _course_out() -> CourseOut:
    """One for all courses: finding out its fields is two thirds of what showing a course costs."""
    return CourseOut()


def shown(pk: int, among: CourseQuerySet | None = None) -> dict[str, Any]:
    courses = Course.objects.all() if among is None else among
    return dict(_course_out().to_representation(get_course(courses, pk)))


def public(pk: int) -> bytes:
    """The course as everybody may see it; NotFound while it isn't published."""
    return orjson.dumps(shown(pk, Course.objects.published()))


class CreateCourseView(APIView):
    """POST /api/courses: a draft of one's own. The list under the same address is search's."""

    permission_classes = [needs("course.create")]

    @extend_schema(request=CourseIn, responses={201: CourseOut})
    def post(self, request: PersonalApiRequest) -> Response:
        course = services.create_course(
            owner=request.user, at=timezone.now(), **changes_of(request, partial=False)
        )
        return Response(shown(course.pk), status=201)


class CourseView(HotReads, APIView):
    """GET, PUT, PATCH, DELETE /api/courses/{id}: read by whoever may see it, written by its owner.

    Routed by `learning`, which adds the courses of one's seats.
    """

    def get_permissions(self) -> list[BasePermission]:
        read = self.request.method in {"GET", "HEAD", "OPTIONS"}
        return [Anyone() if read else needs("course.edit")()]

    @extend_schema(responses=CourseOut)
    def get(self, request: PersonalApiRequest, pk: int) -> HttpResponse:
        try:
            return ready(
                request, kept(f"course:{pk}", f"detail:{get_language()}", lambda: public(pk))
            )
        except NotFound:
            return ready_json(request, shown(pk, self.readable(request.user)))

    def readable(self, user: Any) -> CourseQuerySet:
        """The courses whose page the person may see; higher floors know of more."""
        return Course.objects.visible_to(user)

    @extend_schema(request=CourseIn, responses=CourseOut)
    def put(self, request: PersonalApiRequest, pk: int) -> Response:
        return self._change(request, pk, partial=False)

    @extend_schema(request=CourseIn(partial=True), responses=CourseOut)
    def patch(self, request: PersonalApiRequest, pk: int) -> Response:
        return self._change(request, pk, partial=True)

    @extend_schema(responses={204: None})
    def delete(self, request: PersonalApiRequest, pk: int) -> Response:
        course = get_course(Course.objects.editable_by(request.user), pk)
        services.delete_course(course=course, by=request.user, at=timezone.now())
        return Response(status=204)

    def _change(self, request: PersonalApiRequest, pk: int, *, partial: bool) -> Response:
        course = get_course(Course.objects.editable_by(request.user), pk)
        changes = changes_of(request, partial=partial)
        services.update_course(
            course=course, editor=request.user, changes=changes, at=timezone.now()
        )
        return Response(shown(pk))


class PublishView(APIView):
    """POST /api/courses/{id}/publish: published at once."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=None, responses=CourseOut)
    def post(self, request: PersonalApiRequest, pk: int) -> Response:
        course = get_course(Course.objects.editable_by(request.user), pk)
        services.publish_course(course=course, by=request.user, at=timezone.now())
        return Response(shown(pk))


class ArchiveView(APIView):
    """POST /api/courses/{id}/archive: out of the catalogue, seats stay."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=None, responses=CourseOut)
    def post(self, request: PersonalApiRequest, pk: int) -> Response:
        course = get_course(Course.objects.editable_by(request.user), pk)
        services.archive_course(course=course, by=request.user, at=timezone.now())
        return Response(shown(pk))


class VersionsView(generics.ListAPIView[CourseVersion]):
    """GET /api/courses/{id}/versions: newest first."""

    permission_classes = [needs("course.edit")]
    serializer_class = VersionOut
    ordering = ["-number"]
    queryset = CourseVersion.objects.none()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        course = get_course(Course.objects.editable_by(self.request.user), self.kwargs["pk"])
        return selectors.versions_of(course)


class RestoreView(APIView):
    """POST /api/courses/{id}/versions/{n}/restore: the course as it was, as a new version."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=None, responses=CourseOut)
    def post(self, request: PersonalApiRequest, pk: int, number: int) -> Response:
        course = get_course(Course.objects.editable_by(request.user), pk)
        services.restore_version(course=course, number=number, by=request.user, at=timezone.now())
        return Response(shown(pk))


class OrderedModuleIn(serializers.Serializer[Any]):
    id = IdField()
    lessons = serializers.ListField(child=IdField(), max_length=1000)


class OrderIn(serializers.Serializer[Any]):
    modules = OrderedModuleIn(many=True)


class ReorderView(APIView):
    """POST /api/courses/{id}/reorder: all modules and lessons in their new order."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=OrderIn, responses={200: OrderIn})
    def post(self, request: PersonalApiRequest, pk: int) -> Response:
        course = get_course(Course.objects.editable_by(request.user), pk)
        form = OrderIn(data=request.data)
        form.is_valid(raise_exception=True)
        order = [(module["id"], module["lessons"]) for module in form.validated_data["modules"]]
        if not order:
            raise Invalid(errors={"modules": [_("Name the parts of this course, each once.")]})
        services.reorder(course=course, order=order, editor=request.user, at=timezone.now())
        return Response(form.data)
