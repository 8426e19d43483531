"""Discussions on the site, with htmx and without."""

import pytest
from django.utils import timezone

from apps.community.models import Comment
from apps.community.selectors.standing import standing_of
from apps.community.services import bans, comments
from apps.community.services.likes import toggle_like
from apps.core import personal_data
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.social.services import block

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lesson(teacher, student):
    course = CourseFactory(owner=teacher, status="published", slug="ink")
    EnrollmentFactory(course=course, student=student)
    return LessonFactory(course=course)


@pytest.fixture
def url(lesson):
    return f"/learn/ink/{lesson.pk}/discussion/"


def ask(author, lesson, content="Why is *ink* black?", **more):
    return comments.write_comment(
        author=author, lesson=lesson, content=content, is_question=True, at=timezone.now(), **more
    )


def test_a_page_and_a_fragment_of_the_same(site, student, lesson, url):
    ask(student, lesson, passage="soot and glue")
    page = site(student).get(url)
    part = site(student).get(url, headers=HTMX)
    for answer in (page, part):
        assert answer.status_code == 200
        assert "Why is <em>ink</em> black?" in answer.text
        assert "soot and glue" in answer.text
    assert "<html" in page.text
    assert "<html" not in part.text


def test_writing_by_htmx_and_without(site, student, lesson, url):
    browser = site(student)
    answer = browser.post(url, {"content": "A first one"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == "#discussion"
    assert "A first one" in answer.text
    assert browser.post(url, {"content": "A second one", "is_question": "on"}).status_code == 302
    assert list(Comment.objects.order_by("id").values_list("is_question", flat=True)) == [
        False,
        True,
    ]
    for headers in (HTMX, {}):
        refused = browser.post(url, {"content": " "}, headers=headers)
        assert refused.status_code == 422
    refused = browser.post(url, {"content": "See https://example.com now"}, headers=HTMX)
    assert refused.status_code == 422
    assert "first day" in refused.text
    assert "See https://example.com now" in refused.text


def test_who_may_not_read_is_led_away(site, client, stranger, lesson, url):
    assert site(stranger).get(url).headers["Location"] == "/courses/ink/"
    assert site(stranger).get(url, headers=HTMX).status_code == 403
    assert site(stranger).post(url, {"content": "Let me in"}).status_code == 403
    assert Comment.objects.count() == 0


def test_visitors_read_the_course_and_are_asked_to_log_in(client, student, lesson):
    comments.write_comment(
        author=student, course=lesson.course, content="A calm course.", at=timezone.now()
    )
    page = client.get("/courses/ink/discussion/")
    assert "A calm course." in page.text
    assert "/accounts/login/?next=/courses/ink/discussion/" in page.text
    sent = client.post("/courses/ink/discussion/", {"content": "Hello"})
    assert sent.headers["Location"].startswith("/accounts/login/")


def test_a_thread_is_answered_changed_liked_and_settled_in_its_place(
    site, student, teacher, lesson
):
    root = ask(student, lesson)
    browser = site(teacher)
    form = browser.get(f"/comments/{root.pk}/reply/", headers=HTMX)
    assert "data-replying" in form.text
    thread = browser.post(f"/comments/{root.pk}/reply/", {"content": "Soot."}, headers=HTMX)
    reply = Comment.objects.get(root=root)
    assert f'id="comment-{reply.pk}"' in thread.text
    liked = browser.post(f"/comments/{root.pk}/like/", headers=HTMX)
    assert 'aria-pressed="true"' in liked.text
    settled = browser.post(f"/comments/{reply.pk}/answer/", headers=HTMX)
    assert "Best answer" in settled.text
    assert "post-best" in settled.text
    for act in ("pin", "hide"):
        assert browser.post(f"/comments/{root.pk}/{act}/", headers=HTMX).status_code == 200
    assert browser.post(f"/comments/{root.pk}/edit/", {"content": "Hm"}).status_code == 404
    own = site(student)
    changed = own.post(f"/comments/{root.pk}/edit/", {"content": "Why so black?"}, headers=HTMX)
    assert changed.status_code == 404  # it is hidden
    Comment.objects.update(hidden_at=None, hidden_by=None)
    changed = own.post(f"/comments/{root.pk}/edit/", {"content": "Why so black?"}, headers=HTMX)
    assert "Why so black?" in changed.text
    assert "<del>" in own.get(f"/comments/{root.pk}/history/").text
    gone = own.post(f"/comments/{root.pk}/delete/", headers=HTMX)
    assert "Why so black?" not in gone.text
    assert "restore" in gone.headers["HX-Trigger"]
    assert "Why so black?" in own.post(f"/comments/{root.pk}/restore/", headers=HTMX).text


@pytest.mark.parametrize(
    "act", ["reply", "edit", "delete", "restore", "like", "pin", "answer", "hide"]
)
def test_strangers_reach_nothing(site, student, stranger, lesson, act):
    root = ask(student, lesson)
    answer = site(stranger).post(f"/comments/{root.pk}/{act}/", {"content": "Mine"}, headers=HTMX)
    assert answer.status_code == 404
    assert site(stranger).get(f"/comments/{root.pk}/thread/", headers=HTMX).status_code == 404


def test_what_the_blocked_wrote_is_folded(site, student, teacher, lesson, url):
    root = ask(student, lesson, "A word of theirs.")
    comments.reply_to(comment=root, author=student, content="And another.", at=timezone.now())
    folded = "blocked this person"
    assert folded not in site(teacher).get(url).text
    block(blocker=teacher, blocked=student, at=timezone.now())
    for address in (url, f"/comments/{root.pk}/thread/?all"):
        shown = site(teacher).get(address, headers=HTMX).text
        assert shown.count(folded) == 2
        assert shown.index(folded) < shown.index("A word of theirs.")
    assert folded not in site(student).get(url).text


def test_who_takes_part_is_named_first(site, student, teacher, stranger, lesson, url):
    ask(student, lesson)
    shown = site(teacher).get(url).text
    assert f"/forum/people/?lesson={lesson.pk}" in shown
    found = site(teacher).get(f"/forum/people/?lesson={lesson.pk}&q=").text
    assert f'data-username="{student.username}"' in found
    assert f'data-username="{stranger.username}"' not in found
    closed = site(stranger).get(f"/forum/people/?lesson={lesson.pk}&q=").text
    assert "data-username" not in closed


def test_acts_without_htmx_lead_back_to_the_thread(site, student, teacher, lesson, url):
    root = ask(student, lesson)
    browser = site(teacher)
    sent = browser.post(f"/comments/{root.pk}/reply/", {"content": "Soot."})
    reply = Comment.objects.get(root=root)
    assert sent.headers["Location"] == f"{url}?at={root.pk}#comment-{reply.pk}"
    page = browser.get(sent.headers["Location"])
    assert "Soot." in page.text
    assert "All comments" in page.text
    assert browser.get(f"/comments/{reply.pk}/").status_code == 302


def test_news_name_new_threads_and_answered_ones(site, student, teacher, lesson, url):
    root = ask(student, lesson)
    comments.reply_to(comment=root, author=teacher, content="Soot.", at=timezone.now())
    comments.write_comment(author=teacher, lesson=lesson, content="Look.", at=timezone.now())
    news = site(student).get(f"{url}?after={root.pk}", headers=HTMX)
    assert "1 new comment" in news.text
    assert f'data-answered="{root.pk}"' in news.text
    again = site(student).get(f"{url}?after={root.pk}&seen={root.pk + 9}", headers=HTMX)
    assert "data-answered" not in again.text
    assert site(student).get(f"{url}?after=x&seen=%00", headers=HTMX).status_code in (200, 400)


def test_the_teacher_keeps_the_discussion(site, student, teacher, lesson, url):
    assert site(student).post(f"{url}kept/", {"is_locked": "true"}).status_code == 403
    site(teacher).post(f"{url}kept/", {"is_locked": "true"})
    page = site(student).get(url)
    assert "This discussion is locked" in page.text
    assert "data-composer" not in page.text
    site(teacher).post(f"{url}kept/", {"is_locked": "false"})
    assert "data-composer" in site(student).get(url).text


def test_the_banned_read_why_they_cant_write(site, student, moderator, lesson, url):
    bans.ban(user=student, by=moderator, reason="Advertising", at=timezone.now())
    page = site(student).get(url)
    assert "Advertising" in page.text
    assert "data-composer" not in page.text


def test_questions_wait_in_the_studio_until_they_are_answered(site, student, teacher, lesson):
    first, second = ask(student, lesson, "The first one?"), ask(student, lesson, "The second one?")
    browser = site(teacher)
    page = browser.get("/studio/questions/").text
    assert page.index("The first one?") < page.index("The second one?")
    path = f"/studio/questions/{first.pk}/answer/"
    assert browser.post(path, {"content": ""}, headers=HTMX).status_code == 422
    done = browser.post(path, {"content": "Soot.", "answers": "on"}, headers=HTMX)
    assert "Your answer is posted" in done.text
    first.refresh_from_db()
    assert first.answer.content == "Soot."
    page = browser.get("/studio/questions/").text
    assert "The first one?" not in page
    assert (
        browser.post(f"/studio/questions/{first.pk}/answer/", {"content": "x"}).status_code == 404
    )
    browser.post(f"/studio/questions/{second.pk}/answer/", {"content": "Not sure."})
    second.refresh_from_db()
    assert second.answer is None
    assert site(student).get("/studio/questions/").status_code == 403


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](x onerror=alert(1))"]
)
def test_what_is_written_does_nothing_but_be_read(site, student, lesson, url, text):
    root = ask(student, lesson, f"Look: {text}")
    Comment.objects.filter(pk=root.pk).update(passage=text)
    page = site(student).get(url).text
    for harm in ("<script>alert", 'href="javascript', "<img"):
        assert harm not in page


def test_erasing_a_person_takes_words_and_likes(student, teacher, lesson):
    root = ask(student, lesson, "My own words here")
    reply = comments.reply_to(comment=root, author=teacher, content="Soot.", at=timezone.now())
    toggle_like(user=student, kind="comment", object_id=reply.pk, at=timezone.now())
    holding = next(each for each in personal_data.holdings() if each.app == "community")
    exported = holding.export(student)
    assert exported["comments"][0]["content"] == "My own words here"
    holding.erase(student, timezone.now())
    reply.refresh_from_db()
    root.refresh_from_db()
    assert (reply.likes_count, standing_of(teacher)) == (0, 0)
    assert "own words" not in root.content
    assert holding.export(student)["likes"] == []
