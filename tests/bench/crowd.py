"""People for measuring over HTTP: signed in, with seats, lessons done and cards, written in bulk."""

import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from apps.accounts import tokens
from apps.accounts.models import Device, User
from apps.courses.models import Course, Lesson, Module
from apps.enrollment.models import Enrollment, LessonCompletion, SeatStatus
from apps.learning.models import Card, CardState, Note

SEATS, CARDS, DUE = 3, 60, 20
LEARNT, LESSONS = 60, 5  # courses, and lessons of each
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in twice: in a browser, and with a client of the API."""

    user: User
    session_key: str
    device: Device
    lesson_page: str = ""

    def token(self, at: datetime) -> str:
        return tokens.access_token(user=self.user, device=self.device, at=at)


def gathered(count: int, at: datetime, chance: random.Random) -> list[Person]:
    """So many new students with seats in courses that have lessons, and cards of their own."""
    mark = secrets.token_hex(4)
    users = User.objects.bulk_create(
        User(
            email=f"crowd-{mark}-{number}@bench.example",
            username=f"crowd-{mark}-{number}",
            name=f"Student {number}",
            password="!",
            email_verified=True,
            created_at=at,
        )
        for number in range(count)
    )
    pages = _seated(users, at, chance)
    _remembering(users, at, chance)
    clients = Device.objects.bulk_create(_device(user, "", at) for user in users)
    browsers = Device.objects.bulk_create(
        _device(user, secrets.token_hex(16), at) for user in users
    )
    Session.objects.bulk_create(_session(user, device, at) for user, device in zip(users, browsers))
    return [
        Person(user, browser.session_key, client, page)
        for user, client, browser, page in zip(users, clients, browsers, pages, strict=True)
    ]


def _device(user: User, session_key: str, at: datetime) -> Device:
    return Device(user=user, session_key=session_key, created_at=at, seen_at=at)


def _session(user: User, device: Device, at: datetime) -> Session:
    data = {
        "_auth_user_id": str(user.pk),
        "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
        "_auth_user_hash": user.get_session_auth_hash(),
        "device": device.pk,
        "seen": at.timestamp(),
    }
    return Session(
        session_key=device.session_key,
        session_data=SessionStore().encode(data),
        expire_date=at + DAY,
    )


def _seated(users: list[User], at: datetime, chance: random.Random) -> list[str]:
    """Seats, each with its course's first lesson done; the address of a lesson for each person."""
    lessons = _lessons(at)
    seats, pages = [], []
    for user in users:
        chosen = chance.sample(sorted(lessons), min(SEATS, len(lessons)))
        seats += [
            Enrollment(
                student=user,
                course_id=course_id,
                status=SeatStatus.IN_PROGRESS,
                completed_lessons=1,
                progress_percent=100 // len(lessons[course_id]),
                enrolled_at=at,
                last_activity_at=at,
            )
            for course_id in chosen
        ]
        open_lesson = lessons[chosen[0]][-1]
        pages.append(f"/learn/{open_lesson.course.slug}/{open_lesson.pk}/")
    Enrollment.objects.bulk_create(seats)
    LessonCompletion.objects.bulk_create(
        LessonCompletion(enrollment=seat, lesson=lessons[seat.course_id][0], completed_at=at)
        for seat in seats
    )
    return pages


def _lessons(at: datetime) -> dict[int, list[Lesson]]:
    """Lessons of some courses by the course's id; made-up courses have them as a figure alone."""
    courses = list(Course.objects.published().order_by("-student_count")[:LEARNT])
    found = {
        course.pk: list(Lesson.objects.filter(course=course).order_by("position"))
        for course in courses
    }
    bare = [course for course in courses if not found[course.pk]]
    modules = Module.objects.bulk_create(
        Module(course=course, title="Module", position=1) for course in bare
    )
    Course.objects.filter(pk__in=[course.pk for course in bare]).update(lesson_count=LESSONS)
    for lesson in Lesson.objects.bulk_create(
        Lesson(
            course=module.course,
            module=module,
            title=f"Lesson {position}",
            content="## Why it matters\n\n" + "One idea, an **example** and a task. " * 60,
            duration_minutes=10,
            position=position,
            created_at=at,
            updated_at=at,
        )
        for module in modules
        for position in range(1, LESSONS + 1)
    ):
        found[lesson.course_id].append(lesson)
    return found


def _remembering(users: list[User], at: datetime, chance: random.Random) -> None:
    """Cards of a few months, of which some are due."""
    notes = Note.objects.bulk_create(
        Note(student=user, front=f"Front {n}", back="Back", created_at=at, updated_at=at)
        for user in users
        for n in range(CARDS)
    )
    Card.objects.bulk_create(
        _card(note, at, days=chance.randint(5, 90), is_due=number % CARDS < DUE)
        for number, note in enumerate(notes)
    )


def _card(note: Note, at: datetime, *, days: int, is_due: bool) -> Card:
    due = at + (-days if is_due else days) * DAY / 5
    return Card(
        note=note,
        student_id=note.student_id,
        state=CardState.REVIEW,
        step=None,
        stability=days,
        difficulty=5,
        due=due,
        unplaced_due=due,
        last_review=due - days * DAY,
        reps=4,
        created_at=at - 90 * DAY,
    )


def free_course_ids(count: int) -> list[int]:
    """Courses that anybody may enrol in, none of the most popular, where seats would queue."""
    free = Course.objects.published().filter(price_minor=0).order_by("-pk")
    return list(free.values_list("pk", flat=True)[:count])
