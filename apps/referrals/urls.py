"""Addresses of referrals."""

from django.urls import URLPattern

app_name = "referrals"
urlpatterns: list[URLPattern] = []
api_urlpatterns: list[URLPattern] = []
