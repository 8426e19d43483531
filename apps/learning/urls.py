"""Addresses of the lesson player and of lessons in the API."""

from django.urls import path

from .api import cards as cards_api
from .api import lessons as lessons_api
from .api import quizzes as quizzes_api
from .views import lessons

app_name = "learning"
urlpatterns = [
    path("learn/<slug:slug>/", lessons.course, name="course"),
    path("learn/<slug:slug>/ready/", lessons.ready, name="ready"),
    path("learn/<slug:slug>/done/", lessons.done, name="done"),
    path("learn/<slug:slug>/<int:lesson_id>/", lessons.lesson, name="lesson"),
    path("learn/<slug:slug>/<int:lesson_id>/complete/", lessons.complete, name="complete"),
    path(
        "learn/<slug:slug>/<int:lesson_id>/files/<int:pk>/", lessons.attachment, name="attachment"
    ),
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
