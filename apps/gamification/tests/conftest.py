import pytest

from apps.accounts.tests.factories import zone_at_noon


@pytest.fixture
def midday(student):
    """It is about noon where the student lives."""
    student.timezone = zone_at_noon()
    student.save(update_fields=["timezone"])
