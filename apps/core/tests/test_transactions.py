"""Services that join their caller's transaction, and have their own where there is none."""

import pytest
from django.db import transaction
from django.utils import timezone

from apps.core.models import AuditEntry
from apps.core.transactions import joined


@joined
def write(*, then: type[Exception] | None = None) -> None:
    AuditEntry.objects.create(action="written", target="t", at=timezone.now())
    if then:
        raise then


@pytest.mark.django_db(transaction=True)
def test_alone_it_is_a_transaction():
    with pytest.raises(ZeroDivisionError):
        write(then=ZeroDivisionError)
    assert not AuditEntry.objects.filter(target="t").exists()


@pytest.mark.django_db(transaction=True)
def test_in_another_one_it_goes_with_it(django_assert_num_queries):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with django_assert_num_queries(1):
            write()
        raise ZeroDivisionError
    assert not AuditEntry.objects.filter(target="t").exists()
