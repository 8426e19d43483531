"""Update, check or compile the translation catalogues."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core import catalogues


class Command(BaseCommand):
    help = (
        "Without options: read all messages from code and templates into the .po files, keeping "
        "translations and dropping what the code no longer says."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument(
            "--check", action="store_true", help="write nothing; fail on anything not translated"
        )
        group.add_argument(
            "--compile", action="store_true", help="write the .mo files that are older than .po"
        )

    def handle(self, *, check: bool, compile: bool, **options: object) -> None:
        languages = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        if check:
            found = catalogues.problems(settings.BASE_DIR, languages)
            if found:
                raise CommandError("\n".join(found))
        elif compile:
            count = catalogues.compile_all(settings.BASE_DIR, languages)
            self.stdout.write(f"{count} catalogues compiled")
        else:
            catalogues.update(settings.BASE_DIR, languages)
