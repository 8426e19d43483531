"""Addresses of the map of concepts, on the site and in the API."""

from django.urls import URLPattern, path

from ..api import maps as api
from ..views import maps

MAP = "map/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path("map/", maps.maps, name="maps"),
    path(MAP, maps.course_map, name="map"),
    path(f"{MAP}list/", maps.concept_list, name="map_list"),
    path(f"{MAP}concepts/<int:pk>/", maps.concept, name="concept"),
]
api_urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>/knowledge-map", api.CourseMap.as_view(), name="knowledge_map"),
]
