"""Addresses of the habit."""

from django.urls import path

from . import api
from .views import awards, choices

app_name = "gamification"
urlpatterns = [
    path("awards/", awards.awards, name="awards"),
    path("settings/habit/", choices.settings, name="settings"),
    path("habit/repair/", choices.repair, name="repair"),
]
api_urlpatterns = [
    path("gamification/me", api.MyHabit.as_view(), name="me"),
    path("gamification/streak/repair", api.RepairStreak.as_view(), name="repair"),
]
