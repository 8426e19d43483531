"""Addresses of the activity feed."""

from django.urls import path

from . import api, views

app_name = "activity"
urlpatterns = [
    path("feed/", views.feed, name="feed"),
    path("feed/summary/", views.summary, name="summary"),
    path("profile/<str:username>/activity/", views.person, name="person"),
]
api_urlpatterns = [
    path("activity/feed", api.Feed.as_view(), name="feed"),
    path("users/<str:username>/activity", api.ActivityOfPerson.as_view(), name="person"),
]
