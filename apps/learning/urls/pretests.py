"""Addresses of pre-tests, and of pre-tests in the API."""

from django.urls import URLPattern, path

from ..api import pretests as api
from ..views import pretests

PRETEST = "learn/<slug:slug>/pretest/"

urlpatterns: list[URLPattern] = [
    path(PRETEST, pretests.pretest, name="pretest"),
    path(f"{PRETEST}start/", pretests.start, name="pretest_start"),
    path(f"{PRETEST}answer/", pretests.answer, name="pretest_answer"),
    path(f"{PRETEST}decline/", pretests.decline, name="pretest_decline"),
    path(f"{PRETEST}result/<int:pk>/", pretests.result, name="pretest_result"),
    path(f"{PRETEST}result/<int:pk>/take/", pretests.take, name="pretest_take"),
]
api_urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>/pretest", api.StartPretest.as_view(), name="pretest"),
    path("pretests/<int:pk>/answers", api.AnswerPretest.as_view(), name="pretest_answers"),
]
