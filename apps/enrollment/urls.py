"""Addresses of seats, progress and reviews."""

from django.urls import path

from .api import progress, reviews, seats
from .views import reviews as review_pages
from .views import seats as seat_pages

app_name = "enrollment"
urlpatterns = [
    path("courses/<slug:slug>/enroll/", seat_pages.enrol, name="enrol"),
    path("my/courses/", seat_pages.my_courses, name="my_courses"),
    path("courses/<slug:slug>/reviews/", review_pages.reviews, name="reviews"),
    path("reviews/<int:pk>/delete/", review_pages.delete, name="delete_review"),
    path("reviews/<int:pk>/helpful/", review_pages.helpful, name="helpful_review"),
    path("reviews/<int:pk>/reply/", review_pages.reply, name="reply_review"),
]
api_urlpatterns = [
    path("enrollments", seats.Enroll.as_view(), name="enroll"),
    path("enrollments/me", seats.MyEnrollments.as_view(), name="mine"),
    path("enrollments/course/<int:pk>/count", seats.StudentCount.as_view(), name="count"),
    path("enrollments/<int:pk>", seats.LeaveCourse.as_view(), name="leave"),
    path("progress/lessons/<int:pk>/complete", progress.CompleteLesson.as_view(), name="complete"),
    path("progress/courses/<int:pk>", progress.CourseProgress.as_view(), name="progress"),
    path(
        "progress/courses/<int:pk>/lessons",
        progress.CourseProgressLessons.as_view(),
        name="progress_lessons",
    ),
    path("reviews", reviews.WriteReview.as_view(), name="write_review"),
    path("reviews/course/<int:pk>", reviews.ReviewsOfCourse.as_view(), name="reviews"),
    path("reviews/<int:pk>", reviews.OneReview.as_view(), name="review"),
    path("reviews/<int:pk>/reply", reviews.Reply.as_view(), name="reply"),
    path("reviews/<int:pk>/helpful", reviews.Helpful.as_view(), name="helpful"),
]
