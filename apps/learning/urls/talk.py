"""Addresses of the tutor's drawer."""

from django.urls import URLPattern, path

from ..views import talk
from .lessons import LESSON

TUTOR = f"{LESSON}tutor/"

urlpatterns: list[URLPattern] = [
    path(TUTOR, talk.talk, name="talk"),
    path(f"{TUTOR}messages/", talk.say, name="say"),
    path(f"{TUTOR}messages/<int:message_id>/rating/", talk.rate, name="rate_reply"),
    path(f"{TUTOR}rating/", talk.rate_talk, name="rate_talk"),
    path(f"{TUTOR}clear/", talk.clear, name="clear_talk"),
]
api_urlpatterns: list[URLPattern] = []
