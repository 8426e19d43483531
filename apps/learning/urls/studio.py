"""Addresses of the studio: a lesson's quiz, its questions, and the question bank of a course."""

from django.urls import URLPattern, path

from ..views import bank, examples, questions, statistics, studio

QUIZ = "studio/lessons/<int:pk>/quiz/"
QUESTION = "studio/questions/<int:pk>/"
BANK = "studio/courses/<int:pk>/questions/"

urlpatterns: list[URLPattern] = [
    path("studio/courses/example/", examples.start, name="example"),
    path(QUIZ, studio.review, name="quiz_review"),
    path(f"{QUIZ}panel/", studio.panel, name="quiz_panel"),
    path(f"{QUIZ}generate/", studio.generate, name="quiz_generate"),
    path(f"{QUIZ}making/", studio.making, name="quiz_making"),
    path(f"{QUIZ}settings/", studio.settings, name="quiz_settings"),
    path(f"{QUIZ}publish/", studio.publish, name="quiz_publish"),
    path(f"{QUIZ}unpublish/", studio.unpublish, name="quiz_unpublish"),
    path(f"{QUIZ}preview/", studio.preview, name="quiz_preview"),
    path(f"{QUIZ}statistics/", statistics.statistics, name="quiz_statistics"),
    path(f"{QUIZ}add/", questions.add, name="question_add"),
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
]
api_urlpatterns: list[URLPattern] = []
