"""Who is known to whom, where others read along."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.utils import timezone

from apps.accounts.selectors import is_shown_to, person_shown


@pytest.fixture
def private(student):
    student.is_profile_public = False
    student.avatar_url = "/media/face.webp"
    return student


def test_a_public_person_is_shown_to_everybody(student, stranger):
    assert is_shown_to(student, AnonymousUser())
    assert is_shown_to(student, stranger)


def test_a_private_person_is_known_to_themselves_and_to_who_keeps_order(
    private, stranger, moderator
):
    assert [
        is_shown_to(private, who) for who in (AnonymousUser(), stranger, private, moderator)
    ] == [
        False,
        False,
        True,
        True,
    ]


def test_nothing_of_a_private_person_is_given_away(private, stranger):
    shown = person_shown(private, stranger)
    assert (shown.pk, shown.username, shown.avatar_url) == (None, "", "")
    assert shown.name == "Private member"


def test_an_erased_account_is_nobody(student, admin):
    student.erased_at = timezone.now()
    assert person_shown(student, admin).name == "Deleted account"


def test_templates_ask_for_their_reader(private, stranger):
    page = Template("{% shown person as who %}{{ who|shown_name }}/{{ who.is_hidden }}")
    assert page.render(Context({"person": private, "user": stranger})) == "Private member/True"
    assert page.render(Context({"person": private, "user": private})) == "Dana Kim/False"
