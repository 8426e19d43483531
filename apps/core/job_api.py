"""How a client follows a job of its own."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import jobs
from .api import SignedIn


class JobOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=["queued", "running", "done", "failed", "cancelled"])
    progress = serializers.IntegerField(min_value=0, max_value=100)
    result = serializers.DictField(allow_null=True)
    error = serializers.CharField(allow_blank=True)


class JobView(APIView):
    """GET /api/jobs/{id}: how far one's own job is."""

    permission_classes = [SignedIn]
    serializer_class = JobOut

    def get(self, request: Request, pk: int) -> Response:
        return Response(JobOut(jobs.get_job(user=request.user, job_id=pk)).data)
