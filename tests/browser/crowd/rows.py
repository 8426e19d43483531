"""Who comes, and what there is three hundred of."""

from datetime import datetime, timedelta

from apps.accounts.models import Role, User
from apps.accounts.services import ensure_demo_account
from apps.community.models import Comment, ForumCategory, Post, Topic
from apps.community.services import recount_category, recount_topic
from apps.courses.models import Course
from apps.enrollment.models import Review
from apps.enrollment.services import complete_lesson, enroll
from apps.learning.models import Annotation, Card, Note
from apps.messaging.models import Conversation, Message, Participant
from apps.notifications.models import Notification
from apps.payments.models import Payment, PaymentStatus
from apps.social.models import Follow, Profile

from .beginners import begin_first_hours
from .course import make_course, make_drafts, seat
from .words import Words

MANY = 300
AGO = timedelta(days=400)
HOUR = timedelta(hours=1)


def fill(language: str, *, at: datetime) -> None:
    """All that the states "empty" and "full" of the pages in the language need."""
    words = Words(language)
    if User.objects.filter(username=f"full-{language}").exists():
        return
    for role in (Role.STUDENT, Role.TEACHER):
        _person(f"nothing-{role}", words, role, at, name="No" if language == "en" else "Я")
    far = ["choosing", "stepping", "ending"]
    begin_first_hours([_person(key, words, Role.STUDENT, at, name=key.title()) for key in far], at)
    teacher = _person("many", words, Role.TEACHER, at, name=words.name())
    student = _person("full", words, Role.STUDENT, at, name=words.name(), bio=words.text[:2000])
    others = _others(words, at)
    course = make_course(words, teacher, at)
    make_drafts(words, teacher, MANY, at)
    enroll(student=student, course=course, at=at)
    complete_lesson(student=student, lesson=course.lessons.in_order()[0], at=at)
    _seats_and_reviews(words, course, others, at)
    _told(words, student, course, at)
    _told(words, teacher, course, at)
    _cards(words, student, course, at)
    _discussed(words, course, student, others, at)
    _forum(words, student, others, at)
    _followed(student, others, at)
    _conversations(words, student, [teacher, *others], at)
    _paid(student, course, at)


def _person(key: str, words: Words, role: str, at: datetime, **fields: str) -> User:
    username = f"{key}-{words.language}"
    return ensure_demo_account(
        email=f"{username}@example.com",
        role=role,
        at=at - AGO,
        username=username,
        locale=words.language,
        **fields,
    )


def _others(words: Words, at: datetime) -> list[User]:
    return User.objects.bulk_create(
        User(
            email=f"one-of-many-{words.language}-{number}@example.com",
            username=f"one-of-many-{words.language}-{number}",
            name=words.name(number),
            password="!",
            email_verified=True,
            locale=words.language,
            created_at=at - AGO,
        )
        for number in range(MANY)
    )


def _seats_and_reviews(words: Words, course: Course, others: list[User], at: datetime) -> None:
    seats = [seat(course, person, at - number * HOUR) for number, person in enumerate(others)]
    type(seats[0]).objects.bulk_create(seats)
    Review.objects.bulk_create(
        Review(
            enrollment=taken,
            course=course,
            student_id=taken.student_id,
            rating=number % 5 + 1,
            comment=words.text if number % 3 else words.sentence,
            reply=words.title() if number % 4 == 0 else "",
            replied_at=at if number % 4 == 0 else None,
            created_at=at - number * HOUR,
            updated_at=at - number * HOUR,
        )
        for number, taken in enumerate(seats)
    )
    Course.objects.filter(pk=course.pk).update(
        rating_histogram=[MANY // 5] * 5,
        avg_rating=3,
        review_count=MANY,
        student_count=MANY + 1,
    )


def _told(words: Words, person: User, course: Course, at: datetime) -> None:
    params = {
        "course": course.title,
        "name": words.name(),
        "student": words.name(1),
        "teacher": words.name(),
        "rating": 5,
        "topic": words.title(),
        "title": words.title(1),
        "excerpt": words.sentence,
    }
    kinds = ["enrolled", "review_replied", "followed", "course_by_followed", "student_joined"]
    Notification.objects.bulk_create(
        Notification(
            user=person,
            kind=kinds[number % len(kinds)],
            params=params,
            url="/",
            key=f"many:{number}",
            created_at=at - number * HOUR,
        )
        for number in range(MANY)
    )


def _cards(words: Words, student: User, course: Course, at: datetime) -> None:
    """Half of them of the course, half of no course; all due."""
    notes = Note.objects.bulk_create(
        Note(
            student=student,
            course=course if number % 2 else None,
            front=words.text if number % 5 == 0 else words.title(number),
            back=words.text if number % 5 else words.word,
            created_at=at,
            updated_at=at,
        )
        for number in range(MANY)
    )
    Card.objects.bulk_create(
        Card(
            note=note,
            student=student,
            course_id=note.course_id,
            due=at - HOUR,
            unplaced_due=at - HOUR,
            created_at=at,
        )
        for note in notes
    )
    lesson = course.lessons.in_order()[0]
    Annotation.objects.bulk_create(
        Annotation(
            student=student,
            course=course,
            lesson=lesson,
            lesson_title=lesson.title,
            text=words.title(number),
            quote=words.sentence,
            section=words.title(),
            key=f"many-{number}",
            created_at=at,
            updated_at=at,
        )
        for number in range(MANY)
    )


def _discussed(
    words: Words, course: Course, student: User, others: list[User], at: datetime
) -> None:
    lesson = course.lessons.in_order()[0]
    for place in (None, lesson):
        Comment.objects.bulk_create(
            Comment(
                course=course,
                lesson=place,
                author=others[number],
                content=words.title(number) if number else words.text,
                is_question=number % 2 == 0,
                created_at=at - number * HOUR,
            )
            for number in range(MANY)
        )
        asked = Comment.objects.filter(course=course, lesson=place).latest("created_at")
        Comment.objects.bulk_create(
            Comment(
                course=course,
                lesson=place,
                root=asked,
                author=student if number % 2 else others[number],
                content=words.title(number),
                created_at=at - HOUR + number * timedelta(minutes=1),
            )
            for number in range(30)
        )
        Comment.objects.filter(pk=asked.pk).update(replies_count=30)


def _forum(words: Words, student: User, others: list[User], at: datetime) -> None:
    """A quiet room's topic, with three hundred replies."""
    room = ForumCategory.objects.order_by("-position").first()
    topic = Topic.objects.create(
        category=room,
        author=student,
        title=words.title(),
        content=words.text,
        tags=[words.word[:40], f"full-{words.language}"],
        created_at=at - AGO,
        last_post_at=at - AGO,
        last_post_by=student,
    )
    Post.objects.bulk_create(
        Post(
            topic=topic,
            author=others[number],
            number=number + 1,
            content=words.title(number) if number else words.text,
            created_at=at - AGO + number * HOUR,
        )
        for number in range(MANY)
    )
    recount_topic(topic.pk)
    recount_category(topic.category_id)


def _followed(student: User, others: list[User], at: datetime) -> None:
    Follow.objects.bulk_create(
        Follow(follower=one, followed=other, created_at=at)
        for person in others
        for one, other in ((person, student), (student, person))
    )
    Profile.objects.update_or_create(
        user=student,
        defaults={
            "followers_count": MANY,
            "following_count": MANY,
            "show_activity": True,
            "location": Words(student.locale).word,
            "website": f"https://example.com/{'long' * 60}",
        },
    )


def _conversations(words: Words, student: User, others: list[User], at: datetime) -> None:
    """One with each; that with the first has three hundred messages."""
    talks = Conversation.objects.bulk_create(
        Conversation(
            is_group=True,
            title=words.title(number, length=120),
            created_by=other,
            last_sequence=MANY if number == 0 else 1,
            last_message_at=at - number * HOUR,
            created_at=at - AGO,
        )
        for number, other in enumerate(others[:MANY])
    )
    Participant.objects.bulk_create(
        Participant(
            conversation=talk,
            user=person,
            joined_at=at - AGO,
            unread_count=0 if person == other else talk.last_sequence,
            has_written=True,
        )
        for talk, other in zip(talks, others, strict=False)
        for person in (other, student)
    )
    Message.objects.bulk_create(
        Message(
            conversation=talk,
            sequence=sequence,
            author=student if sequence % 3 == 0 else other,
            content=words.text if sequence % 9 == 0 else words.title(sequence),
            created_at=talk.last_message_at - (talk.last_sequence - sequence) * HOUR,
        )
        for talk, other in zip(talks, others, strict=False)
        for sequence in range(1, talk.last_sequence + 1)
    )


def _paid(student: User, course: Course, at: datetime) -> None:
    Payment.objects.bulk_create(
        Payment(
            buyer=student,
            course=course,
            amount_minor=99_999_999,
            currency="USD" if student.locale == "en" else "RUB",
            status=PaymentStatus.FAILED if number % 2 else PaymentStatus.REFUNDED,
            provider="test",
            failure=Words(student.locale).sentence if number % 2 else "",
            created_at=at - number * HOUR,
            completed_at=at - number * HOUR,
        )
        for number in range(MANY)
    )
