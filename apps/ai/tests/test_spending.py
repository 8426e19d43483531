"""Credits and money: what is reserved, what is settled, and what a crash leaves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from apps.ai import selectors
from apps.ai.inquiry import Inquiry
from apps.ai.models import CreditDay, ModelCall, Reservation, SpendDay
from apps.ai.prompts.registry import TASKS
from apps.ai.services import OFFLINE, ask, spending
from apps.ai.tasks import sweep_reservations
from apps.core.errors import TooMany

from .lessons import TERMS, lesson

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)


def inquiry(user=None, course_id=None):
    return Inquiry(TASKS["key_terms"], lesson(), user, course_id, NOW)


def terms(user=None, at=NOW, **wishes):
    return ask(task="key_terms", material=lesson(**wishes), user=user, at=at, course_id=7)


def test_used_up_credits_come_back_at_the_persons_midnight(student, models, settings):
    settings.AI_CREDITS_PER_DAY = 1
    student.timezone = "Europe/Moscow"  # 0:30 of the next day there
    student.save()
    models.answer = TERMS
    terms(student, most=1)
    with pytest.raises(TooMany) as refused:
        terms(student, most=2)
    assert refused.value.retry_after == int(timedelta(hours=23, minutes=30).total_seconds())
    assert len(models.requests) == 1
    assert terms(student, most=1).cached, "what was paid for stays free"
    assert (
        ask(task="key_terms", material=lesson(most=2), user=student, at=NOW, offline=True).engine
        == OFFLINE
    )
    assert terms(student, at=NOW + timedelta(hours=23, minutes=30), most=2).engine == "small"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_on_ten_credits_are_ten_calls(student, models, settings):
    settings.AI_CREDITS_PER_DAY = 10
    models.answer = TERMS
    terms(None)  # litellm makes its client; several at once would each make one, and drop it

    def one(number):
        try:
            return terms(student, most=number).engine
        except TooMany:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        seen = list(pool.map(one, range(200)))
    assert (seen.count("small"), seen.count("refused")) == (10, 190)
    assert len(models.requests) == 1 + 10
    day = CreditDay.objects.get()
    assert (day.used, day.reserved) == (10, 0)


@pytest.mark.parametrize("ceiling", ["AI_SITE_MICRO_PER_DAY", "AI_COURSE_MICRO_PER_DAY"])
def test_at_the_ceiling_models_rest(student, models, settings, ceiling):
    models.answer = TERMS
    most = 7_000  # tokens that are reserved, more or less: 6000 out of them are the answer's
    setattr(settings, ceiling, most * 10 + 4_000)
    assert terms(student, most=1).engine == "small"
    assert terms(student, most=2).engine == "small"
    setattr(settings, ceiling, 10_000)
    assert terms(student, most=3).engine == OFFLINE
    assert len(models.requests) == 2
    assert CreditDay.objects.get().used == 2, "what models rested for costs no credit"
    assert set(SpendDay.objects.values_list("spent_micro", "reserved_micro")) == {(8000, 0)}


@pytest.mark.django_db(transaction=True)
def test_many_at_once_stay_below_the_ceiling(models, settings):
    models.answer = TERMS
    settings.AI_SITE_MICRO_PER_DAY = 300_000
    terms(None)

    def one(number):
        try:
            return terms(None, most=number).engine
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(40)))
    site = SpendDay.objects.get(course_id=None)
    assert site.reserved_micro == 0
    assert site.spent_micro == 4000 * len(models.requests) <= 300_000


def test_a_lost_call_gives_the_credit_back_and_counts_the_money(student):
    left = spending.open_reservation(inquiry(student, course_id=7))
    spending.reserve_request(reservation=left, model="small", micro=500)
    assert selectors.credits_of(student, NOW).left == 19
    sweep_reservations.run()  # by the clock of today the lease is long over
    assert not Reservation.objects.exists()
    assert selectors.credits_of(student, NOW).left == 20
    assert set(SpendDay.objects.values_list("spent_micro", "reserved_micro")) == {(500, 0)}
    call = ModelCall.objects.get()
    assert (call.result, call.cost_micro, call.model) == ("lost", 500, "small")


def test_a_call_that_lives_is_not_swept(student):
    spending.open_reservation(inquiry(student))
    assert spending.sweep_reservations(at=NOW + timedelta(seconds=30)) == 0
    assert Reservation.objects.exists()


def test_settling_after_the_sweeper_counts_what_was_really_spent(student):
    left = spending.open_reservation(inquiry(student))
    spending.reserve_request(reservation=left, model="small", micro=500)
    spending.sweep_reservations(at=NOW + timedelta(hours=1))
    spending.settle_request(reservation=left, model="small", result="ok", cost_micro=300, at=NOW)
    spending.close_reservation(reservation=left, at=NOW)
    site = SpendDay.objects.get()
    assert (site.spent_micro, site.reserved_micro) == (800, 0)


def test_a_fault_of_our_own_leaves_nothing_reserved(student, models):
    models.answer = TERMS
    models.usage = {"prompt_tokens": -5, "completion_tokens": 10**18, "total_tokens": 1}
    terms(student)
    call = ModelCall.objects.get()
    assert 0 < call.tokens_in < 10_000 and 0 < call.tokens_out < 1_000 and call.cost_micro > 0


def test_a_teacher_has_more(teacher, student, settings):
    settings.AI_CREDITS_PER_DAY, settings.AI_TEACHER_CREDITS_PER_DAY = 3, 5
    assert selectors.credits_of(student, NOW).limit == 3
    assert selectors.credits_of(teacher, NOW).limit == 5
