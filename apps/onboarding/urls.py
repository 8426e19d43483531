"""Addresses of the way in."""

from django.urls import path

from . import views

app_name = "onboarding"
urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("welcome/questions/", views.questions, name="questions"),
    path("welcome/questions/outlook/", views.outlook, name="outlook"),
    path("welcome/course/", views.course, name="course"),
    path("welcome/course/choose/", views.choose, name="choose"),
    path("welcome/course/start/", views.start, name="start"),
    path("welcome/steps/", views.steps, name="steps"),
    path("welcome/card/", views.card, name="card"),
    path("welcome/skip/", views.skip, name="skip"),
    path("welcome/finish/", views.finish, name="finish"),
    path("welcome/done/", views.done, name="done"),
]
