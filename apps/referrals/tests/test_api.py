"""Invitations in the API, from the code to the leaderboard."""

import pytest
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.referrals.models import Inviter, Referral

from .factories import CodeFactory

pytestmark = pytest.mark.django_db

NEW = {"email": "new@school.test", "password": "a-long-new-password", "name": "Nina"}


def register(api, code, **changes):
    body = {**NEW, "role": "student", **changes}
    return api().post(f"/api/auth/register?ref={code}", body, format="json")


def test_from_the_code_to_the_reward(api, student, deliver_all):
    told = api(student).get("/api/referrals/my-code").json()
    assert told["url"].endswith(f"/accounts/signup/?ref={told['code']}")
    assert told["uses"] == 0
    answer = register(api, told["code"].lower())
    assert (answer.status_code, "warnings" in answer.json()) == (201, False)
    deliver_all()
    referral = Referral.objects.get()
    assert (referral.referrer, referral.referee.email) == (student, NEW["email"])
    assert referral.address_hash
    assert api(student).get("/api/referrals/my-code").json()["uses"] == 1
    stats = api(student).get("/api/referrals/stats").json()
    assert (stats["total_referrals"], stats["pending"], stats["points_earned"]) == (1, 1, 100)
    assert stats["next_milestone"]["remaining"] == 5
    board = api(student).get("/api/referrals/leaderboard").json()
    assert board["results"][0]["user"]["id"] == student.pk
    assert board["me"]["rank"] == 1


@pytest.mark.parametrize(
    ("changes", "spoilt"),
    [
        ({"email": "student+2@school.test"}, {}),
        ({}, {"expires_at": timezone.now()}),
        ({}, {"uses": 100}),
    ],
)
def test_a_code_that_does_not_count_is_left_out_and_said(
    api, student, changes, spoilt, deliver_all
):
    code = CodeFactory(owner=student, **spoilt)
    answer = register(api, code.code, **changes)
    assert (answer.status_code, len(answer.json()["warnings"])) == (201, 1)
    deliver_all()
    assert not Referral.objects.exists()


def test_another_code_on_demand(api, student):
    first = api(student).get("/api/referrals/my-code").json()["code"]
    made = api(student).post("/api/referrals/generate-code")
    assert made.status_code == 201
    assert made.json()["code"] != first
    assert api(student).get("/api/referrals/my-code").json()["code"] == made.json()["code"]


def test_private_people_are_nobody_on_the_leaderboard(api, student, stranger, moderator):
    hidden = UserFactory(name="Hidden Hannah", username="hannah", is_profile_public=False)
    gone = UserFactory(erased_at=timezone.now())
    for points, person in ((900, hidden), (500, student), (500, gone), (100, stranger)):
        Inviter.objects.create(user=person, points=points, joined_count=1)
    answer = api(stranger).get("/api/referrals/leaderboard")
    board = answer.json()
    assert [row["rank"] for row in board["results"]] == [1, 2, 3]
    assert board["results"][0]["user"] == {
        "id": None, "username": None, "name": "Private member", "avatar": None,
    }  # fmt: skip
    assert "annah" not in answer.content.decode()
    assert board["me"]["rank"] == 3
    own = api(hidden).get("/api/referrals/leaderboard").json()
    assert own["me"]["user"]["username"] == "hannah"
