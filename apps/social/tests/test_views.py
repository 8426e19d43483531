"""Following, blocking and privacy on the site, with scripts and without."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.media.tests.files import picture
from apps.social import selectors, services
from apps.social.models import Block

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
PRIVACY = "/settings/privacy/"


def profile(person):
    return selectors.profile_of(person)


def page_of(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# ── Follow and block ──────────────────────────────────────────────────────────────────────────
def test_follow_and_leave_without_scripts(site, student, stranger):
    browser = site(stranger)
    assert 'aria-label="Follow Dana Kim"' in page_of(browser, "/profile/student/")
    answer = browser.post("/profile/student/follow/")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/student/")
    assert "Following Dana Kim" in page_of(browser, "/profile/student/")
    browser.post("/profile/student/follow/", {"stop": "1"})
    assert not selectors.is_following(stranger.pk, student.pk)


def test_htmx_gets_the_button_and_the_count(site, student, stranger):
    answer = site(stranger).post("/profile/student/follow/", **HTMX).content.decode()
    assert 'name="stop"' in answer
    assert 'id="followers-count" hx-swap-oob="true">1<' in answer


def test_in_a_row_of_people_only_the_button_changes(site, student, stranger):
    answer = site(stranger).post("/profile/student/follow/", {"row": "1"}, **HTMX).content.decode()
    assert f'id="follow-{student.pk}"' in answer
    assert 'name="row"' in answer and 'name="stop"' in answer
    assert "followers-count" not in answer


def test_a_visitor_is_asked_to_sign_in(client, student):
    shown = page_of(client, "/profile/student/")
    assert "/accounts/login/?next=/profile/student/" in shown
    assert "/messages/new/" not in shown
    assert client.post("/profile/student/follow/").status_code == 302
    assert profile(student).followers_count == 0


def test_whom_one_doesnt_see_one_doesnt_follow(site, student, stranger):
    User.objects.filter(pk=student.pk).update(is_profile_public=False)
    browser = site(stranger)
    for address in ("/profile/student/follow/", "/profile/student/block/", "/profile/no/follow/"):
        assert browser.post(address).status_code == 404


def test_one_leaves_who_became_private(site, student, stranger):
    services.follow(follower=stranger, followed=student, at=timezone.now())
    User.objects.filter(pk=student.pk).update(is_profile_public=False)
    site(stranger).post("/profile/student/follow/", {"stop": "1"})
    assert not selectors.is_following(stranger.pk, student.pk)


def test_block_and_let_near_again(site, student, stranger):
    browser = site(stranger)
    assert browser.post("/profile/student/block/")["Location"] == PRIVACY
    assert browser.get("/profile/student/").status_code == 404
    shown = page_of(browser, PRIVACY)
    assert "Unblock Dana Kim" in shown
    row = Block.objects.get()
    assert site(student).post(f"{PRIVACY}blocked/{row.pk}/").status_code == 404
    assert Block.objects.exists()
    site(stranger).post(f"{PRIVACY}blocked/{row.pk}/")
    assert not Block.objects.exists()


def test_a_list_of_the_blocked_names_nobody_who_is_private(site, student, stranger):
    services.block(blocker=stranger, blocked=student, at=timezone.now())
    User.objects.filter(pk=student.pk).update(is_profile_public=False)
    shown = page_of(site(stranger), PRIVACY)
    assert "Private member" in shown
    assert "Dana" not in shown


def test_message_is_offered_where_it_is_allowed(site, student, stranger):
    address = "/messages/new/?to=student"
    assert address in page_of(site(stranger), "/profile/student/")
    services.change_profile(user=student, changes={"writes_from": "nobody"})
    assert address not in page_of(site(stranger), "/profile/student/")


# ── Lists ─────────────────────────────────────────────────────────────────────────────────────
def test_lists_leave_the_private_out(site, client, student, stranger, teacher):
    for person in (stranger, teacher):
        services.follow(follower=person, followed=student, at=timezone.now())
    assert "Sam Stone" in page_of(client, "/profile/student/followers/")
    User.objects.filter(pk=stranger.pk).update(is_profile_public=False)
    shown = page_of(client, "/profile/student/followers/")
    assert "Sam Stone" not in shown
    assert "Irina Sokolova" in shown
    assert client.get("/profile/stranger/following/").status_code == 404


def test_pages_cost_the_same_however_many_follow(client, student, stranger, teacher, moderator):
    page_of(client, "/profile/student/")  # how rare each badge is, is counted once for everybody
    counts = []
    for person in (stranger, teacher, moderator):
        services.follow(follower=person, followed=student, at=timezone.now())
        with CaptureQueriesContext(connection) as captured:
            page_of(client, "/profile/student/followers/")
            page_of(client, "/profile/student/")
        counts.append(len(captured))
    assert counts[0] == counts[1] == counts[2] <= 12


# ── What is shown ─────────────────────────────────────────────────────────────────────────────
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:7 }}'


def test_nothing_of_a_profile_is_run(client, student):
    texts = {"name": EVIL, "bio": EVIL, "location": EVIL}
    services.change_profile(user=student, changes=texts)
    shown = page_of(client, "/profile/student/")
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "{{ 7|add:7 }}" in shown


def test_links_lead_out_without_vouching(client, student):
    services.change_profile(
        user=student, changes={"website": "www.example.org/", "github_url": "dana"}
    )
    shown = page_of(client, "/profile/student/")
    assert 'href="https://www.example.org/" rel="me nofollow noopener ugc">example.org<' in shown
    assert 'href="https://github.com/dana"' in shown


def test_a_profile_is_kept_by_no_shared_cache(client, student):
    assert "public" not in client.get("/profile/student/").get("Cache-Control", "")


def test_a_private_profile_says_so_to_its_owner(site, student):
    services.change_profile(user=student, changes={"is_profile_public": False})
    shown = page_of(site(student), "/profile/student/")
    assert "Your profile is private" in shown
    assert "noindex" in shown


# ── Settings ──────────────────────────────────────────────────────────────────────────────────
def test_switches_are_kept(site, student):
    browser = site(student)
    answer = browser.post(
        PRIVACY, {"part": "privacy", "show_badges": "on", "writes_from": "nobody"}
    )
    assert answer.status_code == 302
    student.refresh_from_db()
    kept = profile(student)
    assert not student.is_profile_public
    assert (kept.show_badges, kept.show_courses, kept.show_activity) == (True, False, False)
    assert kept.writes_from == "nobody"
    assert browser.post(PRIVACY, {"part": "privacy", "writes_from": "me"}).status_code == 422


def test_a_wrong_link_is_told_at_its_field_and_nothing_is_lost(site, student):
    answer = site(student).post(
        PRIVACY, {"part": "about", "location": "Almaty", "github_url": "https://evil.example/x"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "github.com, or your name there" in shown
    assert "https://evil.example/x" in shown
    assert 'value="Almaty"' in shown
    assert profile(student).location == ""


def test_a_cover_comes_and_goes(site, student):
    file = SimpleUploadedFile("a.png", picture(), "image/png")
    assert site(student).post(f"{PRIVACY}cover/", {"file": file}).status_code == 302
    assert profile(student).cover_url in page_of(site(student), "/profile/student/")
    site(student).post(f"{PRIVACY}cover/", {"remove": "1"})
    assert profile(student).cover_url == ""
    bad = SimpleUploadedFile("a.png", b"<svg onload=alert(1)>", "image/png")
    assert site(student).post(f"{PRIVACY}cover/", {"file": bad}).status_code == 422
