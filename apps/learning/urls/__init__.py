"""Addresses of learning: a file for each subject, with its pages and its part of the API."""

from . import (
    annotations,
    cards,
    concept_graph,
    concepts,
    files,
    lessons,
    maps,
    mastery,
    path,
    pretests,
    progress,
    quizzes,
    studio,
    talk,
    tutor,
)

SUBJECTS = (
    lessons,
    path,
    pretests,
    progress,
    quizzes,
    studio,
    cards,
    files,
    concepts,
    concept_graph,
    maps,
    mastery,
    annotations,
    tutor,
    talk,
)

app_name = "learning"
urlpatterns = [each for subject in SUBJECTS for each in subject.urlpatterns]
api_urlpatterns = [each for subject in SUBJECTS for each in subject.api_urlpatterns]
