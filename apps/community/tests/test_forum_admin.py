import pytest

from apps.community.models import ForumCategory

from .factories import TopicFactory

pytestmark = pytest.mark.django_db
WORDS = {
    "slug": "music",
    "name_en": "Music",
    "name_ru": "Музыка",
    "icon": "music",
    "position": 9,
}


def test_a_moderator_edits_categories(site, moderator):
    browser = site(moderator)
    address = "/admin/community/forumcategory/add/"
    assert browser.post(address, WORDS).status_code == 302
    assert ForumCategory.objects.get(slug="music").name_ru == "Музыка"
    assert browser.post(address, {**WORDS, "slug": "feed"}).status_code == 200
    assert not ForumCategory.objects.filter(slug="feed").exists()


def test_a_moderator_locks_hides_and_shows_topics(site, moderator):
    topic = TopicFactory()
    address = "/admin/community/topic/"

    def act(name):
        site(moderator).post(address, {"action": name, "_selected_action": [topic.pk]})
        topic.refresh_from_db()

    act("lock_topics")
    assert topic.is_locked
    act("hide_topics")
    assert topic.hidden_at
    act("show_topics")
    assert topic.hidden_at is None
