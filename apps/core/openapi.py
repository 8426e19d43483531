"""How the API describes itself: problem answers and the Idempotency-Key header are added here."""

from typing import Any

from drf_spectacular.openapi import AutoSchema as SpectacularSchema

PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}


class AutoSchema(SpectacularSchema):
    """Operation ids from method and path, tags from the app, the idempotency header where honoured."""

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.split(".")[1]]

    def get_override_parameters(self) -> list[Any]:
        from drf_spectacular.utils import OpenApiParameter

        method = getattr(self.view, self.method.lower(), None)
        if not getattr(method, "idempotent", False):
            return []
        return [
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="Same key and body: the first answer again. Kept 48 hours.",
            )
        ]


def problem_answers(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Post-processing: every operation may answer with a problem."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    answer = {
        "description": "A problem, RFC 9457",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for path in result.get("paths", {}).values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"]["4XX"] = answer
    return result
