"""Reviews of courses."""

from typing import Any

import orjson
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.rights import needs
from apps.accounts.serializers import PersonOut
from apps.core.api import Anyone, CursorPagination, SignedIn
from apps.core.idempotency import idempotent
from apps.core.kept import kept
from apps.core.ready import HotReads, ready
from apps.courses.models import Course
from apps.enrollment import selectors, services
from apps.enrollment.models import Review, ReviewQuerySet

from .fields import OpenCourseField


class ReviewOut(serializers.ModelSerializer[Review]):
    user = PersonOut(source="student", read_only=True)
    is_helpful = serializers.BooleanField(read_only=True, help_text="Whether the caller said so.")

    class Meta:
        model = Review
        fields = [
            "id",
            "course",
            "user",
            "rating",
            "comment",
            "reply",
            "replied_at",
            "helpful_count",
            "is_helpful",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class ReviewChangesIn(serializers.Serializer[Any]):
    rating = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField(
        max_length=services.MAX_REVIEW, required=False, allow_blank=True
    )


class ReviewIn(ReviewChangesIn):
    course = OpenCourseField()


class ReplyIn(serializers.Serializer[Any]):
    text = serializers.CharField(
        max_length=services.MAX_REVIEW,
        allow_blank=True,
        help_text="Empty: the reply is taken back.",
    )


class HelpfulOut(serializers.Serializer[Any]):
    helpful = serializers.BooleanField()
    helpful_count = serializers.IntegerField()


def answer(request: Request, review: Review, status: int = 200) -> Response:
    shown = selectors.reviews_of(review.course, request.user).get(pk=review.pk)
    return Response(ReviewOut(shown, context={"request": request}).data, status=status)


class WriteReview(APIView):
    """POST /api/reviews: 403 unless enrolled, 409 for a second one."""

    permission_classes = [needs("course.review")]

    @extend_schema(request=ReviewIn, responses={201: ReviewOut})
    @idempotent
    def post(self, request: Request) -> Response:
        form = ReviewIn(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        told = {"comment": "", **form.validated_data}
        review = services.write_review(student=request.user, at=timezone.now(), **told)
        return answer(request, review, 201)


class ReviewPages(CursorPagination):
    """A page of reviews under the figures of all of them."""

    course: Course

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        response.data |= {
            "histogram": self.course.rating_histogram,
            "avg_rating": float(self.course.avg_rating) if self.course.avg_rating else None,
            "review_count": self.course.review_count,
        }
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        found = super().get_paginated_response_schema(schema)
        numbers = {"type": "array", "items": {"type": "integer"}, "minItems": 5, "maxItems": 5}
        found["properties"] |= {
            "histogram": {**numbers, "description": "Reviews with 1, 2, 3, 4 and 5 stars."},
            "avg_rating": {"type": ["number", "null"]},
            "review_count": {"type": "integer"},
        }
        found["required"] += ["histogram", "avg_rating", "review_count"]
        return found


class ReviewsOfCourse(HotReads, generics.ListAPIView[Review]):
    """GET /api/reviews/course/{id}: newest first."""

    permission_classes = [Anyone]
    serializer_class = ReviewOut
    pagination_class = ReviewPages
    ordering = ["-created_at", "-id"]

    def get_queryset(self) -> ReviewQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Review.objects.none()
        courses = selectors.courses_open_to(self.request.user)
        course = get_object_or_404(courses, pk=self.kwargs["pk"])
        self.paginator.course = course
        return selectors.reviews_of(course, self.request.user)

    def get(  # type: ignore[override]
        self, request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        def page() -> bytes:
            return orjson.dumps(self.list(request).data)

        plain = f"/api/reviews/course/{self.kwargs['pk']}"
        if request.user.is_authenticated or request.get_full_path() != plain:
            return ready(request, page())
        # links name the host; who is private is called so in the reader's language
        first = f"reviews:{get_language()}:{request.build_absolute_uri()}"
        return ready(request, kept(f"course:{self.kwargs['pk']}", first, page))


class OneReview(APIView):
    """PATCH one's own review; DELETE it, or as a moderator any."""

    permission_classes = [SignedIn]

    @extend_schema(request=ReviewChangesIn(partial=True), responses=ReviewOut)
    def patch(self, request: Request, pk: int) -> Response:
        review = get_object_or_404(Review.objects.editable_by(request.user), pk=pk)
        form = ReviewChangesIn(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changes = {"rating": review.rating, "comment": review.comment, **form.validated_data}
        return answer(request, services.edit_review(review=review, at=timezone.now(), **changes))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        review = get_object_or_404(Review.objects.deletable_by(request.user), pk=pk)
        services.delete_review(review=review, by=request.user, at=timezone.now())
        return Response(status=204)


class Reply(APIView):
    """PUT /api/reviews/{id}/reply: the teacher's, on reviews of their own courses."""

    permission_classes = [SignedIn]

    @extend_schema(request=ReplyIn, responses=ReviewOut)
    def put(self, request: Request, pk: int) -> Response:
        review = get_object_or_404(Review.objects.answerable_by(request.user), pk=pk)
        form = ReplyIn(data=request.data)
        form.is_valid(raise_exception=True)
        review = services.reply_to_review(
            review=review, by=request.user, text=form.validated_data["text"], at=timezone.now()
        )
        return answer(request, review)


class Helpful(APIView):
    """POST /api/reviews/{id}/helpful: say so, or take it back; 403 for one's own."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses=HelpfulOut)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
        helpful = services.vote_helpful(review=review, user=request.user, at=timezone.now())
        review.refresh_from_db(fields=["helpful_count"])
        return Response({"helpful": helpful, "helpful_count": review.helpful_count})
