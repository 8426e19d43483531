"""Moderating courses and keeping the category tree in the admin."""

import pytest
from django.urls import reverse

from apps.courses import services
from apps.courses.models import Category

from .factories import CategoryFactory, CourseFactory, DraftFactory, LessonFactory

pytestmark = pytest.mark.django_db


def act(client, model, action, *rows):
    url = reverse(f"admin:courses_{model}_changelist")
    body = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(url, body, follow=True)


@pytest.mark.parametrize("model", ["course", "category", "courseversion"])
def test_lists_open_for_staff_with_the_right_alone(site, admin, teacher, model):
    course = CourseFactory(owner=teacher)
    services.update_course(
        course=CourseFactory(), editor=teacher, changes={"title": "T"}, at=course.created_at
    )
    url = reverse(f"admin:courses_{model}_changelist")
    assert site(admin).get(url, {"q": "a"}).status_code == 200
    assert site(teacher).get(url).status_code == 302


def test_courses_are_archived_and_published_through_the_services(site, admin):
    good, bad = CourseFactory(), DraftFactory(category=None)
    LessonFactory(course=good)
    client = site(admin)
    act(client, "course", "archive", good)
    good.refresh_from_db()
    assert good.status == "archived"
    page = act(client, "course", "publish", good, bad)
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.status, bad.status) == ("published", "draft")
    assert "missing" in page.content.decode()
    url = reverse("admin:courses_course_change", args=[good.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"title": "X"}).status_code == 403


def test_a_version_is_brought_back(site, admin, teacher):
    course = services.create_course(owner=teacher, title="A", at=teacher.created_at)
    services.update_course(
        course=course, editor=teacher, changes={"title": "B"}, at=teacher.created_at
    )
    act(site(admin), "courseversion", "restore", course.versions.last())
    course.refresh_from_db()
    assert course.title == "A"
    assert course.versions.first().author == admin


def test_categories_are_added_renamed_moved_and_merged(site, admin):
    client = site(admin)
    root, other = CategoryFactory(slug="root"), CategoryFactory(slug="other")
    leaf = CategoryFactory(slug="leaf", parent=root)
    names = {"name_en": "E", "name_ru": "Р"}
    client.post(reverse("admin:courses_category_add"), {"slug": "new", "parent": root.pk, **names})
    assert Category.objects.get(slug="new").parent == root

    def change(category, **body):
        url = reverse("admin:courses_category_change", args=[category.pk])
        return client.post(url, {"slug": category.slug, "parent": "", **names, **body})

    change(leaf, slug="blade", parent=other.pk)
    leaf.refresh_from_db()
    assert (leaf.slug, leaf.parent, leaf.name_en) == ("blade", other, "E")
    assert change(other, parent=leaf.pk).status_code == 200  # a ring, told on the form
    assert change(root, merge_into=root.pk).status_code == 200
    course = CourseFactory(category=leaf)
    assert change(leaf, merge_into=root.pk).status_code == 302
    course.refresh_from_db()
    assert course.category == root
    url = reverse("admin:courses_category_delete", args=[root.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
