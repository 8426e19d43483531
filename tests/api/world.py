"""A small school in which every kind of person owns something: what rights and input are tried on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts import keys
from apps.accounts.models import User
from apps.accounts.services import sign_in_by_token
from apps.accounts.services.devices import Client
from apps.accounts.tests.factories import (
    PASSWORD,
    AdminFactory,
    ApplicationFactory,
    DeviceFactory,
    ModeratorFactory,
    TeacherFactory,
    UserFactory,
)
from apps.community import services as forum
from apps.community.models import Kind
from apps.community.services import comments
from apps.community.services.reports import uphold
from apps.community.tests.factories import ForumCategoryFactory
from apps.core.models import Job
from apps.courses import services as courses
from apps.courses.models import Course, Lesson, Module
from apps.courses.tests.factories import CategoryFactory
from apps.enrollment import services as seats
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import choices as habit
from apps.gamification.services.acts import record
from apps.learning.engine.marking import right_answer
from apps.learning.models import Answer, PretestAnswer, Quiz
from apps.learning.services import attempts, concepts, notes, pretests, reviews
from apps.learning.services.tutor import ask_tutor
from apps.learning.tests.factories import TEXT, quiz_with
from apps.media.services import store_upload
from apps.media.tests.files import picture
from apps.messaging import services as messaging
from apps.notifications.services import notify
from apps.payments.tests.factories import PaymentFactory
from apps.social.services import change_profile

PEOPLE = (
    "visitor",
    "student",
    "stranger",
    "owner",
    "teacher",
    "newcomer",
    "moderator",
    "admin",
)
MISSING = 999_999_999
HUGE = 2**63 + 11


class World:
    """`student` learns in the courses of `owner`; `newcomer` is a teacher nobody has verified."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.people: dict[str, User] = {
            "student": UserFactory(email="student@world.test", username="world-student"),
            "stranger": UserFactory(email="stranger@world.test", username="world-stranger"),
            "owner": TeacherFactory(email="owner@world.test", username="world-owner"),
            "teacher": TeacherFactory(email="teacher@world.test", username="world-teacher"),
            "newcomer": TeacherFactory(
                email="newcomer@world.test", username="world-newcomer", is_verified=False
            ),
            "moderator": ModeratorFactory(email="moderator@world.test", username="world-moderator"),
            "admin": AdminFactory(email="admin@world.test", username="world-admin"),
        }
        self.category = CategoryFactory(slug="drawing")
        self.ids: dict[str, Any] = {"-": None, "missing": MISSING, "huge": HUGE}
        self._make_courses()
        self._make_belongings()
        self._make_cards()
        self._make_quizzes()
        self._make_concepts()
        self._make_pretests()
        self._make_talk()
        self._make_discussions()
        self._make_people()
        self._make_habit()
        self._make_forum()
        self._make_conversations()

    def _make_courses(self) -> None:
        owner, newcomer = self.people["owner"], self.people["newcomer"]
        self.course = self._course(owner, "Drawing by eye", published=True)
        self.paid = self._course(owner, "Drawing for money", published=True, price_minor=2900)
        self.ids |= {
            "course": self.course.pk,
            "paid": self.paid.pk,
            "reviewed": self._course(owner, "Drawing as was told", published=True).pk,
            "draft": self._course(owner, "Drawing in secret").pk,
            "unverified-draft": self._course(newcomer, "Drawing too early").pk,
        }
        archived = self._course(owner, "Drawing of old", published=True)
        self.ids["archived"] = archived.pk
        self.archived = archived
        for name, pk in list(self.ids.items()):
            for lesson in Lesson.objects.filter(course_id=pk).order_by("position"):
                kind = "preview" if lesson.is_preview else "lesson"
                self.ids[f"{kind}-of-{name}"] = lesson.pk
                self.ids[f"module-of-{name}"] = lesson.module_id

    def _course(self, owner: User, title: str, *, published: bool = False, **fields: Any) -> Any:
        course = courses.create_course(
            owner=owner,
            title=title,
            description="How to see what is there.",
            category=self.category,
            at=self.now,
            **fields,
        )
        module = courses.add_module(course=course, title="First", editor=owner, at=self.now)
        for preview in (True, False):
            courses.add_lesson(
                module=module,
                title="Preview" if preview else "Lesson",
                content=TEXT,
                is_preview=preview,
                editor=owner,
                at=self.now,
            )
        if published:
            course = courses.publish_course(course=course, by=owner, at=self.now)
        return course

    def _make_belongings(self) -> None:
        student, owner, now = self.people["student"], self.people["owner"], self.now
        for name in ("course", "reviewed", "archived"):
            seat, _made = seats.grant_seat(student_id=student.pk, course_id=self.ids[name], at=now)
            self.ids["seat" if name == "course" else f"seat-of-{name}"] = seat.pk
        courses.archive_course(course=self.archived, by=owner, at=now)
        reviewed = Course.objects.get(pk=self.ids["reviewed"])
        review = seats.write_review(
            student=student, course=reviewed, rating=5, comment="Clear.", at=now
        )
        notification = notify(
            user_id=student.pk, kind="welcome", params={"name": "Dana"}, at=now, key="world"
        )
        ApplicationFactory(user=self.people["newcomer"])
        ApplicationFactory(user=owner, status="verified")
        job = Job.objects.create(kind="a", owner=student, created_at=now)
        self.ids |= {
            "review": review.pk,
            "notification": notification.pk,
            "device": DeviceFactory(user=student).pk,
            "applicant": self.people["newcomer"].pk,
            "verified-applicant": owner.pk,
            "job": job.pk,
            "payment": PaymentFactory(buyer=student, course=self.paid).pk,
            "refresh": self.refresh_token(student),
            "verification-key": self.verification_key(),
            "reset-key": keys.reset_key(self.people["stranger"]),
        }

    def _make_cards(self) -> None:
        for name in ("card", "graded-card"):
            note, _made = notes.add_note(
                student=self.people["student"],
                kind="basic",
                front="What forgives nothing?",
                back="Ink",
                course=self.course,
                at=self.now,
            )
            card = note.cards.get()
            self.ids[name] = card.pk
        reviews.review_card(card=card, rating=3, at=self.now)

    def _make_quizzes(self) -> None:
        student = self.people["student"]
        quizzes_of = {"quiz": "course", "draft-quiz": "reviewed", "archived-quiz": "archived"}
        for name, course in quizzes_of.items():
            quiz = quiz_with(
                lesson=Lesson.objects.get(pk=self.ids[f"lesson-of-{course}"]),
                published_at=None if name == "draft-quiz" else self.now,
            )
            self.ids[name] = quiz.pk
        for name in ("submitted-attempt", "attempt"):
            quiz = Quiz.objects.get(pk=self.ids["quiz"])
            attempt = attempts.start_attempt(quiz=quiz, student=student, at=self.now)
            if name == "submitted-attempt":
                attempts.submit_attempt(attempt=attempt, answers=[], at=self.now)
            self.ids[name] = attempt.pk

    def _make_concepts(self) -> None:
        for name in ("concept", "advanced-concept"):
            concept = concepts.add_concept(course=self.course, name=name, at=self.now)
            self.ids[name] = concept.pk

    def _make_pretests(self) -> None:
        lesson = Lesson.objects.get(pk=self.ids["lesson-of-course"])
        concepts.tag_lesson(lesson=lesson, concepts=[self.ids["concept"]], at=self.now)
        for name in ("given-up-pretest", "pretest"):
            pretest = pretests.start_pretest(
                student=self.people["student"], course=self.course, at=self.now
            )
            if name == "given-up-pretest":
                pretests.abandon_pretest(pretest=pretest, at=self.now)
            self.ids[name] = pretest.pk

    def _make_talk(self) -> None:
        lesson = Lesson.objects.get(pk=self.ids["lesson-of-reviewed"])
        reply = ask_tutor(
            student=self.people["student"], lesson=lesson, text="What is mitosis?", at=self.now
        )
        self.ids["reply"] = reply.pk

    def _make_discussions(self) -> None:
        """A question in a lesson with the teacher's answer, and a remark under the course."""
        student, at = self.people["student"], self.now
        lesson = Lesson.objects.get(pk=self.ids["lesson-of-course"])
        question = comments.write_comment(
            author=student, lesson=lesson, content="Why is ink black?", is_question=True, at=at
        )
        answer = comments.reply_to(
            comment=question, author=self.people["owner"], content="Soot.", at=at
        )
        remark = comments.write_comment(
            author=student, course=self.course, content="A calm course.", at=at
        )
        self.ids |= {"question": question.pk, "answer": answer.pk, "course-comment": remark.pk}

    def _make_people(self) -> None:
        hidden = UserFactory(username="world-hidden", is_profile_public=False)
        change_profile(user=self.people["owner"], changes={"show_activity": True})
        self.ids |= {
            "quiet-profile": self.people["student"].username,
            "person": self.people["owner"].pk,
            "profile": self.people["owner"].username,
            "hidden-person": hidden.pk,
            "hidden-profile": hidden.username,
        }

    def _make_habit(self) -> None:
        """The student missed yesterday, whatever weekday it was."""
        student = self.people["student"]
        habit.choose_rest_days(user=student, weekdays=[], at=self.now - timedelta(days=21))
        for days in (3, 2):
            learnt = Deed("lesson", f"{days} days ago", self.now - timedelta(days=days))
            record(user_id=student.pk, deeds=[learnt])

    def _make_forum(self) -> None:
        """Topics of the student; the stranger replies."""
        now = timezone.now()
        category = ForumCategoryFactory(slug="drawing-talk")
        self.ids["forum-category"] = category.pk
        topics = {}
        for name in ("topic", "quiet-topic", "locked-topic", "hidden-topic"):
            topics[name] = forum.create_topic(
                author=self.people["student"],
                category=category,
                title=f"A {name} about pens",
                content=f"Which pen is best for a {name}?",
                at=now,
            )
            self.ids[name] = topics[name].pk
        for name in ("topic", "locked-topic"):
            post = forum.reply(
                topic=topics[name],
                author=self.people["stranger"],
                content=f"A soft one for a {name}.",
                at=now,
            )
            self.ids[name.replace("topic", "post")] = post.pk
        moderator = self.people["moderator"]
        forum.lock_topic(topic=topics["locked-topic"], by=moderator, value=True, at=now)
        uphold(kind=Kind.TOPIC, object_id=self.ids["hidden-topic"], by=moderator, at=now)

    def _make_conversations(self) -> None:
        """Of student and owner, and a group of both with the teacher, who has left it."""
        student, owner, now = self.people["student"], self.people["owner"], self.now
        two, _made = messaging.start_conversation(by=student, participants=[owner], at=now)
        group, _made = messaging.start_conversation(
            by=student, participants=[owner, self.people["teacher"]], at=now
        )
        upload = store_upload(owner=student, file=a_picture(), purpose="message", at=now)
        own = {"conversation": two, "author": student, "attachment": upload}
        messages = {
            "message": messaging.send_message(content="Is ink for good?", at=now, **own),
            "answered": messaging.send_message(
                conversation=two, author=owner, content="It is.", at=now
            ),
            "group-message": messaging.send_message(
                conversation=group, author=owner, content="Welcome.", at=now
            ),
        }
        messaging.leave_conversation(conversation=group, user=self.people["teacher"], at=now)
        places = {each.user_id: each.pk for each in group.participants.all()}
        self.ids |= {name: message.pk for name, message in messages.items()}
        self.ids |= {
            "conversation": two.pk,
            "group": group.pk,
            "owner-in-group": places[owner.pk],
            "student-in-group": places[student.pk],
            "stranger": self.people["stranger"].pk,
        }

    def refresh_token(self, user: User) -> str:
        return sign_in_by_token(user=user, client=Client(), at=self.now).refresh

    def verification_key(self) -> str:
        """Of the newcomer, who hasn't verified their address yet."""
        newcomer = self.people["newcomer"]
        newcomer.email_verified = False
        newcomer.save(update_fields=["email_verified"])
        address = EmailAddress.objects.create(
            user=newcomer, email=newcomer.email, primary=True, verified=False
        )
        return keys.verification_key(address)


# ── A right body for every call ───────────────────────────────────────────────────────────────
Body = Callable[[World, Any], Any]
BODIES: dict[str, Body] = {
    "PUT /api/users/profile": lambda w, id: {
        "name": "Another Name",
        "bio": "I draw.",
        "avatar": None,
        "cover": None,
        "location": "Almaty",
        "website": "https://example.org",
        "linkedin_url": "",
        "github_url": "github.com/draws",
        "twitter_url": "@draws",
        "is_profile_public": True,
        "show_badges": True,
        "show_courses": True,
        "show_activity": False,
        "writes_from": "connected",
    },
    "PUT /api/users/{id}/block": lambda w, id: {"value": True},
    "POST /api/auth/register": lambda w, id: {
        "email": "new@world.test",
        "password": "a-long-new-password",
        "name": "Nina New",
        "role": "student",
    },
    "POST /api/auth/login": lambda w, id: {"email": "student@world.test", "password": PASSWORD},
    "POST /api/auth/refresh": lambda w, id: {"refresh": id},
    "POST /api/auth/logout": lambda w, id: {"refresh": id},
    "PATCH /api/auth/me": lambda w, id: {
        "name": "Another Name",
        "username": "another-name",
        "bio": "I draw.",
        "avatar": None,
        "locale": "ru",
        "timezone": "Europe/Moscow",
    },
    "POST /api/auth/verify-email": lambda w, id: {"key": id},
    "POST /api/auth/forgot-password": lambda w, id: {"email": "student@world.test"},
    "POST /api/auth/reset-password": lambda w, id: {"key": id, "password": "a-long-new-password"},
    "POST /api/teachers/application": lambda w, id: {
        "qualification": "Ten years of drawing.",
        "links": ["https://example.com/me"],
        "documents": [],
    },
    "POST /api/admin/teachers/{id}/refuse": lambda w, id: {"reason": "Send a diploma, please."},
    "POST /api/courses": lambda w, id: course_body(),
    "PUT /api/courses/{id}": lambda w, id: course_body(),
    "PATCH /api/courses/{id}": lambda w, id: {"title": "Drawing anew"},
    "POST /api/courses/{id}/modules": lambda w, id: {"title": "Second"},
    "POST /api/courses/{id}/reorder": lambda w, id: {"modules": order_of(id)},
    "PATCH /api/modules/{id}": lambda w, id: {"title": "Renamed"},
    "POST /api/modules/{id}/lessons": lambda w, id: lesson_body(),
    "PATCH /api/lessons/{id}": lambda w, id: lesson_body(),
    "POST /api/lessons/{id}/quiz/generate": lambda w, id: {"engine": "offline"},
    "POST /api/courses/{id}/concepts": lambda w, id: {
        "name": "Vanishing point",
        "description": "Where parallels meet.",
        "aliases": ["vp"],
        "importance": 4,
    },
    "PATCH /api/concepts/{id}": lambda w, id: {"name": "Horizon", "importance": 5},
    "PUT /api/concepts/{id}/prerequisites": lambda w, id: {"ids": [w.ids["concept"]]},
    "PUT /api/lessons/{id}/concepts": lambda w, id: {"ids": [w.ids["concept"]]},
    "PUT /api/attempts/{id}/answers": lambda w, id: {"answers": answers_to(id)},
    "POST /api/pretests/{id}/answers": lambda w, id: {"question": asked_by(id), "answer": None},
    "POST /api/attempts/{id}/submit": lambda w, id: {"answers": answers_to(id)},
    "POST /api/notifications": lambda w, id: {
        "user": id,
        "kind": "announcement",
        "title": "Maintenance",
        "body": "On Sunday.",
    },
    "PUT /api/notifications/preferences": lambda w, id: {
        "preferences": {"enrolled": {"email": False}}
    },
    "POST /api/messages/conversations": lambda w, id: {"participants": [id], "title": "Ink"},
    "PATCH /api/gamification/me": lambda w, id: {"daily_goal": 100, "rest_days": [6]},
    "PATCH /api/messages/conversations/{id}": lambda w, id: {"title": "Ink and paper"},
    "POST /api/messages/conversations/{id}/messages": lambda w, id: {"content": "And pencils?"},
    "PUT /api/messages/conversations/{id}/mute": lambda w, id: {"value": True},
    "PUT /api/messages/conversations/{id}/delivered": lambda w, id: {"sequence": 2},
    "POST /api/messages/conversations/{id}/participants": lambda w, id: {"user": w.ids["stranger"]},
    "PATCH /api/messages/participants/{id}": lambda w, id: {"is_admin": True},
    "PATCH /api/messages/{id}": lambda w, id: {"content": "Is ink for ever?"},
    "POST /api/messages/{id}/report": lambda w, id: {"reason": "Not kind."},
    "POST /api/enrollments": lambda w, id: {"course": id},
    "POST /api/payments": lambda w, id: {"course": id, "provider": "test"},
    "POST /api/reviews": lambda w, id: {"course": id, "rating": 4, "comment": "Good."},
    "POST /api/flashcards": lambda w, id: {
        "course": id,
        "front": "What is a line?",
        "back": "A point that went for a walk.",
    },
    "PATCH /api/flashcards/{id}": lambda w, id: {
        "front": "What is a dot?",
        "back": "A line that stayed.",
        "course": w.course.pk,
        "is_suspended": False,
    },
    "POST /api/lessons/{id}/tutor/messages": lambda w, id: {"text": "What does the spindle do?"},
    "POST /api/tutor/messages/{id}/rating": lambda w, id: {
        "value": -1,
        "reason": "vague",
        "comment": "And now?",
    },
    "POST /api/flashcards/{id}/review": lambda w, id: {"rating": 3, "duration_ms": 4200},
    "POST /api/forum/topics": lambda w, id: {
        "category": id,
        "title": "Which paper is best?",
        "content": "It has to be **thick**.",
        "tags": ["paper"],
    },
    "PATCH /api/forum/topics/{id}": lambda w, id: {"title": "Which paper?", "tags": ["paper"]},
    "POST /api/forum/topics/{id}/posts": lambda w, id: {"content": "The thick one, of course."},
    "POST /api/forum/topics/{id}/report": lambda w, id: {"reason": "spam", "note": "Look."},
    "PUT /api/forum/topics/{id}/read": lambda w, id: {"number": 1},
    "PATCH /api/forum/posts/{id}": lambda w, id: {"content": "The thin one, after all."},
    "POST /api/forum/posts/{id}/report": lambda w, id: {"reason": "rude"},
    "PATCH /api/reviews/{id}": lambda w, id: {"rating": 3, "comment": "Less so."},
    "POST /api/comments": lambda w, id: {
        "target": "course",
        "target_id": id,
        "content": "Which pen do you take?",
        "is_question": True,
    },
    "PUT /api/comments/{id}": lambda w, id: {"content": "Why is ink blue?"},
    "POST /api/comments/{id}/reply": lambda w, id: {"content": "Ask the squid."},
    "POST /api/comments/{id}/report": lambda w, id: {"reason": "spam", "note": "Look at it."},
    "PUT /api/comments/{id}/pin": lambda w, id: {"value": True},
    "PUT /api/comments/{id}/answer": lambda w, id: {"value": True},
    "PUT /api/courses/{id}/discussion": lambda w, id: {"is_locked": True},
    "PUT /api/lessons/{id}/discussion": lambda w, id: {"slow_mode_seconds": 30},
    "PUT /api/gamification/leaderboard/course/{id}/opt-in": lambda w, id: {"opt_in": True},
    "PUT /api/reviews/{id}/reply": lambda w, id: {"text": "Thank you."},
}


def answers_to(attempt_id: Any) -> list[dict[str, Any]]:
    rows = Answer.objects.filter(attempt_id=min(attempt_id, 2**62)).select_related("version")
    return [
        {
            "question": row.question_id,
            "answer": right_answer(row.version.kind, row.version.body),
            "duration_ms": 5000,
        }
        for row in rows
    ]


def asked_by(pretest_id: Any) -> int:
    rows = PretestAnswer.objects.filter(pretest_id=min(pretest_id, 2**62), answered_at=None)
    return rows.values_list("question_id", flat=True).first() or MISSING


def course_body() -> dict[str, Any]:
    return {
        "title": "Drawing with a pen",
        "subtitle": "Lines that stay",
        "description": "Ink forgives nothing.",
        "price": "0.00",
        "currency": "USD",
        "level": "beginner",
        "language": "en",
        "category": "drawing",
        "tags": ["ink"],
        "outcomes": ["Draw a line"],
        "prerequisites": ["A pen"],
        "thumbnail": None,
    }


def lesson_body() -> dict[str, Any]:
    return {
        "title": "Hatching",
        "content": "Parallel **lines**.",
        "video_url": "https://example.com/film.mp4",
        "duration_minutes": 7,
        "is_preview": False,
        "attachments": [],
    }


def order_of(course_id: Any) -> list[dict[str, Any]]:
    modules = Module.objects.filter(course_id=course_id).order_by("position")
    return [
        {"id": module.pk, "lessons": list(module.lessons.values_list("pk", flat=True))}
        for module in modules
    ] or [{"id": MISSING, "lessons": []}]


def a_picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("face.png", picture(size=(64, 64)), content_type="image/png")
