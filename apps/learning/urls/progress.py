"""Addresses of progress: velocity, statements, and what teachers and operators read from them."""

from django.urls import URLPattern, path

from ..api import velocity as api
from ..views import acts, progress

urlpatterns: list[URLPattern] = [
    path("progress/", progress.progress, name="progress"),
    path("progress/summary/", progress.summary, name="progress_summary"),
    path("studio/courses/<int:pk>/learning/", acts.learning, name="course_learning"),
    path("studio/courses/<int:pk>/learning/statements/", acts.statements, name="statements"),
]
api_urlpatterns: list[URLPattern] = [
    path("learning/velocity", api.OwnVelocity.as_view(), name="velocity"),
    path("learning/events", api.OwnEvents.as_view(), name="events"),
]
