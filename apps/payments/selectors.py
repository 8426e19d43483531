"""What is read about payments."""

from typing import Any

from .models import Payment, PaymentQuerySet, PaymentStatus


def payments_of(user: Any) -> PaymentQuerySet:
    """The user's payments with their courses."""
    return Payment.objects.visible_to(user).with_course()


def has_paid(user: Any, course_id: int) -> bool:
    """Whether the user's money for the course is with us."""
    return (
        Payment.objects.of(user)
        .filter(course_id=course_id, status=PaymentStatus.SUCCEEDED)
        .exists()
    )


def standing_payment(user: Any, course_id: int) -> Payment | None:
    """The user's payment for the course that is paid, or that a person looks at."""
    standing = [PaymentStatus.SUCCEEDED, PaymentStatus.REVIEW]
    return (
        Payment.objects.of(user)
        .filter(course_id=course_id, status__in=standing)
        .order_by("-created_at", "-id")
        .first()
    )
