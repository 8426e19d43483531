"""Addresses of the concepts of a course, in the studio and in the API."""

from django.urls import URLPattern, path

from ..api import concepts as api

urlpatterns: list[URLPattern] = []
api_urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>/concepts", api.Concepts.as_view(), name="concepts"),
    path("concepts/<int:pk>", api.OneConcept.as_view(), name="concept"),
    path("concepts/<int:pk>/prerequisites", api.Prerequisites.as_view(), name="prerequisites"),
    path("lessons/<int:pk>/concepts", api.LessonConcepts.as_view(), name="lesson_concepts"),
]
