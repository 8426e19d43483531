"""Modules and lessons written through the API; who may read a lesson is learning's to say."""

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.requests import PersonalApiRequest
from apps.accounts.rights import needs
from apps.core.api import IdField
from apps.core.markdown import MAX_LENGTH
from apps.courses import selectors, services
from apps.courses.models import Course, Lesson, LessonAttachment, Module
from apps.media.models import Purpose, Upload
from apps.media.services import signed_url


class ModuleIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=160)


class ModuleOut(serializers.ModelSerializer[Module]):
    class Meta:
        model = Module
        fields = ["id", "course", "title", "position"]
        read_only_fields = fields


class AttachmentOut(serializers.ModelSerializer[LessonAttachment]):
    id = serializers.IntegerField(source="upload_id", read_only=True)
    name = serializers.CharField(source="upload.name", read_only=True)
    kind = serializers.CharField(source="upload.kind", read_only=True)
    size = serializers.IntegerField(source="upload.size", read_only=True)

    url = serializers.SerializerMethodField()

    class Meta:
        model = LessonAttachment
        fields = ["id", "name", "kind", "size", "url"]

    def get_url(self, attachment: LessonAttachment) -> str:
        """Opens the file for five minutes."""
        return signed_url(attachment.upload)


class LessonOut(serializers.ModelSerializer[Lesson]):
    """A whole lesson, for whoever may open it. `revision` goes back with an edit of it."""

    content_html = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    concepts = serializers.SerializerMethodField()
    attachments = serializers.SerializerMethodField()

    class Meta:
        model = Lesson
        fields = [
            "id",
            "course",
            "module",
            "title",
            "content",
            "content_html",
            "video_url",
            "duration_minutes",
            "is_preview",
            "position",
            "summary",
            "concepts",
            "attachments",
            "revision",
        ]
        read_only_fields = fields

    def get_content_html(self, lesson: Lesson) -> str:
        return selectors.lesson_html(lesson)

    def get_summary(self, lesson: Lesson) -> str | None:
        return None

    def get_concepts(self, lesson: Lesson) -> list[int]:
        return []

    def get_attachments(self, lesson: Lesson) -> list[dict[str, Any]]:
        rows = lesson.attachments.select_related("upload")
        return AttachmentOut(rows, many=True).data  # type: ignore[return-value]


class LessonIn(serializers.Serializer[Any]):
    """Fields left out stay as they are."""

    title = serializers.CharField(max_length=160)
    content = serializers.CharField(
        max_length=MAX_LENGTH, required=False, allow_blank=True, trim_whitespace=False
    )
    video_url = serializers.URLField(max_length=300, required=False, allow_blank=True)
    duration_minutes = serializers.IntegerField(
        min_value=0, max_value=1440, required=False, help_text="0: the reading time of the text."
    )
    is_preview = serializers.BooleanField(required=False)
    attachments = serializers.ListField(
        child=IdField(),
        max_length=20,
        required=False,
        help_text="Ids of uploads with the purpose `attachment`, in order.",
    )

    def validate_attachments(self, ids: list[int]) -> list[Upload]:
        """One's own, and those that the lesson has already."""
        allowed = Q(owner=self.context["user"], purpose=Purpose.ATTACHMENT)
        if lesson := self.context.get("lesson"):
            allowed |= Q(pk__in=lesson.attachments.values("upload_id"))
        found = Upload.objects.filter(allowed).in_bulk(ids)
        if len(found) != len(set(ids)):
            raise serializers.ValidationError(_("There is no such upload of yours."))
        return [found[upload_id] for upload_id in ids]


class LessonChangesIn(LessonIn):
    revision = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="The revision that was edited; a lesson changed since answers 409.",
    )


class AddModuleView(APIView):
    """POST /api/courses/{id}/modules: a module at the end."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=ModuleIn, responses={201: ModuleOut})
    def post(self, request: PersonalApiRequest, pk: int) -> Response:
        course = get_object_or_404(Course.objects.editable_by(request.user), pk=pk)
        form = ModuleIn(data=request.data)
        form.is_valid(raise_exception=True)
        module = services.add_module(
            course=course, editor=request.user, at=timezone.now(), **form.validated_data
        )
        return Response(ModuleOut(module).data, status=201)


class ModuleView(APIView):
    """PATCH, DELETE /api/modules/{id}."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=ModuleIn, responses=ModuleOut)
    def patch(self, request: PersonalApiRequest, pk: int) -> Response:
        module = get_object_or_404(Module.objects.editable_by(request.user), pk=pk)
        form = ModuleIn(data=request.data)
        form.is_valid(raise_exception=True)
        module = services.rename_module(
            module=module, editor=request.user, at=timezone.now(), **form.validated_data
        )
        return Response(ModuleOut(module).data)

    @extend_schema(responses={204: None})
    def delete(self, request: PersonalApiRequest, pk: int) -> Response:
        module = get_object_or_404(Module.objects.editable_by(request.user), pk=pk)
        services.delete_module(module=module, editor=request.user, at=timezone.now())
        return Response(status=204)


class AddLessonView(APIView):
    """POST /api/modules/{id}/lessons: a lesson at the end of the module."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=LessonIn, responses={201: LessonOut})
    def post(self, request: PersonalApiRequest, pk: int) -> Response:
        module = get_object_or_404(Module.objects.editable_by(request.user), pk=pk)
        form = LessonIn(data=request.data, context={"user": request.user})
        form.is_valid(raise_exception=True)
        lesson = services.add_lesson(
            module=module, editor=request.user, at=timezone.now(), **form.validated_data
        )
        return Response(LessonOut(lesson).data, status=201)


class LessonWriteView(APIView):
    """PATCH, DELETE /api/lessons/{id}; learning adds GET to the same address."""

    permission_classes = [needs("course.edit")]

    @extend_schema(request=LessonChangesIn(partial=True), responses=LessonOut)
    def patch(self, request: PersonalApiRequest, pk: int) -> Response:
        lesson = get_object_or_404(Lesson.objects.editable_by(request.user), pk=pk)
        context = {"user": request.user, "lesson": lesson}
        form = LessonChangesIn(data=request.data, partial=True, context=context)
        form.is_valid(raise_exception=True)
        changes = dict(form.validated_data)
        lesson = services.update_lesson(
            lesson=lesson,
            editor=request.user,
            revision=changes.pop("revision", None),
            changes=changes,
            at=timezone.now(),
        )
        return Response(LessonOut(lesson).data)

    @extend_schema(responses={204: None})
    def delete(self, request: PersonalApiRequest, pk: int) -> Response:
        lesson = get_object_or_404(Lesson.objects.editable_by(request.user), pk=pk)
        services.delete_lesson(lesson=lesson, editor=request.user, at=timezone.now())
        return Response(status=204)
