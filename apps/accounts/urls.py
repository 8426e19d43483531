"""Addresses of accounts."""

app_name = "accounts"
urlpatterns: list[object] = []
api_urlpatterns: list[object] = []
