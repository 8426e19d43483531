"""The API of messages: shapes, pages, refusals, retries."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.core.models import AuditEntry
from apps.courses.tests.factories import CourseFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.media.services import store_upload
from apps.media.tests.files import picture
from apps.messaging import services
from apps.messaging.models import Message, MessageReport
from apps.social.models import Block

from .factories import conversation_of, say

pytestmark = pytest.mark.django_db
CONVERSATIONS = "/api/messages/conversations"


@pytest.fixture(autouse=True)
def no_hurry(settings):
    settings.MESSAGES_PER_MINUTE = settings.MESSAGES_PER_MINUTE_NEW = 10_000


@pytest.fixture
def talk(student, stranger):
    return conversation_of(student, stranger)


def test_a_conversation_is_begun_once(api, student, stranger):
    first = api(student).post(CONVERSATIONS, {"participants": [stranger.pk]})
    again = api(stranger).post(CONVERSATIONS, {"participants": [student.pk]})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data["id"] == again.data["id"]
    assert first.data["title"] == "Sam Stone"
    assert [person["id"] for person in first.data["participants"]] == [student.pk, stranger.pk]


def test_a_group_is_bound_to_a_course_one_takes_part_in(api, student, stranger, teacher):
    course = CourseFactory(owner=teacher)
    body = {"participants": [stranger.pk, teacher.pk], "title": "Ink", "course": course.pk}
    assert api(student).post(CONVERSATIONS, body).status_code == 400
    EnrollmentFactory(student=student, course=course)
    answer = api(student).post(CONVERSATIONS, body)
    assert answer.status_code == 201
    assert answer.data["course"]["id"] == course.pk
    assert answer.data["is_group"]


@pytest.mark.parametrize("people", [[], "all", [0], [True], [None], [[1]], list(range(1, 60))])
def test_nonsense_instead_of_people_is_told(api, student, people):
    answer = api(student).post(CONVERSATIONS, {"participants": people})
    assert answer.status_code == 400
    assert any(field.startswith("participants") for field in answer.data["errors"])


def test_the_private_are_not_told_from_the_missing(api, student, stranger):
    stranger.is_profile_public = False
    stranger.save(update_fields=["is_profile_public"])
    private = api(student).post(CONVERSATIONS, {"participants": [stranger.pk]})
    missing = api(student).post(CONVERSATIONS, {"participants": [stranger.pk + 100_000]})
    assert private.status_code == missing.status_code == 400
    assert private.data == missing.data


def test_who_is_blocked_is_refused_with_a_sentence(api, student, stranger, talk):
    Block.objects.create(blocker=stranger, blocked=student, created_at=timezone.now())
    for one in (student, stranger):
        answer = api(one).post(f"{CONVERSATIONS}/{talk.pk}/messages", {"content": "Hi"})
        assert answer.status_code == 403
        assert answer.data["detail"] == "You can’t write to this person."


def test_history_comes_in_pages_of_fifty(api, student, stranger, talk):
    for number in range(120):
        say(talk, student, str(number + 1))
    client = api(stranger)
    address, found = f"{CONVERSATIONS}/{talk.pk}", []
    sizes = []
    while address:
        page = client.get(address).data["messages"]
        sizes.append(len(page["results"]))
        found += [message["sequence"] for message in page["results"]]
        address = page["next"]
    assert sizes == [50, 50, 20]
    assert found == [*range(120, 0, -1)]


def test_catching_up_goes_forward_without_gaps(api, student, stranger, talk):
    for number in range(130):
        say(talk, student, str(number + 1))
    client = api(stranger)
    address, found = f"{CONVERSATIONS}/{talk.pk}?after=7", []
    while address:
        page = client.get(address).data["messages"]
        found += [message["sequence"] for message in page["results"]]
        address = page["next"]
    assert found == [*range(8, 131)]


@pytest.mark.parametrize(
    "query", ["before=x", "after=-1", "limit=0", "limit=101", "before=1&after=1"]
)
def test_a_page_that_cannot_be_is_told(api, student, talk, query):
    assert api(student).get(f"{CONVERSATIONS}/{talk.pk}?{query}").status_code == 400


def test_a_retry_with_its_key_writes_once(api, student, talk):
    key, address = uuid.uuid4().hex, f"{CONVERSATIONS}/{talk.pk}/messages"
    answers = [
        api(student).post(address, {"content": "Once"}, HTTP_IDEMPOTENCY_KEY=key) for _ in range(3)
    ]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data["id"] for answer in answers}) == 1
    assert Message.objects.count() == 1
    other = api(student).post(address, {"content": "Twice"}, HTTP_IDEMPOTENCY_KEY=key)
    assert other.status_code == 409


def test_a_message_too_long_is_told_and_a_body_too_large_refused(api, student, talk):
    address = f"{CONVERSATIONS}/{talk.pk}/messages"
    assert api(student).post(address, {"content": "я" * 20_000}).status_code == 201
    assert api(student).post(address, {"content": "я" * 20_001}).status_code == 400
    assert api(student).post(address, {"content": "x" * 10_000_000}).status_code == 413
    assert Message.objects.count() == 1


def test_reading_moves_the_count(api, student, stranger, talk):
    messages = [say(talk, student) for _ in range(3)]
    client = api(stranger)
    assert client.get("/api/messages/unread-count").data == {"count": 3}
    answer = client.put(f"/api/messages/{messages[1].pk}/read")
    assert answer.data == {"conversation": talk.pk, "read_sequence": 2, "unread_count": 1}
    assert client.get("/api/messages/unread-count").data == {"count": 1}
    [row] = client.get(CONVERSATIONS).data["results"]
    assert (row["unread_count"], row["last_message"]["sequence"]) == (1, 3)


def test_the_author_sees_how_far_a_message_has_come(api, student, stranger, talk):
    message = say(talk, student)

    def status():
        return (
            api(student).get(f"{CONVERSATIONS}/{talk.pk}").data["messages"]["results"][0]["status"]
        )

    assert status() == "sent"
    answer = api(stranger).put(f"{CONVERSATIONS}/{talk.pk}/delivered", {"sequence": 1})
    assert answer.data == {"delivered_sequence": 1}
    assert status() == "delivered"
    api(stranger).put(f"/api/messages/{message.pk}/read")
    assert status() == "read"
    shown = api(stranger).get(f"{CONVERSATIONS}/{talk.pk}").data["messages"]["results"][0]
    assert shown["status"] is None


def test_what_was_deleted_shows_no_words_anywhere(api, student, stranger, talk):
    message = say(talk, student, "A secret")
    answer = say(talk, stranger, "What?", reply_to=message)
    assert api(student).delete(f"/api/messages/{message.pk}").status_code == 204
    for one in (student, stranger):
        for address in (
            CONVERSATIONS,
            f"{CONVERSATIONS}/{talk.pk}",
            "/api/messages/search?q=secret",
        ):
            assert b"A secret" not in api(one).get(address).content
    shown = api(student).get(f"{CONVERSATIONS}/{talk.pk}").data["messages"]["results"]
    assert [(each["id"], each["is_deleted"]) for each in shown] == [
        (answer.pk, False),
        (message.pk, True),
    ]
    assert shown[0]["reply_to"]["excerpt"] == ""


def test_deleting_for_oneself_alone(api, student, stranger, talk):
    message = say(talk, student)
    assert api(stranger).delete(f"/api/messages/{message.pk}").status_code == 403
    assert api(stranger).delete(f"/api/messages/{message.pk}?for=me").status_code == 204
    assert api(stranger).get(f"{CONVERSATIONS}/{talk.pk}").data["messages"]["results"] == []
    assert len(api(student).get(f"{CONVERSATIONS}/{talk.pk}").data["messages"]["results"]) == 1
    assert api(student).delete(f"/api/messages/{message.pk}?for=them").status_code == 400


def test_search_finds_words_of_both_languages_in_ones_own(api, student, stranger, teacher, talk):
    say(talk, student, "Завтра читаем лекции о памяти")
    say(talk, stranger, "Bring your notebooks")
    say(conversation_of(stranger, teacher), stranger, "Their own notebook and лекция")

    def found(user, text):
        rows = api(user).get("/api/messages/search", {"q": text}).data["results"]
        return [row["content"] for row in rows]

    assert found(student, "лекция") == ["Завтра читаем лекции о памяти"]
    assert found(student, "notebook") == ["Bring your notebooks"]
    assert found(teacher, "notebook") == ["Their own notebook and лекция"]
    assert found(student, "") == found(student, "'; drop & | !") == []


def test_what_was_said_before_somebody_came_is_quoted_to_them_nowhere(
    api, student, stranger, teacher
):
    group = conversation_of(student, stranger, UserFactory())
    before = say(group, student, "The exam is on Monday")
    services.add_participant(conversation=group, user=teacher, by=student, at=timezone.now())
    say(group, stranger, "Splendid news", reply_to=before)
    quotes = {}
    for person in (teacher, stranger):
        (row,) = api(person).get("/api/messages/search", {"q": "splendid"}).data["results"]
        quotes[person] = row["reply_to"] and row["reply_to"]["excerpt"]
    assert quotes == {teacher: None, stranger: "The exam is on Monday"}


def test_a_picture_is_shown_and_a_file_downloaded_by_its_readers_only(
    api, site, student, stranger, teacher, talk
):
    def sent(file, content):
        upload = store_upload(owner=student, file=file, purpose="message", at=timezone.now())
        body = {"content": content, "attachment": upload.pk}
        return api(student).post(f"{CONVERSATIONS}/{talk.pk}/messages", body).data

    shown = sent(SimpleUploadedFile("me.png", picture(size=(30, 20))), "")
    kept = sent(SimpleUploadedFile("notes.txt", b"Notes"), "Mine")
    assert shown["attachment"]["kind"] == "image/webp"
    answer = api(stranger).get(shown["attachment"]["url"])
    assert answer["Content-Type"] == "image/webp"
    assert answer["Content-Disposition"].startswith("inline")
    answer = api(stranger).get(kept["attachment"]["url"])
    assert answer.content == b"Notes"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    page = f"/messages/files/{kept['id']}/"
    assert site(stranger).get(page).content == b"Notes"
    assert site(teacher).get(page).status_code == 404
    assert api(teacher).get(kept["attachment"]["url"]).status_code == 404
    api(student).delete(f"/api/messages/{kept['id']}")
    assert api(stranger).get(kept["attachment"]["url"]).status_code == 404


def test_another_persons_upload_is_no_attachment(api, student, stranger, talk):
    file = SimpleUploadedFile("notes.txt", b"Notes")
    upload = store_upload(owner=stranger, file=file, purpose="message", at=timezone.now())
    avatar = store_upload(
        owner=student,
        file=SimpleUploadedFile("me.png", picture(size=(30, 20))),
        purpose="avatar",
        at=timezone.now(),
    )
    for pk in (upload.pk, avatar.pk, 10**12, "x", True):
        answer = api(student).post(
            f"{CONVERSATIONS}/{talk.pk}/messages", {"content": "Hi", "attachment": pk}
        )
        assert answer.status_code == 400, pk


def test_a_report_shows_six_messages_and_only_those(api, site, student, stranger, moderator, talk):
    for number in range(9):
        message = say(talk, student, f"Said {number}")
    answer = api(stranger).post(f"/api/messages/{message.pk}/report", {"reason": "Rude"})
    again = api(stranger).post(f"/api/messages/{message.pk}/report", {"reason": "Rude"})
    assert (answer.status_code, again.status_code) == (201, 200)
    services.delete_message(message=message, by=student, for_everyone=True, at=timezone.now())
    report = MessageReport.objects.get()
    page = site(moderator).get(f"/admin/messaging/messagereport/{report.pk}/change/")
    text = page.content.decode()
    assert page.status_code == 200
    assert all(f"Said {number}" in text for number in range(3, 9))
    assert "Said 2" not in text
    assert AuditEntry.objects.filter(action="message_report.opened", actor=moderator).exists()


def test_a_group_hides_the_private_and_two_who_write_know_each_other(
    api, student, stranger, teacher
):
    stranger.is_profile_public = False
    stranger.save(update_fields=["is_profile_public"])
    group = conversation_of(stranger, student, teacher)
    say(group, stranger, "Here I am")
    shown = api(student).get(f"{CONVERSATIONS}/{group.pk}")
    assert b"Sam Stone" not in shown.content and b"stranger" not in shown.content
    assert shown.data["messages"]["results"][0]["author"]["id"] is None
    two = conversation_of(stranger, student)
    say(two, stranger, "It's me")
    shown = api(student).get(f"{CONVERSATIONS}/{two.pk}")
    assert shown.data["messages"]["results"][0]["author"]["name"] == "Sam Stone"


def test_a_private_person_stays_unnamed_until_they_write(api, student, stranger):
    course = CourseFactory()
    for one in (student, stranger):
        EnrollmentFactory(student=one, course=course)
    stranger.is_profile_public = False
    stranger.save(update_fields=["is_profile_public"])
    begun = api(student).post(CONVERSATIONS, {"participants": [stranger.pk]})
    assert begun.status_code == 201
    assert b"Sam Stone" not in begun.content
    talk = stranger_talk = begun.data["id"]
    api(student).post(f"{CONVERSATIONS}/{talk}/messages", {"content": "Hello?"})
    api(stranger).post(f"{CONVERSATIONS}/{stranger_talk}/messages", {"content": "Yes"})
    assert b"Sam Stone" in api(student).get(f"{CONVERSATIONS}/{talk}").content


def test_history_costs_the_same_however_long_it_is(
    api, student, stranger, talk, django_assert_max_num_queries
):
    for _ in range(60):
        say(talk, student, reply_to=Message.objects.order_by("?").first())
    client = api(stranger)
    with django_assert_max_num_queries(5):
        assert len(client.get(f"{CONVERSATIONS}/{talk.pk}").data["messages"]["results"]) == 50


def test_many_people_cost_the_same(api, student, django_assert_max_num_queries):
    group = conversation_of(student, *UserFactory.create_batch(20))
    say(group, student)
    with django_assert_max_num_queries(6):
        assert len(api(student).get(CONVERSATIONS).data["results"][0]["participants"]) == 21
