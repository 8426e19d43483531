"""Addresses of conversations."""

from django.urls import URLPattern

app_name = "messaging"
urlpatterns: list[URLPattern] = []
api_urlpatterns: list[URLPattern] = []
