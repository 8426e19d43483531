"""What others' errors may say on the page: short, and without anything that is secret."""

from django.conf import settings

LONGEST = 300


def without_secrets(text: str) -> str:
    """One line of the text, with every secret that we know of struck out."""
    database = settings.DATABASES["default"]
    known = [
        settings.SECRET_KEY,
        settings.ACCESS_TOKEN_KEY,
        settings.EMAIL_HOST_PASSWORD,
        settings.AI_API_KEY,
        *settings.AI_KEYS.values(),
        str(database.get("PASSWORD") or ""),
        settings.REDIS_URL,
    ]
    for secret in known:
        if secret:
            text = text.replace(secret, "•••")
    return " ".join(text.split())[:LONGEST].rstrip(".")
