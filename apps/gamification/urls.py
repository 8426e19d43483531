"""Addresses of the habit."""

from django.urls import path

from . import api
from .views import awards, boards, choices, friends, moments, summary

app_name = "gamification"
urlpatterns = [
    path("awards/", awards.awards, name="awards"),
    path("awards/<slug:slug>/", awards.award, name="award"),
    path("habit/summary/", summary.summary, name="summary"),
    path("habit/moment/", moments.moment, name="moment"),
    path("habit/moment/seen/", moments.seen, name="moment_seen"),
    path("habit/course/<int:pk>/", moments.course_done, name="course_done"),
    path("settings/habit/", choices.settings, name="settings"),
    path("habit/repair/", choices.repair, name="repair"),
    path("courses/<slug:slug>/leaderboard/", boards.leaderboard, name="leaderboard"),
    path("courses/<slug:slug>/leaderboard/brief/", boards.brief, name="leaderboard_brief"),
    path("courses/<slug:slug>/leaderboard/place/", boards.place, name="leaderboard_place"),
    path("habit/friends/", friends.friends, name="friends"),
]
api_urlpatterns = [
    path("gamification/me", api.MyHabit.as_view(), name="me"),
    path("gamification/badges", api.Badges.as_view(), name="badges"),
    path("gamification/calendar", api.Calendar.as_view(), name="calendar"),
    path("gamification/streak/repair", api.RepairStreak.as_view(), name="repair"),
    path(
        "gamification/leaderboard/course/<int:pk>",
        api.CourseLeaderboard.as_view(),
        name="leaderboard",
    ),
    path(
        "gamification/leaderboard/course/<int:pk>/opt-in",
        api.LeaderboardOptIn.as_view(),
        name="leaderboard_opt_in",
    ),
]
