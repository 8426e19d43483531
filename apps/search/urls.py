"""Addresses of the catalogue."""

from django.urls import path

from . import api

app_name = "search"
urlpatterns: list[object] = []
api_urlpatterns = [
    path("courses", api.CoursesView.as_view(), name="courses"),
    path("courses/suggest", api.SuggestView.as_view(), name="suggest"),
    path("courses/facets", api.FacetsView.as_view(), name="facets"),
]
