"""Addresses of the lesson player, and of lessons in the API."""

from django.urls import URLPattern, path

from ..api import lessons as api
from ..views import beats, digests, lessons

LESSON = "learn/<slug:slug>/<int:lesson_id>/"

urlpatterns: list[URLPattern] = [
    path("learn/<slug:slug>/", lessons.course, name="course"),
    path("learn/<slug:slug>/ready/", lessons.ready, name="ready"),
    path("learn/<slug:slug>/done/", lessons.done, name="done"),
    path(LESSON, lessons.lesson, name="lesson"),
    path(f"{LESSON}complete/", lessons.complete, name="complete"),
    path(f"{LESSON}files/<int:pk>/", lessons.attachment, name="attachment"),
    path(f"{LESSON}beat/", beats.beat, name="beat"),
    path(f"{LESSON}digest/", digests.digest, name="digest"),
]
api_urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>", api.OneCourse.as_view(), name="course"),
    path("courses/<int:pk>/curriculum", api.Curriculum.as_view(), name="curriculum"),
    path("lessons/<int:pk>", api.OneLesson.as_view(), name="lesson"),
]
