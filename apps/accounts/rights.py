"""Who may do what: one table role × right, from which the API's permissions and the tests are made.

A right is about a kind of action; *which* rows it reaches is the business of scoped querysets.
"""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from .models import Role, User

STUDENT, TEACHER, MODERATOR, ADMIN = Role.STUDENT, Role.TEACHER, Role.MODERATOR, Role.ADMIN
EVERYBODY = frozenset(Role)

RIGHTS: dict[str, frozenset[Role]] = {
    "course.enrol": EVERYBODY,
    "course.review": EVERYBODY,
    "course.create": frozenset({TEACHER, ADMIN}),
    "course.edit": frozenset({TEACHER, MODERATOR, ADMIN}),
    "payment.make": EVERYBODY,
    "notification.send": frozenset({MODERATOR, ADMIN}),
    "teacher.verify": frozenset({ADMIN}),
    "teacher.apply": frozenset({STUDENT, TEACHER}),
    "user.change_role": frozenset({ADMIN}),
    "user.ban": frozenset({ADMIN}),
    "forum.write": EVERYBODY,
    "forum.moderate": frozenset({MODERATOR, ADMIN}),
}


# Django's model permissions in the admin, by role; what a list's actions do, services decide again.
ADMIN_PERMISSIONS: dict[str, frozenset[str]] = {
    MODERATOR: frozenset(
        {
            "courses.view_course",
            "courses.view_courseversion",
            "courses.view_category",
            "courses.add_category",
            "courses.change_category",
            "enrollment.view_review",
            "learning.view_quiz",
            "learning.view_question",
            "learning.view_tutormessage",
            "community.view_forumcategory",
            "community.add_forumcategory",
            "community.change_forumcategory",
            "community.view_topic",
            "messaging.view_messagereport",
            "community.view_comment",
            "community.view_report",
            "community.view_communityban",
            "community.add_communityban",
            "community.view_standing",
        }
    ),
}


class SignedInRequest(Request):
    """The type of requests behind a permission that wants an account."""

    user: User


def has_right(user: Any, right: str) -> bool:
    """Whether the signed-in user's role, as the database has it now, carries the right."""
    return bool(user.is_authenticated and user.is_active and user.role in RIGHTS[right])


def needs(right: str) -> type[BasePermission]:
    """The API permission for a right of the table."""
    if right not in RIGHTS:
        raise KeyError(right)

    class NeedsRight(BasePermission):
        def has_permission(self, request: Request, view: Any) -> bool:
            return has_right(request.user, right)

    NeedsRight.right = right  # type: ignore[attr-defined]
    return NeedsRight
