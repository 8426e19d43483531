from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core.compiled import any_of, compiled, number_of
from apps.core.models import Job

pytestmark = pytest.mark.django_db
User = get_user_model()

people = compiled(lambda ids: User.objects.filter(any_of("pk", ids)).order_by("name"))


def person(name="Ada", **fields):
    return User.objects.create_user(email=f"{name}@example.com", name=name, **fields)


def job_of(user, **fields):
    return Job.objects.create(owner=user, kind="x", created_at=timezone.now(), **fields)


def test_rows_are_instances_as_the_queryset_gives_them():
    second, first, _other = (person(name) for name in "BAC")
    assert people(ids=[first.pk, second.pk]) == [first, second]
    assert people(ids=[second.pk]) == [second]
    assert people(ids=[]) == []


def test_related_rows_come_along_and_data_is_decoded(django_assert_num_queries):
    job = job_of(person(), args={"deep": [1, {"of": None}]})
    jobs = compiled(lambda owner: Job.objects.filter(owner=owner).select_related("owner"))
    with django_assert_num_queries(1):
        [found] = jobs(owner=job.owner_id)
        assert (found.owner.name, found.args) == (job.owner.name, job.args)


def test_deferred_fields_are_read_when_they_are_wanted(django_assert_num_queries):
    user = person(bio="Long")
    short = compiled(lambda pk: User.objects.filter(pk=pk).defer("bio"))
    found = short.first(pk=user.pk)
    with django_assert_num_queries(1):
        assert found.bio == "Long"


def test_tuples_plain_values_and_numbers():
    user = person("Ada")
    pairs = compiled(lambda name: User.objects.filter(name=name).values_list("pk", "name"))
    names = compiled(lambda pk: User.objects.filter(pk=pk).values_list("name", flat=True))
    many = compiled(lambda name: number_of(User.objects.filter(name=name).order_by("pk")))
    assert pairs(name="Ada") == [(user.pk, "Ada")]
    assert names(pk=user.pk) == ["Ada"]
    assert (many.first(name="Ada"), many.first(name="Bob")) == (1, 0)
    assert names.first(pk=0) is None


def test_values_reach_conditions_inside_conditions():
    user, _idle = person("Ada"), person("Bob")
    job = job_of(user)
    with_work = compiled(
        lambda people, since: User.objects.filter(
            Q(Exists(Job.objects.filter(owner=OuterRef("pk"), created_at__gte=since))),
            any_of("pk", people),
        )
    )
    everybody = [each.pk for each in User.objects.all()]
    assert with_work(people=everybody, since=job.created_at) == [user]
    assert with_work(people=everybody, since=job.created_at + timedelta(seconds=1)) == []


def test_the_sql_is_made_once_and_what_is_asked_is_captured():
    made = []

    def live(key):
        made.append(key)
        return Session.objects.filter(session_key=key)

    sessions = compiled(live)
    with CaptureQueriesContext(connection) as asked:
        for key in ("one", "it's"):
            sessions(key=key)
    assert len(made) == 1
    assert [each["sql"].count("'it''s'") for each in asked] == [0, 1]


def test_a_value_that_is_missing_is_told():
    with pytest.raises(KeyError):
        people()


@pytest.mark.parametrize("pk", [2**63, 10**30, -(10**30)], ids=["2^63", "10^30", "-10^30"])
def test_a_number_that_no_row_can_have_finds_nothing(pk):
    ones = compiled(lambda pk: User.objects.filter(pk=pk))
    assert ones(pk=pk) == []
    assert User.objects.count() == 0  # the transaction goes on
