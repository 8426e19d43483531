"""What becomes an entry, and who sees it."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from apps.accounts.tests.factories import UserFactory, zone_at_noon
from apps.activity import selectors, services, wording
from apps.activity.models import FeedEntry, Kind
from apps.community.events import CommentCreated, TopicCreated
from apps.community.models import Comment, Topic
from apps.community.tests.factories import CommentFactory, TopicFactory
from apps.core import personal_data
from apps.core.bus import publish
from apps.core.errors import NotFound
from apps.courses.events import CoursePublished
from apps.courses.models import Course, CourseStatus
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.events import EnrollmentCompleted
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.gamification.engine.badges import BADGES
from apps.gamification.events import BadgeEarned, LevelReached
from apps.gamification.models import Award
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, choices
from apps.social.models import Block, Profile
from apps.social.services import block, change_profile, follow

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HIDDEN = [badge.slug for badge in BADGES.values() if badge.hidden]


@pytest.fixture
def felix():
    """Somebody who shows what they do."""
    person = UserFactory(name="Felix Brandt", username="felix", timezone=zone_at_noon())
    change_profile(user=person, changes={"show_activity": True})
    return person


@pytest.fixture
def reader(student, felix):
    follow(follower=student, followed=felix, at=NOW)
    return student


def entry(actor, *, kind=Kind.COURSE_COMPLETED, course=None, minutes=0, **fields):
    number = FeedEntry.objects.count() + 1
    course = course or (None if "topic" in fields else CourseFactory())
    return FeedEntry.objects.create(
        actor=actor,
        kind=kind,
        object_id=fields.pop("object_id", number),
        course=course,
        created_at=NOW - timedelta(minutes=minutes),
        **fields,
    )


def topic_of(author):
    return TopicFactory(author=author)


def comment_of(author, course, lesson=None):
    return CommentFactory(author=author, course=course, lesson=lesson)


def badge_entry(actor, slug="first-steps", **fields):
    award = Award.objects.create(user=actor, badge=slug, earned_at=NOW)
    return bare_entry(actor, Kind.BADGE_EARNED, award.pk, award=award, **fields)


def level_entry(actor, level):
    return bare_entry(actor, Kind.LEVEL_REACHED, level)


def bare_entry(actor, kind, object_id, **fields):
    return FeedEntry.objects.create(
        actor=actor, kind=kind, object_id=object_id, created_at=NOW, **fields
    )


def feed(user, **asked):
    return selectors.feed_of(user, **{"cursor": None, "limit": 20, **asked}).items


# ── What becomes an entry ─────────────────────────────────────────────────────────────────────
def test_deeds_become_entries_once(felix, teacher, deliver_all):
    course = CourseFactory(owner=teacher)
    seat = EnrollmentFactory(student=felix, course=course)
    topic, comment = topic_of(felix), comment_of(felix, course)
    for _ in range(2):
        publish(
            EnrollmentCompleted(enrollment_id=seat.pk, student_id=felix.pk, course_id=course.pk)
        )
        publish(CoursePublished(course_id=course.pk, owner_id=teacher.pk))
        publish(TopicCreated(topic_id=topic.pk, author_id=felix.pk, category_id=topic.category_id))
        publish(
            CommentCreated(
                comment_id=comment.pk,
                course_id=course.pk,
                lesson_id=None,
                author_id=felix.pk,
                root_id=None,
            )
        )
        deliver_all()
    assert sorted(FeedEntry.objects.values_list("kind", "actor", "object_id")) == [
        ("comment_posted", felix.pk, comment.pk),
        ("course_completed", felix.pk, seat.pk),
        ("course_published", teacher.pk, course.pk),
        ("topic_created", felix.pk, topic.pk),
    ]


def test_what_is_gone_meanwhile_is_passed_over(felix, deliver_all):
    publish(TopicCreated(topic_id=10**9, author_id=felix.pk, category_id=1))
    publish(
        CommentCreated(
            comment_id=10**9, course_id=1, lesson_id=None, author_id=felix.pk, root_id=None
        )
    )
    deliver_all()
    assert not FeedEntry.objects.exists()


# ── Whose it is ───────────────────────────────────────────────────────────────────────────────
def test_a_feed_is_of_those_one_follows_newest_first(reader, felix, stranger):
    old, new = entry(felix, minutes=5), entry(felix)
    change_profile(user=stranger, changes={"show_activity": True})
    entry(stranger)
    assert feed(reader) == [new, old]
    assert feed(stranger) == []


@pytest.mark.parametrize("hidden", ["switch", "private", "closed", "blocked", "never_chose"])
def test_what_its_owner_does_not_show_is_in_no_feed(reader, felix, hidden):
    entry(felix)
    if hidden == "switch":
        change_profile(user=felix, changes={"show_activity": False})
    elif hidden == "private":
        felix.is_profile_public = False
    elif hidden == "closed":
        felix.is_active = False
    elif hidden == "blocked":
        Block.objects.create(blocker=felix, blocked=reader, created_at=NOW)
    else:
        Profile.objects.filter(pk=felix.pk).update(show_activity=False)
    felix.save()
    assert feed(reader) == []
    with pytest.raises(NotFound):
        selectors.get_active_person("felix", reader)


def test_a_block_ends_it_both_ways(reader, felix):
    entry(felix)
    block(blocker=reader, blocked=felix, at=NOW)
    assert feed(reader) == []
    with pytest.raises(NotFound):
        selectors.get_active_person("felix", reader)


def test_hidden_courses_hide_what_was_finished_not_what_was_written(reader, felix):
    entry(felix)
    topic = topic_of(felix)
    written = entry(felix, kind=Kind.TOPIC_CREATED, topic=topic)
    change_profile(user=felix, changes={"show_courses": False})
    assert feed(reader) == [written]
    page = selectors.entries_of(felix, felix, cursor=None, limit=20)
    assert len(page.items) == 2


def test_ones_own_activity_is_always_ones_own(student, moderator):
    entry(student)
    assert selectors.get_active_person("student", student) == student
    with pytest.raises(NotFound):
        selectors.get_active_person("student", moderator)


# ── What it is about ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("change", ["deleted_at", "hidden_at"])
def test_what_was_taken_away_is_shown_no_more(reader, felix, change):
    topic, comment = topic_of(felix), comment_of(felix, CourseFactory())
    entry(felix, kind=Kind.TOPIC_CREATED, topic=topic)
    entry(felix, kind=Kind.COMMENT_POSTED, course=comment.course, object_id=comment.pk)
    assert len(feed(reader)) == 2
    Topic.objects.update(**{change: NOW})
    Comment.objects.update(**{change: NOW})
    assert feed(reader) == []


def test_an_archived_course_is_shown_to_those_who_sit_in_it(reader, felix):
    seen = entry(felix)
    Course.objects.update(status=CourseStatus.ARCHIVED)
    assert feed(reader) == []
    EnrollmentFactory(student=reader, course=seen.course)
    assert feed(reader) == [seen]


def test_a_comment_under_a_lesson_is_for_those_who_may_read_it(reader, felix):
    lesson = LessonFactory(is_preview=False)
    comment = comment_of(felix, lesson.course, lesson)
    seen = entry(
        felix,
        kind=Kind.COMMENT_POSTED,
        course=lesson.course,
        lesson=lesson,
        object_id=comment.pk,
    )
    assert feed(reader) == []
    EnrollmentFactory(student=reader, course=lesson.course)
    assert feed(reader) == [seen]


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────
def walk(read):
    """Every page forwards, and the last one's way back."""
    cursor, pages = None, []
    while True:
        page = read(cursor)
        pages.append(page)
        cursor = page.next
        if cursor is None:
            return pages


def test_pages_leave_nothing_out_and_lead_back(reader, felix):
    course = CourseFactory()
    made = [entry(felix, course=course, minutes=n // 2) for n in range(25)]
    pages = walk(lambda cursor: selectors.feed_of(reader, cursor=cursor, limit=10))
    assert [len(page.items) for page in pages] == [10, 10, 5]
    shown = [each.pk for page in pages for each in page.items]
    assert sorted(shown) == sorted(each.pk for each in made)
    back = selectors.feed_of(reader, cursor=pages[2].previous, limit=10)
    assert back.items == pages[1].items


def test_hundreds_of_hidden_entries_do_not_end_a_feed(reader, felix, monkeypatch):
    monkeypatch.setattr(selectors, "ROUNDS", 2)
    last = entry(felix, minutes=500)
    draft = CourseFactory(status=CourseStatus.DRAFT)
    for number in range(60):
        entry(felix, course=draft, minutes=number)
    pages = walk(lambda cursor: selectors.feed_of(reader, cursor=cursor, limit=5))
    assert [each for page in pages for each in page.items] == [last]
    assert len(pages) < 5


def test_a_page_costs_the_same_for_many(reader, felix, django_assert_num_queries):
    entry(felix)
    comment = comment_of(felix, CourseFactory())
    entry(felix, kind=Kind.COMMENT_POSTED, course=comment.course, object_id=comment.pk)
    for _ in range(2):
        with django_assert_num_queries(5):
            feed(reader)
        for _ in range(4):
            entry(felix)


# ── Badges and levels ─────────────────────────────────────────────────────────────────────────
def test_a_badge_and_every_fifth_level_become_entries_once(felix, deliver_all):
    award = Award.objects.create(user=felix, badge="first-steps", earned_at=NOW)
    for _ in range(2):
        publish(BadgeEarned(user_id=felix.pk, award_id=award.pk, badge=award.badge))
        for level in (2, 4, 6, 7, 10, 19):
            publish(LevelReached(user_id=felix.pk, level=level))
    deliver_all()
    kept = FeedEntry.objects.filter(actor=felix).order_by("pk").values_list("kind", "object_id")
    assert list(kept) == [
        (Kind.BADGE_EARNED, award.pk),
        (Kind.LEVEL_REACHED, 5),  # passed on the way from four to six
        (Kind.LEVEL_REACHED, 10),
    ]


def test_two_people_reach_the_same_level(felix, stranger, deliver_all):
    for person in (felix, stranger):
        publish(LevelReached(user_id=person.pk, level=5))
    deliver_all()
    assert FeedEntry.objects.filter(kind=Kind.LEVEL_REACHED).count() == 2


def test_learning_brings_a_badge_into_the_feed(reader, felix, deliver_all):
    acts.record(user_id=felix.pk, deeds=[Deed("lesson", "1", NOW)])
    deliver_all()
    [found] = feed(reader)
    assert wording.after_name(found) == "earned the badge “First Steps”"
    with translation.override("ru"):
        assert wording.after_name(found) == "— новая награда «Первые шаги»"


@pytest.mark.parametrize("off", ["badges", "habit"])
def test_who_shows_no_badges_shows_no_level_either(reader, felix, off):
    badge_entry(felix), level_entry(felix, 10)
    finished = entry(felix, minutes=5)
    assert len(feed(reader)) == 3
    if off == "badges":
        change_profile(user=felix, changes={"show_badges": False})
    else:
        choices.choose(user=felix, changes={"is_on": False})
    assert feed(reader) == [finished]
    own = selectors.entries_of(felix, felix, cursor=None, limit=20).items
    assert len(own) == (3 if off == "badges" else 1)


def test_a_hidden_badge_is_named_only_to_who_has_it(reader, felix, api):
    found = badge_entry(felix, HIDDEN[0])
    [shown] = feed(reader)
    assert wording.after_name(shown) == "earned a hidden badge"
    assert wording.alone(shown) == "Earned a hidden badge"
    [row] = api(reader).get("/api/activity/feed").json()["results"]
    assert row["badge"] is None and found.award.shape.name not in str(row)
    [own] = selectors.entries_of(felix, felix, cursor=None, limit=20).items
    assert found.award.shape.name in wording.alone(own)
    Award.objects.create(user=reader, badge=found.award.badge, earned_at=NOW)
    assert found.award.shape.name in wording.after_name(feed(reader)[0])


def test_badges_and_levels_in_the_api(reader, felix, api):
    level_entry(felix, 10), badge_entry(felix)
    badge, level = api(reader).get("/api/activity/feed").json()["results"]
    assert (badge["badge"], badge["level"], badge["course"]) == ("first-steps", None, None)
    assert (level["badge"], level["level"], level["text"]) == (None, 10, "reached level 10")
    assert badge["url"] == level["url"] == "/profile/felix/"


def test_a_badge_taken_away_takes_its_entry_along(reader, felix):
    badge_entry(felix).award.delete()
    assert feed(reader) == []


def test_pages_with_badges_cost_the_same_for_many(reader, felix, django_assert_num_queries):
    slugs = (each for each in BADGES if each not in HIDDEN)
    badge_entry(felix, HIDDEN[0])
    for _ in range(2):
        level_entry(felix, FeedEntry.objects.count())
        for _ in range(5):
            badge_entry(felix, next(slugs))
        with django_assert_num_queries(5):
            assert len(feed(reader)) > 5


# ── Around it ─────────────────────────────────────────────────────────────────────────────────
def test_teachers_are_suggested_to_who_does_not_follow_them(student, teacher, stranger):
    CourseFactory(owner=teacher, student_count=5)
    hidden = UserFactory(is_profile_public=False)
    CourseFactory(owner=hidden, student_count=9)
    assert selectors.people_to_follow(student, count=5) == [teacher]
    follow(follower=student, followed=teacher, at=NOW)
    assert selectors.people_to_follow(student, count=5) == []
    assert selectors.people_to_follow(teacher, count=5) == []


def test_what_is_held_goes_out_and_is_erased(felix):
    services.keep(
        actor_id=felix.pk,
        kind=Kind.COURSE_PUBLISHED,
        object_id=1,
        course_id=CourseFactory().pk,
        at=NOW,
    )
    assert personal_data.export_all(felix)["activity"]["entries"][0]["kind"] == "course_published"
    for holding in personal_data.holdings():
        holding.erase(felix, NOW)
    assert not FeedEntry.objects.exists()
