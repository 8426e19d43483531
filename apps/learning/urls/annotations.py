"""Addresses of own notes and bookmarks."""

from django.urls import URLPattern, path

from ..views import annotations
from .lessons import LESSON

urlpatterns: list[URLPattern] = [
    path(f"{LESSON}notes/", annotations.lesson_notes, name="lesson_notes"),
    path(f"{LESSON}notes/card/", annotations.passage_card, name="passage_card"),
    path("notes/", annotations.notes, name="notes"),
    path("notes/export/", annotations.notes_export, name="notes_export"),
    path("notes/<int:pk>/", annotations.annotation, name="annotation"),
    path("notes/<int:pk>/delete/", annotations.delete, name="delete_annotation"),
    path("notes/<int:pk>/restore/", annotations.restore, name="restore_annotation"),
    path("notes/<int:pk>/card/", annotations.card, name="annotation_card"),
]
api_urlpatterns: list[URLPattern] = []
