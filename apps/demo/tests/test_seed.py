from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import override_settings
from django.utils import timezone, translation

from apps.accounts.models import TeacherApplication, User
from apps.accounts.selectors import pending_applications
from apps.analytics.models import TrackedEvent
from apps.community.models import CommunityBan
from apps.core.models import Delivery
from apps.courses.models import Course, Lesson
from apps.demo import texts
from apps.demo.services.habits import settle_habits
from apps.demo.services.paces import Pace
from apps.enrollment.models import Enrollment, SeatStatus
from apps.enrollment.models import Review as CourseReview
from apps.gamification.models import Habit, Moment
from apps.gamification.selectors.habits import habit_of
from apps.gamification.services.proving import rebuild
from apps.learning.models import (
    Annotation,
    Attempt,
    Card,
    Concept,
    Evidence,
    Mastery,
    Prerequisite,
    Pretest,
    Question,
    QuestionConcept,
    Quiz,
    Review,
    Speaker,
    Statement,
    TutorMessage,
)
from apps.learning.selectors.cards import due_count
from apps.messaging.models import Conversation, Message, Participant
from apps.notifications.models import Dispatch, Notification
from apps.payments.models import Payment
from apps.referrals.models import Referral, ReferralCode, ReferralState, Reward
from apps.search import services as search
from apps.search.services.tallies import mend
from apps.social.models import Follow, Profile

COUNTED = [
    User,
    Profile,
    Follow,
    Course,
    Lesson,
    Enrollment,
    CourseReview,
    Payment,
    Notification,
    TrackedEvent,
    Question,
    Concept,
    Prerequisite,
    QuestionConcept,
    Evidence,
    Mastery,
    Pretest,
    Annotation,
    TutorMessage,
    Statement,
    Attempt,
    Card,
    Review,
    Conversation,
    Participant,
    Message,
    Referral,
    ReferralCode,
    Reward,
    CommunityBan,
]


def few(patch):
    """Two courses of the demo: what is proved of them holds for the others."""
    all_courses = texts.read_courses()
    kept = [all_courses[0], next(each for each in all_courses if each.language == "ru")]
    patch.setattr(texts, "read_courses", lambda: kept)
    people = texts.read_people()
    dana = next(person for person in people if person.key == "dana")
    mine = [row for row in dana.seats if row["course"] == kept[0].key]
    # long enough ago to have reviewed, and with all that she did in other courses
    dana.seats[:] = [row | {"began": 40, "ended": 20, "knows": 0.3} for row in mine]
    dana.notes[:] = [dana.notes[-1] | {"course": kept[0].key, "lesson": 1}]
    dana.talk.update(course=kept[0].key, lesson=1, says=["What is encoding?"])
    patch.setattr(texts, "read_people", lambda: people)
    around = texts.read_crowd()
    living = {"jonas", "gleb"}  # the others have come and not begun
    quiet = [who if who.key in living else replace(who, pace="") for who in around]
    patch.setattr(texts, "read_crowd", lambda: quiet)
    return kept


def seed():
    call_command("seed_demo")


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, tmp_path_factory):
    """Seeded once for the tests of this module, each of which undoes what it does itself."""
    media = tmp_path_factory.mktemp("demo")
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO_MODE=True, MEDIA_ROOT=media),
        transaction.atomic(),
    ):
        with pytest.MonkeyPatch.context() as patch:
            courses = few(patch)
            seed()
        translation.deactivate()
        yield courses
        transaction.set_rollback(True)


@pytest.fixture
def seed_again(seeded, db, monkeypatch, settings):
    settings.DEMO_MODE = True
    few(monkeypatch)
    return seed


@pytest.mark.django_db
def test_makes_people_courses_and_what_follows(seeded):
    assert set(Course.objects.published().values_list("title", flat=True)) == {
        course.title for course in seeded
    }
    teacher = User.objects.get(email="teacher@example.com")
    assert teacher.is_teacher and teacher.is_verified
    assert teacher.check_password("demo-pass-123")
    assert Enrollment.objects.filter(status=SeatStatus.COMPLETED).exists()
    told = {(review.student, review.comment) for course in seeded for review in course.reviews}
    assert told <= set(CourseReview.objects.values_list("student__username", "comment"))
    assert [each.user.username for each in pending_applications()] == ["yusuf"]


@pytest.mark.django_db
def test_shows_people_who_follow_each_other_and_one_who_is_private(seeded):
    felix = User.objects.get(username="felix")
    assert (
        Profile.objects.get(user=felix).followers_count
        == Follow.objects.filter(followed=felix).count()
    )
    assert Profile.objects.exclude(website="").count() > 5
    hidden = User.objects.filter(is_profile_public=False)
    assert [person.username for person in hidden] == ["tomas"]


@pytest.mark.django_db
def test_shows_who_came_by_whose_invitation(seeded):
    guests = texts.read_people()
    came = {(each.referrer.username, each.referee.username) for each in Referral.objects.all()}
    assert came == {(each.invited_by, each.key) for each in guests if each.invited_by}
    states = set(Referral.objects.values_list("state", flat=True))
    assert states >= {ReferralState.PENDING, ReferralState.REWARDED}
    dana = User.objects.get(username="dana")
    told = TrackedEvent.objects.filter(name="referral.rewarded", user_id=dana.pk)
    earned = Reward.objects.filter(user=dana)
    assert set(told.values_list("at", flat=True)) == set(
        earned.values_list("created_at", flat=True)
    )


@pytest.mark.django_db
def test_shows_somebody_in_either_language_who_may_not_write(seeded):
    banned = CommunityBan.objects.standing(timezone.now()).values_list("user__locale", flat=True)
    assert sorted(banned) == ["en", "ru"]


@pytest.mark.django_db
def test_lets_people_study(seeded):
    waiting = Quiz.objects.filter(published_at=None, questions__isnull=False).distinct()
    assert 1 <= waiting.count() <= len(seeded)  # what its teacher has still to read
    assert Quiz.objects.published().count() >= 10
    assert Attempt.objects.filter(percent__lt=100).exists()
    dana = User.objects.get(email="student@example.com")
    assert Review.objects.filter(student=dana, reviewed_at__lt=timezone.now()).exists()
    assert due_count(dana, timezone.now()) < Card.objects.filter(student=dana).count()
    learnt = habit_of(dana).folded().run
    assert learnt.run and learnt.last_day >= timezone.now().date() - timedelta(days=1)


@pytest.mark.django_db
def test_shows_what_a_student_knows_and_how_it_came(seeded):
    dana = User.objects.get(email="student@example.com")
    assert Concept.objects.count() == sum(len(course.concepts) for course in seeded)
    assert Pretest.objects.get(student=dana).finished_at is not None
    kinds = set(Evidence.objects.filter(student=dana).values_list("kind", flat=True))
    assert kinds >= {"pretest", "quiz", "card", "lesson"}
    assert Mastery.objects.filter(student=dana, mastered=True).exists()
    assert Annotation.objects.filter(student=dana).count() == 1
    speakers = TutorMessage.objects.order_by("pk").values_list("speaker", flat=True)
    assert list(speakers) == [Speaker.STUDENT, Speaker.TUTOR]
    read = Statement.objects.filter(actor_id=dana.pk, verb="interacted")
    assert read.count() > 10


@pytest.mark.django_db
def test_leaves_nothing_for_the_workers_and_no_letters(seeded):
    assert Notification.objects.exists()
    assert list(Delivery.objects.values_list("subscriber", "last_error")) == []
    assert not Dispatch.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prove", "options"),
    [
        ("replay_habits", {"check": True}),
        ("replay_mastery", {"check": True}),
        ("replay_cards", {}),
        ("recount", {}),
        ("recount_follows", {}),
        ("recount_messages", {}),
    ],
)
def test_is_what_its_own_logs_and_rows_make(seeded, prove, options):
    call_command(prove, **options)  # ends with 1, which is a SystemExit, when something differs


@pytest.mark.django_db
def test_leaves_no_figure_beside_its_rows(seeded):
    wrong = rebuild(course_id=None, at=timezone.now())
    assert (wrong.totals, search.check(mend=False).total, mend()) == (0, 0, 0)


@pytest.mark.django_db
def test_people_live_in_their_own_zones_on_their_own_days(seeded):
    anna = User.objects.get(email="anna@example.com")
    zone = ZoneInfo(anna.timezone)
    past = Review.objects.filter(student=anna).values_list("reviewed_at", flat=True)
    walls = [moment.astimezone(zone) for moment in past]
    early = [wall for wall in walls if 5 <= wall.hour < 8]
    assert len(early) > 0.9 * len(walls) > 20
    assert len({wall.minute for wall in walls}) > 10 and len({wall.date() for wall in walls}) > 10


@pytest.mark.django_db
def test_everybody_knows_and_keeps_another_share(seeded):
    shown = Attempt.objects.order_by().values_list("percent", flat=True)
    assert len(set(shown)) > 3 and min(shown) < 70 < max(shown)
    living = Habit.objects.filter(user__role="student", last_day__isnull=False)
    points = list(living.values_list("xp", flat=True))
    assert len(set(points)) == len(points) > 8


@pytest.mark.django_db
def test_tells_of_the_past(seeded):
    seat = Enrollment.objects.order_by("enrolled_at").first()
    told = TrackedEvent.objects.get(
        name="enrollment.created", user_id=seat.student_id, course_id=seat.course_id
    )
    assert told.at == seat.enrolled_at


@pytest.mark.django_db
def test_celebrations_of_others_wait_for_them(student, stranger):
    now = timezone.now()
    for person in (student, stranger):
        Moment.objects.create(user=person, kind="level", key="2", created_at=now)
    assert settle_habits([student], at=now) == 1
    assert Moment.objects.get(user=stranger).seen_at is None


@pytest.mark.django_db
def test_a_second_run_changes_nothing(seed_again):
    before = [model.objects.count() for model in COUNTED]
    revisions = list(Course.objects.order_by("pk").values_list("revision", flat=True))
    seed_again()
    assert [model.objects.count() for model in COUNTED] == before
    assert list(Course.objects.order_by("pk").values_list("revision", flat=True)) == revisions


@pytest.mark.django_db
def test_leaves_what_people_have_changed(seeded, seed_again):
    course = Course.objects.get(title=seeded[0].title)
    from apps.courses.services import update_course

    update_course(
        course=course, editor=course.owner, changes={"title": "Renamed"}, at=course.updated_at
    )
    seed_again()
    assert Course.objects.filter(owner=course.owner).count() == 1
    assert TeacherApplication.objects.filter(status="pending").count() == 1


@pytest.mark.django_db
def test_refuses_outside_demo_mode(settings):
    settings.DEMO_MODE = False
    before = User.objects.count()
    with pytest.raises(CommandError):
        seed()
    assert User.objects.count() == before


def test_texts_are_complete():
    everybody = [*texts.read_people(), *texts.read_crowd()]
    paces = {name: Pace.of(row) for name, row in texts.read_paces().items()}
    assert {person.pace for person in everybody} - {""} <= paces.keys()
    assert len({person.key for person in everybody}) == len(everybody) >= 60
    courses, people = texts.read_courses(), {person.key for person in everybody}
    assert len(courses) >= 12
    for course in courses:
        assert {course.teacher, *(review.student for review in course.reviews)} <= people
        lessons = [lesson for _title, lessons in course.modules for lesson in lessons]
        assert [lesson.is_preview for lesson in lessons].count(True) == 1
        assert all(300 <= len(lesson.content.split()) <= 900 for lesson in lessons)
        assert {row.lesson for row in course.concepts} == {lesson.file for lesson in lessons}
        known: set[str] = set()
        for row in course.concepts:  # a concept needs earlier ones only
            assert row.needs.keys() <= known
            known.add(row.name)
