"""Addresses of profiles, follows, blocks."""

from django.urls import URLPattern

app_name = "social"
urlpatterns: list[URLPattern] = []
api_urlpatterns: list[URLPattern] = []
