"""Every page of every search is what brute force would give, however its rows are found."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.accounts.tests.factories import TeacherFactory
from apps.courses.models import Course, Level
from apps.courses.tests.factories import CategoryFactory, CourseFactory
from apps.search import selectors, services
from apps.search.models import SearchDocument, SearchTier
from apps.search.queries import Search
from apps.search.selectors import finding, narrow, walking

pytestmark = pytest.mark.django_db

WORDS = ["python", "данные", "cooking", "графы", "violin", "chess", "история"]
NUMBER = 120


@pytest.fixture(params=["walked", "gathered"])
def shelf(request, monkeypatch):
    """Courses of a few words each, in small categories; windows so small that they all end early."""
    if request.param == "walked":
        monkeypatch.setattr(walking, "PAGES_WORTH_A_WALK", 0)
    monkeypatch.setattr(walking.Walk, "_some_of_each", 3)  # so that shelves are asked for more
    monkeypatch.setattr(walking, "LEAST_WINDOW", 6)
    monkeypatch.setattr(walking, "WINDOWS", 30)
    monkeypatch.setattr(walking, "WINDOWS_WITH_WORDS", 20)
    monkeypatch.setattr(finding, "WINDOW", 9)
    chance = random.Random(7)
    teacher = TeacherFactory(name="T")
    root = CategoryFactory(name_en="k", name_ru="к", slug="root")
    categories = [root, CategoryFactory(name_en="l", name_ru="л", slug="leaf", parent=root),
                  CategoryFactory(name_en="m", name_ru="м", slug="other")]  # fmt: skip
    now = timezone.now()
    made = []
    for number in range(NUMBER):
        rating = chance.choice([None, "3.10", "4.00", "4.60"])
        made.append(
            CourseFactory(
                title=" ".join(chance.sample(WORDS, 2)),
                subtitle="",
                description=" ".join(chance.sample(WORDS, 3)),
                student_count=chance.choice([0, 0, 0, 1, 2, 50]),
                created_at=now - timedelta(days=chance.randrange(9)),
                price_minor=chance.choice([0, 900, 1900, 2900, 9900]),
                duration_minutes=chance.choice([30, 90, 120, 160, 400]),
                level=chance.choice(Level.values),
                language=chance.choice(["en", "en", "en", "ru"]),
                avg_rating=rating and Decimal(rating),
                review_count=number % 3 if rating else 0,
                category=chance.choice(categories),
                owner=teacher,
            )
        )
    services.rebuild()
    return made, {each.slug: each for each in categories}


def searches(categories):
    chance = random.Random(8)
    texts = [
        "",
        "python",
        "данные графы",
        "cooking -chess",
        "violin or история",
        '"python cooking"',
    ]
    for text in texts:
        for sort in ("relevance", "newest", "rating", "price", "-price", "popular"):
            for _ in range(2):  # with filters of their own
                chosen = {
                    "levels": ("beginner", "advanced"),
                    "languages": ("en",),
                    "categories": (categories[chance.choice(["root", "leaf"])],),
                    "prices": ("free", "high"),
                    "min_price": Decimal(chance.choice([5, 19])),
                    "max_price": Decimal(29),
                    "is_free": False,
                    "min_rating": Decimal(chance.choice(["4", "3", "3.7"])),
                    "min_duration": chance.choice([61, 100]),
                    "max_duration": chance.choice([150, 170]),
                }
                names = chance.sample(sorted(chosen), chance.choice([0, 1, 1, 2]))
                order = "popular" if sort == "relevance" and not text else sort
                yield Search(text=text, sort=order, **{name: chosen[name] for name in names})


def brute_force(courses, search, categories):
    """Ids in order, by plain Python over the courses."""
    below = {
        categories["root"].pk: {categories["root"].pk, categories["leaf"].pk},
        categories["leaf"].pk: {categories["leaf"].pk},
    }
    places = {"": lambda course: 0, "python": place_of_all("python"),
        "данные графы": place_of_all("данные", "графы"),
        "cooking -chess": without("chess", place_of_all("cooking")),
        "violin or история": place_of_any("violin", "история"),
        '"python cooking"': place_of_phrase("python cooking")}  # fmt: skip

    def holds(course):
        free, price = course.price_minor == 0, Decimal(course.price_minor) / 100
        bands = {"free": free, "low": 0 < price < 20, "high": price >= 20}
        return (
            (not search.levels or course.level in search.levels)
            and (not search.languages or course.language in search.languages)
            and all(course.category_id in below[each.pk] for each in search.categories)
            and (not search.prices or any(bands[name] for name in search.prices))
            and (search.min_price is None or price >= search.min_price)
            and (search.max_price is None or price <= search.max_price)
            and (search.is_free is None or free == search.is_free)
            and (search.min_duration is None or course.duration_minutes >= search.min_duration)
            and (search.max_duration is None or course.duration_minutes <= search.max_duration)
            and (not search.min_rating or (course.avg_rating or 0) >= search.min_rating)
        )

    place = places[search.text]
    hits = [each for each in courses if holds(each) and place(each) is not None]
    keys = {
        "relevance": lambda c: (place(c), -c.student_count, -c.pk),
        "popular": lambda c: (-c.student_count, -c.pk),
        "newest": lambda c: (-c.created_at.timestamp(), -c.pk),
        "rating": lambda c: (-(c.avg_rating or 0), -c.review_count, -c.pk),
        "price": lambda c: (c.price_minor, c.pk),
        "-price": lambda c: (-c.price_minor, -c.pk),
    }
    return [each.pk for each in sorted(hits, key=keys[search.sort])]


def place_of_all(*words):
    def place(course):
        title, text = course.title.split(), course.title.split() + course.description.split()
        if set(words) <= set(title):
            return 0
        return 1 if set(words) <= set(text) else None

    return place


def place_of_any(*words):
    def place(course):
        found = [place_of_all(word)(course) for word in words]
        return min((each for each in found if each is not None), default=None)

    return place


def place_of_phrase(phrase):
    def place(course):
        if phrase in course.title:
            return 0
        return 1 if phrase in course.description else None

    return place


def without(word, place):
    return lambda course: None if place_of_all(word)(course) is not None else place(course)


def walked(search, limit):
    """All pages from the first to the last, checked on the way back."""
    pages, cursors, cursor = [], [], None
    while True:
        found = selectors.find_courses(search, cursor=cursor, limit=limit)
        pages.append(found.ids)
        cursors.append(found.previous)
        cursor = found.next
        if cursor is None:
            break
    for number in range(len(pages) - 1, 0, -1):
        back = selectors.find_courses(search, cursor=cursors[number], limit=limit)
        assert back.ids == pages[number - 1], (search, number)
    return [pk for page in pages for pk in page]


@pytest.mark.parametrize("few", [narrow.FEW, 3])
def test_pages_are_those_of_brute_force(shelf, monkeypatch, few):
    """Whether narrow ranges are read whole, or only those that hold next to nothing."""
    monkeypatch.setattr(narrow, "FEW", few)
    courses, categories = shelf
    for number, search in enumerate(searches(categories)):
        expected = brute_force(courses, search, categories)
        found = selectors.find_courses(search, cursor=None, limit=100)
        assert found.ids == expected[:100], search
        assert (found.count.value, found.count.relation) == (len(expected), "eq")
        if number % 3 == 0:  # of each order some
            assert walked(search, 11) == expected, search


@pytest.mark.parametrize("text", ["python", "the -chess"])
def test_a_range_may_fill_between_two_pages(shelf, monkeypatch, text):
    """A page read from the whole range is followed by one found along the indexes, and back."""
    search = Search(text=text, sort="relevance", max_price=Decimal(29), min_price=Decimal(5))
    expected = selectors.find_courses(search, cursor=None, limit=100).ids
    assert len(expected) > 15
    for few in ((narrow.FEW, 0), (0, narrow.FEW)):
        cursor, found = None, []
        for number in range(len(expected)):
            monkeypatch.setattr(narrow, "FEW", few[number % 2])
            page = selectors.find_courses(search, cursor=cursor, limit=3)
            found += page.ids
            cursor = page.next
            if cursor is None:
                break
        assert found == expected


def test_a_narrow_range_is_read_whole_and_a_wide_one_walked(shelf, monkeypatch):
    walks = []
    taken = walking.Walk._taken
    monkeypatch.setattr(walking.Walk, "_taken", lambda *given: walks.append(1) or taken(*given))
    search = Search(sort="newest", min_duration=61, max_duration=150)
    found = selectors.find_courses(search, cursor=None, limit=5)
    assert found.ids and not walks
    monkeypatch.setattr(narrow, "FEW", len(shelf[0]) // 10)
    assert selectors.find_courses(search, cursor=None, limit=5).ids == found.ids
    assert walks


def test_what_isn_t_in_its_tier_is_put_there_when_the_tiers_are_cut(shelf):
    courses, _ = shelf
    assert list(SearchTier.objects.order_by("tier").values_list("documents", flat=True)) == [
        1, 11, 108,
    ]  # fmt: skip
    last = Course.objects.get(pk=courses[0].pk)
    Course.objects.filter(pk=last.pk).update(student_count=900)
    services.refresh(course_ids=[last.pk])
    assert SearchDocument.objects.get(pk=last.pk).tier == 0
    assert SearchDocument.objects.filter(tier=0).count() == 2
    assert services.cut() == 2
    assert SearchDocument.objects.filter(tier=0).count() == 1
    assert services.cut() == 0
