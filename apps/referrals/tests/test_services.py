"""Codes, who came by them, what that brings: once each, and nothing to who invites themselves."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.events import UserRegistered
from apps.accounts.tests.factories import DeviceFactory, UserFactory
from apps.core import personal_data
from apps.core.bus import publish
from apps.core.errors import Conflict, TooMany
from apps.core.models import AuditEntry, Delivery
from apps.courses.tests.factories import CourseFactory
from apps.enrollment.events import EnrollmentCompleted
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.enrollment.tests.threads import together
from apps.referrals import selectors, services
from apps.referrals.models import Cause, Inviter, Referral, ReferralCode, Reward, RewardRule

from .factories import CodeFactory, ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(student):
    return services.own_code(user=student, at=timezone.now())


@pytest.fixture(autouse=True)
def strict(settings):
    settings.REFERRALS_PER_ADDRESS = 3


def refer(code, referee=None, **places):
    referee = referee or UserFactory()
    return services.refer(referee_id=referee.pk, code=code.code, at=timezone.now(), **places)


def finish_a_course(person):
    seat = EnrollmentFactory(student=person, course=CourseFactory(), completed_at=timezone.now())
    return EnrollmentCompleted(
        enrollment_id=seat.pk, student_id=person.pk, course_id=seat.course_id
    )


def complete(person):
    finish_a_course(person)
    services.complete_referral(referee_id=person.pk, at=timezone.now())


def earned(person):
    rewards = Reward.objects.filter(user=person).select_related("rule").order_by("pk")
    return [(reward.rule.key, reward.points) for reward in rewards]


# ── Codes ─────────────────────────────────────────────────────────────────────────────────────
def test_the_own_code_is_made_once_and_speaks_of_its_owner(student):
    student.username = "dana.kim-7"
    code = services.own_code(user=student, at=timezone.now())
    name, _dash, tail = code.code.partition("-")
    assert name == "DANAKIM"
    assert len(tail) == 6
    assert set(tail) <= set(services.LETTERS)
    assert not set("01OIL") & set(services.LETTERS)
    assert services.own_code(user=student, at=timezone.now()) == code
    student.username = "4711"
    assert services.generate_code(user=student, at=timezone.now()).code.startswith("FRIEND-")


def test_a_taken_code_is_made_anew(student, monkeypatch):
    CodeFactory(code="STUDENT-AAAAAA")
    tails = iter(["AAAAAA", "BBBBBB"])
    monkeypatch.setattr(services, "get_random_string", lambda *_: next(tails))
    assert services.own_code(user=student, at=timezone.now()).code == "STUDENT-BBBBBB"


def test_a_new_code_retires_the_old_one_which_works_on(student, code):
    fresh = services.generate_code(user=student, at=timezone.now())
    assert services.own_code(user=student, at=timezone.now()) == fresh
    assert refer(code).referrer == student
    assert refer(fresh).referrer == student


def test_codes_are_not_made_without_end(student):
    for _ in range(services.NEW_CODES):
        services.generate_code(user=student, at=timezone.now())
    with pytest.raises(TooMany):
        services.generate_code(user=student, at=timezone.now())


@pytest.mark.parametrize("spoilt", [{"max_uses": 0}, {"expires_at": timezone.now()}])
def test_a_spent_code_counts_nobody_and_gives_way_to_another(student, code, spoilt):
    ReferralCode.objects.filter(pk=code.pk).update(**spoilt)
    assert not selectors.is_usable_code(code=code.code, email="a@b.test", device_id=None)
    assert refer(code) is None
    assert services.own_code(user=student, at=timezone.now()) != code


def test_the_code_of_a_closed_account_counts_nobody(student, code):
    student.is_active = False
    student.save(update_fields=["is_active"])
    assert refer(code) is None
    assert selectors.inviter_of(code.code) is None


def test_typed_codes_are_read_with_mercy(code):
    assert selectors.code_named(f" {code.code.lower()} ") == code
    assert selectors.code_named("NOBODY-222222") is None


# ── Nobody invites themselves ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("dana@school.test", "Dana+2@school.test"),
        ("d.a.n.a@gmail.com", "dana+spam@googlemail.com"),
        ("dana+a@school.test", "dana+b@school.test"),
    ],
)
def test_another_spelling_of_the_own_address_is_the_own(own, other):
    code = CodeFactory(owner=UserFactory(email=own.lower()))
    assert not selectors.is_usable_code(code=code.code, email=other, device_id=None)
    assert refer(code, UserFactory(email=other.lower())) is None
    assert selectors.is_usable_code(code=code.code, email="d.ana@school.test", device_id=None)


def test_dots_matter_outside_gmail():
    assert selectors.plain_address("d.ana@school.test") != selectors.plain_address(
        "dana@school.test"
    )


def test_the_own_device_is_the_own(student, code):
    own, foreign = DeviceFactory(user=student), DeviceFactory()
    asked = {"code": code.code, "email": "new@school.test"}
    assert not selectors.is_usable_code(**asked, device_id=own.pk)
    assert selectors.is_usable_code(**asked, device_id=foreign.pk)
    assert refer(code, student) is None


# ── What it brings ────────────────────────────────────────────────────────────────────────────
def test_signing_up_and_a_first_course_bring_points_to_both(student, code):
    friend = UserFactory()
    assert refer(code, friend).state == "pending"
    assert (earned(student), earned(friend)) == ([("joined", 100)], [("joined", 50)])
    complete(friend)
    assert earned(student)[1:] == [("first_course", 500)]
    assert earned(friend)[1:] == [("first_course", 250)]
    assert Referral.objects.get().state == "rewarded"
    complete(friend)
    assert selectors.summary_of(student).points == 600
    assert Inviter.objects.get().points == 600


def test_milestones_come_once_with_their_number(student, code):
    for _ in range(6):
        friend = UserFactory()
        refer(code, friend)
        complete(friend)
    milestones = [cause for cause, _points in earned(student) if "milestone" in cause]
    assert milestones == ["milestone_5"]
    rule, lacking = selectors.next_milestone(student)
    assert (rule.threshold, lacking, rule.badge) == (10, 4, "Referral Master")


def test_the_table_decides_what_is_earned(student, code):
    services.ensure_rules()
    RewardRule.objects.filter(cause=Cause.JOINED).update(for_referrer=7, is_active=True)
    RewardRule.objects.filter(cause=Cause.FIRST_COURSE).update(is_active=False)
    friend = UserFactory()
    refer(code, friend)
    complete(friend)
    assert earned(student) == [("joined", 7)]
    assert Referral.objects.get().state == "completed"
    assert services.ensure_rules() == 0


def test_each_reward_is_announced_and_told(student, code, deliver_all):
    refer(code)
    letters = Delivery.objects.filter(event="referral.rewarded")
    assert {row.payload["user_id"] for row in letters} == set(
        Reward.objects.values_list("user", flat=True)
    )
    assert letters.filter(subscriber="notifications.tell_of_referral_reward").count() == 2


# ── Events in any order, any number of times ──────────────────────────────────────────────────
def registered(friend, code):
    return UserRegistered(user_id=friend.pk, role="student", referral_code=code.code)


@pytest.mark.parametrize("order", ["rc", "cr", "rrcc", "crcr"])
def test_events_come_in_any_order_and_again(student, code, order, deliver_all):
    friend = UserFactory()
    events = {"r": registered(friend, code), "c": finish_a_course(friend)}
    for each in order:
        publish(events[each])
        deliver_all()
    assert earned(student) == [("joined", 100), ("first_course", 500)]
    assert ReferralCode.objects.get().uses == 1


def test_nobody_is_referred_twice(code):
    friend = UserFactory()
    first = refer(code, friend)
    assert refer(CodeFactory(), friend) == first
    assert Referral.objects.count() == 1


# ── Many from one place ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("place", ["address_hash", "device_hash"])
def test_the_fourth_from_one_place_waits_for_a_look(student, code, place, admin):
    for _ in range(3):
        assert refer(code, **{place: "here"}).held_at is None
    friend = UserFactory()
    held = refer(code, friend, **{place: "here"})
    assert held.held_at is not None
    complete(friend)
    assert earned(friend) == []
    assert refer(code, **{place: "elsewhere"}).held_at is None
    services.release_referral(referral=held, by=admin, at=timezone.now())
    assert earned(friend) == [("joined", 50), ("first_course", 250)]
    assert AuditEntry.objects.filter(action="referral.released", actor=admin).exists()
    with pytest.raises(Conflict):
        services.refuse_referral(referral=held, by=admin, at=timezone.now())


def test_a_refused_one_never_counts(student, code, admin):
    for _ in range(3):
        refer(code, address_hash="here")
    friend = UserFactory()
    held = refer(code, friend, address_hash="here")
    services.refuse_referral(referral=held, by=admin, at=timezone.now())
    complete(friend)
    assert earned(friend) == []
    assert selectors.summary_of(student).total == 3
    assert held not in selectors.referrals_of(student)
    with pytest.raises(Conflict):
        services.release_referral(referral=held, by=admin, at=timezone.now())


def test_a_day_later_the_place_counts_anew(code):
    for _ in range(3):
        refer(code, address_hash="here")
    Referral.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    assert refer(code, address_hash="here").held_at is None


# ── Races ─────────────────────────────────────────────────────────────────────────────────────
def reward_at_once(attempts, student):
    services.ensure_rules()
    rule = RewardRule.objects.get(cause=Cause.MILESTONE, threshold=5)

    def give(_number):
        for _ in range(attempts):
            with suppress(Reward.MultipleObjectsReturned):  # only without the constraint
                services.give_reward(user=student, rule=rule, referral=None, at=timezone.now())

    together(20, give)
    return Reward.objects.filter(user=student).count()


@pytest.mark.django_db(transaction=True)
def test_five_hundred_attempts_give_one_reward(student):
    assert reward_at_once(25, student) == 1
    assert Delivery.objects.filter(subscriber="notifications.tell_of_referral_reward").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_there_would_be_more(student):
    """What the test above is worth."""
    once = next(each for each in Reward._meta.constraints if each.name == "reward_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Reward, once)
    try:
        counts = [reward_at_once(1, UserFactory()) for _ in range(10)]
    finally:
        Reward.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Reward, once)
    assert max(counts) > 1


@pytest.mark.django_db(transaction=True)
def test_the_last_use_of_a_code_and_the_limit_of_a_place_hold_at_once(student):
    code = CodeFactory(owner=student, max_uses=5)
    friends = UserFactory.create_batch(12)
    made = together(12, lambda n: refer(code, friends[n], address_hash="here"))
    assert sum(referral is not None for referral in made) == 5
    assert Referral.objects.held().count() == 2
    assert ReferralCode.objects.get().uses == 5


@pytest.mark.django_db(transaction=True)
def test_one_has_one_code_however_many_ask(student):
    codes = together(8, lambda n: services.own_code(user=student, at=timezone.now()))
    assert len({code.pk for code in codes}) == 1


@pytest.mark.django_db(transaction=True)
def test_joining_and_finishing_at_one_moment_lose_nothing(student):
    code = CodeFactory(owner=student)
    for _ in range(10):
        friend = UserFactory()
        finish_a_course(friend)
        ways = [
            lambda friend=friend: refer(code, friend),
            lambda friend=friend: services.complete_referral(
                referee_id=friend.pk, at=timezone.now()
            ),
        ]
        together(4, lambda n, ways=ways: ways[n % 2]())
        assert earned(friend) == [("joined", 50), ("first_course", 250)]


# ── Keeping ───────────────────────────────────────────────────────────────────────────────────
def test_figures_can_be_made_anew(student, code):
    friend = UserFactory()
    refer(code, friend)
    complete(friend)
    before = Inviter.objects.values().get(pk=student.pk)
    Inviter.objects.update(joined_count=9, completed_count=9, points=9)
    services.recount(user_id=student.pk)
    assert Inviter.objects.values().get(pk=student.pk) == before


def test_places_are_forgotten_after_a_month():
    old, fresh = (ReferralFactory(address_hash="x", device_hash="y") for _ in range(2))
    Referral.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert services.forget_places(at=timezone.now()) == 1
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.address_hash, fresh.address_hash) == ("", "x")


def test_what_is_held_on_a_person_goes_out_and_is_erased(student, code):
    friend = UserFactory()
    refer(code, friend, address_hash="here")
    told = personal_data.export_all(student)["referrals"]
    assert told["codes"][0]["code"] == code.code
    assert told["people_invited"][0]["state"] == "pending"
    assert friend.name not in str(told)
    assert personal_data.export_all(friend)["referrals"]["came_by_invitation"]
    for person in (student, friend):
        for holding in personal_data.holdings():
            holding.erase(person, timezone.now())
    assert not Reward.objects.exists()
    assert ReferralCode.objects.get().code == f"ERASED-{code.pk}"
    assert Referral.objects.get().address_hash == ""
