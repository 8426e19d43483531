"""How many keep at it: who learnt lately, and who of them has a run of a week."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.tests.factories import UserFactory
from apps.gamification.selectors.deeds import Deed
from apps.gamification.selectors.figures import streaks_over
from apps.gamification.services import acts

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 10, tzinfo=UTC)


def study(*days_ago):
    person = UserFactory()
    for ago in sorted(days_ago, reverse=True):
        at = NOW - timedelta(days=ago)
        acts.record(user_id=person.pk, deeds=[Deed("lesson", str(ago), at)])


def test_shares_of_those_who_learnt_lately(django_assert_num_queries):
    study(*range(8))  # a run of eight, today as well
    study(1)
    study(6)
    study(7)  # not within the week any more
    study(*range(12, 25))  # a long run, gone
    study(40)
    with django_assert_num_queries(2):
        found = streaks_over(at=NOW)
    assert (found.today, found.week, found.month, found.with_run) == (1, 3, 5, 1)
    assert found.share_with_run == pytest.approx(1 / 3)
    assert found.stickiness == pytest.approx(1 / 5)


def test_without_anybody_there_is_no_share():
    found = streaks_over(at=NOW)
    assert found.share_with_run is None and found.stickiness is None
