"""Types of requests whose views let in nobody but the signed-in."""

from django.http import HttpRequest
from rest_framework.request import Request

from .models import User


class PersonalRequest(HttpRequest):
    user: User


class PersonalApiRequest(Request):
    user: User
