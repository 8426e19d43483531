"""What reaches a person's open pages: badges and the streak, theirs alone, and not once it is off."""

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from apps.accounts.models import Device
from apps.core.tests.sockets import Socket
from apps.gamification import consumers
from apps.gamification.models import Award
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, choices

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("midday")]


def session_for(user):
    session = SessionStore()
    session.create()
    now = timezone.now()
    Device.objects.create(user=user, session_key=session.session_key, created_at=now, seen_at=now)
    return session.session_key


async def opened(user):
    found = Socket(await sync_to_async(session_for)(user))
    assert await found.connect() is None
    assert (await found.frame())["type"] == "ready"
    return found


@sync_to_async
def study(user, source="1", rule="lesson"):
    acts.record(user_id=user.pk, deeds=[Deed(rule, source, timezone.now())])


async def test_a_badge_and_the_streak_reach_their_owner_alone(student, stranger):
    own, foreign = await opened(student), await opened(stranger)
    await study(student)
    badge = (await own.frame("badge:unlocked"))["data"]
    assert badge.pop("id") > 0
    assert badge == {
        "slug": "first-steps",
        "name": "First Steps",
        "description": "Complete a lesson",
        "group": "learning",
        "rarity": "common",
        "points": 20,
    }
    assert await own.frame("streak:updated") == {
        "type": "streak:updated",
        "data": {"current": 1, "longest": 1, "active_today": True, "xp": 40, "level": 1},
    }
    assert await foreign.receive_nothing()
    await study(student, "2")
    assert (await own.frame("streak:updated"))["data"]["xp"] == 60
    await own.leave()
    await foreign.leave()


async def test_a_badge_speaks_its_owners_language(student):
    student.locale = "ru"
    await student.asave(update_fields=["locale"])
    page = await opened(student)
    await study(student)
    assert (await page.frame("badge:unlocked"))["data"]["name"] == "Первые шаги"
    await page.leave()


async def test_what_follows_nothing_says_nothing(student):
    page = await opened(student)
    await study(student)
    await page.frame("streak:updated")
    await study(student)
    assert await page.nothing("streak:updated")
    await page.leave()


async def test_nothing_comes_once_it_is_switched_off(student):
    page = await opened(student)
    await sync_to_async(choices.choose)(user=student, changes={"is_on": False})
    await study(student)
    assert await page.receive_nothing()
    await page.leave()


@pytest.mark.usefixtures("midday")
def test_what_was_on_its_way_when_it_was_switched_off_is_not_shown(student, stranger):
    acts.record(user_id=student.pk, deeds=[Deed("lesson", "1", timezone.now() - timedelta(days=1))])
    award = Award.objects.get()
    assert consumers.unlocked_badge(student, award.pk)["slug"] == "first-steps"
    assert consumers.moved_habit(student, student.pk)["active_today"] is False
    assert consumers.unlocked_badge(stranger, award.pk) is None
    assert consumers.moved_habit(stranger, student.pk) is None
    choices.choose(user=student, changes={"is_on": False})
    assert consumers.unlocked_badge(student, award.pk) is None
    assert consumers.moved_habit(student, student.pk) is None
