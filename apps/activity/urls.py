"""Addresses of the activity feed."""

from django.urls import URLPattern

app_name = "activity"
urlpatterns: list[URLPattern] = []
api_urlpatterns: list[URLPattern] = []
