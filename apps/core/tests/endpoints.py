"""Addresses that exist in tests of the kernel only."""

import threading
from typing import Any

from django.db import transaction
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core import errors
from apps.core.api import Anyone, SignedIn
from apps.core.idempotency import idempotent
from apps.core.models import AuditEntry

ERRORS = {
    kind.__name__: kind
    for kind in (
        errors.Invalid,
        errors.PaymentRequired,
        errors.NotAllowed,
        errors.NotFound,
        errors.Conflict,
        errors.TooLarge,
        errors.WrongKind,
        errors.TooMany,
    )
}
hold = threading.Event()
entered = threading.Event()


class Note(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=20)
    parts = serializers.ListField(child=serializers.IntegerField(), required=False)


class Write(APIView):
    """Writes an audit entry, so that effects can be counted."""

    permission_classes = [SignedIn]

    @idempotent
    def post(self, request):
        form = Note(data=request.data)
        form.is_valid(raise_exception=True)
        if form.validated_data["text"] == "wait":
            entered.set()
            hold.wait(10)
        with transaction.atomic():
            entry = AuditEntry.objects.create(
                action="written", target=form.validated_data["text"], at=timezone.now()
            )
        if form.validated_data["text"] == "refuse":
            raise errors.Conflict
        return Response({"id": entry.pk}, status=201)


class Fail(APIView):
    permission_classes = [Anyone]

    def get(self, request, name):
        raise ERRORS[name]


class NoPolicy(APIView):
    def get(self, request):
        return Response({})


urlpatterns = [
    path("api/write", Write.as_view()),
    path("api/fail/<str:name>", Fail.as_view()),
    path("api/no-policy", NoPolicy.as_view()),
]
