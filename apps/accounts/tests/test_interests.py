"""What people want to learn: kept, bounded, handed out, erased."""

import pytest
from django.utils import timezone

from apps.accounts import selectors, services
from apps.core.errors import Invalid
from apps.core.personal_data import export_all

pytestmark = pytest.mark.django_db


def chosen(user):
    return [(interest.kind, interest.value) for interest in selectors.interests_of(user)]


def test_a_choice_takes_the_place_of_the_one_before(student, stranger):
    services.choose_interests(user=stranger, subjects=["python"], words=[])
    services.choose_interests(user=student, subjects=["python", "algebra"], words=["chess"])
    services.choose_interests(
        user=student, subjects=["algebra", "drawing", "drawing"], words=["chess"]
    )

    assert chosen(student) == [("subject", "algebra"), ("words", "chess"), ("subject", "drawing")]
    assert chosen(stranger) == [("subject", "python")]


def test_more_than_twenty_are_refused_and_nothing_changes(student):
    services.choose_interests(user=student, subjects=["python"], words=[])
    with pytest.raises(Invalid):
        services.choose_interests(
            user=student, subjects=[f"s{n}" for n in range(20)], words=["one more"]
        )
    assert chosen(student) == [("subject", "python")]


def test_a_replaced_subject_is_kept_once(student, stranger):
    services.choose_interests(user=student, subjects=["js", "javascript"], words=["js"])
    services.choose_interests(user=stranger, subjects=["js"], words=[])

    services.replace_subject(old="js", new="javascript")

    assert chosen(student) == [("subject", "javascript"), ("words", "js")]
    assert chosen(stranger) == [("subject", "javascript")]


def test_the_person_may_have_them_and_may_take_them_away(student):
    services.choose_interests(user=student, subjects=["python"], words=["chess"])
    data = export_all(student)["accounts"]
    assert data["interests"] == ["python", "chess"]
    assert data["personal_order"] is True

    services.erase_person(student, timezone.now())

    assert chosen(student) == []


def test_the_order_is_switched_with_the_profile(student):
    services.update_profile(user=student, changes={"personal_order": False})
    student.refresh_from_db()
    assert student.personal_order is False
