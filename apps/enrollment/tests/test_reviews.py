"""Reviews, and the rating that is always true."""

import pytest
from django.utils import timezone

from apps.core import personal_data
from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound
from apps.core.models import AuditEntry
from apps.core.tests.threads import together
from apps.courses.tests.factories import CourseFactory
from apps.enrollment import selectors, services
from apps.enrollment.models import Review

from .factories import EnrollmentFactory, ReviewFactory

pytestmark = pytest.mark.django_db


def write(seat, rating=5, comment="Good"):
    return services.write_review(
        student=seat.student,
        course=seat.course,
        rating=rating,
        comment=comment,
        at=timezone.now(),
    )


def rating_of(course):
    course.refresh_from_db()
    return course.avg_rating, course.review_count, course.rating_histogram


def test_a_review_sets_the_rating_and_its_change_and_end_too():
    first, second = EnrollmentFactory.create_batch(2, course=(course := CourseFactory()))
    review = write(first, 5)
    write(second, 2)
    assert rating_of(course) == (3.5, 2, [0, 1, 0, 0, 1])
    services.edit_review(review=review, rating=1, comment="", at=timezone.now())
    assert rating_of(course) == (1.5, 2, [1, 1, 0, 0, 0])
    services.delete_review(review=review, by=first.student, at=timezone.now())
    assert rating_of(course) == (2, 1, [0, 1, 0, 0, 0])
    assert not AuditEntry.objects.exists()


def test_only_the_enrolled_review_and_only_once(stranger):
    course = CourseFactory()
    with pytest.raises(NotAllowed):
        services.write_review(
            student=stranger, course=course, rating=5, comment="", at=timezone.now()
        )
    seat = EnrollmentFactory(course=course)
    write(seat)
    with pytest.raises(Conflict):
        write(seat)


@pytest.mark.parametrize(
    ("field", "rating", "comment"),
    [("rating", 0, ""), ("rating", 6, ""), ("comment", 3, "x" * 5001)],
)
def test_bad_input_names_the_field(field, rating, comment):
    with pytest.raises(Invalid) as refused:
        write(EnrollmentFactory(), rating, comment)
    assert list(refused.value.errors) == [field]


def test_a_moderators_deletion_is_written_down(moderator):
    review = write(EnrollmentFactory())
    services.delete_review(review=review, by=moderator, at=timezone.now())
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action) == (moderator, "review.deleted")
    with pytest.raises(NotFound):
        services.edit_review(review=review, rating=1, comment="", at=timezone.now())


def test_the_teacher_replies_and_nobody_else(stranger, deliver_all):
    review = ReviewFactory()
    with pytest.raises(NotAllowed):
        services.reply_to_review(review=review, by=stranger, text="Hm", at=timezone.now())
    teacher = review.course.owner
    services.reply_to_review(review=review, by=teacher, text=" Thank you. ", at=timezone.now())
    review.refresh_from_db()
    assert review.reply == "Thank you."
    assert review.replied_at
    services.reply_to_review(review=review, by=teacher, text="", at=timezone.now())
    review.refresh_from_db()
    assert (review.reply, review.replied_at) == ("", None)


def test_helpful_is_said_and_taken_back_but_not_of_ones_own(stranger):
    review = ReviewFactory()
    for expected in (True, False, True):
        held = services.vote_helpful(review=review, user=stranger, at=timezone.now())
        review.refresh_from_db()
        assert (held, review.helpful_count) == (expected, int(expected))
    assert selectors.reviews_of(review.course, stranger).get().is_helpful
    assert not selectors.reviews_of(review.course, review.student).get().is_helpful
    with pytest.raises(NotAllowed):
        services.vote_helpful(review=review, user=review.student, at=timezone.now())


def test_erasing_a_person_takes_words_and_votes_and_keeps_counts_true():
    review, other = ReviewFactory(), ReviewFactory()
    services.vote_helpful(review=other, user=review.student, at=timezone.now())
    holding = next(h for h in personal_data.holdings() if h.app == "enrollment")
    exported = holding.export(review.student)
    assert exported["reviews"][0]["comment"] == review.comment
    assert exported["helpful_votes"] == [other.pk]
    holding.erase(review.student, timezone.now())
    review.refresh_from_db()
    other.refresh_from_db()
    assert (review.comment, review.rating, other.helpful_count) == ("", 5, 0)


@pytest.mark.django_db(transaction=True)
def test_the_rating_is_true_under_parallel_reviews():
    course = CourseFactory()
    seats = EnrollmentFactory.create_batch(8, course=course)
    reviews = together(8, lambda n: write(seats[n], n % 5 + 1))
    assert rating_of(course)[2] == [2, 2, 2, 1, 1] == selectors.rating_histogram(course.pk)

    def change(number):
        if number % 2:
            services.delete_review(
                review=reviews[number], by=seats[number].student, at=timezone.now()
            )
        else:
            services.edit_review(review=reviews[number], rating=5, comment="", at=timezone.now())

    together(8, change)
    assert rating_of(course) == (5, 4, [0, 0, 0, 0, 4])
    assert Review.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_reviews_of_one_person_at_once_are_one():
    seat = EnrollmentFactory()

    def try_writing(number):
        try:
            return write(seat)
        except Conflict:
            return None

    assert sum(review is not None for review in together(4, try_writing)) == 1


@pytest.mark.django_db(transaction=True)
def test_helpful_clicked_at_once_stays_true(stranger):
    review = ReviewFactory()
    together(5, lambda n: services.vote_helpful(review=review, user=stranger, at=timezone.now()))
    review.refresh_from_db()
    assert review.helpful_count == review.votes.count() == 1
