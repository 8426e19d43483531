"""Payments of the API: make one, look at one's own."""

from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.rights import needs
from apps.core.api import IdField, SignedIn
from apps.core.idempotency import idempotent
from apps.courses.models import Course

from . import selectors, services
from .models import Payment, PaymentQuerySet, PaymentStatus
from .providers import TEST

SHOWN_STATUSES = ["pending", "succeeded", "failed", "refunded"]


class PaymentIn(serializers.Serializer[Any]):
    course = serializers.PrimaryKeyRelatedField(
        queryset=Course.objects.none(),
        pk_field=IdField(),
    )
    provider = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        if "request" in self.context:
            visible = Course.objects.visible_to(self.context["request"].user)
            fields["course"].queryset = visible
        return fields


class PaymentOut(serializers.ModelSerializer[Payment]):
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, read_only=True)
    status = serializers.SerializerMethodField()
    checkout_url = serializers.SerializerMethodField()

    class Meta:
        model = Payment
        fields = [
            "id",
            "course",
            "amount",
            "currency",
            "status",
            "provider",
            "checkout_url",
            "created_at",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "string", "enum": SHOWN_STATUSES})
    def get_status(self, payment: Payment) -> str:
        """A payment that a person looks at is still pending to its buyer."""
        return "pending" if payment.status == PaymentStatus.REVIEW else payment.status

    def get_checkout_url(self, payment: Payment) -> str | None:
        """Where an open payment is finished: the site's checkout, which goes on with it."""
        if payment.status != PaymentStatus.PENDING:
            return None
        return settings.SITE_URL + reverse("payments:checkout", args=[payment.course.slug])


class MakePayment(APIView):
    """POST /api/payments: pay for a course; an open payment for it is gone on with."""

    permission_classes = [needs("payment.make")]

    @extend_schema(request=PaymentIn, responses={201: PaymentOut})
    @idempotent
    def post(self, request: Request) -> Response:
        form = PaymentIn(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        now = timezone.now()
        payment = services.start_payment(buyer=request.user, at=now, **form.validated_data)
        if payment.provider == TEST.name:
            payment = services.complete_test_payment(payment=payment, at=now)
        return Response(PaymentOut(payment).data, status=201)


class MyPayments(generics.ListAPIView[Payment]):
    """GET /api/payments/me: newest first."""

    permission_classes = [SignedIn]
    serializer_class = PaymentOut
    ordering = ["-created_at", "-id"]

    def get_queryset(self) -> PaymentQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Payment.objects.none()
        return selectors.payments_of(self.request.user)


class OnePayment(APIView):
    """GET /api/payments/{id}: one's own."""

    permission_classes = [SignedIn]

    @extend_schema(responses=PaymentOut)
    def get(self, request: Request, pk: int) -> Response:
        payment = get_object_or_404(selectors.payments_of(request.user), pk=pk)
        return Response(PaymentOut(payment).data)
