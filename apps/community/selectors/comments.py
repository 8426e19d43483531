"""Discussions as they are read: threads of a place, their answers, and what is new."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import NotFound
from apps.courses.models import Course, Lesson
from apps.enrollment import selectors as enrollment
from apps.learning.selectors.lessons import get_lesson

from ..models import Comment, CommentQuerySet, Discussion, Kind, Like
from ..models.forum import STANDS
from .texts import excerpt, with_html

NEWEST = ("-is_pinned", "-created_at", "-id")
OLDEST = ("created_at", "id")
SHOWS = ("all", "questions", "open", "mine")
# answers that a list shows below a thread's first comment
SHOWN_REPLIES = 3


@dataclass(frozen=True)
class Place:
    """What is discussed: a course, or a lesson of it."""

    course: Course
    lesson: Lesson | None = None

    @property
    def url(self) -> str:
        if self.lesson:
            return f"/learn/{self.course.slug}/{self.lesson.pk}/discussion/"
        return f"/courses/{self.course.slug}/discussion/"

    @property
    def channel(self) -> tuple[str, int]:
        return ("lesson", self.lesson.pk) if self.lesson else ("course", self.course.pk)

    @property
    def about(self) -> str:
        """Added to the address that finds people to name."""
        kind, pk = self.channel
        return f"?{kind}={pk}"

    @property
    def title(self) -> str:
        return self.lesson.title if self.lesson else self.course.title


# ── Places ────────────────────────────────────────────────────────────────────────────────────
def place_of_lesson(user: Any, lesson_id: int) -> Place:
    """Raises NotAllowed for a lesson whose course is known but not open, else NotFound."""
    lesson = get_lesson(user, lesson_id)
    return Place(lesson.course, lesson)


def place_of_course(user: Any, **by: Any) -> Place:
    """By `pk` or `slug`; raises NotFound."""
    course = enrollment.courses_open_to(user).select_related("owner").filter(**by).first()
    if course is None:
        raise NotFound
    return Place(course)


def place_of(comment: Comment) -> Place:
    return Place(comment.course, comment.lesson)


def discussion_at(place: Place) -> Discussion:
    """How it is kept; without a row an unsaved one, open."""
    found = Discussion.objects.filter(course=place.course, lesson=place.lesson).first()
    return found or Discussion(course=place.course, lesson=place.lesson)


def keeps_order(user: Any, course: Course) -> bool:
    """Whether the person pins, locks and hides under this course: its teacher, or a moderator."""
    return bool(user.is_authenticated and (user.is_moderator or user.pk == course.owner_id))


# ── Threads ───────────────────────────────────────────────────────────────────────────────────
def comments_at(place: Place) -> CommentQuerySet:
    if place.lesson:
        return Comment.objects.filter(lesson=place.lesson)
    return Comment.objects.filter(course=place.course, lesson=None)


def threads_at(place: Place, viewer: Any, show: str = "all") -> CommentQuerySet:
    """The first comments, to be ordered by NEWEST; one that is gone keeps its place while others
    answer below it."""
    roots = (
        comments_at(place).filter(root=None).filter(_seen(viewer, place) | Q(replies_count__gt=0))
    )
    if show in ("questions", "open"):
        roots = roots.filter(STANDS, is_question=True)
    if show == "open":
        roots = roots.filter(answer=None)
    if show == "mine":
        mine = comments_at(place).filter(STANDS, author=viewer.pk, root=OuterRef("pk"))
        roots = roots.filter(Q(author=viewer.pk) | Q(Exists(mine)))
    return with_people(roots)


def get_root(user: Any, pk: int) -> Comment:
    """A thread's first comment, gone or not, under what the person may open; raises NotFound."""
    rows = Comment.objects.under_open(user).select_related("course", "lesson", "author")
    root = rows.filter(pk=pk, root=None).first()
    if root is None or (root.replies_count == 0 and not is_seen(root, user)):
        raise NotFound
    return root


def replies_in(root: Comment, viewer: Any) -> CommentQuerySet:
    """What hangs under a first comment, to be ordered by OLDEST."""
    place = Place(root.course, root.lesson)
    return with_people(Comment.objects.filter(_seen(viewer, place), root=root.pk))


def with_people(comments: CommentQuerySet) -> CommentQuerySet:
    """All that showing them takes, in one query."""
    return comments.select_related("author", "course", "lesson", "reply_to__author")


def first_replies(
    roots: Iterable[Comment], viewer: Any, limit: int = SHOWN_REPLIES
) -> dict[int, list[Comment]]:
    """Of each root the answer to its question, then the oldest; two queries whatever their number."""
    roots = list(roots)
    if not roots:
        return {}
    heads = [
        replies_in(root, viewer).order_by(*OLDEST).values_list("pk", flat=True)[:limit]
        for root in roots
    ]
    ids = set(heads[0].union(*heads[1:], all=True) if len(heads) > 1 else heads[0])
    ids |= {root.answer_id for root in roots if root.answer_id}
    rows = with_people(Comment.objects.filter(pk__in=ids)).order_by(*OLDEST)
    answers = {root.answer_id for root in roots}
    found: dict[int, list[Comment]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.pk not in answers):
        if row.root_id and len(found[row.root_id]) < limit:
            found[row.root_id].append(row)
    return found


def dressed(rows: Iterable[Comment], viewer: Any) -> list[Comment]:
    """The rows with what a page shows of them: `content_html`, `is_liked`, `is_gone`, `quoted`.

    The words of what is gone for this viewer are taken off the row: no face can show them.
    """
    found: list[Any] = list(rows)
    ids = [row.pk for row in found]
    liked: set[int] = set()
    if viewer.is_authenticated and ids:
        likes = Like.objects.filter(user=viewer.pk, kind=Kind.COMMENT, object_id__in=ids)
        liked = set(likes.values_list("object_id", flat=True))
    for row in found:
        row.is_gone = not is_seen(row, viewer)
        if row.is_gone:
            row.content = row.passage = ""
        row.is_liked = row.pk in liked
        row.quoted = _quoted(row, viewer)
    return with_html(found)


def is_seen(row: Comment, viewer: Any) -> bool:
    """Whether the words may be shown: what stands; what is hidden to its author and the keepers."""
    if row.deleted_at is not None:
        return False
    if row.hidden_at is None:
        return True
    return bool(
        viewer.is_authenticated and (row.author_id == viewer.pk or keeps_order(viewer, row.course))
    )


def _seen(viewer: Any, place: Place) -> Q:
    """`is_seen` as a condition."""
    if keeps_order(viewer, place.course):
        return Q(deleted_at=None)
    own = Q(author=viewer.pk, deleted_at=None) if viewer.is_authenticated else Q(pk__in=[])
    return STANDS | own


def _quoted(row: Comment, viewer: Any) -> str:
    """The beginning of what a reply answers, when that isn't the thread's first comment."""
    meant = row.reply_to
    if meant is None:
        return ""
    if not meant.is_standing:
        return _("A comment that is gone")
    return excerpt(meant.content, 120)


def count_at(place: Place) -> int:
    """How many comments stand there."""
    return comments_at(place).filter(STANDS).count()


def open_questions_at(place: Place) -> int:
    asked = comments_at(place).filter(STANDS, root=None, is_question=True, answer=None)
    return asked.count()


# ── What is new ───────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class News:
    """What came after a comment's id: new threads, and roots that were answered."""

    threads: int
    answered: list[int]
    last: int


def news_at(place: Place, viewer: Any, after: int, seen: int = 0) -> News:
    """Of others, while a page was open: threads after the one id, answers after the later of both;
    a hundred at most."""
    rows = comments_at(place).filter(STANDS, pk__gt=after)
    if viewer.is_authenticated:
        rows = rows.exclude(author=viewer.pk)
    new = list(rows.order_by("pk").values_list("pk", "root")[:100])
    return News(
        threads=sum(root is None for _pk, root in new),
        answered=sorted({root for pk, root in new if root is not None and pk > seen}),
        last=new[-1][0] if new else after,
    )


def last_id_at(place: Place) -> int:
    found = comments_at(place).order_by("-pk").values_list("pk", flat=True).first()
    return found or 0


# ── Teachers ──────────────────────────────────────────────────────────────────────────────────
def questions_waiting(teacher: User) -> CommentQuerySet:
    """Questions without an answer under the teacher's own courses, to be ordered by OLDEST."""
    asked = Comment.objects.filter(
        STANDS, course__owner=teacher, is_question=True, answer=None, root=None
    )
    return with_people(asked)


def people_at(place: Place) -> QuerySet[User]:
    """Who wrote there and stands, and the course's teacher."""
    wrote = comments_at(place).filter(STANDS, author=OuterRef("pk"))
    return User.objects.filter(Q(Exists(wrote)) | Q(pk=place.course.owner_id), is_active=True)
