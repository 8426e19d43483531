"""Addresses of referrals."""

from django.urls import path

from . import api, views

app_name = "referrals"
urlpatterns = [
    path("referrals/", views.referrals, name="page"),
    path("referrals/code/", views.new_code, name="new_code"),
]
api_urlpatterns = [
    path("referrals/my-code", api.MyCode.as_view(), name="my_code"),
    path("referrals/generate-code", api.GenerateCode.as_view(), name="generate_code"),
    path("referrals/stats", api.Stats.as_view(), name="stats"),
    path("referrals/leaderboard", api.Leaderboard.as_view(), name="leaderboard"),
]
