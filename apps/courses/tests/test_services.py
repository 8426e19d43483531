"""Courses, their content and versions through the services."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.accounts.selectors import interests_of
from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound
from apps.courses import selectors, services
from apps.courses.models import Category, Course, CourseSlug, CourseVersion, Lesson
from apps.courses.services.content import StaleLesson, reading_minutes

from .factories import CategoryFactory, CourseFactory, DraftFactory, LessonFactory, ModuleFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


@pytest.fixture
def draft(teacher) -> Course:
    """A draft with two modules of two lessons, made as a teacher makes it."""
    course = services.create_course(
        owner=teacher, title="Python from zero", at=NOW, description="All of it."
    )
    for name in ("Start", "End"):
        module = services.add_module(course=course, title=name, at=NOW, editor=teacher)
        for number in (1, 2):
            services.add_lesson(
                module=module,
                title=f"{name} {number}",
                content="word " * 400,
                at=NOW,
                editor=teacher,
            )
    course.refresh_from_db()
    return course


def titles(course: Course) -> list[tuple[str, list[str]]]:
    return [
        (module.title, [lesson.title for lesson in module.lessons_in_order])
        for module in selectors.outline(course)
    ]


# ── Courses ───────────────────────────────────────────────────────────────────────────────────
def test_a_draft_speaks_its_teachers_language_and_is_free(teacher):
    User.objects.filter(pk=teacher.pk).update(locale="ru")
    teacher.refresh_from_db()
    course = services.create_course(owner=teacher, title="  Основы статистики ", at=NOW)
    assert (course.title, course.slug) == ("Основы статистики", "osnovy-statistiki")
    assert (course.language, course.status, course.is_free) == ("ru", "draft", True)
    assert course.versions.get().kind == "created"


def test_students_make_no_courses(student):
    with pytest.raises(NotAllowed):
        services.create_course(owner=student, title="Mine", at=NOW)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"title": "T", "level": "godlike"}, "level"),
        ({"title": "T", "price_minor": 10**10}, "price_minor"),
        ({"title": "T", "price_minor": -1}, "price_minor"),
        ({"title": "T", "tags": [str(n) for n in range(21)]}, "tags"),
        ({"title": "T", "outcomes": ["x" * 241]}, "outcomes"),
    ],
)
def test_bad_fields_are_named(teacher, fields, field):
    with pytest.raises(Invalid) as caught:
        services.create_course(owner=teacher, at=NOW, **fields)
    assert list(caught.value.errors) == [field]
    assert not Course.objects.exists()


def test_equal_titles_get_slugs_of_their_own(teacher):
    first, second = (services.create_course(owner=teacher, title="Same", at=NOW) for _ in range(2))
    assert first.slug == "same"
    assert second.slug.startswith("same-")


def test_a_public_slug_follows_the_title_and_redirects(teacher):
    course = CourseFactory(owner=teacher, title="Old", slug="old", lesson_count=1)
    LessonFactory(course=course)
    services.update_course(course=course, editor=teacher, changes={"title": "New"}, at=NOW)
    assert selectors.published_course_by_slug("old").slug == "new"
    assert selectors.published_course_by_slug("new").pk == course.pk
    services.update_course(course=course, editor=teacher, changes={"title": "Old"}, at=NOW)
    assert selectors.published_course_by_slug("new").slug == "old"
    assert list(CourseSlug.objects.values_list("slug", flat=True)) == ["new"]
    assert services.create_course(owner=teacher, title="New", at=NOW).slug != "new"


def test_what_does_not_differ_changes_nothing(draft, teacher):
    before = draft.revision
    after = services.update_course(
        course=draft, editor=teacher, changes={"title": draft.title}, at=later(30)
    )
    assert after.revision == before
    assert after.updated_at == draft.updated_at


def test_moderators_leave_the_price_alone(draft, moderator, admin):
    with pytest.raises(NotAllowed):
        services.update_course(course=draft, editor=moderator, changes={"price_minor": 100}, at=NOW)
    services.update_course(course=draft, editor=moderator, changes={"title": "Decent"}, at=NOW)
    course = services.update_course(
        course=draft, editor=admin, changes={"price_minor": 100}, at=NOW
    )
    assert (course.title, course.price_minor) == ("Decent", 100)


def test_only_drafts_without_students_are_deleted(draft, teacher):
    published = CourseFactory(owner=teacher)
    taken = DraftFactory(owner=teacher, student_count=1)
    for course in (published, taken):
        with pytest.raises(Conflict):
            services.delete_course(course=course, by=teacher, at=NOW)
    services.delete_course(course=draft, by=teacher, at=NOW)
    assert not Course.objects.filter(pk=draft.pk).exists()


# ── Publishing ────────────────────────────────────────────────────────────────────────────────
def test_publishing_says_what_is_missing(teacher):
    course = services.create_course(owner=teacher, title="T", at=NOW)
    with pytest.raises(Invalid) as caught:
        services.publish_course(course=course, by=teacher, at=NOW)
    assert set(caught.value.errors) == {"description", "category"}


def test_publishing_needs_a_lesson_then_is_public_at_once_and_once(teacher, draft):
    empty = DraftFactory(owner=teacher)
    with pytest.raises(Conflict):
        services.publish_course(course=empty, by=teacher, at=NOW)
    LessonFactory(course=empty)
    course = services.publish_course(course=empty, by=teacher, at=NOW)
    assert (course.status, course.published_at) == ("published", NOW)
    again = services.publish_course(course=empty, by=teacher, at=later(5))
    assert (again.revision, again.published_at) == (course.revision, NOW)


def test_only_an_admins_verification_lets_publish(teacher, student, admin):
    course = DraftFactory(owner=teacher)
    LessonFactory(course=course)
    for change in ({"is_verified": False}, {"is_verified": True, "role": "student"}):
        User.objects.filter(pk=teacher.pk).update(**change)
        with pytest.raises(NotAllowed):
            services.publish_course(course=course, by=admin, at=NOW)
    User.objects.filter(pk=teacher.pk).update(role="teacher", email_verified=False)
    assert services.publish_course(course=course, by=teacher, at=NOW).is_published


def test_archived_and_published_again(teacher):
    course = CourseFactory(owner=teacher)
    LessonFactory(course=course)
    assert services.archive_course(course=course, by=teacher, at=NOW).status == "archived"
    again = services.publish_course(course=course, by=teacher, at=NOW)
    assert again.published_at == course.published_at


def test_the_public_course_keeps_what_it_needs(teacher):
    course = CourseFactory(owner=teacher)
    lesson = LessonFactory(course=course)
    for change in ({"description": ""}, {"category": None}):
        with pytest.raises(Invalid):
            services.update_course(course=course, editor=teacher, changes=change, at=NOW)
    with pytest.raises(Conflict):
        services.delete_lesson(lesson=lesson, editor=teacher, at=NOW)
    with pytest.raises(Conflict):
        services.delete_module(module=lesson.module, editor=teacher, at=NOW)
    assert Lesson.objects.filter(pk=lesson.pk).exists()


# ── Content ───────────────────────────────────────────────────────────────────────────────────
def test_counts_and_positions_stay_true(draft, teacher):
    assert (draft.lesson_count, draft.duration_minutes) == (4, 12)
    first, second = selectors.outline(draft)
    services.delete_lesson(lesson=first.lessons_in_order[0], editor=teacher, at=NOW)
    services.duplicate_lesson(lesson=second.lessons_in_order[0], editor=teacher, at=NOW)
    assert titles(draft) == [
        ("Start", ["Start 2"]),
        ("End", ["End 1", "End 1 (copy)", "End 2"]),
    ]
    services.delete_module(module=first, editor=teacher, at=NOW)
    draft.refresh_from_db()
    assert (draft.lesson_count, draft.duration_minutes) == (3, 9)
    (module,) = selectors.outline(draft)
    assert module.position == 1
    assert [lesson.position for lesson in module.lessons_in_order] == [1, 2, 3]


def test_duration_follows_the_text_until_it_is_set(draft, teacher):
    lesson = draft.lessons.first()

    def change(**changes):
        return services.update_lesson(
            lesson=lesson, editor=teacher, changes=changes, at=NOW
        ).duration_minutes

    assert change(content="word " * 1000) == 6
    assert change(duration_minutes=45) == 45
    assert change(content="word") == 45
    assert change(duration_minutes=0) == 1
    assert change(content="") == 0
    assert reading_minutes("") == 0


def test_an_edit_of_an_older_revision_is_refused(draft, teacher):
    lesson = draft.lessons.first()
    services.update_lesson(
        lesson=lesson, editor=teacher, changes={"title": "A"}, at=NOW, revision=1
    )
    with pytest.raises(StaleLesson):
        services.update_lesson(
            lesson=lesson, editor=teacher, changes={"title": "B"}, at=NOW, revision=1
        )
    lesson.refresh_from_db()
    assert (lesson.title, lesson.revision) == ("A", 2)


def test_reorder_moves_across_modules(draft, teacher):
    first, second = selectors.outline(draft)
    a, b = (lesson.pk for lesson in first.lessons_in_order)
    c, d = (lesson.pk for lesson in second.lessons_in_order)
    services.reorder(
        course=draft, order=[(second.pk, [d, a, c]), (first.pk, [b])], editor=teacher, at=NOW
    )
    assert titles(draft) == [("End", ["End 2", "Start 1", "End 1"]), ("Start", ["Start 2"])]


def test_reorder_names_all_and_only_what_is_the_courses(draft, teacher):
    first, second = selectors.outline(draft)
    all_lessons = list(draft.lessons.values_list("pk", flat=True))
    foreign = LessonFactory()
    for order in (
        [(first.pk, [*all_lessons, foreign.pk]), (second.pk, [])],
        [(first.pk, all_lessons), (foreign.module_id, [])],
        [(first.pk, all_lessons), (first.pk, [])],
        [(first.pk, all_lessons), (second.pk, all_lessons[:1])],
    ):
        with pytest.raises(Invalid):
            services.reorder(course=draft, order=order, editor=teacher, at=NOW)
    for order in ([(first.pk, all_lessons)], [(first.pk, all_lessons[1:]), (second.pk, [])]):
        with pytest.raises(Conflict):
            services.reorder(course=draft, order=order, editor=teacher, at=NOW)


def test_what_was_deleted_meanwhile_is_not_found(draft, teacher):
    lesson = draft.lessons.first()
    Lesson.objects.filter(pk=lesson.pk).delete()
    with pytest.raises(NotFound):
        services.update_lesson(lesson=lesson, editor=teacher, changes={"title": "A"}, at=NOW)


# ── Versions ──────────────────────────────────────────────────────────────────────────────────
def kinds(course: Course) -> list[str]:
    return list(course.versions.order_by("number").values_list("kind", flat=True))


def test_a_run_of_edits_is_one_version(draft, teacher, moderator):
    assert kinds(draft) == ["created", "outline"]
    one, two = draft.lessons.all()[:2]

    def write(lesson, text, at, editor=teacher):
        services.update_lesson(lesson=lesson, editor=editor, changes={"content": text}, at=at)

    write(one, "a", NOW)
    write(one, "ab", later(9))
    assert kinds(draft)[2:] == ["lesson"]
    write(one, "abc", later(11))
    write(two, "x", later(12))
    write(two, "xy", later(13), editor=moderator)
    assert kinds(draft)[2:] == ["lesson"] * 4
    for title in ("Second title", "Third title"):
        services.update_course(course=draft, editor=teacher, changes={"title": title}, at=later(14))
    assert kinds(draft)[6:] == ["settings", "settings"]


def test_restoring_keeps_the_ids_of_lessons_that_are_there(draft, teacher):
    number = draft.versions.first().number
    first, second = selectors.outline(draft)
    kept, gone = first.lessons_in_order
    services.update_lesson(
        lesson=kept, editor=teacher, changes={"content": "spoilt", "title": "Spoilt"}, at=later(1)
    )
    services.delete_lesson(lesson=gone, editor=teacher, at=later(2))
    extra = services.add_lesson(module=second, title="Extra", at=later(2), editor=teacher)
    services.update_course(
        course=draft, editor=teacher, changes={"title": "Other", "tags": ["x"]}, at=later(3)
    )
    course = services.restore_version(course=draft, number=number, by=teacher, at=later(4))
    assert titles(course) == [
        ("Start", ["Start 1", "Start 2"]),
        ("End", ["End 1", "End 2"]),
    ]
    assert Lesson.objects.get(pk=kept.pk).title == "Start 1"
    assert Lesson.objects.get(pk=gone.pk).content.startswith("word")
    assert course.slug == draft.slug
    assert not Lesson.objects.filter(pk=extra.pk).exists()
    assert (course.title, course.tags, course.lesson_count) == ("Python from zero", [], 4)
    last = course.versions.first()
    assert (last.kind, last.subject_id) == ("restored", number)
    assert last.snapshot["title"] == "Python from zero"


def test_what_was_deleted_is_in_the_version_before(draft, teacher):
    one, two = list(draft.lessons.all()[:2])
    for lesson in (one, two):
        services.delete_lesson(lesson=lesson, editor=teacher, at=NOW)
    assert kinds(draft)[2:] == ["deleted", "deleted"]
    restored = services.restore_version(course=draft, number=2, by=teacher, at=NOW)
    assert set(restored.lessons.values_list("pk", flat=True)) >= {one.pk, two.pk}


def test_restoring_follows_merged_categories(draft, teacher):
    old, new = CategoryFactory(slug="old-name"), CategoryFactory()
    services.update_course(course=draft, editor=teacher, changes={"category": old}, at=NOW)
    number = draft.versions.first().number
    services.merge_category(category=old, into=new)
    services.update_course(course=draft, editor=teacher, changes={"category": None}, at=later(1))
    restored = services.restore_version(course=draft, number=number, by=teacher, at=later(2))
    assert restored.category == new


def test_interests_follow_renamed_and_merged_categories(student):
    words, tongues = CategoryFactory(slug="words"), CategoryFactory(slug="tongues")
    accounts.choose_interests(user=student, subjects=["words"], words=[])
    services.rename_category(category=words, slug="speech", name_en="Speech", name_ru="Речь")
    assert [interest.value for interest in interests_of(student)] == ["speech"]

    services.merge_category(category=words, into=tongues)
    assert [interest.value for interest in interests_of(student)] == ["tongues"]


def test_a_published_course_is_not_restored_to_emptiness(teacher):
    course = services.create_course(
        owner=teacher, title="T", at=NOW, description="D", category=CategoryFactory()
    )
    module = services.add_module(course=course, title="M", at=NOW, editor=teacher)
    services.add_lesson(module=module, title="L", at=NOW, editor=teacher)
    services.publish_course(course=course, by=teacher, at=NOW)
    with pytest.raises(Conflict):
        services.restore_version(course=course, number=1, by=teacher, at=NOW)
    assert course.lessons.count() == 1
    with pytest.raises(NotFound):
        services.restore_version(course=course, number=99, by=teacher, at=NOW)


# ── Figures ───────────────────────────────────────────────────────────────────────────────────
def test_rating_and_students():
    course = CourseFactory()
    services.set_rating(course_id=course.pk, histogram=[0, 0, 1, 0, 2])
    services.count_students(course_id=course.pk, change=2)
    services.count_students(course_id=course.pk, change=-1)
    course.refresh_from_db()
    assert (float(course.avg_rating), course.review_count, course.student_count) == (4.33, 3, 1)
    assert course.revision == 4
    services.set_rating(course_id=course.pk, histogram=[0] * 5)
    course.refresh_from_db()
    assert course.avg_rating is None


# ── Categories ────────────────────────────────────────────────────────────────────────────────
def test_the_tree_is_filled_once_and_staffs_changes_stay():
    assert services.ensure_categories() == 49
    python = Category.objects.get(slug="python")
    services.rename_category(category=python, slug="snakes", name_en="Snakes", name_ru="Змеи")
    services.merge_category(
        category=Category.objects.get(slug="music"), into=Category.objects.get(slug="design")
    )
    assert services.ensure_categories() == 0
    assert selectors.find_category("python").name_en == "Snakes"
    assert selectors.find_category("music").slug == "design"
    assert Category.objects.get(slug="piano").parent.slug == "design"


def test_counts_reach_up_the_tree(django_assert_num_queries):
    root = CategoryFactory()
    leaf = CategoryFactory(parent=CategoryFactory(parent=root))
    CourseFactory(category=leaf)
    CourseFactory(category=root)
    DraftFactory(category=leaf)
    with django_assert_num_queries(1):
        (tree,) = selectors.categories_tree()
    assert (tree.course_count, tree.children[0].course_count) == (2, 1)
    with django_assert_num_queries(0):
        selectors.categories_tree()


def test_the_tree_is_read_anew_after_a_change(teacher, django_capture_on_commit_callbacks):
    course = CourseFactory(owner=teacher)
    LessonFactory(course=course)
    assert selectors.categories_tree()[0].course_count == 1
    with django_capture_on_commit_callbacks(execute=True):
        services.archive_course(course=course, by=teacher, at=NOW)
    assert selectors.categories_tree()[0].course_count == 0


def test_a_category_moves_but_never_into_itself():
    root, other = CategoryFactory(), CategoryFactory()
    leaf = CategoryFactory(parent=root)
    for target in (root, leaf):
        with pytest.raises(Conflict):
            services.move_category(category=root, parent=target)
    with pytest.raises(Conflict):
        services.merge_category(category=root, into=leaf)
    services.move_category(category=leaf, parent=other)
    assert selectors.ids_with_descendants(other) == [other.pk, leaf.pk]


def test_merging_moves_courses_and_redirects():
    old, new = CategoryFactory(slug="old"), CategoryFactory(slug="new")
    course, child = CourseFactory(category=old), CategoryFactory(parent=old)
    services.merge_category(category=old, into=new)
    course.refresh_from_db()
    child.refresh_from_db()
    assert (course.category, child.parent) == (new, new)
    assert selectors.find_category("old") == new
    assert selectors.find_category("nothing") is None


def test_outline_takes_two_queries_and_no_texts(django_assert_num_queries):
    course = CourseFactory()
    for _ in range(3):
        LessonFactory(module=ModuleFactory(course=course), course=course)
    with django_assert_num_queries(2):
        modules = selectors.outline(course)
        assert [len(module.lessons_in_order) for module in modules] == [1, 1, 1]
    assert "content" in modules[0].lessons_in_order[0].get_deferred_fields()


def test_versions_name_their_makers(draft):
    version = selectors.get_version(course=draft, number=1)
    assert isinstance(version, CourseVersion)
    with pytest.raises(NotFound):
        selectors.get_version(course=draft, number=77)
