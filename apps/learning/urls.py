"""Addresses of the lesson player, of quizzes and their studio, of cards, and of lessons in the API."""

from django.urls import path

from .api import cards as cards_api
from .api import lessons as lessons_api
from .api import quizzes as quizzes_api
from .views import (
    bank,
    card_files,
    cards,
    digests,
    lessons,
    memory,
    question_files,
    questions,
    quizzes,
    review,
    statistics,
    studio,
)

app_name = "learning"
QUIZ = "learn/<slug:slug>/<int:lesson_id>/quiz/"
STUDIO = "studio/lessons/<int:pk>/quiz/"
QUESTION = "studio/questions/<int:pk>/"
BANK = "studio/courses/<int:pk>/questions/"

urlpatterns = [
    path("learn/<slug:slug>/", lessons.course, name="course"),
    path("learn/<slug:slug>/ready/", lessons.ready, name="ready"),
    path("learn/<slug:slug>/done/", lessons.done, name="done"),
    path("learn/<slug:slug>/<int:lesson_id>/", lessons.lesson, name="lesson"),
    path("learn/<slug:slug>/<int:lesson_id>/complete/", lessons.complete, name="complete"),
    path(
        "learn/<slug:slug>/<int:lesson_id>/files/<int:pk>/", lessons.attachment, name="attachment"
    ),
    path("learn/<slug:slug>/<int:lesson_id>/digest/", digests.digest, name="digest"),
    path(QUIZ, quizzes.quiz, name="quiz"),
    path(f"{QUIZ}start/", quizzes.start, name="quiz_start"),
    path(f"{QUIZ}answer/", quizzes.answer, name="quiz_answer"),
    path(f"{QUIZ}submit/", quizzes.submit, name="quiz_submit"),
    path(f"{QUIZ}result/<int:attempt_id>/", quizzes.result, name="quiz_result"),
    path(STUDIO, studio.review, name="quiz_review"),
    path(f"{STUDIO}panel/", studio.panel, name="quiz_panel"),
    path(f"{STUDIO}generate/", studio.generate, name="quiz_generate"),
    path(f"{STUDIO}making/", studio.making, name="quiz_making"),
    path(f"{STUDIO}settings/", studio.settings, name="quiz_settings"),
    path(f"{STUDIO}publish/", studio.publish, name="quiz_publish"),
    path(f"{STUDIO}unpublish/", studio.unpublish, name="quiz_unpublish"),
    path(f"{STUDIO}preview/", studio.preview, name="quiz_preview"),
    path(f"{STUDIO}statistics/", statistics.statistics, name="quiz_statistics"),
    path(f"{STUDIO}add/", questions.add, name="question_add"),
    path(QUESTION, questions.card, name="question_card"),
    path(f"{QUESTION}edit/", questions.edit, name="question_edit"),
    path(f"{QUESTION}approve/", questions.approve, name="question_approve"),
    path(f"{QUESTION}discard/", questions.discard, name="question_discard"),
    path(f"{QUESTION}restore/", questions.restore, name="question_restore"),
    path(f"{QUESTION}keep/", questions.keep, name="question_keep"),
    path(f"{QUESTION}move/", questions.move, name="question_move"),
    path(BANK, bank.questions, name="questions"),
    path(f"{BANK}generate/", bank.generate, name="questions_generate"),
    path(f"{BANK}making/", bank.making, name="questions_making"),
    path("review/", review.review, name="review"),
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
api_urlpatterns = [
    path("courses/<int:pk>", lessons_api.OneCourse.as_view(), name="course"),
    path("courses/<int:pk>/curriculum", lessons_api.Curriculum.as_view(), name="curriculum"),
    path("lessons/<int:pk>", lessons_api.OneLesson.as_view(), name="lesson"),
    path("flashcards", cards_api.Flashcards.as_view(), name="flashcards"),
    path("flashcards/due", cards_api.DueFlashcards.as_view(), name="due_flashcards"),
    path("flashcards/forecast", cards_api.Forecast.as_view(), name="forecast"),
    path("flashcards/stats", cards_api.Stats.as_view(), name="memory_stats"),
    path("flashcards/<int:pk>", cards_api.OneFlashcard.as_view(), name="flashcard"),
    path(
        "flashcards/<int:pk>/review", cards_api.ReviewFlashcard.as_view(), name="review_flashcard"
    ),
    path("flashcards/<int:pk>/undo", cards_api.UndoFlashcard.as_view(), name="undo_flashcard"),
    path("lessons/<int:pk>/quiz", quizzes_api.LessonQuiz.as_view(), name="quiz"),
    path("lessons/<int:pk>/quiz/generate", quizzes_api.GenerateQuiz.as_view(), name="generate"),
    path("lessons/<int:pk>/summary", quizzes_api.LessonSummary.as_view(), name="summary"),
    path("quizzes/<int:pk>/publish", quizzes_api.PublishQuiz.as_view(), name="publish_quiz"),
    path("quizzes/<int:pk>/attempts", quizzes_api.StartAttempt.as_view(), name="attempts"),
    path("attempts/<int:pk>", quizzes_api.OneAttempt.as_view(), name="attempt"),
    path("attempts/<int:pk>/answers", quizzes_api.SaveAnswers.as_view(), name="answers"),
    path("attempts/<int:pk>/submit", quizzes_api.SubmitAttempt.as_view(), name="submit"),
]
