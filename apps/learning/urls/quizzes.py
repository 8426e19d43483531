"""Addresses of quizzes for those who take them, and of quizzes in the API."""

from django.urls import URLPattern, path

from ..api import quizzes as api
from ..views import quizzes

QUIZ = "learn/<slug:slug>/<int:lesson_id>/quiz/"

urlpatterns: list[URLPattern] = [
    path(QUIZ, quizzes.quiz, name="quiz"),
    path(f"{QUIZ}start/", quizzes.start, name="quiz_start"),
    path(f"{QUIZ}answer/", quizzes.answer, name="quiz_answer"),
    path(f"{QUIZ}submit/", quizzes.submit, name="quiz_submit"),
    path(f"{QUIZ}result/<int:attempt_id>/", quizzes.result, name="quiz_result"),
]
api_urlpatterns: list[URLPattern] = [
    path("lessons/<int:pk>/quiz", api.LessonQuiz.as_view(), name="quiz"),
    path("lessons/<int:pk>/quiz/generate", api.GenerateQuiz.as_view(), name="generate"),
    path("lessons/<int:pk>/summary", api.LessonSummary.as_view(), name="summary"),
    path("quizzes/<int:pk>/publish", api.PublishQuiz.as_view(), name="publish_quiz"),
    path("quizzes/<int:pk>/attempts", api.StartAttempt.as_view(), name="attempts"),
    path("attempts/<int:pk>", api.OneAttempt.as_view(), name="attempt"),
    path("attempts/<int:pk>/answers", api.SaveAnswers.as_view(), name="answers"),
    path("attempts/<int:pk>/submit", api.SubmitAttempt.as_view(), name="submit"),
]
