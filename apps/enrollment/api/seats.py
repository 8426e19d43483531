"""Enrolling and leaving."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.rights import needs
from apps.core.api import Anyone, SignedIn
from apps.core.hot import HotCalls
from apps.core.idempotency import idempotent
from apps.core.ready import HotReads, ready_json
from apps.enrollment import selectors, services
from apps.enrollment.models import Enrollment, EnrollmentQuerySet

from .fields import OpenCourseField


class EnrollmentIn(serializers.Serializer[Any]):
    course = OpenCourseField()


class EnrollmentOut(serializers.ModelSerializer[Enrollment]):
    class Meta:
        model = Enrollment
        fields = ["id", "course", "status", "progress_percent", "enrolled_at", "completed_at"]
        read_only_fields = fields


class StudentCountOut(serializers.Serializer[Any]):
    count = serializers.IntegerField()


class Enroll(HotCalls, APIView):
    """POST /api/enrollments: 201 with a new seat, 200 with the one that is there already."""

    permission_classes = [needs("course.enrol")]

    @extend_schema(request=EnrollmentIn, responses={201: EnrollmentOut, 200: EnrollmentOut})
    @idempotent
    def post(self, request: Request) -> Response:
        seat = _at_once(request)
        if seat is not None:
            return Response(_shown(seat), status=201)
        form = EnrollmentIn(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        course = form.validated_data["course"]
        seat, made = services.enroll(student=request.user, course=course, at=timezone.now())
        return Response(_shown(seat), status=201 if made else 200)


def _at_once(request: Request) -> Enrollment | None:
    """The seat, if what was sent needs no second look."""
    course_id = request.data.get("course") if isinstance(request.data, dict) else None
    if type(course_id) is not int or not 0 < course_id < 2**63:
        return None
    return services.enroll_at_once(student=request.user, course_id=course_id, at=timezone.now())


def _shown(seat: Enrollment) -> dict[str, Any]:
    """As `EnrollmentOut`, which would look up its fields anew."""
    return {
        "id": seat.pk,
        "course": seat.course_id,
        "status": seat.status,
        "progress_percent": seat.progress_percent,
        "enrolled_at": seat.enrolled_at,
        "completed_at": seat.completed_at,
    }


class MyEnrollments(generics.ListAPIView[Enrollment]):
    """GET /api/enrollments/me: newest first, those left and refunded included."""

    permission_classes = [SignedIn]
    serializer_class = EnrollmentOut
    ordering = ["-enrolled_at", "-id"]

    def get_queryset(self) -> EnrollmentQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Enrollment.objects.none()
        return Enrollment.objects.visible_to(self.request.user)


class StudentCount(HotReads, APIView):
    """GET /api/enrollments/course/{id}/count: how many study it now."""

    permission_classes = [Anyone]

    @extend_schema(responses=StudentCountOut)
    def get(self, request: Request, pk: int) -> HttpResponse:
        courses = selectors.courses_open_to(request.user).filter(pk=pk)
        count = courses.values_list("student_count", flat=True).first()
        if count is None:
            raise Http404
        return ready_json(request, {"count": count})


class LeaveCourse(APIView):
    """DELETE /api/enrollments/{id}: give up one's seat; progress is kept for a return."""

    permission_classes = [SignedIn]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        seat = get_object_or_404(Enrollment.objects.visible_to(request.user), pk=pk)
        services.cancel_seat(enrollment=seat, at=timezone.now())
        return Response(status=204)
