"""Fill the database with the demo."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.core.errors import NotAllowed
from apps.demo import services


class Command(BaseCommand):
    help = (
        "Make the demo's people, courses, seats and reviews, where they aren't there yet. "
        "Takes less than a minute; a second run changes nothing. Refuses without DEMO_MODE."
    )

    def handle(self, **options: object) -> None:
        try:
            services.seed(at=timezone.now(), tell=self._tell)
        except NotAllowed as refusal:
            raise CommandError(str(refusal)) from refusal

    def _tell(self, step: str) -> None:
        self.stdout.write(f"  {step}")
        self.stdout.flush()
