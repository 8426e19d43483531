"""Addresses of the habit."""

from django.urls import URLPattern

app_name = "gamification"
urlpatterns: list[URLPattern] = []
api_urlpatterns: list[URLPattern] = []
