"""Addresses of pre-tests in the API."""

from django.urls import URLPattern, path

from ..api import pretests as api

urlpatterns: list[URLPattern] = []
api_urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>/pretest", api.StartPretest.as_view(), name="pretest"),
    path("pretests/<int:pk>/answers", api.AnswerPretest.as_view(), name="pretest_answers"),
]
