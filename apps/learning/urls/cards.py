"""Addresses of cards and their review, on the site and in the API."""

from django.urls import URLPattern, path

from ..api import cards as api
from ..views import cards, memory, review

urlpatterns: list[URLPattern] = [
    path("review/", review.review, name="review"),
    path("review/offline/", review.review_offline, name="review_offline"),
    path("review/cards/", review.cards, name="review_cards"),
    path("review/<int:card_id>/grade/", review.grade, name="grade_card"),
    path("review/undo/", review.undo, name="undo_grade"),
    path("review/done/", review.done, name="review_done"),
    path("cards/", cards.cards, name="cards"),
    path("cards/decks/<int:course_id>/", cards.deck, name="deck"),
    path("cards/new/", cards.new_card, name="new_card"),
    path("cards/preview/", cards.preview, name="preview_card"),
    path("cards/suspend/", cards.suspend, name="suspend_cards"),
    path("cards/suspended/<int:card_id>/resume/", cards.resume, name="resume_card"),
    path("cards/settings/", memory.settings, name="card_settings"),
    path("cards/settings/work/", memory.work, name="card_work"),
    path("cards/stats/", memory.stats, name="card_stats"),
    path("cards/<int:note_id>/", cards.edit_card, name="edit_card"),
    path("cards/<int:note_id>/delete/", cards.delete, name="delete_card"),
    path("cards/<int:note_id>/restore/", cards.restore, name="restore_card"),
]
api_urlpatterns: list[URLPattern] = [
    path("flashcards", api.Flashcards.as_view(), name="flashcards"),
    path("flashcards/due", api.DueFlashcards.as_view(), name="due_flashcards"),
    path("flashcards/forecast", api.Forecast.as_view(), name="forecast"),
    path("flashcards/stats", api.Stats.as_view(), name="memory_stats"),
    path("flashcards/<int:pk>", api.OneFlashcard.as_view(), name="flashcard"),
    path("flashcards/<int:pk>/review", api.ReviewFlashcard.as_view(), name="review_flashcard"),
    path("flashcards/<int:pk>/undo", api.UndoFlashcard.as_view(), name="undo_flashcard"),
]
