"""Keyset pages: every row once, in order, forwards and back, over ties and any depth."""

import base64

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.core.errors import Invalid
from apps.core.models import AuditEntry
from apps.core.pagination import paginate


def walk(queryset, ordering, limit):
    """All pages forwards, then back from the last one."""
    pages, cursor = [], None
    while True:
        page = paginate(queryset, ordering=ordering, cursor=cursor, limit=limit)
        pages.append(page)
        if page.next is None:
            break
        cursor = page.next
    forwards = [[row.pk for row in page.items] for page in pages]
    backwards = [forwards[-1]]
    while page.previous:
        page = paginate(queryset, ordering=ordering, cursor=page.previous, limit=limit)
        backwards.insert(0, [row.pk for row in page.items])
    return forwards, backwards


class EveryRowOnce(TestCase):
    @settings(deadline=None)  # a busy machine isn't a fault
    @given(
        targets=st.lists(st.sampled_from("abc"), max_size=12),
        ordering=st.sampled_from(
            [("target", "id"), ("-target", "id"), ("target", "-id"), ("-id",)]
        ),
        limit=st.integers(1, 5),
    )
    def test_forwards_and_back(self, targets, ordering, limit):
        at = timezone.now()
        rows = AuditEntry.objects.bulk_create(
            AuditEntry(action="x", target=target, at=at) for target in targets
        )
        mine = AuditEntry.objects.filter(pk__in=[row.pk for row in rows])
        forwards, backwards = walk(mine, ordering, limit)
        assert sum(forwards, []) == list(mine.order_by(*ordering).values_list("pk", flat=True))
        assert backwards == forwards


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "AAAA", "W10", "WzAsMSwyXQ", "WzAse31d", "é", "A" * 5000])
def test_a_cursor_we_did_not_make_is_told(cursor):
    with pytest.raises(Invalid) as refused:
        paginate(AuditEntry.objects.all(), ordering=("-id",), cursor=cursor, limit=5)
    assert "cursor" in refused.value.errors


def cursor_of(value: str) -> str:
    return base64.urlsafe_b64encode(f"[0,{value}]".encode()).decode().rstrip("=")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [
        "Infinity",
        "-1e400",
        "NaN",
        '{"d":"Infinity"}',
        '{"d":"1e999999"}',
        '{"t":"0001-01-01T00:00:00+23:59"}',
        '"\\ud800"',
        "[" * 3000,
    ],
)
def test_a_value_that_no_row_can_have_is_told(value):
    for ordering in ("-id", "target"):
        with pytest.raises(Invalid):
            paginate(
                AuditEntry.objects.all(), ordering=[ordering], cursor=cursor_of(value), limit=5
            )
