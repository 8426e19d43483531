"""Every letter that the platform writes, with words of the length that people write.

`python -m tests.browser.mails FOLDER` makes pictures of them in Chromium, wide and narrow, light
and dark, in both languages, and their texts beside them. Nothing is stored and nothing sent.
"""

import argparse
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

LANGUAGES = ("en", "ru")
WIDTHS = (760, 390)
SCHEMES = ("light", "dark")
COURSE = {"en": "Statistics you can trust", "ru": "Статистика для анализа данных"}
TOPIC = {"en": "Why n − 1?", "ru": "Почему n − 1?"}
SAID = {
    "en": "Because one degree of freedom is spent on the mean: try it with n = 2.",
    "ru": "Потому что одна степень свободы уходит на среднее: попробуйте при n = 2.",
}
REASON = {
    "en": "The diploma can’t be read: please send a larger picture of it.",
    "ru": "Диплом не читается: пришлите, пожалуйста, снимок крупнее.",
}
NAME = {"en": "Dana Kim", "ru": "Анна Соколова"}
BODY = {
    "en": "On Sunday from 6 to 7 in the morning the site rests.\n\nYour cards stay on your phone.",
    "ru": "В воскресенье с 6 до 7 утра сайт отдыхает.\n\nКарточки останутся в телефоне.",
}
TITLE = {"en": "The site rests on Sunday morning", "ru": "В воскресенье утром сайт отдыхает"}
AT = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)


def params_of(language: str) -> dict[str, Any]:
    """What any kind of notification may want to know."""
    name = NAME[language]
    return {
        **dict.fromkeys(("name", "student", "teacher"), name),
        "course": COURSE[language],
        "topic": TOPIC[language],
        "excerpt": SAID[language],
        "reason": REASON[language],
        "title": TITLE[language],
        "body": BODY[language],
        "amount": "2490.00" if language == "ru" else "29.00",
        "currency": "RUB" if language == "ru" else "USD",
        "count": 12,
        "points": 100,
        "rating": 5,
        "badge": "first-steps",
        "current": 14,
        "freezes": 1,
    }


def letters(language: str, **others: Any) -> Iterator[tuple[str, EmailMultiAlternatives]]:
    """Name and mail of each; `others` replace params, to try odd ones."""
    from apps.accounts.models import User
    from apps.accounts.services.mails import LETTERS
    from apps.core.letters import message_of
    from apps.notifications.kinds import KINDS
    from apps.notifications.models import Notification
    from apps.notifications.services.letters import mail_of
    from eduplatform.pages.setup.mail import trial_letter

    url = f"{settings.SITE_URL}/accounts/verify/MTI:1sXqYb:Zk3vJ0n8w2mC4pQ7rT9uV1xY5zA6bD/"
    with translation.override(language):
        for name, write in LETTERS.items():
            yield name, message_of(write(url), to="dana@example.org")
        yield "trial", message_of(trial_letter(), to="dana@example.org")
    user = User(pk=1, email="dana@example.org", locale=language, timezone="Europe/Berlin")
    for kind in KINDS:
        told = Notification(
            pk=1,
            user=user,
            kind=kind,
            params={**params_of(language), **others},
            url="/notifications/",
            created_at=AT,
        )
        yield kind, mail_of(told)


def html_of(mail: EmailMultiAlternatives) -> str:
    return str(mail.alternatives[0][0])


def take(folder: Path, only: str = "") -> int:
    """Pictures and texts of all letters; how many letters there are."""
    from playwright.sync_api import sync_playwright

    # the letters first: Django's models can't be asked beside the browser's loop
    found = [
        (language, name, mail)
        for language in LANGUAGES
        for name, mail in letters(language)
        if only in name
    ]
    pages = [(language, name, html_of(mail)) for language, name, mail in found]
    folder.mkdir(parents=True, exist_ok=True)
    for language, name, mail in found:
        (folder / f"{name}-{language}.txt").write_text(f"{mail.subject}\n\n{mail.body}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        for scheme in SCHEMES:
            for width in WIDTHS:
                page = browser.new_page(
                    viewport={"width": width, "height": 200}, color_scheme=scheme
                )
                for language, name, html in pages:
                    page.set_content(html)
                    path = folder / f"{name}-{width}-{scheme}-{language}.png"
                    page.screenshot(path=path, full_page=True)
                page.close()
        browser.close()
    return len(pages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="letters whose name holds this")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
    os.environ.setdefault("DEBUG", "true")
    django.setup()
    print(f"{take(options.folder, options.only)} letters in {options.folder}")


if __name__ == "__main__":
    main()
