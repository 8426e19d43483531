"""The feed in the API and on the site."""

import pytest
from django.utils import translation

from apps.activity import wording
from apps.activity.models import Kind
from apps.courses.tests.factories import CourseFactory, LessonFactory

from .test_feed import (  # noqa: F401
    badge_entry,
    comment_of,
    entry,
    felix,
    level_entry,
    reader,
    topic_of,
)

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def text_of(answer):
    return answer.content.decode()


def test_the_feed_in_the_api(api, reader, felix):  # noqa: F811
    course = CourseFactory(title="Trade")
    made = [entry(felix, course=course, minutes=n) for n in range(3)]
    found = api(reader).get("/api/activity/feed?limit=2").json()
    assert [row["id"] for row in found["results"]] == [each.pk for each in made[:2]]
    row = found["results"][0]
    assert row["user"]["username"] == "felix"
    assert row["course"] == {"id": course.pk, "slug": course.slug, "title": "Trade"}
    assert row["text"] == "finished “Trade”"
    rest = api(reader).get(found["next"]).json()
    assert [row["id"] for row in rest["results"]] == [made[2].pk]
    assert api(reader).get("/api/activity/feed?cursor=x").status_code == 400
    assert api().get("/api/activity/feed").status_code == 401


def test_activity_of_a_person_is_hidden_unless_shown(api, felix, stranger, student):  # noqa: F811
    entry(felix)
    for viewer in (None, stranger, felix):
        assert len(api(viewer).get("/api/users/felix/activity").json()["results"]) == 1
    entry(student)
    assert api(stranger).get("/api/users/student/activity").status_code == 404
    assert api().get("/api/users/student/activity").status_code == 404
    assert api().get("/api/users/nobody/activity").status_code == 404
    assert len(api(student).get("/api/users/student/activity").json()["results"]) == 1


def test_the_page_and_what_today_shows(site, reader, felix):  # noqa: F811
    entry(felix, course=CourseFactory(title="Trade"))
    client = site(reader)
    for url in ("/feed/", "/feed/summary/"):
        page = text_of(client.get(url))
        assert "Felix Brandt" in page
        assert "finished “Trade”" in page


def test_who_follows_nobody_sees_whom_one_could(site, stranger, teacher):
    CourseFactory(owner=teacher)
    client = site(stranger)
    page = text_of(client.get("/feed/"))
    assert "Irina Sokolova" in page
    assert "Quiet here so far" in page
    assert client.get("/feed/summary/").content == b""


def test_activity_on_the_profile(site, client, reader, felix):  # noqa: F811
    course = CourseFactory(title="Trade")
    for number in range(21):
        entry(felix, course=course, minutes=number)
    url = "/profile/felix/activity/"
    assert text_of(client.get(url)).count("Finished “Trade”") == 20
    section = text_of(client.get(url, headers=FRAGMENT))
    assert section.count("Finished “Trade”") == 8
    assert "<html" not in section
    cursor = client.get(url).context["next"]
    assert text_of(client.get(f"{url}?cursor={cursor}", headers=FRAGMENT)).count("Finished") == 1
    assert client.get("/profile/student/activity/").status_code == 404


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_deed_has_words_and_a_place(felix, language):  # noqa: F811
    lesson = LessonFactory()
    comment = comment_of(felix, lesson.course, lesson)
    made = [
        entry(felix),
        entry(felix, kind=Kind.COURSE_PUBLISHED),
        entry(felix, kind=Kind.TOPIC_CREATED, topic=topic_of(felix)),
        entry(
            felix,
            kind=Kind.COMMENT_POSTED,
            course=lesson.course,
            lesson=lesson,
            object_id=comment.pk,
        ),
        badge_entry(felix),
        level_entry(felix, 10),
    ]
    assert {each.kind for each in made} == set(Kind.values)
    with translation.override(language):
        for each in made:
            assert wording.title_of(each) in wording.after_name(each)
            assert wording.title_of(each) in wording.alone(each)
            assert wording.url_of(each).startswith("/")
            assert wording.ICONS[each.kind]
    assert wording.url_of(made[3]) == f"/comments/{comment.pk}/"
