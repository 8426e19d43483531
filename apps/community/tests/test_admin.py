"""The moderators' queue."""

import pytest
from django.utils import timezone

from apps.community.models import CommunityBan, Report, Standing
from apps.community.services import reports
from apps.core.models import AuditEntry
from apps.courses.tests.factories import CourseFactory

from .factories import CommentFactory, TopicFactory

pytestmark = pytest.mark.django_db
QUEUE = "/admin/community/report/"


@pytest.fixture
def reported(student):
    comment = CommentFactory(course=CourseFactory(status="published"), content="Buy orchids")
    reports.report(
        user=student, kind="comment", object_id=comment.pk, reason="spam", at=timezone.now()
    )
    return comment


def act(browser, page, action, rows):
    return browser.post(page, {"action": action, "_selected_action": [row.pk for row in rows]})


def test_the_queue_shows_what_waits(site, moderator, reported):
    page = site(moderator).get(QUEUE, follow=True)
    assert "Buy orchids" in page.text
    assert f"/comments/{reported.pk}/" in page.text
    for other in ("comment", "communityban", "standing", "communityban/add"):
        assert site(moderator).get(f"/admin/community/{other}/").status_code == 200


@pytest.mark.parametrize(
    ("action", "is_hidden", "banned"),
    [("uphold_reports", True, 0), ("refuse_reports", False, 0), ("ban_for_a_week", True, 1)],
)
def test_a_report_is_decided_in_the_queue(site, moderator, reported, action, is_hidden, banned):
    act(site(moderator), f"{QUEUE}?decided_at__isempty=1", action, Report.objects.all())
    reported.refresh_from_db()
    assert (reported.hidden_at is not None) == is_hidden
    assert Report.objects.get().decided_by == moderator
    assert CommunityBan.objects.filter(user=reported.author).count() == banned
    assert AuditEntry.objects.filter(actor=moderator).exists()


def test_bans_are_made_and_lifted(site, moderator, student):
    browser = site(moderator)
    page = "/admin/community/communityban/"
    browser.post(
        f"{page}add/", {"user": student.pk, "reason": "Spam", "until_0": "", "until_1": ""}
    )
    ban = CommunityBan.objects.get()
    assert (ban.user, ban.by, ban.lifted_at) == (student, moderator, None)
    act(browser, page, "lift_bans", [ban])
    ban.refresh_from_db()
    assert ban.lifted_at


def test_comments_are_hidden_and_shown_again(site, moderator):
    comment = CommentFactory(course=CourseFactory())
    page = "/admin/community/comment/"
    act(site(moderator), page, "hide_comments", [comment])
    comment.refresh_from_db()
    assert comment.hidden_by == moderator
    act(site(moderator), page, "show_comments", [comment])
    comment.refresh_from_db()
    assert comment.hidden_at is None
    assert Standing.objects.get(pk=comment.author_id).score == 0


def test_a_reported_topic_is_decided_there_too(site, moderator, student):
    topic = TopicFactory()
    reports.report(user=student, kind="topic", object_id=topic.pk, reason="rude", at=timezone.now())
    act(site(moderator), f"{QUEUE}?decided_at__isempty=1", "uphold_reports", Report.objects.all())
    topic.refresh_from_db()
    assert topic.hidden_at
