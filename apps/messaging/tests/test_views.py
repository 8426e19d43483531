"""The pages: what works, what strangers get, and what a wrong form is told."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.core.errors import NotAllowed
from apps.media.models import Purpose
from apps.media.services import store_upload
from apps.media.tests.files import picture, upload
from apps.messaging import selectors, services
from apps.messaging.models import Conversation, HiddenMessage, Message, MessageReport, Participant
from apps.social.models import Block, Profile, WritesFrom

from .factories import conversation_of, say

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def other(db):
    return UserFactory(username="felix", name="Felix Braun")


@pytest.fixture
def talk(student, other):
    found = conversation_of(student, other)
    say(found, student, "Same time on Sunday?")
    say(found, other, "Yes, at six")
    return found


def text_of(answer):
    return answer.content.decode()


def sequences(conversation):
    return [each.sequence for each in Message.objects.filter(conversation=conversation)]


def test_no_number_breaks_reading(site, other, talk):
    assert (
        site(other).post(f"/messages/{talk.pk}/read/", {"sequence": "9" * 5000}).status_code == 302
    )


# ── The list ──────────────────────────────────────────────────────────────────────────────────
def test_the_list_shows_what_was_said_last(site, student, other, talk):
    text = text_of(site(student).get("/messages/"))
    assert "Felix Braun" in text and "Yes, at six" in text
    assert "conv-count" in text  # one is unread
    assert "Felix" not in text_of(site(UserFactory()).get("/messages/"))


def test_the_header_counts_what_is_unread(site, student, talk):
    text = text_of(site(student).get("/settings/"))
    assert "<span data-number>1</span>" in text
    services.mark_read(conversation=talk, user=student, sequence=2, at=timezone.now())
    assert "<span data-number>0</span>" in text_of(site(student).get("/settings/"))


@pytest.mark.parametrize("asked", ["felix", "sunday", "six"])
def test_conversations_are_found_by_names_and_words(site, student, talk, asked):
    text = text_of(site(student).get("/messages/", {"q": asked}))
    assert f"/messages/{talk.pk}/" in text


def test_nothing_is_found_in_what_others_say(site, stranger, talk):
    text = text_of(site(stranger).get("/messages/rows/", {"q": "sunday"}, **HTMX))
    assert "Nothing found" in text and "Sunday?" not in text


def test_the_list_costs_the_same_for_many(site, student, talk, django_assert_max_num_queries):
    for _ in range(4):
        say(conversation_of(UserFactory(), student), student, "Hello")
    client = site(student)
    client.get("/messages/")
    with django_assert_max_num_queries(14):
        client.get("/messages/")


# ── A new conversation ────────────────────────────────────────────────────────────────────────
def test_a_conversation_begins_with_its_first_message(site, student, other):
    page = site(student).get("/messages/new/", {"to": "felix"})
    assert "Felix Braun" in text_of(page)
    answer = site(student).post("/messages/new/", {"to": "felix", "content": "Hello!"})
    made = Conversation.objects.get()
    assert answer.url == f"/messages/{made.pk}/"
    assert [each.content for each in made.messages.all()] == ["Hello!"]
    assert site(student).get("/messages/new/", {"to": "felix"}).url == f"/messages/{made.pk}/"


def test_several_people_are_a_group(site, student, other, teacher):
    data = {"to": ["felix", "teacher"], "title": "Statistics", "content": "Hello!"}
    site(student).post("/messages/new/", data)
    made = Conversation.objects.get()
    assert made.is_group and made.title == "Statistics"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"to": "", "content": "Hello"}, "This field is required"),
        ({"to": "felix", "content": ""}, "This field is required"),
        ({"to": "nobody-there", "content": "Hello"}, "There is nobody called nobody-there"),
        ({"to": "student", "content": "Hello"}, "Choose somebody else"),
    ],
)
def test_what_is_wrong_with_a_new_one_is_told(site, student, other, data, told):
    answer = site(student).post("/messages/new/", data)
    assert answer.status_code == 422
    assert told.replace("'", "&#x27;") in text_of(answer) or told in text_of(answer)
    assert data["content"] in text_of(answer)
    assert not Conversation.objects.exists()


def test_who_takes_no_messages_is_told_of(site, student, other):
    Profile.objects.update_or_create(user=other, defaults={"writes_from": WritesFrom.NOBODY})
    page = text_of(site(student).get("/messages/new/", {"to": "felix"}))
    assert "take messages from you" in page
    answer = site(student).post("/messages/new/", {"to": "felix", "content": "Hello"})
    assert answer.status_code == 422 and "write to this person" in text_of(answer)


def test_a_private_person_is_named_to_nobody(site, student):
    UserFactory(username="hidden", name="Secret Name", is_profile_public=False)
    for path in ("/messages/new/?to=hidden", "/messages/people/?q=hid"):
        assert "Secret" not in text_of(site(student).get(path))
    answer = site(student).post("/messages/new/", {"to": "hidden", "content": "Hello"})
    assert answer.status_code == 422 and "There is nobody called hidden" in text_of(answer)


def test_people_are_proposed_who_can_be_written_to(site, student, other, teacher):
    Profile.objects.update_or_create(user=teacher, defaults={"writes_from": WritesFrom.NOBODY})
    assert "Felix Braun" in text_of(site(student).get("/messages/people/", {"q": "fel"}))
    assert "Irina" not in text_of(site(student).get("/messages/people/", {"q": "iri"}))


# ── One conversation ──────────────────────────────────────────────────────────────────────────
def test_a_conversation_shows_what_was_said(site, student, other, talk):
    text = text_of(site(other).get(f"/messages/{talk.pk}/"))
    assert "Same time on Sunday?" in text and 'data-seq="2"' in text
    assert "New messages" in text_of(site(student).get(f"/messages/{talk.pk}/"))


@pytest.mark.parametrize("who", ["stranger", "moderator", "admin"])
def test_nobody_else_sees_it(request, site, talk, who):
    client = site(request.getfixturevalue(who))
    message = talk.messages.first().pk
    for path in (
        f"{talk.pk}/",
        f"{talk.pk}/messages/",
        f"{talk.pk}/people/",
        f"m/{message}/",
        f"files/{message}/",
        f"m/{message}/edit/",
        f"m/{message}/report/",
    ):
        assert client.get(f"/messages/{path}").status_code == 404, path
    for path in (
        f"{talk.pk}/",
        f"{talk.pk}/read/",
        f"{talk.pk}/mute/",
        f"{talk.pk}/leave/",
        f"{talk.pk}/block/",
        f"{talk.pk}/title/",
        f"m/{message}/delete/",
        f"m/{message}/restore/",
        f"m/{message}/report/",
    ):
        answer = client.post(f"/messages/{path}", {"content": "I", "value": "1"})
        assert answer.status_code == 404, path


def test_a_message_is_sent_without_scripts(site, student, talk):
    first = talk.messages.first()
    answer = site(student).post(
        f"/messages/{talk.pk}/", {"content": " See you\nthere ", "reply_to": first.pk}
    )
    assert answer.status_code == 302
    sent = talk.messages.get(sequence=3)
    assert (sent.content, sent.reply_to, sent.author) == ("See you\nthere", first, student)


def test_what_is_said_is_no_markup(site, student, talk):
    say(talk, student, "<script>alert(1)</script> https://example.com/?a=1&b=<b>")
    text = text_of(site(student).get(f"/messages/{talk.pk}/"))
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text
    assert 'href="https://example.com/' in text


@pytest.mark.parametrize("content", ["", "   "])
def test_an_empty_message_is_refused_in_the_form(site, student, talk, content):
    answer = site(student).post(f"/messages/{talk.pk}/", {"content": content})
    assert answer.status_code == 422 and "Write something." in text_of(answer)


def test_too_many_messages_are_refused_and_nothing_typed_is_lost(site, student, talk, settings):
    settings.MESSAGES_PER_MINUTE = settings.MESSAGES_PER_MINUTE_NEW = 1
    answer = site(student).post(f"/messages/{talk.pk}/", {"content": "And another thing"})
    assert answer.status_code == 429
    assert "That was fast" in text_of(answer) and "And another thing" in text_of(answer)


def test_across_a_block_nothing_is_sent_and_it_is_said(site, student, other, talk):
    site(other).post(f"/messages/{talk.pk}/block/", {"value": "1"})
    assert Block.objects.filter(blocker=other, blocked=student).exists()
    assert "You blocked Dana Kim" in text_of(site(other).get(f"/messages/{talk.pk}/"))
    text = text_of(site(student).get(f"/messages/{talk.pk}/"))
    assert "can’t write to this person" in text and 'id="composer"' not in text
    answer = site(student).post(f"/messages/{talk.pk}/", {"content": "Why?"})
    assert answer.status_code == 403 and sequences(talk) == [1, 2]
    site(other).post(f"/messages/{talk.pk}/block/", {})
    assert not Block.objects.exists()


def test_one_catches_up_by_number(site, student, other, talk):
    client = site(student)
    text = text_of(client.get(f"/messages/{talk.pk}/messages/", {"after": 1}))
    assert 'data-seq="2"' in text and 'data-seq="1"' not in text
    place = Participant.objects.get(conversation=talk, user=student)
    assert place.delivered_sequence == 2
    text = text_of(client.get(f"/messages/{talk.pk}/messages/", {"before": 2}))
    assert 'data-seq="1"' in text and 'data-seq="2"' not in text
    assert client.get(f"/messages/{talk.pk}/messages/", {"after": "x" * 50}).status_code == 200


def test_a_long_history_comes_in_parts(site, student, other, talk, settings):
    settings.MESSAGES_PER_MINUTE = settings.MESSAGES_PER_MINUTE_NEW = 1000
    for number in range(3, 121):
        say(talk, other, f"Message {number}")
    client = site(student)
    text = text_of(client.get(f"/messages/{talk.pk}/"))
    assert 'data-seq="71"' in text and 'data-seq="70"' not in text
    assert "data-more" in text_of(client.get(f"/messages/{talk.pk}/messages/", {"before": 71}))
    assert "data-more" in text_of(client.get(f"/messages/{talk.pk}/messages/", {"after": 0}))
    found = text_of(client.get(f"/messages/{talk.pk}/", {"at": 40}))
    assert 'data-seq="40"' in found and 'data-seq="30"' not in found


def test_a_conversation_costs_the_same_for_many(
    site, student, other, talk, settings, django_assert_max_num_queries
):
    settings.MESSAGES_PER_MINUTE = settings.MESSAGES_PER_MINUTE_NEW = 1000
    for _ in range(20):
        say(talk, other, "Hm", reply_to=talk.messages.first())
    client = site(student)
    client.get(f"/messages/{talk.pk}/")
    with django_assert_max_num_queries(24):
        client.get(f"/messages/{talk.pk}/")


def test_read_is_read(site, student, talk):
    answer = site(student).post(
        f"/messages/{talk.pk}/read/", {"sequence": 2}, HTTP_ACCEPT="application/json"
    )
    assert answer.json() == {"unread_count": 0}
    assert selectors.unread_total(student) == 0


# ── One message ───────────────────────────────────────────────────────────────────────────────
def test_a_message_is_changed(site, student, talk):
    own = talk.messages.get(sequence=1)
    client = site(student)
    assert "Same time" in text_of(client.get(f"/messages/m/{own.pk}/edit/", **HTMX))
    empty = client.post(f"/messages/m/{own.pk}/edit/", {"content": ""}, **HTMX)
    assert empty.status_code == 422 and "Write something." in text_of(empty)
    answer = client.post(f"/messages/m/{own.pk}/edit/", {"content": "At seven?"}, **HTMX)
    assert "At seven?" in text_of(answer) and "changed" in text_of(answer)


def test_nobody_changes_what_another_said(site, other, talk):
    theirs = talk.messages.get(sequence=1)
    answer = site(other).post(f"/messages/m/{theirs.pk}/edit/", {"content": "No"}, **HTMX)
    assert answer.status_code == 404
    answer = site(other).post(f"/messages/m/{theirs.pk}/delete/", {"for_everyone": 1}, **HTMX)
    assert answer.status_code == 403


def test_deleted_for_oneself_and_taken_back(site, student, other, talk):
    theirs = talk.messages.get(sequence=2)
    answer = site(student).post(f"/messages/m/{theirs.pk}/delete/", **HTMX)
    assert "Undo" in answer["HX-Trigger"] and HiddenMessage.objects.count() == 1
    assert selectors.unread_total(student) == 0
    assert "Yes, at six" not in text_of(site(student).get(f"/messages/{talk.pk}/"))
    assert "Yes, at six" in text_of(site(other).get(f"/messages/{talk.pk}/"))
    back = site(student).post(f"/messages/m/{theirs.pk}/restore/", **HTMX)
    assert "Yes, at six" in text_of(back) and selectors.unread_total(student) == 1


def test_deleted_for_everybody_and_taken_back(site, student, other, talk):
    own = talk.messages.get(sequence=2)
    answer = site(other).post(f"/messages/m/{own.pk}/delete/", {"for_everyone": 1}, **HTMX)
    assert "Message deleted" in text_of(answer)
    assert "Yes, at six" not in text_of(site(student).get(f"/messages/{talk.pk}/"))
    assert selectors.unread_total(student) == 0
    assert site(student).post(f"/messages/m/{own.pk}/restore/", **HTMX).status_code == 403
    back = site(other).post(f"/messages/m/{own.pk}/restore/", **HTMX)
    assert "Yes, at six" in text_of(back) and selectors.unread_total(student) == 1


def test_for_everybody_it_can_be_taken_back_for_five_minutes(student, talk):
    own = talk.messages.get(sequence=1)
    now = timezone.now()
    services.delete_message(message=own, by=student, for_everyone=True, at=now)
    late = now + services.RESTORABLE + timedelta(seconds=1)
    with pytest.raises(NotAllowed):
        services.restore_message(message=own, by=student, at=late)


def test_a_picture_is_shown_and_a_file_is_kept(site, student, stranger, talk):
    kept = store_upload(
        owner=student, file=upload(picture(), "a.png"), purpose=Purpose.MESSAGE, at=timezone.now()
    )
    message = say(talk, student, "", attachment=kept)
    client = site(student)
    assert "<img" in text_of(client.get(f"/messages/m/{message.pk}/"))
    answer = client.get(f"/messages/files/{message.pk}/")
    assert answer["Content-Type"] == "image/webp" and "inline" in answer["Content-Disposition"]
    client.post(
        f"/messages/{talk.pk}/",
        {"content": "", "file": SimpleUploadedFile("table.csv", b"a,b\n1,2\n", "text/csv")},
    )
    file = talk.messages.get(sequence=4)
    answer = client.get(f"/messages/files/{file.pk}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer["Content-Disposition"]
    assert site(stranger).get(f"/messages/files/{file.pk}/").status_code == 404


def test_a_message_is_reported(site, student, talk):
    theirs = talk.messages.get(sequence=2)
    client = site(student)
    assert "Yes, at six" in text_of(client.get(f"/messages/m/{theirs.pk}/report/", **HTMX))
    wrong = client.post(f"/messages/m/{theirs.pk}/report/", {"reason": "x" * 1001}, **HTMX)
    assert wrong.status_code == 422
    done = client.post(f"/messages/m/{theirs.pk}/report/", {"reason": "Rude"}, **HTMX)
    assert "Thank you" in text_of(done) and MessageReport.objects.get().reason == "Rude"


# ── A group ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def group(student, other, teacher):
    found = conversation_of(student, other, teacher, title="Statistics")
    say(found, student, "Welcome")
    return found


def test_its_people_are_kept_by_its_administrators(site, student, other, group):
    UserFactory(username="lena", name="Lena Weiss")
    base = f"/messages/{group.pk}/people/"
    client = site(student)
    assert "Felix Braun" in text_of(client.get(base))
    assert "Lena Weiss" in text_of(client.post(base, {"to": "lena"}, **HTMX))
    missing = client.post(base, {"to": "nobody-there"}, **HTMX)
    assert missing.status_code == 422 and "nobody-there" in text_of(missing)
    place = Participant.objects.get(conversation=group, user=other)
    client.post(f"{base}{place.pk}/appoint/", {"value": "1"}, **HTMX)
    assert Participant.objects.get(pk=place.pk).is_admin
    answer = client.post(f"{base}{place.pk}/remove/", **HTMX)
    assert "Felix Braun" not in text_of(answer)
    client.post(f"/messages/{group.pk}/title/", {"title": "Numbers"})
    group.refresh_from_db()
    assert group.title == "Numbers"


def test_members_change_nothing(site, student, other, group):
    place = Participant.objects.get(conversation=group, user=student)
    client = site(other)
    for path in ("title/", f"people/{place.pk}/remove/", f"people/{place.pk}/appoint/"):
        assert client.post(f"/messages/{group.pk}/{path}", {"title": "x"}).status_code == 403


def test_who_left_reads_what_there_was_and_no_more(site, student, other, group):
    client = site(other)
    assert "left=1" not in text_of(client.get("/messages/"))
    client.post(f"/messages/{group.pk}/leave/")
    say(group, student, "After you went")
    assert "/messages/?left=1" in text_of(client.get("/messages/"))
    assert f"/messages/{group.pk}/" in text_of(client.get("/messages/?left=1"))
    text = text_of(client.get(f"/messages/{group.pk}/"))
    assert "no longer in this group" in text and "Welcome" in text
    assert "After you went" not in text and 'id="composer"' not in text


def test_a_private_member_has_no_name_for_the_others(site, other, group, student):
    student.is_profile_public = False
    student.save()
    client = site(other)
    for path in (f"/messages/{group.pk}/", f"/messages/{group.pk}/people/", "/messages/"):
        text = text_of(client.get(path))
        assert "Dana" not in text and "@student" not in text, path


def test_muting_is_remembered(site, student, talk):
    client = site(student)
    client.post(f"/messages/{talk.pk}/mute/", {"value": "1"})
    assert Participant.objects.get(conversation=talk, user=student).is_muted
    client.post(f"/messages/{talk.pk}/mute/")
    assert not Participant.objects.get(conversation=talk, user=student).is_muted
