"""Addresses of the tutor in the API."""

from django.urls import URLPattern, path

from ..api import tutor as api

urlpatterns: list[URLPattern] = []
api_urlpatterns: list[URLPattern] = [
    path("lessons/<int:pk>/tutor/messages", api.TutorMessages.as_view(), name="tutor_messages"),
    path("tutor/messages/<int:pk>/rating", api.RateTutorMessage.as_view(), name="rate_reply"),
]
