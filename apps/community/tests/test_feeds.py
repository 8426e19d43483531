from xml.etree import ElementTree

import pytest
from django.utils import timezone

from apps.community.models import Topic

from .factories import ForumCategoryFactory, TopicFactory

pytestmark = pytest.mark.django_db


def items(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/rss+xml")
    return ElementTree.fromstring(answer.content).findall("channel/item")


def test_topics_of_all_and_of_one_category(client):
    one, other = ForumCategoryFactory(slug="one"), ForumCategoryFactory(slug="other")
    TopicFactory(category=one, title="First", content="It is **bold**.", tags=["sky"])
    TopicFactory(category=other, title="Second")
    TopicFactory(category=one, title="Hidden", hidden_at=timezone.now())
    TopicFactory(category=one, title="Deleted", deleted_at=timezone.now())
    assert [item.find("title").text for item in items(client, "/forum/feed/")] == [
        "Second",
        "First",
    ]
    (first,) = items(client, "/forum/one/feed/")
    assert "<strong>bold</strong>" in first.find("description").text
    assert client.get("/forum/none/feed/").status_code == 404


def test_nothing_that_was_written_breaks_it_or_runs(client):
    topic = TopicFactory(title="A ]]> & <script>", content="x\x0b\x1f <script>alert(1)</script>")
    Topic.objects.filter(pk=topic.pk).update(tags=["a\x08b"])
    (item,) = items(client, "/forum/feed/")
    assert item.find("title").text == "A ]]> & <script>"
    assert "<script" not in item.find("description").text


def test_a_private_author_has_no_name(client):
    topic = TopicFactory(author__name="Nina Secret", author__is_profile_public=False)
    answer = client.get("/forum/feed/")
    assert topic.title.encode() in answer.content
    assert b"Secret" not in answer.content
