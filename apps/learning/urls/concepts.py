"""Addresses of the concepts of a course, in the studio and in the API."""

from django.urls import URLPattern, path

from ..api import concepts as api
from ..views import concept_files, concept_proposals, concepts

CONCEPTS = "studio/courses/<int:pk>/concepts/"
CONCEPT = "studio/concepts/<int:pk>/"
PROPOSAL = "studio/proposals/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(CONCEPTS, concepts.concepts, name="concepts"),
    path(f"{CONCEPTS}add/", concepts.add, name="concept_add"),
    path(f"{CONCEPTS}confirm/", concepts.confirm, name="concepts_confirm"),
    path(f"{CONCEPTS}import/", concept_files.concepts_import, name="concepts_import"),
    path(f"{CONCEPTS}export/", concept_files.concepts_export, name="concepts_export"),
    path(f"{CONCEPTS}proposals/", concept_proposals.proposals, name="concept_proposals"),
    path(f"{CONCEPTS}proposals/start/", concept_proposals.start, name="concept_proposals_start"),
    path(f"{CONCEPTS}proposals/making/", concept_proposals.making, name="concept_proposals_making"),
    path(
        f"{CONCEPTS}proposals/lessons/<int:lesson_id>/accept/",
        concept_proposals.accept_all,
        name="concept_proposals_accept",
    ),
    path(CONCEPT, concepts.edit, name="concept_edit"),
    path(f"{CONCEPT}row/", concepts.row, name="concept_row"),
    path(f"{CONCEPT}move/", concepts.move, name="concept_move"),
    path(f"{CONCEPT}delete/", concepts.delete, name="concept_delete"),
    path(f"{CONCEPT}needs/<int:other_id>/", concepts.need, name="concept_need"),
    path(f"{PROPOSAL}accept/", concept_proposals.accept, name="concept_proposal_accept"),
    path(f"{PROPOSAL}decline/", concept_proposals.decline, name="concept_proposal_decline"),
    path("studio/lessons/<int:pk>/concepts/", concepts.of_lesson, name="lesson_concepts"),
]
api_urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>/concepts", api.Concepts.as_view(), name="concepts"),
    path("concepts/<int:pk>", api.OneConcept.as_view(), name="concept"),
    path("concepts/<int:pk>/prerequisites", api.Prerequisites.as_view(), name="prerequisites"),
    path("lessons/<int:pk>/concepts", api.LessonConcepts.as_view(), name="lesson_concepts"),
]
