"""Comments under courses and lessons: written, answered, changed, deleted; how a discussion is kept.

A thread is a first comment and what hangs under it: an answer to an answer joins the same level and
names whom it answers, so a chain of any length stays two levels deep. Locks: writer, then the
thread's root, then a comment of the thread.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit, realtime
from apps.core.bus import publish
from apps.core.errors import Invalid, NotAllowed, NotFound
from apps.courses.models import Course, Lesson

from ..events import AnswerChosen, CommentCreated
from ..models import Comment, Discussion, Kind, StandingCause
from ..models.forum import SLOWEST_SECONDS
from ..selectors.comments import Place, discussion_at, keeps_order
from ..selectors.texts import links_in
from . import hiding
from .history import keep_revision
from .mentions import mention_people
from .restoring import was_taken_away
from .rules import check_may_edit, check_may_write, lock_writer
from .standing import award, lock_standings, take_back

MAX_PASSAGE = 1000
# how long a deletion can be taken back by who made it
UNDO_FOR = timedelta(minutes=10)


# ── Writing ───────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def write_comment(
    *,
    author: User,
    content: str,
    at: datetime,
    course: Course | None = None,
    lesson: Lesson | None = None,
    passage: str = "",
    is_question: bool = False,
) -> Comment:
    """Begin a thread under a course or a lesson that the author may open."""
    place = lesson.course if lesson else course
    if place is None:
        raise Invalid(errors={"target_id": [_("Say what the comment is about.")]})
    passage = " ".join(passage.split())
    if passage and lesson is None:
        raise Invalid(errors={"passage": [_("Only a lesson has passages.")]})
    if len(passage) > MAX_PASSAGE:
        message = _("At most %(limit)s characters.") % {"limit": MAX_PASSAGE}
        raise Invalid(errors={"passage": [message]})
    if lesson and any(link not in lesson.content for link in links_in(passage)):
        raise Invalid(errors={"passage": [_("There is no such passage in the lesson.")]})
    _check(author, place, lesson, content, at)
    comment = Comment.objects.create(
        course=place,
        lesson=lesson,
        author=author,
        content=content.strip(),
        passage=passage,
        is_question=is_question,
        created_at=at,
    )
    _announce(comment, author, at)
    return comment


@transaction.atomic
def reply_to(*, comment: Comment, author: User, content: str, at: datetime) -> Comment:
    """Answer in the comment's thread; an answer to an answer remembers which."""
    _check(author, comment.course, comment.lesson, content, at)
    root = _locked(comment.root_id or comment.pk)
    meant = Comment.objects.get(pk=comment.pk)
    if not meant.is_standing:
        raise NotFound
    reply = Comment.objects.create(
        course_id=root.course_id,
        lesson_id=root.lesson_id,
        author=author,
        root=root,
        reply_to=meant if meant.root_id else None,
        content=content.strip(),
        created_at=at,
    )
    Comment.objects.filter(pk=root.pk).update(replies_count=F("replies_count") + 1)
    _announce(reply, author, at)
    return reply


@transaction.atomic
def edit_comment(
    *,
    comment: Comment,
    by: User,
    at: datetime,
    content: str | None = None,
    is_question: bool | None = None,
) -> Comment:
    """Change the words, or whether they ask; what stood before is kept."""
    row = _locked(comment.pk)
    if row.deleted_at:
        raise NotFound
    if content is not None and content.strip() != row.content:
        _check_open(row.course, row.lesson, by)
        check_may_edit(user=by, text=content, at=at)
        keep_revision(kind=Kind.COMMENT, object_id=row.pk, content=row.content, edited_by=by, at=at)
        row.content, row.edited_at = content.strip(), at
        row.save(update_fields=["content", "edited_at"])
        mention_people(
            author=row.author, kind=Kind.COMMENT, object_id=row.pk, text=row.content, at=at
        )
        if by.pk != row.author_id:
            audit.record(actor=by, action="comment.edited", target=row, at=at)
    if is_question is not None and is_question != row.is_question:
        if row.root_id:
            raise Invalid(errors={"is_question": [_("Only the first comment asks.")]})
        if not is_question:
            _reopen(row)
        row.is_question = is_question
        row.save(update_fields=["is_question"])
    return row


@transaction.atomic
def delete_comment(*, comment: Comment, by: User, at: datetime) -> None:
    """Take it out of sight; its place stays while others answer below it."""
    root = _locked(comment.root_id or comment.pk)
    row = root if comment.root_id is None else _locked(comment.pk)
    if row.deleted_at:
        raise NotFound
    row.deleted_at, row.is_pinned = at, False
    row.save(update_fields=["deleted_at", "is_pinned"])
    if row.hidden_at is None:
        _left_sight(row)
    if by.pk != row.author_id:
        audit.record(actor=by, action="comment.deleted", target=row, at=at, author=row.author_id)


@transaction.atomic
def restore_comment(*, comment: Comment, by: User, at: datetime) -> Comment:
    """Undo one's own deletion, soon after it."""
    root = _locked(comment.root_id or comment.pk)
    row = root if comment.root_id is None else _locked(comment.pk)
    if row.author_id != by.pk or row.deleted_at is None or at - row.deleted_at > UNDO_FOR:
        raise NotFound
    if was_taken_away(row):
        raise NotFound
    row.deleted_at = None
    row.save(update_fields=["deleted_at"])
    if row.hidden_at is None:
        _came_back(row)
    return row


# ── Questions ─────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def mark_answer(*, question: Comment, answer: Comment | None, by: User, at: datetime) -> Comment:
    """Say which comment answers the question, or that none does: its asker, the course's teacher,
    a moderator."""
    row = _locked(question.pk)
    if not row.is_standing or not row.is_question:
        raise NotFound
    if by.pk != row.author_id and not keeps_order(by, row.course):
        raise NotAllowed(_("Who asked, or the course’s teacher, says what answers it."))
    if answer is not None and (answer.root_id != row.pk or not answer.is_standing):
        raise Invalid(errors={"answer": [_("Choose a reply to this question.")]})
    if row.answer_id == (answer.pk if answer else None):
        return row
    old = Comment.objects.filter(pk=row.answer_id).first() if row.answer_id else None
    if old is not None and answer is not None:
        lock_standings(old.author_id, answer.author_id)
    _reopen(row)
    if answer is not None:
        row.answer = answer
        row.save(update_fields=["answer"])
        award(
            user_id=answer.author_id,
            cause=StandingCause.BEST_ANSWER,
            kind=Kind.COMMENT,
            object_id=answer.pk,
            by_id=by.pk,
            at=at,
        )
        publish(
            AnswerChosen(
                kind=str(Kind.COMMENT),
                object_id=answer.pk,
                author_id=answer.author_id,
                by_id=by.pk,
            )
        )
    return row


@transaction.atomic
def answer_question(
    *, question: Comment, author: User, content: str, is_answer: bool, at: datetime
) -> Comment:
    """Reply to a question and say at once that this answers it."""
    reply = reply_to(comment=question, author=author, content=content, at=at)
    if is_answer:
        mark_answer(question=question, answer=reply, by=author, at=at)
    return reply


@transaction.atomic
def choose_answer(*, reply: Comment, by: User, value: bool, at: datetime) -> Comment:
    """Say of a reply whether it answers its thread's question; the question as it is then."""
    question = reply.root
    if question is None:
        raise Invalid(errors={"value": [_("Choose a reply to a question.")]})
    if not value and question.answer_id != reply.pk:
        return question
    return mark_answer(question=question, answer=reply if value else None, by=by, at=at)


def _reopen(question: Comment) -> None:
    """No comment answers it any more; whose it was loses what it brought."""
    if question.answer_id is None:
        return
    old = Comment.objects.get(pk=question.answer_id)
    take_back(
        user_id=old.author_id,
        cause=StandingCause.BEST_ANSWER,
        kind=Kind.COMMENT,
        object_id=old.pk,
    )
    question.answer = None
    question.save(update_fields=["answer"])


# ── Keeping order ─────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def pin_comment(*, comment: Comment, by: User, value: bool, at: datetime) -> Comment:
    """Hold a thread at the top of its discussion, or let it go."""
    row = _locked(comment.pk)
    if not keeps_order(by, row.course):
        raise NotAllowed
    if row.deleted_at:
        raise NotFound
    if row.root_id:
        raise Invalid(errors={"value": [_("Only the first comment of a thread can be pinned.")]})
    if row.is_pinned != value:
        row.is_pinned = value
        row.save(update_fields=["is_pinned"])
        _note(by, "comment.pinned" if value else "comment.unpinned", row, at)
    return row


@transaction.atomic
def keep_discussion(
    *,
    course: Course,
    by: User,
    at: datetime,
    lesson: Lesson | None = None,
    is_locked: bool | None = None,
    slow_mode_seconds: int | None = None,
) -> Discussion:
    """Lock a discussion or slow it down; what isn't given stays as it is."""
    if not keeps_order(by, course):
        raise NotAllowed
    if slow_mode_seconds is not None and not 0 <= slow_mode_seconds <= SLOWEST_SECONDS:
        message = _("From 0 to %(limit)s seconds.") % {"limit": SLOWEST_SECONDS}
        raise Invalid(errors={"slow_mode_seconds": [message]})
    changes = {"is_locked": is_locked, "slow_mode_seconds": slow_mode_seconds}
    given = {name: value for name, value in changes.items() if value is not None}
    kept, _made = Discussion.objects.update_or_create(course=course, lesson=lesson, defaults=given)
    _note(by, "discussion.kept", kept, at, **given)
    return kept


def _note(by: User, action: str, target: Any, at: datetime, **details: Any) -> None:
    """What moderators do is written down; a teacher's own house is the teacher's."""
    if by.is_moderator:
        audit.record(actor=by, action=action, target=target, at=at, **details)


# ── Parts ─────────────────────────────────────────────────────────────────────────────────────
def _check(author: User, course: Course, lesson: Lesson | None, content: str, at: datetime) -> None:
    kept = _check_open(course, lesson, author)
    pace = 0 if keeps_order(author, course) else kept.slow_mode_seconds
    last = None
    if pace:
        lock_writer(author)
        written = Comment.objects.filter(author=author, course=course, lesson=lesson)
        last = written.order_by("-created_at").values_list("created_at", flat=True).first()
    check_may_write(
        user=author,
        kind=Kind.COMMENT,
        text=content,
        at=at,
        slow_mode_seconds=pace,
        last_written_at=last,
    )


def _check_open(course: Course, lesson: Lesson | None, by: User) -> Discussion:
    """How the discussion is kept; NotAllowed where it is locked for this person."""
    kept = discussion_at(Place(course, lesson))
    if kept.is_locked and not keeps_order(by, course):
        raise NotAllowed(_("This discussion is locked: it can be read, nothing can be added."))
    return kept


def _announce(comment: Comment, author: User, at: datetime) -> None:
    mention_people(
        author=author, kind=Kind.COMMENT, object_id=comment.pk, text=comment.content, at=at
    )
    publish(
        CommentCreated(
            comment_id=comment.pk,
            course_id=comment.course_id,
            lesson_id=comment.lesson_id,
            author_id=author.pk,
            root_id=comment.root_id,
        )
    )
    place = f"lesson:{comment.lesson_id}" if comment.lesson_id else f"course:{comment.course_id}"
    realtime.push(place, "comment:new_reply", comment.pk)


def _locked(pk: int) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",), no_key=True)
    found: Comment | None = rows.select_related("course", "author").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _left_sight(row: Comment) -> None:
    """A reply that is gone counts no longer, and answers nothing."""
    if row.root_id is None:
        return
    root = _locked(row.root_id)
    if root.answer_id == row.pk:
        _reopen(root)
    Comment.objects.filter(pk=root.pk).update(replies_count=F("replies_count") - 1)


def _came_back(row: Comment) -> None:
    if row.root_id:
        Comment.objects.filter(pk=row.root_id).update(replies_count=F("replies_count") + 1)


def _after_hiding(thing: Any, _at: datetime) -> None:
    if thing.deleted_at is None:
        _left_sight(thing)


def _after_showing(thing: Any, _at: datetime) -> None:
    if thing.deleted_at is None:
        _came_back(thing)


hiding.register(Kind.COMMENT, hidden=_after_hiding, shown=_after_showing)
