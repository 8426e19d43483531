"""Addresses of files of cards and questions that come in and go out."""

from django.urls import URLPattern, path

from ..views import card_files, question_files

BANK = "studio/courses/<int:pk>/questions/"

urlpatterns: list[URLPattern] = [
    path(f"{BANK}import/", question_files.questions_import, name="questions_import"),
    path(
        f"{BANK}import/<int:import_id>/",
        question_files.questions_import_preview,
        name="questions_import_preview",
    ),
    path(f"{BANK}export/", question_files.questions_export, name="questions_export"),
    path("cards/import/", card_files.cards_import, name="cards_import"),
    path(
        "cards/import/<int:import_id>/",
        card_files.cards_import_preview,
        name="cards_import_preview",
    ),
    path("cards/export/", card_files.cards_export, name="cards_export"),
]
api_urlpatterns: list[URLPattern] = []
