"""Addresses of the lesson player and of lessons in the API."""

from django.urls import path

from .api import lessons as lessons_api
from .views import lessons

app_name = "learning"
urlpatterns = [
    path("learn/<slug:slug>/", lessons.course, name="course"),
    path("learn/<slug:slug>/ready/", lessons.ready, name="ready"),
    path("learn/<slug:slug>/done/", lessons.done, name="done"),
    path("learn/<slug:slug>/<int:lesson_id>/", lessons.lesson, name="lesson"),
    path("learn/<slug:slug>/<int:lesson_id>/complete/", lessons.complete, name="complete"),
    path(
        "learn/<slug:slug>/<int:lesson_id>/files/<int:pk>/", lessons.attachment, name="attachment"
    ),
]
api_urlpatterns = [
    path("courses/<int:pk>", lessons_api.OneCourse.as_view(), name="course"),
    path("courses/<int:pk>/curriculum", lessons_api.Curriculum.as_view(), name="curriculum"),
    path("lessons/<int:pk>", lessons_api.OneLesson.as_view(), name="lesson"),
]
