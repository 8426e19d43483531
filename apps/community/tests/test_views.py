"""The forum's pages: lists, a topic from question to best answer, and who may do what there."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.community import services
from apps.community.models import (
    CommunityBan,
    Kind,
    Like,
    Post,
    Report,
    Topic,
    TopicFollow,
    TopicRead,
)
from apps.community.services.bans import ban
from apps.community.services.reports import uphold
from apps.social.services import block

from .factories import ForumCategoryFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def room():
    return ForumCategoryFactory(name_en="Mathematics", slug="mathematics")


@pytest.fixture
def asker():
    return somebody(name="Omar Haddad")


def somebody(**more):
    """Whose account is no longer new."""
    return UserFactory(created_at=timezone.now() - timedelta(days=30), **more)


@pytest.fixture
def topic(room, asker):
    return begin(room, asker)


def begin(room, author, title="Why does my sample differ?", **more):
    at = more.pop("at", timezone.now() - timedelta(hours=1))
    return services.create_topic(
        author=author,
        category=room,
        title=title,
        content=more.pop("content", "I draw thirty rows."),
        at=at,
        **more,
    )


def say(topic, author=None, content="You measured the *standard error*.", **more):
    topic.refresh_from_db()
    at = more.pop("at", timezone.now())
    author = author or somebody(name="Lena Weiss")
    return services.reply(topic=topic, author=author, content=content, at=at, **more)


def page_of(client, path, status=200, **more):
    answer = client.get(path, **more)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


# ── Lists ─────────────────────────────────────────────────────────────────────────────────────
def test_the_front_page_shows_rooms_and_what_moves(client, room, topic):
    shown = page_of(client, "/forum/")
    assert "Mathematics" in shown
    assert "Why does my sample differ?" in shown
    assert "/forum/?show=followed" not in shown  # nobody is signed in
    assert "Why does my sample differ?" in page_of(client, "/forum/?show=unanswered")
    say(topic)
    assert "Every topic has a reply" in page_of(client, "/forum/?show=unanswered")
    assert "Nothing has been asked" not in page_of(client, "/forum/?show=nonsense")


def test_one_follows_what_one_writes(site, asker, student, topic):
    assert "Why does my sample" in page_of(site(asker), "/forum/?show=followed")
    assert "You follow no topic yet" in page_of(site(student), "/forum/?show=followed")


def test_a_room_in_three_orders_and_by_tag(client, room, asker):
    old = begin(room, asker, "Old and liked", tags=["means"], at=timezone.now() - timedelta(days=9))
    begin(room, asker, "Young", content="Something else entirely.")
    Topic.objects.filter(pk=old.pk).update(likes_count=5)
    say(old)

    def order(address):
        shown = page_of(client, f"/forum/mathematics/{address}")
        return shown.index("Old and liked") < shown.index(">Young")

    assert order("")
    assert not order("?order=new")
    assert order("?order=liked")
    assert order("?order=nonsense")
    assert ">Young" not in page_of(client, "/forum/mathematics/?tag=means")
    assert "No topic has this tag" in page_of(client, "/forum/mathematics/?tag=none")
    page_of(client, "/forum/no-such-room/", 404)


def test_twenty_topics_a_page_at_a_constant_cost(
    site, student, room, asker, django_assert_max_num_queries
):
    for n in range(22):
        begin(room, asker, f"Topic {n}", content=f"Text number {n} of many.")
    client = site(student)
    for path in ("/forum/", "/forum/mathematics/"):
        with django_assert_max_num_queries(14):
            first = client.get(path)
        assert first.content.decode().count("topic-row") == 20
    more = first.context["more_url"] + first.context["page"].next
    rest = client.get(more, headers=HTMX).content.decode()
    assert rest.count("topic-row") == 2
    assert "<html" not in rest
    assert client.get("/forum/?cursor=nonsense").status_code == 400


def test_topics_tell_what_is_new(site, topic):
    client = site(somebody())
    assert "1 new" in page_of(client, "/forum/")  # in its category
    assert "data-new" in page_of(client, "/forum/")
    page_of(client, f"/forum/topic/{topic.pk}/")
    assert "data-new" not in page_of(client, "/forum/")
    assert "1 new" not in page_of(client, "/forum/")
    say(topic)
    shown = page_of(client, "/forum/")
    assert "1 new" in shown
    assert f"/forum/topic/{topic.pk}/?post=1#post-1" in shown


def test_search_finds_titles_texts_and_tags(client, room, topic):
    assert "Why does my sample" in page_of(client, "/forum/search/?q=sample")
    assert "Nothing found" in page_of(client, "/forum/search/?q=zeppelin")
    assert "in every form of a word" in page_of(client, "/forum/search/")
    begin(room, topic.author, "Tagged one", tags=["means"], content="With a tag on it.")
    assert "Tagged one" in page_of(client, "/forum/search/?tag=means")


# ── A topic ───────────────────────────────────────────────────────────────────────────────────
def test_a_topic_is_read_by_everybody(client, topic):
    post = say(topic)
    shown = page_of(client, f"/forum/topic/{topic.pk}/")
    assert "<em>standard error</em>" in shown
    assert f'id="post-{post.number}"' in shown
    assert "Log in to reply" in shown
    assert "<form" not in shown.split('id="main"')[1].split("</main>")[0]
    assert f'/forum/topic/{topic.pk}/">' in shown  # canonical
    page_of(client, "/forum/topic/2147480000/", 404)


def test_ten_posts_a_page_and_every_post_has_its_address(client, topic, asker):
    writers = [somebody() for _each in range(3)]
    for n in range(23):
        say(topic, writers[n % 3], f"Reply number {n + 1} of all.")
    first = page_of(client, f"/forum/topic/{topic.pk}/")
    assert first.count('id="post-') == 10
    assert 'rel="next"' in first
    last = page_of(client, f"/forum/topic/{topic.pk}/?page=99")
    assert 'id="post-21"' in last and 'rel="next"' not in last
    assert "<p>I draw thirty rows" not in last
    assert 'id="post-15"' in page_of(client, f"/forum/topic/{topic.pk}/?post=15")
    for odd in ("?page=0", "?page=x", "?page=99999999999999999999", "?post=-1", "?post=²"):
        page_of(client, f"/forum/topic/{topic.pk}/{odd}")


def test_a_topic_costs_the_same_however_long_it_is(
    site, student, topic, django_assert_max_num_queries
):
    client = site(student)
    for _more in range(2):
        for n in range(4):
            say(topic, content=f"Words {_more} and {n} of @{topic.author.username}.")
        with django_assert_max_num_queries(26):
            page_of(client, f"/forum/topic/{topic.pk}/")


def test_what_is_new_has_a_line_above_it(site, student, topic):
    client = site(student)
    say(topic)
    assert "New since your last visit" not in page_of(client, f"/forum/topic/{topic.pk}/")
    say(topic, content="Another thing that came later.")
    assert "New since your last visit" in page_of(client, f"/forum/topic/{topic.pk}/")
    assert "New since your last visit" not in page_of(client, f"/forum/topic/{topic.pk}/")
    assert TopicRead.objects.get(user=student, topic=topic).number == 2


def test_a_private_author_has_no_name(client, site, topic, moderator):
    hidden = somebody(name="Secret Person", is_profile_public=False)
    say(topic, hidden)
    say(topic, content="As was said before me.", reply_to=Post.objects.get())
    for path in (f"/forum/topic/{topic.pk}/", "/forum/", "/forum/mathematics/"):
        shown = page_of(client, path)
        assert "Secret Person" not in shown
        assert hidden.username not in shown
        assert "Private member" in shown or path != f"/forum/topic/{topic.pk}/"
    assert "Secret Person" in page_of(site(moderator), f"/forum/topic/{topic.pk}/")


def test_writing_without_scripts(site, student, topic):
    client = site(student)
    answer = client.post(f"/forum/topic/{topic.pk}/reply/", {"content": "It is the error."})
    assert answer.url == f"/forum/topic/{topic.pk}/?post=1#post-1"
    quoting = page_of(client, f"/forum/topic/{topic.pk}/?post=1&reply_to=1&quote=1")
    assert "&gt; It is the error." in quoting
    assert "&gt; I draw thirty rows." in page_of(client, f"/forum/topic/{topic.pk}/?quote=0")
    client.post(f"/forum/topic/{topic.pk}/reply/", {"content": "And more.", "reply_to": "1"})
    assert Post.objects.get(number=2).reply_to.number == 1
    refused = client.post(f"/forum/topic/{topic.pk}/reply/", {"content": "   "})
    assert refused.status_code == 422
    assert client.get(f"/forum/topic/{topic.pk}/reply/").status_code == 302


def test_writing_in_an_open_page(site, student, topic):
    client = site(student)
    say(topic, content="Somebody was faster than you.")
    typed = {"content": "It is the error.", "after": "0", "at": "1"}
    answer = client.post(f"/forum/topic/{topic.pk}/reply/", typed, headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="post-1"' in shown and 'id="post-2"' in shown
    assert 'hx-swap-oob="beforeend:#posts"' in shown
    assert 'name="after" id="reply-after" value="2"' in shown
    for n in range(8):
        say(topic, content=f"Filling the page, {n}.")
    answer = client.post(
        f"/forum/topic/{topic.pk}/reply/",
        {"content": "On the next page.", "after": "10", "at": "1"},
        headers=HTMX,
    )
    assert answer["HX-Redirect"] == f"/forum/topic/{topic.pk}/?post=11#post-11"


def test_what_is_refused_comes_back_with_what_was_typed(site, student, topic, moderator):
    client = site(student)
    path = f"/forum/topic/{topic.pk}/reply/"
    for typed in ({"content": ""}, {"content": "a" * 20_001}, {"content": "x", "after": "-4"}):
        answer = client.post(path, typed, headers=HTMX)
        assert answer.status_code == 422
    services.lock_topic(topic=topic, by=moderator, value=True, at=timezone.now())
    answer = client.post(path, {"content": "Too late, I fear."}, headers=HTMX)
    assert answer.status_code == 422
    assert "locked" in answer.content.decode()
    assert Post.objects.count() == 0


def test_new_replies_announce_themselves(site, student, topic):
    client = site(student)
    path = f"/forum/topic/{topic.pk}/new/"
    assert "new repl" not in page_of(client, f"{path}?after=0&at=1")
    say(topic)
    say(topic, content="And a second one of them.")
    shown = page_of(client, f"{path}?after=0&at=1", headers=HTMX)
    assert "2 new replies" in shown
    shown = page_of(client, f"{path}?after=0&at=1&show=1", headers=HTMX)
    assert 'id="post-1"' in shown and 'id="post-2"' in shown
    assert "after=2" in shown
    assert TopicRead.objects.get(user=student).number == 2
    for odd in ("?after=x", "?after=99999&at=99999", "?at=0&show=1", ""):
        page_of(client, path + odd, headers=HTMX)
    own = client.post(f"/forum/topic/{topic.pk}/reply/", {"content": "My own words here."})
    assert own.status_code == 302
    assert "new repl" not in page_of(client, f"{path}?after=2&at=1", headers=HTMX)


def test_a_topic_is_begun(site, student, room):
    client = site(student)
    assert 'value="mathematics" selected' in page_of(client, "/forum/new/?category=mathematics")
    typed = {
        "category": "mathematics",
        "title": "How large is large?",
        "content": "Large enough for the theorem.",
        "tags": "Sampling, #means",
    }
    answer = client.post("/forum/new/", typed)
    made = Topic.objects.get()
    assert answer.url == f"/forum/topic/{made.pk}/"
    assert made.tags == ["sampling", "means"]
    typed["content"] = "Another text this time."
    answer = client.post("/forum/new/", typed, headers=HTMX)
    assert answer["HX-Redirect"].startswith("/forum/topic/")
    for wrong in (
        {"title": ""},
        {"content": ""},
        {"category": "nowhere"},
        {"tags": "a,b,c,d,e,f"},
        {"title": "t" * 161},
    ):
        answer = client.post("/forum/new/", typed | wrong, headers=HTMX)
        assert answer.status_code == 422, wrong
        assert "<html" not in answer.content.decode()
    assert Topic.objects.count() == 2


def test_who_is_banned_is_told_why_and_until_when(site, student, topic, moderator):
    until = timezone.now() + timedelta(days=3)
    ban(user=student, by=moderator, reason="Advertising", until=until, at=timezone.now())
    client = site(student)
    for path in ("/forum/", "/forum/new/", f"/forum/topic/{topic.pk}/", "/forum/mathematics/"):
        shown = page_of(client, path)
        assert "Advertising" in shown
        assert "<textarea" not in shown
    answer = client.post(f"/forum/topic/{topic.pk}/reply/", {"content": "Me again."}, headers=HTMX)
    assert answer.status_code == 422
    assert CommunityBan.objects.count() == 1


def test_a_fresh_account_is_told_to_wait(site, topic, settings):
    settings.COMMUNITY_MINIMUM_AGE = 10
    client = site(UserFactory(created_at=timezone.now()))
    assert "in 10 minutes" in page_of(client, f"/forum/topic/{topic.pk}/")
    assert "in 10 minutes" in page_of(client, "/forum/new/")


# ── Changing ──────────────────────────────────────────────────────────────────────────────────
def test_changing_a_reply_and_what_stood_before(site, student, stranger, topic):
    post = say(topic, student, "The first version of it.")
    client = site(student)
    assert "The first version" in page_of(client, f"/forum/posts/{post.pk}/edit/")
    path = f"/forum/posts/{post.pk}/edit/"
    answer = client.post(path, {"content": "The second version of it."}, headers=HTMX)
    assert "second version" in answer.content.decode()
    assert client.post(path, {"content": ""}, headers=HTMX).status_code == 422
    assert client.post(path, {"content": "The third version."}).status_code == 302
    told = page_of(client, f"/forum/posts/{post.pk}/history/")
    assert "<del>first</del><ins>second</ins>" in told
    page_of(site(stranger), path, 404)
    assert site(stranger).post(path, {"content": "Mine."}).status_code == 404


def test_changing_a_topic_and_its_tags_alone(site, asker, stranger, topic):
    client = site(asker)
    path = f"/forum/topic/{topic.pk}/edit/"
    page_of(client, path)
    typed = {"title": "A better title", "content": "And a better text.", "tags": "x"}
    assert client.post(path, typed).url == f"/forum/topic/{topic.pk}/"
    topic.refresh_from_db()
    assert topic.title == "A better title"
    assert "<ins>A better title</ins>" in page_of(client, f"/forum/topic/{topic.pk}/history/")
    page_of(site(stranger), path, 404)


def test_a_deleted_reply_can_be_brought_back_by_its_author(site, student, stranger, topic):
    post = say(topic, student, "Something I regret.")
    client = site(student)
    answer = client.post(f"/forum/posts/{post.pk}/delete/", headers=HTMX)
    shown = answer.content.decode()
    assert "This reply was deleted" in shown and "Something I regret" not in shown
    undo = answer.headers["HX-Trigger"]
    assert "/restore/?key=" in undo
    url = shown.split('hx-post="')[1].split('"')[0].replace("&amp;", "&")
    page = page_of(client, f"/forum/topic/{topic.pk}/")
    assert "Something I regret" not in page and "Restore" not in page
    assert site(stranger).post(url).status_code == 404
    assert site(student).post(f"/forum/posts/{post.pk}/restore/").status_code == 404
    assert "Something I regret" in site(student).post(url, headers=HTMX).content.decode()
    topic.refresh_from_db()
    assert topic.replies_count == 1


def test_what_a_moderator_deleted_its_author_does_not_bring_back(site, student, moderator, topic):
    post = say(topic, student, "Something rude.")
    services.delete_post(post=post, by=moderator, at=timezone.now())
    assert site(student).post(f"/forum/posts/{post.pk}/restore/").status_code == 404
    assert site(moderator).post(f"/forum/posts/{post.pk}/restore/").status_code == 302


def test_a_deleted_topic_can_be_brought_back(site, asker, topic):
    client = site(asker)
    answer = client.post(f"/forum/topic/{topic.pk}/delete/")
    shown = page_of(client, answer.url)
    assert "The topic is deleted" in shown
    page_of(client, f"/forum/topic/{topic.pk}/", 404)
    url = shown.split('action="/forum/topic/')[1].split('"')[0].replace("&amp;", "&")
    assert client.post(f"/forum/topic/{url}").status_code == 302
    page_of(client, f"/forum/topic/{topic.pk}/")
    assert client.get(answer.url.split("?")[0] + "?key=forged:key").status_code == 200


# ── What readers and moderators do ────────────────────────────────────────────────────────────
def test_likes_are_a_toggle_with_a_true_count(site, student, topic, asker):
    post = say(topic, asker)
    client = site(student)
    for thing in (f"topic/{topic.pk}", f"posts/{post.pk}"):
        answer = client.post(f"/forum/{thing}/like/", headers=HTMX).content.decode()
        assert 'aria-pressed="true"' in answer and ">1<" in answer
        answer = client.post(f"/forum/{thing}/like/", headers=HTMX).content.decode()
        assert 'aria-pressed="false"' in answer and ">0<" in answer
        assert client.post(f"/forum/{thing}/like/").status_code == 302
    assert Like.objects.count() == 2
    assert site(asker).post(f"/forum/posts/{post.pk}/like/", headers=HTMX).status_code == 403
    assert client.post("/forum/posts/2147480000/like/").status_code == 404


def test_the_asker_chooses_the_best_answer(site, asker, stranger, student, topic):
    say(topic)
    say(topic, content="Something else that was tried.")
    post = say(topic, student, "The right answer, finally.")
    client = site(asker)
    assert client.post(f"/forum/posts/{post.pk}/best/").status_code == 302
    shown = page_of(client, f"/forum/topic/{topic.pk}/")
    assert shown.count("The right answer, finally.") == 2  # beneath the question, and at its place
    assert 'id="best"' in shown
    assert site(stranger).post(f"/forum/posts/{post.pk}/best/").status_code == 403
    client = site(asker)
    client.post(f"/forum/posts/{post.pk}/best/", {"value": "false"})
    topic.refresh_from_db()
    assert topic.best_post is None


def test_following(site, student, topic):
    client = site(student)
    answer = client.post(f"/forum/topic/{topic.pk}/follow/", {"value": "true"}, headers=HTMX)
    assert "Stop following" in answer.content.decode()
    assert TopicFollow.objects.filter(user=student).exists()
    client.post(f"/forum/topic/{topic.pk}/follow/", {"value": "false"})
    assert not TopicFollow.objects.filter(user=student).exists()


def test_reporting(site, student, topic, asker):
    client = site(student)
    path = f"/forum/report/topic/{topic.pk}/"
    page_of(client, path)
    assert "dialog:open" in str(client.get(path, headers=HTMX).headers)
    assert client.post(path, {"reason": "nonsense"}, headers=HTMX).status_code == 422
    answer = client.post(path, {"reason": "spam", "note": "Look"}, headers=HTMX)
    assert "toast" in answer.headers["HX-Trigger"]
    assert Report.objects.get().reporter == student
    assert client.post(path, {"reason": "rude"}).status_code == 302
    assert site(asker).post(path, {"reason": "spam"}, headers=HTMX).status_code == 422
    page_of(client, "/forum/report/nothing/1/", 404)
    page_of(client, "/forum/report/post/2147480000/", 404)


def test_moderators_keep_order_and_nobody_else(site, moderator, student, topic, room):
    post = say(topic, student)
    there = ForumCategoryFactory()
    acts = {
        f"/forum/topic/{topic.pk}/pin/": {},
        f"/forum/topic/{topic.pk}/lock/": {},
        f"/forum/topic/{topic.pk}/slow/": {},
        f"/forum/topic/{topic.pk}/move/": {"category": there.pk},
        f"/forum/posts/{post.pk}/hide/": {},
        f"/forum/topic/{topic.pk}/hide/": {},
    }
    client = site(student)
    for path, body in acts.items():
        assert client.post(path, body).status_code in (403, 404), path
    client = site(moderator)
    for path, body in acts.items():
        assert client.post(path, body).status_code == 302, path
    topic.refresh_from_db()
    assert topic.is_pinned and topic.is_locked and topic.category == there and topic.hidden_at
    shown = page_of(client, f"/forum/topic/{topic.pk}/")
    assert "Hidden by a moderator" in shown and "Show again" in shown
    assert topic.slow_mode_seconds == 60 and "End slow mode" in shown
    client.post(f"/forum/topic/{topic.pk}/slow/", {"value": "false"})
    topic.refresh_from_db()
    assert topic.slow_mode_seconds == 0
    assert client.post(f"/forum/topic/{topic.pk}/hide/", {"value": "false"}).status_code == 302
    assert client.post(f"/forum/topic/{topic.pk}/move/", {"category": "x"}).status_code == 422


def test_what_the_blocked_wrote_is_folded(site, student, stranger, topic):
    say(topic, stranger, "A word of theirs.")
    folded = "blocked this person"
    assert folded not in page_of(site(student), f"/forum/topic/{topic.pk}/")
    block(blocker=student, blocked=stranger, at=timezone.now())
    shown = page_of(site(student), f"/forum/topic/{topic.pk}/")
    assert shown.index(folded) < shown.index("A word of theirs.")
    assert folded not in page_of(site(stranger), f"/forum/topic/{topic.pk}/")


def test_what_is_hidden_is_there_for_its_author_alone(client, site, student, moderator, topic):
    post = say(topic, student, "Something rude, that was.")
    uphold(kind=Kind.POST, object_id=post.pk, by=moderator, at=timezone.now())
    assert "A moderator has hidden this reply" in page_of(client, f"/forum/topic/{topic.pk}/")
    assert "Something rude" not in page_of(client, f"/forum/topic/{topic.pk}/")
    own = page_of(site(student), f"/forum/topic/{topic.pk}/")
    assert "Something rude" in own and "Hidden by a moderator" in own
    uphold(kind=Kind.TOPIC, object_id=topic.pk, by=moderator, at=timezone.now())
    page_of(site(student), f"/forum/topic/{topic.pk}/", 404)
    assert "Moderators have hidden this topic" in page_of(
        site(topic.author), f"/forum/topic/{topic.pk}/"
    )


# ── Writing helps ─────────────────────────────────────────────────────────────────────────────
def test_an_at_sign_offers_people_of_the_topic_first(site, student, topic):
    say(topic, somebody(name="Lena Weiss", username="lena"))
    say(topic, somebody(name="Lena Secret", username="lena-secret", is_profile_public=False))
    UserFactory(name="Leonard Other", username="aaron")
    client = site(student)
    shown = page_of(client, f"/forum/people/?q=le&topic={topic.pk}")
    assert shown.index('data-username="lena"') < shown.index('data-username="aaron"')
    assert "lena-secret" not in shown
    assert 'data-username="lena"' in page_of(client, f"/forum/people/?q=&topic={topic.pk}")
    for odd in ("?q=%20", "?topic=x", "?topic=99999999999999999999", "?q=zzz"):
        page_of(client, f"/forum/people/{odd}")


def test_a_preview_is_what_will_be_read(site, student):
    client = site(student)
    shown = client.post("/forum/preview/", {"content": "**bold** <script>"}).content.decode()
    assert "<strong>bold</strong>" in shown and "<script>" not in shown
    assert "Nothing is written" in client.post("/forum/preview/", {}).content.decode()


def test_the_forum_speaks_russian(client, room, topic):
    call_command("check")
    shown = page_of(client, "/forum/", headers={"Accept-Language": "ru"})
    assert "Форум" in shown
