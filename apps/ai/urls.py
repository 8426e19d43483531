"""Addresses of the AI service."""

from django.urls import URLPattern, path

from . import api

app_name = "ai"
urlpatterns: list[URLPattern] = []
api_urlpatterns = [path("ai/credits", api.MyCredits.as_view(), name="credits")]
