"""The page of invitations, and an invitation's way to the sign-up."""

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.tests.factories import UserFactory
from apps.referrals import services
from apps.referrals.models import Referral

from .factories import CodeFactory, ReferralFactory

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Nina New",
    "email": "new@school.test",
    "password": "a-long-new-password",
    "role": "student",
}


def text_of(answer):
    return answer.content.decode()


def test_the_page_shows_link_people_and_rewards(site, student):
    code = services.own_code(user=student, at=timezone.now())
    public = UserFactory(name="Felix Brandt")
    private = UserFactory(name="Hidden Hannah", is_profile_public=False)
    for friend in (public, private):
        services.refer(referee_id=friend.pk, code=code.code, at=timezone.now())
    page = text_of(site(student).get("/referrals/"))
    assert code.code in page
    assert "Felix Brandt" in page
    assert "A friend" in page
    assert "Hannah" not in page
    assert "2 people" in page
    assert "200" in page


def test_the_list_of_people_grows(site, student):
    code = CodeFactory(owner=student)
    ReferralFactory.create_batch(21, code=code)
    client = site(student)
    page = client.get("/referrals/")
    cursor = page.context["page"].next
    more = client.get(f"/referrals/?cursor={cursor}", headers={"HX-Request": "true"})
    assert text_of(more).count("<tr>") == 1


def test_the_page_costs_the_same_for_many(site, student, django_assert_max_num_queries):
    code = services.own_code(user=student, at=timezone.now())
    for _ in range(5):
        services.refer(referee_id=UserFactory().pk, code=code.code, at=timezone.now())
    client = site(student)
    client.get("/referrals/")
    with django_assert_max_num_queries(24):
        client.get("/referrals/")


def test_a_new_code_by_a_button(site, student):
    first = services.own_code(user=student, at=timezone.now())
    assert site(student).post("/referrals/code/").status_code == 302
    assert services.own_code(user=student, at=timezone.now()) != first


def test_visitors_are_sent_to_sign_in(client):
    assert client.get("/referrals/").status_code == 302


# ── The way to the sign-up ────────────────────────────────────────────────────────────────────
def test_an_invitation_is_remembered_while_one_looks_around(client, student, deliver_all):
    code = services.own_code(user=student, at=timezone.now())
    seen = client.get(f"/?ref={code.code}")
    assert seen.cookies["invitation"]["httponly"]
    assert "no-store" in seen["Cache-Control"]
    client.get("/courses/")
    form = client.get("/accounts/signup/")
    assert "Invited by Dana Kim" in text_of(form)
    client.post("/accounts/signup/", NEW)
    deliver_all()
    referral = Referral.objects.get()
    assert referral.referee == User.objects.get(email=NEW["email"])
    assert referral.referrer == student
    assert referral.device_hash


def test_a_private_inviter_is_not_named(client, student):
    code = services.own_code(user=student, at=timezone.now())
    student.is_profile_public = False
    student.save(update_fields=["is_profile_public"])
    form = text_of(client.get(f"/accounts/signup/?ref={code.code}"))
    assert "Dana" not in form.replace(code.code, "")
    assert "by a friend’s invitation" in form


def test_an_unknown_invitation_is_said_and_hurts_nobody(client, deliver_all):
    form = client.get("/accounts/signup/?ref=NOBODY-222222")
    assert "work any more" in text_of(form)
    assert client.post("/accounts/signup/?ref=NOBODY-222222", NEW).status_code == 302
    deliver_all()
    assert not Referral.objects.exists()


@pytest.mark.parametrize("code", ["<script>", "A" * 5000, "DANA-7K2QF9-X", ""])
def test_what_is_no_code_is_not_remembered(client, code):
    assert "invitation" not in client.get("/", {"ref": code}).cookies


def test_a_forged_cookie_is_nothing(client, student):
    code = services.own_code(user=student, at=timezone.now())
    client.cookies["invitation"] = f"{code.code}:forged"
    assert "Dana" not in text_of(client.get("/accounts/signup/"))


def test_whoever_is_signed_in_is_not_invited(site, student, stranger):
    code = services.own_code(user=student, at=timezone.now())
    assert "invitation" not in site(stranger).get(f"/?ref={code.code}").cookies


def test_one_browser_brings_one_inviter_three_people(client, student, deliver_all):
    code = services.own_code(user=student, at=timezone.now())
    client.get(f"/?ref={code.code}")
    for number in range(4):
        client.post("/accounts/signup/", {**NEW, "email": f"new{number}@school.test"})
        client.post("/accounts/logout/")
    deliver_all()
    assert Referral.objects.counted().count() == 3
    assert Referral.objects.held().count() == 1


def test_ones_own_browser_invites_nobody(client, student, deliver_all):
    code = services.own_code(user=student, at=timezone.now())
    from apps.accounts.tests.factories import PASSWORD

    client.post("/accounts/login/", {"email": student.email, "password": PASSWORD})
    client.post("/accounts/logout/")
    client.post(f"/accounts/signup/?ref={code.code}", NEW)
    deliver_all()
    assert User.objects.filter(email=NEW["email"]).exists()
    assert not Referral.objects.exists()


# ── The admin ─────────────────────────────────────────────────────────────────────────────────
def test_staff_decide_on_what_waits(site, admin):
    held = [ReferralFactory(held_at=timezone.now()) for _ in range(2)]
    client = site(admin)
    url = "/admin/referrals/referral/"
    assert client.get(f"{url}?decision=waits").status_code == 200
    for action, referral in zip(("release", "refuse"), held, strict=True):
        client.post(url, {"action": action, "_selected_action": [referral.pk]})
        referral.refresh_from_db()
    assert held[0].held_at is None
    assert held[1].refused_at is not None


def test_the_reward_table_is_edited_in_the_admin(site, admin):
    services.ensure_rules()
    client = site(admin)
    assert client.get("/admin/referrals/rewardrule/").status_code == 200
    rule = services.rules_in_force()[0]
    body = {
        "for_referrer": 111,
        "for_referee": 0,
        "badge_en": "",
        "badge_ru": "",
        "is_active": "on",
    }
    url = f"/admin/referrals/rewardrule/{rule.pk}/change/"
    assert client.post(url, body).status_code == 302
    rule.refresh_from_db()
    assert rule.for_referrer == 111
