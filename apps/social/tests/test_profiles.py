"""What people say of themselves, and where their links may lead."""

import pytest
from django.utils import timezone

from apps.core.errors import Invalid
from apps.media.models import Purpose
from apps.media.services import store_upload
from apps.media.tests.files import picture, upload
from apps.social import selectors, services
from apps.social.links import WrongLink, clean_link, shown_link

GOOD = [
    ("website", "example.org", "https://example.org"),
    ("website", " http://example.org/a?b=1#c ", "http://example.org/a?b=1#c"),
    ("website", "example.org:8080/a", "https://example.org:8080/a"),
    ("website", "https://пример.рф", "https://пример.рф"),
    ("website", "", ""),
    ("github_url", "@anna-kim", "https://github.com/anna-kim"),
    ("github_url", "github.com/anna", "https://github.com/anna"),
    ("linkedin_url", "anna-kim", "https://www.linkedin.com/in/anna-kim"),
    ("linkedin_url", "https://kz.linkedin.com/in/anna", "https://kz.linkedin.com/in/anna"),
    ("twitter_url", "anna_kim", "https://x.com/anna_kim"),
    ("twitter_url", "https://mobile.twitter.com/anna", "https://mobile.twitter.com/anna"),
]
BAD = [
    *(
        ("website", text)
        for text in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)//example.org",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:msgbox(1)",
            "ftp://example.org",
            "//example.org",
            "https://user@example.org",
            "https://user:secret@example.org",
            "https://example.org@evil.example",
            "https://evil.example\\@example.org",
            "https://exa mple.org",
            "https://example.org\nx",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://0x7f000001/",
            'https://example.org/"onclick="alert(1)',
            "https://example.org/" + "a" * 300,
            "not an address",
        ]
    ),
    ("github_url", "https://github.com.evil.example/anna"),
    ("github_url", "https://evilgithub.com/anna"),
    ("github_url", "https://github.com@evil.example/anna"),
    ("github_url", "https://github.com:secret@evil.example/"),
    ("github_url", "https://x.com/anna"),
    ("linkedin_url", "https://evil.example/linkedin.com"),
    ("linkedin_url", "https://evil.example/#linkedin.com"),
    ("twitter_url", "https://evil.example?x.com"),
    ("twitter_url", "https://notx.com/anna"),
]


@pytest.mark.parametrize(("field", "text", "kept"), GOOD)
def test_links_are_kindly_read(field, text, kept):
    assert clean_link(field, text) == kept


@pytest.mark.parametrize(("field", "text"), BAD)
def test_no_link_leads_elsewhere(field, text):
    try:
        kept = clean_link(field, text)
    except WrongLink:
        return
    # what is an address all the same stays harmless inside an attribute
    assert kept.startswith("https://example.org/"), kept
    assert '"' not in kept.partition("example.org")[0]


def test_a_link_is_shown_short():
    assert shown_link("https://www.example.org/") == "example.org"
    assert shown_link("https://github.com/anna") == "github.com/anna"


def test_a_profile_is_changed_in_part(student):
    services.change_profile(user=student, changes={"location": "Almaty", "show_courses": False})
    profile = services.change_profile(user=student, changes={"github_url": "anna"})
    assert (profile.location, profile.show_courses) == ("Almaty", False)
    assert profile.github_url == "https://github.com/anna"
    with pytest.raises(Invalid) as refused:
        services.change_profile(
            user=student, changes={"website": "javascript:x", "github_url": "https://evil.example"}
        )
    assert set(refused.value.errors) == {"website", "github_url"}
    assert selectors.profile_of(student).github_url == "https://github.com/anna"


def test_the_account_is_changed_by_the_account(student):
    services.change_profile(user=student, changes={"is_profile_public": False, "name": "Dana"})
    student.refresh_from_db()
    assert (student.is_profile_public, student.name) == (False, "Dana")


def test_a_cover_is_made_anew_and_taken_away(student):
    file = upload(picture(size=(900, 900)), "a.png")
    kept = store_upload(owner=student, file=file, purpose=Purpose.BANNER, at=timezone.now())
    assert (kept.width, kept.height, kept.kind) == (900, 225, "image/webp")
    assert services.change_profile(user=student, changes={"cover": kept}).cover_url == kept.url
    assert services.change_profile(user=student, changes={"cover": None}).cover_url == ""
