"""Addresses of what is known of a student, beside the map."""

from django.urls import URLPattern, path

from ..views import mastery

WHY = "map/<slug:slug>/concepts/<int:pk>/why/"

urlpatterns: list[URLPattern] = [
    path(WHY, mastery.why, name="concept_why"),
    path(f"{WHY}<int:evidence_id>/contest/", mastery.contest, name="contest_evidence"),
    path(f"{WHY}<int:evidence_id>/count/", mastery.count, name="count_evidence"),
]
api_urlpatterns: list[URLPattern] = []
