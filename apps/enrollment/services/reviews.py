"""Reviews and what follows from them: the course's rating, replies, helpful votes.

A rating is counted from the reviews under the lock of the course's row, so it is always true.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound
from apps.core.kept import forget
from apps.courses import services as courses
from apps.courses.models import Course

from .. import selectors
from ..events import ReviewCreated, ReviewReplied
from ..models import HelpfulVote, Review

MAX_REVIEW = 5000


@transaction.atomic
def write_review(
    *, student: User, course: Course, rating: int, comment: str, at: datetime
) -> Review:
    """The student's one review of the course. Raises NotAllowed without a seat, Conflict for a
    second one."""
    _check(rating=rating, comment=comment)
    _lock_course(course.pk)
    seat = selectors.seat_of(student, course.pk)
    if seat is None:
        raise NotAllowed(_("Only those who are enrolled can review a course."))
    if selectors.review_by(student, course.pk):
        raise Conflict(_("You have reviewed this course already: change that review instead."))
    review = Review.objects.create(
        enrollment=seat,
        course=course,
        student=student,
        rating=rating,
        comment=comment.strip(),
        created_at=at,
        updated_at=at,
    )
    _refresh_rating(course.pk)
    publish(
        ReviewCreated(
            review_id=review.pk, student_id=student.pk, course_id=course.pk, rating=rating
        )
    )
    return review


@transaction.atomic
def edit_review(*, review: Review, rating: int, comment: str, at: datetime) -> Review:
    _check(rating=rating, comment=comment)
    review = _locked(review)
    review.rating = rating
    review.comment = comment.strip()
    review.updated_at = at
    review.save(update_fields=["rating", "comment", "updated_at"])
    _refresh_rating(review.course_id)
    return review


@transaction.atomic
def delete_review(*, review: Review, by: User, at: datetime) -> None:
    """Take the review away; what a moderator takes is written into the audit log."""
    review = _locked(review)
    if by.pk != review.student_id:
        audit.record(
            actor=by,
            action="review.deleted",
            target=review,
            at=at,
            course=review.course_id,
            student=review.student_id,
            rating=review.rating,
        )
    review.delete()
    _refresh_rating(review.course_id)


@transaction.atomic
def reply_to_review(*, review: Review, by: User, text: str, at: datetime) -> Review:
    """The teacher's answer below the review; an empty text takes it back."""
    _check(text=text)
    review = _locked(review)
    if review.course.owner_id != by.pk:
        raise NotAllowed(_("Only the course’s teacher can reply."))
    is_first = not review.reply and bool(text.strip())
    review.reply = text.strip()
    review.replied_at = at if review.reply else None
    review.save(update_fields=["reply", "replied_at"])
    forget(f"course:{review.course_id}")
    if is_first:
        publish(
            ReviewReplied(
                review_id=review.pk, student_id=review.student_id, course_id=review.course_id
            )
        )
    return review


@transaction.atomic
def vote_helpful(*, review: Review, user: User, at: datetime) -> bool:
    """Say that the review helped, or take that back; returns what holds now."""
    review = _locked(review)
    if review.student_id == user.pk:
        raise NotAllowed(_("You can’t vote for your own review."))
    taken_back, _rows = HelpfulVote.objects.filter(review=review, user=user).delete()
    if not taken_back:
        HelpfulVote.objects.create(review=review, user=user, created_at=at)
    change = -1 if taken_back else +1
    Review.objects.filter(pk=review.pk).update(helpful_count=F("helpful_count") + change)
    forget(f"course:{review.course_id}")
    return not taken_back


def _check(
    *, rating: int | None = None, comment: str | None = None, text: str | None = None
) -> None:
    errors = {}
    if rating is not None and not 1 <= rating <= 5:
        errors["rating"] = [_("From 1 to 5 stars.")]
    for field, value in {"comment": comment, "text": text}.items():
        if value is not None and len(value) > MAX_REVIEW:
            errors[field] = [_("At most %(limit)s characters.") % {"limit": MAX_REVIEW}]
    if errors:
        raise Invalid(errors=errors)


def _lock_course(course_id: int) -> None:
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course_id)


def _locked(review: Review) -> Review:
    """The review as it is now, behind the lock of its course."""
    _lock_course(review.course_id)
    found = Review.objects.select_related("course").filter(pk=review.pk).first()
    if found is None:
        raise NotFound
    return found


def _refresh_rating(course_id: int) -> None:
    courses.set_rating(course_id=course_id, histogram=selectors.rating_histogram(course_id))
