"""The operator's side: badges by hand, the log, days at their limit; export and erasure."""

from datetime import UTC, datetime

import pytest

from apps.core import personal_data
from apps.core.models import AuditEntry
from apps.gamification.models import Act, Award, DayTotal, Entrant, Habit, Moment
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ADD = "/admin/gamification/award/add/"


def test_a_badge_is_given_by_hand_once(site, admin, student):
    given = {"user": student.pk, "badge": "bug-hunter"}
    assert site(admin).post(ADD, given).status_code == 302
    award = Award.objects.get(user=student)
    assert (award.badge, award.granted_by) == ("bug-hunter", admin)
    assert Habit.objects.get(user=student).xp == 200
    assert AuditEntry.objects.filter(action="badge.granted").count() == 1
    assert site(admin).post(ADD, given).status_code == 200
    assert Act.objects.filter(user=student, rule="badge").count() == 1


def test_only_badges_for_the_hand_are_given(site, admin, student):
    answer = site(admin).post(ADD, {"user": student.pk, "badge": "eternal"})
    assert answer.status_code == 200
    assert not Award.objects.exists()


def test_nobody_who_was_erased_is_given_a_badge(site, admin, student):
    student.erased_at = NOW
    student.save(update_fields=["erased_at"])
    answer = site(admin).post(ADD, {"user": student.pk, "badge": "bug-hunter"})
    assert answer.status_code == 200
    assert not Award.objects.exists()


def test_only_admins_give_badges(site, moderator, student):
    site(moderator).post(ADD, {"user": student.pk, "badge": "bug-hunter"})
    assert not Award.objects.exists()


def test_days_at_a_limit_are_found(site, admin, student, stranger):
    for number in range(41):
        acts.record(user_id=student.pk, deeds=[Deed("lesson", str(number), NOW)])
    acts.record(user_id=stranger.pk, deeds=[Deed("lesson", "1", NOW)])
    for asked in ("any", "lesson"):
        page = site(admin).get(f"/admin/gamification/daytotal/?limit={asked}").content.decode()
        assert student.email in page or student.name in page
        assert stranger.name not in page
    assert student.name not in site(admin).get(
        "/admin/gamification/daytotal/?limit=review"
    ).content.decode().replace(admin.name, "")


@pytest.mark.parametrize("table", ["habit", "act", "daytotal", "award"])
def test_the_lists_open(site, admin, student, table):
    acts.record(user_id=student.pk, deeds=[Deed("lesson", "1", NOW)])
    row = {"habit": Habit, "act": Act, "daytotal": DayTotal, "award": Award}[table].objects.first()
    assert site(admin).get(f"/admin/gamification/{table}/").status_code == 200
    assert site(admin).get(f"/admin/gamification/{table}/{row.pk}/change/").status_code == 200


def test_a_person_gets_it_all_and_leaves_nothing(student, stranger):
    for person in (student, stranger):
        acts.record(user_id=person.pk, deeds=[Deed("lesson", "1", NOW)])
    found = personal_data.export_all(student)["gamification"]
    assert (found["xp"], found["badges"][0]["badge"]) == (40, "first-steps")
    assert [act["rule"] for act in found["acts"]] == ["clock", "lesson", "badge"]
    holding = next(each for each in personal_data.holdings() if each.app == "gamification")
    holding.erase(student, NOW)
    for model in (Act, DayTotal, Award, Entrant, Moment, Habit):
        assert not model.objects.filter(user=student).exists()
    assert Act.objects.filter(user=stranger).count() == 3
