"""Addresses of the lesson player and of lessons in the API."""

from django.urls import path

from . import api, views

app_name = "learning"
urlpatterns = [
    path("learn/<slug:slug>/", views.course, name="course"),
    path("learn/<slug:slug>/ready/", views.ready, name="ready"),
    path("learn/<slug:slug>/done/", views.done, name="done"),
    path("learn/<slug:slug>/<int:lesson_id>/", views.lesson, name="lesson"),
    path("learn/<slug:slug>/<int:lesson_id>/complete/", views.complete, name="complete"),
    path("learn/<slug:slug>/<int:lesson_id>/files/<int:pk>/", views.attachment, name="attachment"),
]
api_urlpatterns = [
    path("courses/<int:pk>", api.OneCourse.as_view(), name="course"),
    path("courses/<int:pk>/curriculum", api.Curriculum.as_view(), name="curriculum"),
    path("lessons/<int:pk>", api.OneLesson.as_view(), name="lesson"),
]
