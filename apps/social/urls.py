"""Addresses of follows, blocks, and the settings of profile and privacy."""

from django.urls import path

from . import api, views

app_name = "social"
urlpatterns = [
    path("profile/<str:username>/follow/", views.follow, name="follow"),
    path("profile/<str:username>/block/", views.block, name="block"),
    path("settings/privacy/", views.settings, name="settings"),
    path("settings/privacy/cover/", views.cover, name="cover"),
    path("settings/privacy/blocked/<int:pk>/", views.unblock, name="unblock"),
]
api_urlpatterns = [
    path("users/<int:pk>/follow", api.Follow.as_view(), name="follow"),
    path("users/<int:pk>/unfollow", api.Unfollow.as_view(), name="unfollow"),
    path("users/<int:pk>/block", api.Block.as_view(), name="block"),
]
