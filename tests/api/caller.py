"""A client of the API as a mobile app has one: it signs in, carries its token, sends JSON."""

import json
from typing import Any

from django.test import Client

from apps.accounts.tests.factories import PASSWORD

from .description import check_answer


class Caller:
    """Sends requests as one person, and checks every answer against the description."""

    def __init__(self, access: str = "", language: str = "en") -> None:
        self.access = access
        self.language = language
        self.client = Client()

    def get(self, address: str, **headers: str) -> Any:
        return self.send("GET", address, **headers)

    def post(self, address: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", address, body, **headers)

    def put(self, address: str, body: Any = None, **headers: str) -> Any:
        return self.send("PUT", address, body, **headers)

    def patch(self, address: str, body: Any = None, **headers: str) -> Any:
        return self.send("PATCH", address, body, **headers)

    def delete(self, address: str, **headers: str) -> Any:
        return self.send("DELETE", address, **headers)

    def upload(self, content: Any, purpose: str) -> Any:
        response = self.client.post(
            "/api/uploads", {"file": content, "purpose": purpose}, headers=self.headers()
        )
        check_answer("POST", "/api/uploads", response)
        return response

    def send(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        """`body` as JSON; bytes go out as they are. Keywords are headers: `Idempotency_Key=`."""
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = named.pop("Content-Type", "application/json")
        response = self.client.generic(
            method, address, data, content_type=content_type, headers={**self.headers(), **named}
        )
        check_answer(method, address.partition("?")[0], response)
        return response

    def headers(self) -> dict[str, str]:
        found = {"Accept-Language": self.language, "User-Agent": "Mobile/1.0"}
        if self.access:
            found["Authorization"] = f"Bearer {self.access}"
        return found

    def speaking(self, language: str) -> "Caller":
        return Caller(self.access, language)


def signed_in(email: str, password: str = PASSWORD) -> Caller:
    answer = Caller().post("/api/auth/login", {"email": email, "password": password})
    assert answer.status_code == 200, answer.content
    return Caller(answer.json()["access"])
