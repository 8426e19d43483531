from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.community import services
from apps.community.models import Post, Topic

from .factories import ForumCategoryFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def category():
    return ForumCategoryFactory(name_en="Skies", name_ru="Небеса")


@pytest.fixture
def topic(category, student):
    return services.create_topic(
        author=student,
        category=category,
        title="Why is the sky blue?",
        content="It isn't at **night**.",
        tags=["sky"],
        at=timezone.now(),
    )


def say(topic, author, text, **more):
    return services.reply(topic=topic, author=author, content=text, at=timezone.now(), **more)


def test_from_a_question_to_the_best_answer(api, student, stranger, category):
    asked = api(student).post(
        "/api/forum/topics",
        {"category": category.pk, "title": "Why blue?", "content": "The **sky**.", "tags": ["Sky"]},
        format="json",
        headers={"Idempotency-Key": "one"},
    )
    again = api(student).post(
        "/api/forum/topics",
        {"category": category.pk, "title": "Why blue?", "content": "The **sky**.", "tags": ["Sky"]},
        format="json",
        headers={"Idempotency-Key": "one"},
    )
    assert (asked.status_code, asked.json()) == (201, again.json())
    topic = asked.json()
    assert topic["content_html"] == "<p>The <strong>sky</strong>.</p>\n"
    assert (topic["tags"], topic["is_following"], topic["posts"]["results"]) == (["sky"], True, [])
    address = f"/api/forum/topics/{topic['id']}"

    answered = api(stranger).post(f"{address}/posts", {"content": "Because of air."}, format="json")
    assert answered.status_code == 201
    post = answered.json()
    assert (post["number"], post["author"]["username"]) == (1, "stranger")
    liked = api(student).post(f"/api/forum/posts/{post['id']}/like")
    assert liked.json() == {"liked": True, "likes_count": 1}
    best = api(student).put(f"/api/forum/posts/{post['id']}/best", {}, format="json")
    assert best.json() == {"topic": topic["id"], "best_post": post["id"]}

    seen = api().get(address).json()
    assert (seen["best_post"], seen["replies_count"]) == (post["id"], 1)
    assert seen["posts"]["results"][0]["is_best"] is True
    assert seen["posts"]["next"] is None
    rows = api().get(f"/api/forum/categories/{category.pk}/topics").json()["results"]
    assert [row["title"] for row in rows] == ["Why blue?"]
    (room,) = api().get("/api/forum/categories").json()["results"]
    assert (room["topics_count"], room["posts_count"]) == (1, 1)
    assert room["last_topic"]["id"] == topic["id"]
    russian = api().get("/api/forum/categories", headers={"Accept-Language": "ru"})
    assert russian.json()["results"][0]["name"] == "Небеса"


def test_posts_come_by_their_numbers(api, topic, stranger):
    Post.objects.bulk_create(
        Post(topic=topic, author=stranger, number=n, content=f"No {n}", created_at=timezone.now())
        for n in range(1, 36)
    )
    services.recount_topic(topic.pk)
    address = f"/api/forum/topics/{topic.pk}"
    first = api().get(address).json()["posts"]
    assert [post["number"] for post in first["results"]] == list(range(1, 11))
    second = api().get(first["next"]).json()
    assert [post["number"] for post in second["results"]] == list(range(11, 21))
    last = api().get(f"{address}/posts?from=31").json()
    assert [post["number"] for post in last["results"]] == list(range(31, 36))
    assert last["next"] is None
    back = api().get(second["previous"]).json()
    assert [post["number"] for post in back["results"]] == list(range(1, 11))
    for wrong in ("0", "-1", "x", "9" * 30, "٣"):
        assert api().get(f"{address}/posts?from={wrong}").status_code == 400


def test_pinned_topics_come_first_to_any_depth(api, category):
    now = timezone.now()
    for n in range(7):
        TopicFactory(category=category, title=str(n), created_at=now + timedelta(minutes=n))
    Topic.objects.filter(title__in=["2", "5"]).update(is_pinned=True)
    titles, address = [], f"/api/forum/categories/{category.pk}/topics?limit=2"
    while address:
        page = api().get(address).json()
        titles += [row["title"] for row in page["results"]]
        address = page["next"]
    assert titles == ["5", "2", "6", "4", "3", "1", "0"]


def test_lists_of_topics(api, topic, student, stranger, category):
    quiet = TopicFactory(category=category, title="Quiet", tags=["sea"])
    say(topic, stranger, "Because of air.")

    def titles(query, person=None):
        answer = api(person).get(f"/api/forum/topics?{query}")
        assert answer.status_code == 200
        return [row["title"] for row in answer.json()["results"]]

    assert titles("") == [topic.title, quiet.title]
    assert titles("filter=unanswered") == [quiet.title]
    assert titles("filter=followed", student) == [topic.title]
    assert titles("tag=SEA") == [quiet.title]
    assert api().get("/api/forum/topics?filter=followed").status_code in (401, 403)
    assert api().get("/api/forum/topics?filter=best").status_code == 400


def test_what_is_deleted_or_hidden_shows_no_words_and_no_name(api, topic, stranger, moderator):
    post = say(topic, stranger, "Secret words.")
    say(topic, moderator, "Please don't.", reply_to=post)
    for state in ("hidden_at", "deleted_at"):
        Post.objects.filter(pk=post.pk).update(**{state: timezone.now()})
        answer = api().get(f"/api/forum/topics/{topic.pk}")
        assert b"Secret" not in answer.content
        assert b"stranger" not in answer.content
        gone, quoting = answer.json()["posts"]["results"]
        assert (gone["state"], gone["author"]) == (state.removesuffix("_at"), None)
        assert quoting["reply_to"] == {
            "id": post.pk,
            "number": 1,
            "author": None,
            "excerpt": "",
        }


def test_a_private_person_has_no_name(api, topic, stranger, student):
    post = say(topic, stranger, "Because of air.")
    say(topic, student, "Thank you!", reply_to=post)
    stranger.is_profile_public = False
    stranger.save(update_fields=["is_profile_public"])
    for address in (
        f"/api/forum/topics/{topic.pk}",
        f"/api/forum/topics/{topic.pk}/posts",
        "/api/forum/topics",
        "/api/forum/search?q=air",
    ):
        answer = api(student).get(address)
        assert answer.status_code == 200
        assert b"Sam Stone" not in answer.content, address
        assert b'"stranger"' not in answer.content, address


def test_marks_and_following(api, topic, stranger, student):
    address = f"/api/forum/topics/{topic.pk}"
    say(topic, student, "I'll add a picture.")
    (row,) = api(stranger).get("/api/forum/topics").json()["results"]
    assert row["unread"] == 0
    api(stranger).put(f"{address}/read", {"number": 1}, format="json")
    say(topic, student, "Here it is.")
    (row,) = api(stranger).get("/api/forum/topics").json()["results"]
    assert (row["unread"], row["is_new"]) == (1, False)
    assert api(stranger).put(f"{address}/follow").json() == {"following": True}
    off = api(stranger).put(f"{address}/follow", {"value": False}, format="json")
    assert off.json() == {"following": False}


def test_tags_are_also_those_of_high_standing_to_mend(api, topic, stranger):
    from apps.community.models import Standing

    address = f"/api/forum/topics/{topic.pk}"
    tags = {"tags": ["air"]}
    assert api(stranger).patch(address, tags, format="json").status_code == 404
    Standing.objects.create(user=stranger, score=100)
    assert api(stranger).patch(address, tags, format="json").json()["tags"] == ["air"]
    assert api(stranger).patch(address, {"title": "Air"}, format="json").status_code == 404
    Standing.objects.update(score=99)
    assert api(stranger).patch(address, tags, format="json").status_code == 404


def test_views_are_counted_once_and_not_the_authors(api, topic, student, stranger):
    address = f"/api/forum/topics/{topic.pk}"
    browser = {"User-Agent": "Mozilla/5.0 Firefox/130.0"}
    for person in (None, None, student, stranger, stranger):
        api(person).get(address, headers=browser)
    services.store_views()
    topic.refresh_from_db()
    assert topic.views_count == 2


# ── Search ────────────────────────────────────────────────────────────────────────────────────
def found(api, words, person=None, more=""):
    answer = api(person).get("/api/forum/search", {"q": words})
    assert answer.status_code == 200
    return [(row["topic"]["title"], row["number"]) for row in answer.json()["results"]]


def test_words_are_found_in_both_languages(api, topic, stranger, category, student):
    russian = services.create_topic(
        author=student,
        category=category,
        title="Почему небо голубое?",
        content="Ведь воздух прозрачен.",
        at=timezone.now(),
    )
    say(topic, stranger, "Light is scattered by molecules.")
    assert found(api, "skies") == [(topic.title, None)]
    assert found(api, "molecule scattering") == [(topic.title, 1)]
    assert found(api, "голубого неба") == [(russian.title, None)]
    for junk in ("", "   ", "&|!", '"', "\\", "'); drop table", "a" * 5000, "-" * 100):
        found(api, junk)


def test_a_title_comes_before_a_text(api, category, student):
    titled = TopicFactory(category=category, title="Glaciers")
    other = TopicFactory(category=category, title="Ice")
    for each, text in ((titled, "They move."), (other, "As in glaciers.")):
        services.edit_topic(topic=each, by=each.author, content=text, at=timezone.now())
    assert [title for title, _ in found(api, "glaciers")] == ["Glaciers", "Ice"]


def test_what_is_gone_is_not_found(api, topic, stranger, moderator):
    post = say(topic, stranger, "Light is scattered by molecules.")
    services.edit_post(post=post, by=stranger, content="By dust.", at=timezone.now())
    assert found(api, "molecules") == []
    assert found(api, "dust") == [(topic.title, 1)]
    services.delete_post(post=post, by=stranger, at=timezone.now())
    assert found(api, "dust") == []
    services.delete_topic(topic=topic, by=moderator, at=timezone.now())
    assert found(api, "sky") == []


def test_search_pages_without_gaps(api, category):
    for n in range(5):
        topic = TopicFactory(category=category, title=f"Number {n}")
        services.edit_topic(topic=topic, by=topic.author, content="A volcano.", at=timezone.now())
    seen, address = [], "/api/forum/search?q=volcano&limit=2"
    while address:
        page = api().get(address).json()
        seen += [row["topic"]["title"] for row in page["results"]]
        address = page["next"]
    assert sorted(seen) == [f"Number {n}" for n in range(5)]
    assert api().get("/api/forum/search?q=volcano&cursor=x").status_code == 400


def test_a_topic_costs_the_same_however_long_it_is(
    api, topic, stranger, student, django_assert_max_num_queries
):
    first = None
    for n in range(12):
        first = say(topic, UserFactory(), f"Answer number {n} is this.", reply_to=first)
    with django_assert_max_num_queries(9):
        api(student).get(f"/api/forum/topics/{topic.pk}")


def test_bodies_that_do_not_fit_are_told(api, topic, student, category):
    post = f"/api/forum/topics/{topic.pk}/posts"
    elsewhere = PostFactory()
    for body, field in [
        ({}, "content"),
        ({"content": ""}, "content"),
        ({"content": "a" * 20_001}, "content"),
        ({"content": "Yes", "reply_to": elsewhere.pk}, "reply_to"),
        ({"content": "Yes", "reply_to": 2**62}, "reply_to"),
    ]:
        answer = api(student).post(post, body, format="json")
        assert answer.status_code == 400
        assert field in answer.json()["errors"]
    for body, field in [
        ({"title": "T", "content": "C", "category": 2**62}, "category"),
        ({"title": "T" * 161, "content": "C", "category": category.pk}, "title"),
        ({"title": "T", "content": "C", "category": category.pk, "tags": ["a"] * 6}, "tags"),
    ]:
        answer = api(student).post("/api/forum/topics", body, format="json")
        assert answer.status_code == 400
        assert field in answer.json()["errors"]
