"""Uploads through the API; other calls take the id."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import SignedIn
from apps.core.errors import TooLarge

from . import services
from .models import Purpose, Upload

FORM_OVERHEAD = 64 * 1024


class UploadIn(serializers.Serializer[Any]):
    file = serializers.FileField()
    purpose = serializers.ChoiceField(choices=Purpose.choices)


class UploadOut(serializers.ModelSerializer[Upload]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = ["id", "url", "kind", "size"]

    def get_url(self, upload: Upload) -> str:
        """A public picture's address, or one that opens the private file for five minutes."""
        return upload.url or services.signed_url(upload)


class Uploads(APIView):
    """POST /api/uploads: one file for one purpose."""

    permission_classes = [SignedIn]
    parser_classes = [parsers.MultiPartParser]

    def perform_authentication(self, request: Request) -> None:
        # before anything reads the body
        if int(request.META.get("CONTENT_LENGTH") or 0) > services.LARGEST + FORM_OVERHEAD:
            raise TooLarge
        super().perform_authentication(request)

    @extend_schema(request={"multipart/form-data": UploadIn}, responses={201: UploadOut})
    def post(self, request: Request) -> Response:
        form = UploadIn(data=request.data)
        form.is_valid(raise_exception=True)
        upload = services.store_upload(owner=request.user, at=timezone.now(), **form.validated_data)
        return Response(UploadOut(upload).data, status=201)
