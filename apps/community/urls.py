"""Addresses of the forum and discussions."""

from django.urls import URLPattern

app_name = "community"
urlpatterns: list[URLPattern] = []
api_urlpatterns: list[URLPattern] = []
