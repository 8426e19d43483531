"""Addresses of the path through a course, of refreshing before a lesson, and of the next step."""

from django.urls import URLPattern, path

from ..api import path as api
from ..views import path as pages
from ..views import refreshing
from .lessons import LESSON

REFRESH = f"{LESSON}refresh/"

urlpatterns: list[URLPattern] = [
    path("learn/<slug:slug>/path/", pages.path, name="path"),
    path("learn/<slug:slug>/path/choose/", pages.choose, name="path_choose"),
    path(REFRESH, refreshing.refresh, name="refresh"),
    path(f"{REFRESH}start/", refreshing.start, name="refresh_start"),
    path(f"{REFRESH}<int:item_id>/", refreshing.answer, name="refresh_answer"),
    path(f"{REFRESH}leave/", refreshing.leave, name="refresh_leave"),
]
api_urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>/path", api.Path.as_view(), name="path"),
    path("learning/next", api.Next.as_view(), name="next"),
]
