"""Addresses of payments."""

from django.urls import path

from . import api, views

app_name = "payments"
urlpatterns = [
    path("checkout/<slug:slug>/", views.checkout, name="checkout"),
    path("payments/", views.history, name="history"),
    path("payments/<int:pk>/", views.payment, name="payment"),
]
api_urlpatterns = [
    path("payments", api.MakePayment.as_view(), name="payments"),
    path("payments/me", api.MyPayments.as_view(), name="mine"),
    path("payments/<int:pk>", api.OnePayment.as_view(), name="payment"),
]
