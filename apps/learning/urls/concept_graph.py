"""Addresses of the graph of concepts on the studio's canvas."""

from django.urls import URLPattern, path

from ..views import concept_graph as views

GRAPH = "studio/courses/<int:pk>/concepts/graph/"

urlpatterns: list[URLPattern] = [
    path(GRAPH, views.graph, name="concept_graph"),
    path(f"{GRAPH}add/", views.add, name="concept_graph_add"),
    path(f"{GRAPH}connect/", views.connect, name="concept_graph_connect"),
    path(f"{GRAPH}disconnect/", views.disconnect, name="concept_graph_disconnect"),
    path(f"{GRAPH}<int:concept_id>/", views.concept, name="concept_graph_concept"),
    path(f"{GRAPH}<int:concept_id>/change/", views.change, name="concept_graph_change"),
    path(f"{GRAPH}<int:concept_id>/delete/", views.delete, name="concept_graph_delete"),
]
api_urlpatterns: list[URLPattern] = []
