"""What somebody tries who means no good: undoing others' decisions, spam, texts that cost time."""

from datetime import timedelta
from time import process_time

import pytest
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.community import services
from apps.community.models import Comment, Kind, Mention, Post, StandingEntry
from apps.community.selectors.edits import edits_of
from apps.community.services import comments, restoring
from apps.community.services.history import keep_revision
from apps.community.services.mentions import MAX_A_DAY, mention_people
from apps.core.errors import Invalid, NotAllowed, NotFound
from apps.core.tests.threads import together
from apps.courses.tests.factories import CourseFactory, LessonFactory

from .factories import CommentFactory, PostFactory, TopicFactory

HTMX = {"HX-Request": "true"}


def now():
    return timezone.now()


def somebody(**more):
    return UserFactory(created_at=now() - timedelta(days=30), **more)


def a_comment(**more):
    course = more.pop("course", None) or CourseFactory(status="published")
    return CommentFactory(course=course, **more)


# ── Undoing ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_comment_that_a_moderator_deleted_stays_deleted(site, student, moderator):
    comment = a_comment(author=student)
    comments.delete_comment(comment=comment, by=moderator, at=now())
    assert site(student).post(f"/comments/{comment.pk}/restore/").status_code == 404
    assert Comment.objects.get(pk=comment.pk).deleted_at


@pytest.mark.django_db
def test_a_key_for_ones_own_deletion_undoes_no_moderators(site, moderator):
    author = somebody()
    topic = TopicFactory()
    post = services.reply(topic=topic, author=author, content="Something rude.", at=now())
    shown = site(author).post(f"/forum/posts/{post.pk}/delete/", headers=HTMX).text
    key = shown.split('hx-post="')[1].split('"')[0].replace("&amp;", "&")
    assert site(author).post(key, headers=HTMX).status_code == 200
    services.delete_post(post=post, by=moderator, at=now())
    assert site(author).post(key, headers=HTMX).status_code == 404
    assert Post.objects.get(pk=post.pk).deleted_at


@pytest.mark.django_db
def test_a_topic_that_a_moderator_deleted_is_put_back_by_moderators(moderator):
    topic = TopicFactory()
    services.delete_topic(topic=topic, by=moderator, at=now())
    with pytest.raises(NotFound):
        restoring.restore_topic(topic=topic, by=topic.author, at=now())
    assert restoring.restore_topic(topic=topic, by=moderator, at=now()).deleted_at is None


# ── Spam ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_texts_written_anew_again_and_again_tell_somebody_ten_times_a_day(student):
    author, at = somebody(), now()
    told = []
    for number in range(MAX_A_DAY + 3):
        post = PostFactory(author=author)
        text = f"@{student.username} look, for the {number}th time"
        told += mention_people(author=author, kind=Kind.POST, object_id=post.pk, text=text, at=at)
    assert told == [student.pk] * MAX_A_DAY
    assert Mention.objects.filter(user=student).count() == MAX_A_DAY
    post = PostFactory()
    other = {"author": post.author, "kind": Kind.POST, "object_id": post.pk}
    assert mention_people(**other, text=f"@{student.username}", at=at) == [student.pk]


@pytest.mark.django_db
def test_nothing_is_added_to_a_locked_discussion_by_an_edit():
    course = CourseFactory(status="published")
    author = somebody()
    comment = comments.write_comment(author=author, course=course, content="First.", at=now())
    comments.keep_discussion(course=course, by=course.owner, is_locked=True, at=now())
    with pytest.raises(NotAllowed):
        comments.edit_comment(comment=comment, by=author, content="And another thing", at=now())
    assert Comment.objects.get(pk=comment.pk).content == "First."


@pytest.mark.django_db
def test_a_passage_brings_no_links_that_the_lesson_has_not():
    lesson = LessonFactory(
        course=CourseFactory(status="published"),
        content="Read https://example.org/dice first.",
        is_preview=True,
    )
    said = {"author": somebody(), "lesson": lesson, "at": now()}
    with pytest.raises(Invalid):
        comments.write_comment(**said, content="Buy!", passage="Buy at https://spam.example/")
    passage = "https://example.org/dice first"
    assert comments.write_comment(**said, content="Which?", passage=passage).passage == passage


# ── Time ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 1000, "a b " * 500),
        ("! " * 990, "? ! " * 500),
        ("a\n" * 1000, "a\n" * 10_000),
        (" ".join(str(i % 7) for i in range(1000)), " ".join(str(i * 3 % 7) for i in range(1000))),
        ("a b\n" * 4000, "b a\nc\n" * 3000),
    ],
)
def test_no_pair_of_texts_takes_long_to_compare(student, before, after):
    for number in range(6):
        keep_revision(
            kind=Kind.POST,
            object_id=7,
            content=(before, after)[number % 2],
            edited_by=student,
            at=now(),
        )
    began = process_time()
    found = edits_of(kind=Kind.POST, object_id=7, title="", content=before)
    assert process_time() - began < 0.5
    assert len(found) == 6


@pytest.mark.django_db
def test_what_an_edit_changed_is_shown_whole(student):
    before = "The first word stays.\nThe second goes, the third too.\nThe end."
    after = "The first word stays.\nThe second comes.\nThe end."
    keep_revision(kind=Kind.POST, object_id=7, content=before, edited_by=student, at=now())
    (edit,) = edits_of(kind=Kind.POST, object_id=7, title="", content=after)
    shown = str(edit.changes)
    assert shown.startswith("The first word stays.\nThe second ")
    assert shown.endswith("\nThe end.")
    assert "<del>" in shown
    assert "<ins>comes</ins>" in shown


# ── Odd addresses ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize("number", ["0" * 10 + "1" + "9" * 5000, "9" * 30, "-1", "1e3", "٣", "nan"])
def test_no_number_of_a_post_breaks_the_list(client, number):
    topic = TopicFactory()
    answer = client.get(f"/api/forum/topics/{topic.pk}/posts", {"from": number})
    assert answer.status_code == 400


# ── At once ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_answers_that_change_hands_at_once_block_nobody():
    one, other = somebody(), somebody()
    questions = [a_comment(is_question=True) for _ in range(2)]
    replies = {
        (question.pk, person.pk): a_comment(author=person, root=question, course=question.course)
        for question in questions
        for person in (one, other)
    }

    def change_hands(number):
        people = [one, other] if number else [other, one]
        for person in people * 5:
            row = Comment.objects.select_related("course", "author").get(pk=questions[number].pk)
            answer = replies[row.pk, person.pk]
            comments.mark_answer(question=row, answer=answer, by=row.author, at=now())

    together(2, change_hands)
    assert StandingEntry.objects.count() == 2
