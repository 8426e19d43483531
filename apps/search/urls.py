"""Addresses of the catalogue."""

from django.urls import path

from . import api, views

app_name = "search"
urlpatterns = [
    path("courses/", views.catalogue, name="catalogue"),
    path("search/suggest/", views.suggest, name="suggest"),
]
api_urlpatterns = [
    path("courses", api.CoursesView.as_view(), name="courses"),
    path("courses/suggest", api.SuggestView.as_view(), name="suggest"),
    path("courses/facets", api.FacetsView.as_view(), name="facets"),
]
