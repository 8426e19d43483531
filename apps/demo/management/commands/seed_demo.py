"""Fill the database with the demo."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from apps.core.errors import NotAllowed
from apps.demo import services

BAR = "  {percentage:3.0f} % |{bar:30}| {elapsed}  {desc}"


class Command(BaseCommand):
    help = (
        "Make the demo's people and courses, and months of what they did, where they aren't there "
        "yet. Takes a minute or two; a second run changes nothing. Refuses without DEMO_MODE."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        terminal = getattr(self.stdout, "isatty", bool)()
        with tqdm(
            total=100, file=self.stdout, bar_format=BAR, disable=not terminal, leave=False
        ) as bar:

            def tell(step: str, done: float) -> None:
                if terminal:
                    bar.set_description_str(step or bar.desc, refresh=False)
                    bar.update(100 * done - bar.n)
                elif step:
                    self.stdout.write(f"  {step}")
                    self.stdout.flush()

            try:
                services.seed(at=timezone.now(), tell=tell)
            except NotAllowed as refusal:
                raise CommandError(str(refusal)) from refusal
