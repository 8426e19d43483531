"""What topics, posts and comments have in common: likes, mentions, rules, reports, standing."""

from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.tests.factories import TeacherFactory, UserFactory
from apps.community.models import (
    Comment,
    Like,
    Mention,
    Report,
    Standing,
    StandingCause,
    StandingEntry,
)
from apps.community.selectors.standing import ban_of, may, standing_of, weight_of_report
from apps.community.selectors.texts import html_of, names_in, with_html
from apps.community.services import bans, reports, rules, standing
from apps.community.services.likes import toggle_like
from apps.community.services.mentions import mention_people
from apps.core.errors import Invalid, NotAllowed, NotFound, TooMany
from apps.core.models import AuditEntry, Delivery
from apps.core.tests.threads import together
from apps.courses.tests.factories import CourseFactory
from apps.social.models import Block

from .factories import CommentFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


def aged(user, **ago):
    """The person as somebody who registered so long ago."""
    User.objects.filter(pk=user.pk).update(created_at=now() - timedelta(**ago))
    user.refresh_from_db()
    return user


def a_comment(**fields):
    return CommentFactory(
        course=fields.pop("course", None) or CourseFactory(status="published"), **fields
    )


def check(user, text="A thought of my own.", kind="comment", **more):
    rules.check_may_write(user=user, kind=kind, text=text, at=now(), **more)


# ── Likes ─────────────────────────────────────────────────────────────────────────────────────
def test_a_like_is_a_toggle_that_moves_count_and_standing(student):
    comment = a_comment()
    states = [
        toggle_like(user=student, kind="comment", object_id=comment.pk, at=now()) for _ in range(3)
    ]
    assert [(each.liked, each.likes_count) for each in states] == [(True, 1), (False, 0), (True, 1)]
    comment.refresh_from_db()
    assert comment.likes_count == 1
    assert standing_of(comment.author) == 2
    events = [row.event for row in Delivery.objects.order_by("id")]
    assert set(events) <= {"content.liked", "content.unliked"}


def test_nobody_likes_their_own_or_what_they_cant_see(student, stranger):
    own = a_comment(author=student)
    with pytest.raises(NotAllowed):
        toggle_like(user=student, kind="comment", object_id=own.pk, at=now())
    hidden = a_comment(hidden_at=now())
    of_draft = a_comment(course=CourseFactory(status="draft"))
    for comment in (hidden, of_draft):
        with pytest.raises(NotFound):
            toggle_like(user=stranger, kind="comment", object_id=comment.pk, at=now())
    for kind, thing in {"topic": TopicFactory(), "post": PostFactory()}.items():
        assert toggle_like(user=student, kind=kind, object_id=thing.pk, at=now()).liked
    with pytest.raises(NotFound):
        toggle_like(user=student, kind="topic", object_id=2**40, at=now())


@pytest.mark.django_db(transaction=True)
def test_two_hundred_parallel_likes_are_counted_truly():
    comment = a_comment()
    people = UserFactory.create_batch(20)

    def like(number):
        # ten clicks each, in turns: an even number ends unliked, one more ends liked
        for _ in range(10 + number % 2):
            toggle_like(user=people[number], kind="comment", object_id=comment.pk, at=now())

    together(20, like)
    comment.refresh_from_db()
    likes = Like.objects.filter(kind="comment", object_id=comment.pk)
    assert comment.likes_count == likes.count() == 10
    assert standing_of(comment.author) == 20
    assert StandingEntry.objects.aggregate(sum=Sum("points"))["sum"] == 20


@pytest.mark.django_db(transaction=True)
def test_one_person_clicking_in_many_tabs_likes_once(student):
    comment = a_comment()
    together(
        9, lambda _n: toggle_like(user=student, kind="comment", object_id=comment.pk, at=now())
    )
    comment.refresh_from_db()
    assert comment.likes_count == Like.objects.count() == 1
    assert standing_of(comment.author) == 2


# ── Standing ──────────────────────────────────────────────────────────────────────────────────
def test_rights_come_with_standing_and_go_with_it(student):
    comment = a_comment(author=student)
    likers = UserFactory.create_batch(5)
    assert not may(student, "links")
    for liker in likers:
        toggle_like(user=liker, kind="comment", object_id=comment.pk, at=now())
    assert (standing_of(student), may(student, "links"), may(student, "pictures")) == (
        10,
        True,
        False,
    )
    toggle_like(user=likers[0], kind="comment", object_id=comment.pk, at=now())
    assert (standing_of(student), may(student, "links")) == (8, False)


def test_a_cause_counts_once_and_is_taken_back_once(student, stranger):
    cause = {
        "user_id": student.pk,
        "cause": StandingCause.BEST_ANSWER,
        "kind": "comment",
        "object_id": 7,
        "by_id": stranger.pk,
    }
    assert [standing.award(**cause, at=now()) for _ in range(2)] == [True, False]
    assert standing_of(student) == 15
    assert [standing.take_back(**cause) for _ in range(2)] == [True, False]
    assert standing_of(student) == 0
    assert not standing.award(**{**cause, "by_id": student.pk}, at=now())
    Standing.objects.filter(pk=student.pk).update(score=99)
    assert standing.recount_standing(user_id=student.pk) == 0


@pytest.mark.parametrize(("score", "weight"), [(-5, 1), (0, 1), (49, 1), (50, 2), (200, 3)])
def test_a_report_weighs_by_standing(student, score, weight):
    Standing.objects.create(user=student, score=score)
    assert weight_of_report(student) == weight


# ── Rules ─────────────────────────────────────────────────────────────────────────────────────
def test_a_new_account_writes_from_the_first_minute_within_its_limits(student):
    check(student)
    TopicFactory.create_batch(5, author=student)
    with pytest.raises(TooMany):
        check(student, kind="topic")
    check(student)  # topics and replies are counted apart
    a_comment_of = CourseFactory()
    CommentFactory.create_batch(12, author=student, course=a_comment_of)
    PostFactory.create_batch(7, author=student)
    check(student)
    PostFactory(author=student)
    with pytest.raises(TooMany) as refused:
        check(student)
    assert 0 < refused.value.retry_after <= 24 * 3600
    check(aged(student, days=4))


def test_yesterdays_texts_count_no_longer(student):
    TopicFactory.create_batch(5, author=student, created_at=now() - timedelta(hours=25))
    check(student, kind="topic")


@pytest.mark.parametrize(
    "text",
    [
        "See https://example.com/page for more",
        "See [this](https://example.com)",
        "See <https://example.com>",
        "www.example.com is where it stands",
        "[a][1] and so on\n\n[1]: http://example.com",
        "![a picture](https://example.com/a.png)",
    ],
)
def test_links_want_a_day_and_standing(student, text):
    with pytest.raises(NotAllowed):
        check(student, text)
    aged(student, days=2)
    with pytest.raises(NotAllowed):
        check(student, text)
    Standing.objects.create(user=student, score=10)
    check(student, text)
    check(TeacherFactory(is_verified=True), text)


def test_an_address_in_code_is_no_link(student):
    check(student, '```python\nget("https://example.com")\n```\nWhy does this hang?')


def test_pictures_want_more_standing(student):
    text = "![graph](/media/lesson_image/ab/cd-640x480.webp)"
    aged(student, days=2)
    Standing.objects.create(user=student, score=19)
    with pytest.raises(NotAllowed):
        check(student, text)
    Standing.objects.update(score=20)
    check(student, text)


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "x" * 20_001, " ".join(f"https://example.com/{n}" for n in range(11))],
)
def test_what_is_empty_too_long_or_all_links_is_told_under_its_field(moderator, text):
    with pytest.raises(Invalid) as refused:
        check(moderator, text)
    assert list(refused.value.errors) == ["content"]


def test_the_same_text_isnt_written_twice_a_day(student):
    text = "Buy   my course about ORCHIDS today"
    a_comment(author=student, content="Buy my course about orchids\ntoday")
    with pytest.raises(TooMany):
        check(student, text)
    with pytest.raises(TooMany):
        check(student, text, kind="topic")
    check(student, "Thank you!")
    a_comment(author=student, content="Thank you!")
    check(student, "Thank you!")
    Comment.objects.update(created_at=now() - timedelta(hours=25))
    check(student, text)


def test_slow_mode_says_how_long(student, moderator):
    pace = {"slow_mode_seconds": 60, "last_written_at": now() - timedelta(seconds=20)}
    with pytest.raises(TooMany) as refused:
        check(student, **pace)
    assert 30 < refused.value.retry_after <= 40
    check(moderator, **pace)
    check(student, slow_mode_seconds=60, last_written_at=now() - timedelta(seconds=61))


def test_a_least_age_can_be_asked_for(student, settings):
    settings.COMMUNITY_MINIMUM_AGE = 30
    aged(student, minutes=10)
    with pytest.raises(TooMany) as refused:
        check(student)
    assert 1190 < refused.value.retry_after <= 1200
    check(aged(student, minutes=31))


@pytest.mark.django_db(transaction=True)
def test_limits_hold_when_everything_comes_at_once(student):
    from django.db import transaction

    from apps.community.models import ForumCategory

    category = ForumCategory.objects.create(slug="r", name_en="R", name_ru="К")

    def begin(number):
        try:
            with transaction.atomic():
                check(student, f"Topic number {number} of many", kind="topic")
                TopicFactory(author=student, category=category, content=f"{number}")
        except TooMany:
            return False
        return True

    assert sum(together(10, begin)) == 5


# ── Bans ──────────────────────────────────────────────────────────────────────────────────────
def test_a_ban_ends_writing_and_liking_until_its_day(student, moderator):
    comment = a_comment()
    until = now() + timedelta(days=2)
    ban = bans.ban(user=student, by=moderator, reason="Spam", until=until, at=now())
    for act in (
        lambda: check(student),
        lambda: toggle_like(user=student, kind="comment", object_id=comment.pk, at=now()),
    ):
        with pytest.raises(NotAllowed, match="Spam"):
            act()
    assert ban_of(student, until + timedelta(seconds=1)) is None
    bans.lift_ban(ban=ban, by=moderator, at=now())
    check(student)
    actions = [entry.action for entry in AuditEntry.objects.order_by("id")]
    assert actions == ["community.banned", "community.unbanned"]


def test_only_moderators_ban_and_never_each_other(student, teacher, moderator, admin):
    for by, user in ((teacher, student), (moderator, admin), (student, student)):
        with pytest.raises(NotAllowed):
            bans.ban(user=user, by=by, reason="No", at=now())
    for wrong in ({"reason": " "}, {"reason": "x", "until": now() - timedelta(days=1)}):
        with pytest.raises(Invalid):
            bans.ban(user=student, by=moderator, at=now(), **wrong)


# ── Mentions ──────────────────────────────────────────────────────────────────────────────────
def test_names_are_found_where_people_write_them():
    text = "@dana, ask @irina.s. or (@max)! Not me@mail.test, `@code`, /@path\n```\n@fence\n```"
    assert names_in(text) == ["dana", "irina.s.", "irina.s", "max"]
    assert names_in("@" + "a" * 41) == []


def test_who_is_named_hears_once_and_only_who_may_read(student, stranger, teacher, moderator):
    comment = a_comment(author=student)
    Block.objects.create(blocker=teacher, blocked=student, created_at=now())
    say = {
        "author": student,
        "kind": "comment",
        "object_id": comment.pk,
        "text": "@stranger @teacher @student @nobody @stranger",
    }
    assert mention_people(**say, at=now()) == [stranger.pk]
    assert mention_people(**say, at=now()) == []
    of_draft = a_comment(author=student, course=CourseFactory(status="draft"))
    say |= {"object_id": of_draft.pk, "text": "@stranger @moderator"}
    assert mention_people(**say, at=now()) == [moderator.pk]


def test_a_mention_bomb_tells_ten(student):
    people = [UserFactory(username=f"reader{number}") for number in range(30)]
    comment = a_comment(author=student)
    say = {"author": student, "kind": "comment", "object_id": comment.pk}
    text = " ".join(f"@{person.username}" for person in people)
    assert len(mention_people(**say, text=text, at=now())) == 10
    assert mention_people(**say, text="@reader29", at=now()) == []
    assert Mention.objects.count() == 10


def test_names_become_links_but_private_ones_dont(student, stranger):
    User.objects.filter(pk=stranger.pk).update(is_profile_public=False)
    html = html_of("Ask @student, @stranger or `@student`. <script>alert(1)</script>")
    assert html.count('<a class="mention" href="/profile/student/">@student</a>') == 1
    assert "@stranger or" in html
    assert "<script" not in html
    assert html_of("[@student](https://example.com/@student)").count("mention") <= 1


def test_html_of_many_rows_takes_one_query(student, django_assert_num_queries):
    rows = [CommentFactory.build(content=f"Number {n}, @student") for n in range(5)]
    with django_assert_num_queries(1):
        with_html(rows)
    assert all("/profile/student/" in row.content_html for row in rows)


# ── Reports ───────────────────────────────────────────────────────────────────────────────────
def tell(user, comment, reason="spam"):
    return reports.report(user=user, kind="comment", object_id=comment.pk, reason=reason, at=now())


def test_reports_of_enough_weight_hide_until_somebody_has_looked(moderator):
    comment = a_comment()
    strong, other = UserFactory.create_batch(2)
    for user in (strong, other):
        Standing.objects.create(user=user, score=200)
    tell(strong, comment)
    tell(strong, comment, "rude")
    comment.refresh_from_db()
    assert comment.hidden_at is None
    assert Report.objects.get().reason == "rude"
    tell(other, comment)
    comment.refresh_from_db()
    assert comment.hidden_at
    assert comment.hidden_by is None
    reports.refuse(kind="comment", object_id=comment.pk, by=moderator, at=now())
    comment.refresh_from_db()
    assert comment.hidden_at is None
    assert {each.decision for each in Report.objects.all()} == {"refused"}
    # a moderator has looked: no crowd hides it again
    for user in UserFactory.create_batch(7):
        tell(user, comment)
    comment.refresh_from_db()
    assert comment.hidden_at is None


def test_upholding_hides_and_costs_standing(student, moderator):
    comment = a_comment()
    tell(student, comment)
    for _ in range(2):
        reports.uphold(kind="comment", object_id=comment.pk, by=moderator, at=now())
    comment.refresh_from_db()
    assert comment.hidden_by == moderator
    assert standing_of(comment.author) == -10
    reports.refuse(kind="comment", object_id=comment.pk, by=moderator, at=now())
    assert standing_of(comment.author) == 0


def test_who_may_report_and_decide(student, stranger, moderator):
    comment, topic = a_comment(author=student), TopicFactory()
    with pytest.raises(NotAllowed):
        tell(student, comment)
    with pytest.raises(Invalid):
        tell(stranger, comment, "because")
    with pytest.raises(NotFound):
        tell(stranger, a_comment(course=CourseFactory(status="draft")))
    for kind, thing in {"comment": comment, "topic": topic}.items():
        with pytest.raises(NotFound):
            reports.uphold(kind=kind, object_id=thing.pk, by=stranger, at=now())
    reports.uphold(kind="topic", object_id=topic.pk, by=moderator, at=now())
    owner = comment.course.owner
    reports.uphold(kind="comment", object_id=comment.pk, by=owner, at=now())
    comment.refresh_from_db()
    assert comment.hidden_by == owner
