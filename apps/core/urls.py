"""Addresses of operation, and of jobs in the API."""

from django.urls import path

from . import job_api, views

app_name = "core"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
api_urlpatterns = [
    path("jobs/<int:pk>", job_api.JobView.as_view(), name="job"),
]
