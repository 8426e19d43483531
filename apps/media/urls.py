"""Addresses of files."""

from django.urls import path, re_path

from . import api, views

app_name = "media"
urlpatterns = [
    re_path(
        r"^media/(?P<path>[a-z_]+/[0-9a-f]{2}/[0-9a-f]{30}-[0-9]+x[0-9]+\.webp)$",
        views.public,
        name="public",
    ),
    path("files/<str:token>", views.private, name="private"),
]
api_urlpatterns = [
    path("uploads", api.Uploads.as_view(), name="uploads"),
]
