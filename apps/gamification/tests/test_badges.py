"""All sixty-four badges: their data, and each earned by what people really do.

What comes before the last step is told to the log at once; the last step is taken by the services of
the lower apps, or by rows and the event that they publish, and delivered as everything is.
"""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from apps.accounts.events import UserRegistered
from apps.accounts.tests.factories import TeacherFactory, UserFactory
from apps.community import services as community
from apps.community.services.likes import toggle_like
from apps.community.tests.factories import ForumCategoryFactory, PostFactory, TopicFactory
from apps.core import bus
from apps.core.bus import publish
from apps.core.templatetags.ui import icon
from apps.courses.events import CoursePublished
from apps.courses.services.courses import create_course
from apps.courses.tests.factories import CategoryFactory, CourseFactory, LessonFactory
from apps.enrollment.services import complete_lesson, enroll, write_review
from apps.gamification.engine import badges, fold, streak
from apps.gamification.engine.badges import ASKED_BY_ALL, BADGES, Group
from apps.gamification.engine.fold import Act as Line
from apps.gamification.engine.fold import Day, State
from apps.gamification.engine.rules import RULES
from apps.gamification.models import Act, Award, Habit
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts
from apps.gamification.services.grants import grant_badge
from apps.gamification.services.replay import replay
from apps.learning.engine.marking import right_answer
from apps.learning.events import ConceptMastered
from apps.learning.models import Mastery
from apps.learning.services import attempts
from apps.learning.tests.factories import ConceptFactory, quiz_with
from apps.referrals import services as referrals
from apps.referrals.models import Inviter
from apps.referrals.tests.factories import CodeFactory
from apps.social.services.follows import follow

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
SATURDAY = datetime(2026, 3, 7, 12, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


# ── The data ──────────────────────────────────────────────────────────────────────────────────
def test_there_are_sixty_and_four():
    assert len(BADGES) == 64
    assert len({badge.name_en for badge in BADGES.values()}) == 64
    assert len({badge.name_ru for badge in BADGES.values()}) == 64
    assert len({badge.icon for badge in BADGES.values()}) == 64


@pytest.mark.parametrize("badge", BADGES.values(), ids=lambda badge: badge.slug)
def test_a_badge_is_whole(badge):
    assert badge.slug == re.sub("[^a-z]+", "-", badge.name_en.lower())
    assert badge.group in list(Group)
    assert badge.points > 0
    assert badge.target >= 1
    for text in (badge.name_ru, badge.description_ru):
        assert re.search("[а-яё]", text)
    for text in (badge.name_en, badge.description_en):
        assert text
        assert not re.search("[а-яё]", text)
    assert "<svg" in icon(badge.icon)


def test_rarity_follows_from_the_points():
    for badge in BADGES.values():
        if badge.mythic:
            continue
        most = {"common": 50, "uncommon": 100, "rare": 250, "epic": 500}.get(badge.rarity)
        least = {"common": 1, "uncommon": 51, "rare": 101, "epic": 251, "legendary": 501}
        assert least[badge.rarity] <= badge.points <= (most or badge.points)
    rarities = {slug: badge.rarity for slug, badge in BADGES.items()}
    assert rarities["unstoppable"] == "rare"
    assert rarities["legendary-streak"] == "epic"
    assert rarities["eternal"] == "legendary"
    assert rarities["referral-legend"] == "epic"
    assert [slug for slug, rarity in rarities.items() if rarity == "mythic"] == [
        "ultimate-champion"
    ]


def test_streaks_have_the_badges_of_their_lengths():
    found = {badge.target for badge in badges.by_counter("streak")}
    assert found == set(streak.MILESTONES)


def test_all_that_can_be_earned_at_any_time_is_asked_for_by_the_last():
    last = BADGES["ultimate-champion"]
    assert last.hidden
    assert last.target == len(ASKED_BY_ALL) == 64 - 1 - 3 - 4
    assert [badge.slug for badge in BADGES.values() if badge.hidden] == ["ultimate-champion"]


def test_every_counter_is_one_that_an_act_moves():
    """By an act of each rule with all facts that any of them asks for."""
    state, day = State(), Day(NOW.date())
    facts = {
        "fast": True, "long": True, "category": 1, "number": 1, "quick": True, "thorough": True,
        "first_try": True, "whole": True, "asker": 1, "rating": 5, "loved": 1, "first": True,
        "completed": 1, "joined": 1, "settings": [], "since": "2026-03-09", "weekdays": [],
        **dict.fromkeys(fold.STUDY_TIMES, True),
    }  # fmt: skip
    for rule in set(RULES) - {"badge"}:
        sources = {
            "granted": [badge.slug for badge in BADGES.values() if badge.by_hand],
            "repair": ["2026-03-03"],
        }.get(rule, ["1"])
        for source in sources:
            line = Line(rule, source, SATURDAY.date(), SATURDAY, facts=facts)
            fold.fold(state, line, day, list)
    moved = {name for name, value in state.counters.items() if value}
    asked = {badge.counter for badge in BADGES.values()} - {badges.ALL, "streak"}
    assert asked <= moved


# ── What people do ────────────────────────────────────────────────────────────────────────────
class World:
    """One person who comes close, then gets there."""

    def __init__(self):
        long_ago = NOW - 60 * DAY
        self.person = TeacherFactory(created_at=long_ago)
        self.category = CategoryFactory()

    def tell(self, rule, count, at=NOW - 10 * DAY, **facts):
        """So many deeds of the rule, in one call; a list among the facts has one value for each."""
        found = []
        for number in range(count):
            own = {name: v[number] if isinstance(v, list) else v for name, v in facts.items()}
            found.append(Deed(rule, f"before:{number}", at, facts=own))
        acts.record(user_id=self.person.pk, deeds=found)

    def lesson(self, at=NOW, person=None):
        course = CourseFactory(category=self.category)
        first = LessonFactory(course=course)
        LessonFactory(course=course)
        enroll(student=person or self.person, course=course, at=at)
        complete_lesson(student=person or self.person, lesson=first, at=at)

    def course(self, at=NOW, enrolled=None, **fields):
        course = CourseFactory(**{"category": self.category, **fields})
        lesson = LessonFactory(course=course)
        enroll(student=self.person, course=course, at=enrolled or at - 3 * DAY)
        complete_lesson(student=self.person, lesson=lesson, at=at)

    def quiz(self, quiz=None, right=None, took=10 * MINUTE, at=NOW):
        """Hand in an attempt with so many right answers, by default all."""
        quiz = quiz or quiz_with("single", "true_false")
        attempt = attempts.start_attempt(quiz=quiz, student=self.person, at=at)
        rows = list(attempt.answers.select_related("version"))
        given = [
            attempts.Given(row.question_id, right_answer(row.version.kind, row.version.body), 1000)
            for row in rows[: len(rows) if right is None else right]
        ]
        attempts.submit_attempt(attempt=attempt, answers=given, at=at + took)
        return quiz

    def quiz_again(self, times, quiz=None):
        quiz = quiz or quiz_with("single")
        for number in range(times):
            self.quiz(quiz, right=0, at=NOW + number * HOUR)
        return quiz

    def concept(self, concept=None):
        concept = concept or ConceptFactory()
        mastery = {"course": concept.course, "started": 0.1, "m": 0.9, "mastered": True}
        Mastery.objects.create(student=self.person, concept=concept, **mastery)
        with transaction.atomic():
            publish(
                ConceptMastered(
                    student_id=self.person.pk, course_id=concept.course_id, concept_id=concept.pk,
                    evidence_id=1,
                )
            )  # fmt: skip

    def whole_map(self, left_out=0):
        course = CourseFactory()
        concepts = ConceptFactory.create_batch(3, course=course)
        for concept in concepts[: 3 - left_out]:
            self.concept(concept)

    def comment(self):
        topic = TopicFactory(created_at=NOW - DAY)
        community.reply(topic=topic, author=self.person, content="By mitosis.", at=NOW)

    def topic(self):
        community.create_topic(
            author=self.person, category=ForumCategoryFactory(), title="Cells",
            content="How do they divide?", at=NOW,
        )  # fmt: skip

    def like(self):
        post = PostFactory(author=self.person, created_at=NOW - DAY)
        toggle_like(user=UserFactory(), kind="post", object_id=post.pk, at=NOW)

    def best_answer(self):
        post = PostFactory(author=self.person, created_at=NOW - DAY)
        community.choose_best(post=post, by=post.topic.author, at=NOW)

    def follower(self):
        follow(follower=UserFactory(), followed=self.person, at=NOW)

    def made(self):
        create_course(owner=self.person, title="Cells", at=NOW)

    def published(self):
        course = CourseFactory(owner=self.person, published_at=NOW)
        with transaction.atomic():
            publish(CoursePublished(course_id=course.pk, owner_id=self.person.pk))

    def student(self):
        enroll(student=UserFactory(), course=CourseFactory(owner=self.person), at=NOW)

    def opinion(self, *ratings, owned=0):
        CourseFactory.create_batch(owned, owner=self.person, avg_rating=4.6)
        course = CourseFactory(owner=self.person)
        for rating in ratings:
            student = UserFactory()
            enroll(student=student, course=course, at=NOW)
            write_review(student=student, course=course, rating=rating, comment="", at=NOW)

    def days(self, count):
        """The last of so many days in a row is today's."""
        found = [
            Deed("lesson", f"day:{number}", NOW - (count - 1 - number) * DAY)
            for number in range(count - 1)
        ]
        acts.record(user_id=self.person.pk, deeds=found)

    def registered(self):
        with transaction.atomic():
            publish(UserRegistered(user_id=self.person.pk, role="teacher"))

    def invited(self, joined=0, completed=0):
        Inviter.objects.create(user=self.person, joined_count=joined, completed_count=completed)
        self.code = CodeFactory(owner=self.person, created_at=NOW - DAY, max_uses=500)

    def invite(self, finishes=True):
        referee = UserFactory(created_at=NOW)
        referrals.refer(referee_id=referee.pk, code=self.code.code, at=NOW)
        if finishes:
            referrals.complete_referral(referee_id=referee.pk, at=NOW)

    def lives_in(self, zone, birthday=None):
        self.person.timezone, self.person.birthday = zone, birthday
        self.person.save()


def nothing(_world, _count):
    pass


def told(rule, **facts):
    return lambda world, count: world.tell(rule, count, **facts)


def various(rule, fact):
    return lambda world, count: world.tell(rule, count, **{fact: [10**6 + n for n in range(count)]})


# counter → (what brings somebody so far, the last step)
STEPS = {
    "lessons": (told("lesson"), World.lesson),
    "courses": (told("course"), World.course),
    "fast_courses": (nothing, lambda world: world.course(enrolled=NOW - 24 * HOUR)),
    "long_courses": (nothing, lambda world: world.course(duration_minutes=600)),
    "categories": (various("course", "category"), World.course),
    "in_one_category": (
        lambda world, count: world.tell("course", count, category=world.category.pk),
        World.course,
    ),
    "night": (nothing, lambda world: world.lesson(NOW.replace(hour=23))),
    "early": (nothing, lambda world: world.lesson(NOW.replace(hour=6, minute=59))),
    "weekend_lessons": (
        lambda world, count: world.tell("lesson", count, at=SATURDAY),
        lambda world: world.lesson(SATURDAY + DAY),
    ),
    "quizzes": (told("quiz"), World.quiz),
    "perfect_quizzes": (told("perfect"), World.quiz),
    "quick_quizzes": (nothing, lambda world: world.quiz(took=5 * MINUTE)),
    "thorough_courses": (nothing, World.quiz),
    "attempts_at_one": (
        lambda world, count: setattr(world, "hard", world.quiz_again(count)),
        lambda world: world.quiz(world.hard, right=0, at=NOW + DAY),
    ),
    "first_tries": (nothing, World.quiz),
    "concepts": (nothing, World.concept),
    "whole_maps": (nothing, World.whole_map),
    "comments": (told("comment"), World.comment),
    "topics": (told("topic"), World.topic),
    "likes": (told("like"), World.like),
    "best_answers": (told("answer", asker=10**6), World.best_answer),
    "people_helped": (various("answer", "asker"), World.best_answer),
    "followers": (told("follower"), World.follower),
    "courses_made": (nothing, World.made),
    "courses_published": (told("published"), World.published),
    "students": (told("student"), World.student),
    "courses_loved": (
        lambda world, count: world.tell("rated", 1, rating=4, loved=count) if count else None,
        lambda world: world.opinion(5, owned=world.badge.target - 1),
    ),
    "five_stars": (told("rated", rating=5), lambda world: world.opinion(5)),
    "streak": (lambda world, count: world.days(count + 1), World.lesson),
    "early_users": (nothing, World.registered),
    "referrals": (lambda world, count: world.invited(completed=count), World.invite),
    "people_invited": (
        lambda world, count: world.invited(joined=count),
        lambda world: world.invite(finishes=False),
    ),
    "holiday": (
        lambda world, _count: world.lives_in("Europe/Moscow"),
        lambda world: world.lesson(datetime(2026, 5, 1, 12, tzinfo=UTC)),
    ),
    "new_year": (nothing, lambda world: world.lesson(datetime(2026, 1, 1, 12, tzinfo=UTC))),
    "birthday": (
        lambda world, _count: world.lives_in("UTC", date(1990, 3, 4)),
        World.lesson,
    ),
}
EARNED = [badge for badge in BADGES.values() if badge.counter in STEPS]


@pytest.fixture
def happen(deliver_all):
    """Take a step at its moment, and have it delivered."""

    def run(step, at=NOW):
        with bus.happening(at):
            step()
            deliver_all()

    return run


def has(person, slug):
    return Award.objects.filter(user=person, badge=slug).exists()


def progress(person, badge):
    state = Habit.objects.get(user=person).folded()
    return badges.current_of(badge, state.counters, state.badges)


def test_only_those_by_hand_and_the_last_are_missing_here():
    others = {badge.slug for badge in BADGES.values()} - {badge.slug for badge in EARNED}
    assert others == {
        "beta-tester", "bug-hunter", "certificate-collector", "ultimate-champion",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("badge", EARNED, ids=lambda badge: badge.slug)
def test_it_is_earned_by_the_last_step_and_once(badge, happen):
    before, step = STEPS[badge.counter]
    world = World()
    world.badge = badge
    happen(lambda: before(world, badge.target - 1))
    assert not has(world.person, badge.slug)
    if badge.counter not in ("referrals", "people_invited") and badge.target > 1:
        assert progress(world.person, badge) == badge.target - 1
    happen(lambda: step(world))
    assert has(world.person, badge.slug)
    assert progress(world.person, badge) == badge.target
    award = Act.objects.get(user=world.person, rule="badge", source=badge.slug)
    assert award.points == badge.points
    # a second time, and everything told again, it isn't
    if badge.counter not in ("early_users", "birthday", "attempts_at_one"):
        happen(lambda: step(world) if badge.counter != "courses_loved" else world.opinion(5))
    assert Act.objects.filter(user=world.person, rule="badge", source=badge.slug).count() == 1
    assert Award.objects.filter(user=world.person, badge=badge.slug).count() == 1
    assert replay(user_id=world.person.pk) == []


NEARLY = {
    "speed-runner": lambda world: world.course(enrolled=NOW - 24 * HOUR - MINUTE),
    "marathon-runner": lambda world: world.course(duration_minutes=599),
    "night-owl": lambda world: world.lesson(NOW.replace(hour=22, minute=59)),
    "early-bird": lambda world: world.lesson(NOW.replace(hour=7)),
    "weekend-warrior": lambda world: [
        world.tell("lesson", 9, at=SATURDAY),
        world.lesson(SATURDAY + 7 * DAY),
        world.lesson(SATURDAY - DAY),
    ],
    "quiz-novice": lambda world: [world.tell("quiz", 9), world.quiz(right=0)],
    "perfect-score": lambda world: world.quiz(quiz_with("single", "true_false"), right=1),
    "quick-thinker": lambda world: world.quiz(took=5 * MINUTE + timedelta(seconds=1)),
    "thorough": lambda world: world.quiz(right=1),
    "first-try": lambda world: world.quiz(world.quiz_again(1), at=NOW + DAY),
    "persistent": lambda world: [world.quiz_again(5), world.quiz_again(5)],
    "whole-map": lambda world: world.whole_map(left_out=1),
    "jack-of-all-trades": lambda world: world.tell("course", 5, category=[1, 2, 3, 4, 4]),
    "specialist": lambda world: world.tell("course", 5, category=[1, 1, 1, 1, 2]),
    "mentor": lambda world: world.tell("answer", 12, asker=[*range(9), 1, 2, 3]),
    "highly-rated": lambda world: world.opinion(5, 4, 4),
    "student-favorite": lambda world: [world.tell("rated", 9, rating=5), world.opinion(4)],
    "new-year-champion": lambda world: world.lesson(datetime(2025, 12, 31, 23, tzinfo=UTC)),
    "holiday-spirit": lambda world: world.lesson(datetime(2026, 5, 1, 12, tzinfo=UTC)),
    "birthday-gift": lambda world: [
        world.lives_in("UTC", date(1990, 3, 5)), world.lesson(),
    ],
    "early-adopter": lambda world: [
        UserFactory.create_batch(100), World.registered(later(world)),
    ],
    "referral-enthusiast": lambda world: [
        world.invited(completed=4), world.invite(finishes=False),
    ],
}  # fmt: skip


def later(world):
    world.person = TeacherFactory()
    return world


@pytest.mark.django_db
@pytest.mark.parametrize("slug", NEARLY)
def test_nearly_isnt_enough(slug, happen):
    world = World()
    happen(lambda: NEARLY[slug](world))
    assert Act.objects.filter(user=world.person).exists()
    assert not has(world.person, slug)


# ── By hand, and the last ─────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize("slug", [badge.slug for badge in BADGES.values() if badge.by_hand])
def test_by_hand(slug, admin, student):
    assert progress_of_nobody(slug) == 0
    grant_badge(user=student, badge=slug, by=admin, at=NOW)
    assert has(student, slug)
    assert Habit.objects.get(user=student).xp == BADGES[slug].points


def progress_of_nobody(slug):
    return badges.current_of(BADGES[slug], {}, [])


@pytest.mark.django_db
def test_the_last_is_for_all_others(happen):
    """All but two in the log, then one, then the other; those of a time and by hand aren't asked."""
    world = World()
    left = {"friend", "first-steps"}
    Act.objects.bulk_create(
        Act(
            user=world.person, rule="badge", source=slug, points=BADGES[slug].points,
            day=NOW.date(), at=NOW - DAY,
        )
        for slug in sorted(ASKED_BY_ALL - left)
    )  # fmt: skip
    world.tell("follower", 9)
    replay(user_id=world.person.pk)
    last = BADGES["ultimate-champion"]
    assert progress(world.person, last) == last.target - 2
    happen(world.follower)
    assert progress(world.person, last) == last.target - 1
    assert not has(world.person, last.slug)
    happen(world.lesson)
    assert has(world.person, last.slug)
