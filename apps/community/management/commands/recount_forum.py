"""Make the forum's figures anew from its rows."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.community import services
from apps.community.models import ForumCategory, Topic


class Command(BaseCommand):
    help = (
        "Count the replies of every topic, then the topics and replies of every category, and find "
        "their last posts. Safe while people write; says what was wrong."
    )

    def handle(self, **options: Any) -> None:
        wrong = 0
        for pk in Topic.objects.order_by("pk").values_list("pk", flat=True).iterator():
            before = _topic(pk)
            services.recount_topic(pk)
            wrong += before != _topic(pk)
        self.stdout.write(f"{Topic.objects.count()} topics, {wrong} put right")
        for category in ForumCategory.objects.order_by("position", "pk"):
            before = _category(category.pk)
            services.recount_category(category.pk)
            state = "right" if before == _category(category.pk) else "put right"
            self.stdout.write(f"{category.slug}: {state}")


def _topic(pk: int) -> Any:
    figures = Topic.objects.filter(pk=pk)
    return figures.values_list("replies_count", "last_post_at", "last_post_by").get()


def _category(pk: int) -> Any:
    figures = ForumCategory.objects.filter(pk=pk)
    return figures.values_list("topics_count", "posts_count", "last_topic").get()
