"""The forum as RSS: its newest topics, of all categories or of one. The same for every reader."""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.selectors import person_shown
from apps.core.caching import public_for_visitors

from ..models import ForumCategory, Topic
from ..selectors import forum as selectors
from ..selectors.texts import with_html

ITEMS = 20
# what XML has no way to say; a text may hold it all the same
UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def said(text: str) -> str:
    return UNSAYABLE.sub("", text)


class TopicFeed(Feed):
    def get_object(self, request: HttpRequest, slug: str = "") -> ForumCategory | None:
        self.language = get_language()
        return selectors.get_category(slug=slug) if slug else None

    def title(self, category: ForumCategory | None) -> str:
        name = category.name if category else _("Community")
        return said(f"{name} · EduPlatform")

    def link(self, category: ForumCategory | None) -> str:
        if category is None:
            return settings.SITE_URL + reverse("community:forum")
        return settings.SITE_URL + reverse("community:forum_category", args=[category.slug])

    def feed_url(self, category: ForumCategory | None) -> str:
        return f"{self.link(category)}feed/"

    def description(self, category: ForumCategory | None) -> str:
        return said(category.description) if category else _("The newest topics of the forum.")

    def items(self, category: ForumCategory | None) -> list[Any]:
        topics = Topic.objects.standing().select_related("author", "category")
        if category is not None:
            topics = topics.filter(category=category)
        return with_html(topics.order_by(*selectors.NEWEST)[:ITEMS])

    def item_title(self, topic: Any) -> str:
        return said(topic.title)

    def item_description(self, topic: Any) -> str:
        return said(topic.content_html)

    def item_link(self, topic: Any) -> str:
        return settings.SITE_URL + reverse("community:topic", args=[topic.pk])

    def item_author_name(self, topic: Any) -> str:
        return said(person_shown(topic.author, AnonymousUser()).name)

    def item_pubdate(self, topic: Any) -> datetime:
        found: datetime = topic.created_at
        return found

    def item_categories(self, topic: Any) -> list[str]:
        return [said(topic.category.name), *map(said, topic.tags)]


@login_not_required
@require_safe
@public_for_visitors
def topics_feed(request: HttpRequest, slug: str = "") -> HttpResponse:
    return TopicFeed()(request, slug=slug)
