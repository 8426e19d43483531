"""What a person leans to, read anew each time from what they chose and where they sit."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from apps.accounts.models import Interest, User
from apps.accounts.selectors import interests_of
from apps.courses.models import Course
from apps.courses.selectors import CategoryNode, categories_tree
from apps.enrollment.models import Enrollment

from ..leanings import RECENCY, Candidate, Leaning, Profile, Why

LATEST = 12  # so many of the last courses say what the person studies
TAGS = 3  # of each of them
TAG_WEIGHT = 0.7  # of what the course's subject weighs
MOST_SEATS = 500  # are known as held


def profile_of(user: User) -> Profile:
    """In four queries at most; what was chosen goes before what follows from seats."""
    interests = list(interests_of(user).values_list("kind", "value"))
    seats = _seats_of(user)
    if not interests and not seats:
        return Profile()
    studied = _studied(seats[:LATEST])
    tree = categories_tree()
    names = {node.id: node.name for node in every_subject(tree)}
    chosen = {value for kind, value in interests if kind == Interest.Kind.SUBJECT}
    subjects = {pk: _chosen(name) for pk, name in _under(tree, chosen)}
    words = {value: _chosen(value) for kind, value in interests if kind == Interest.Kind.WORDS}
    for age, (course, is_done) in enumerate(studied):
        why = Why.STUDIED if is_done else Why.STUDIES
        weight = why.value * RECENCY**age
        category = course.category_id
        if category is not None and category in names:
            subjects.setdefault(category, Leaning(names[category], why, weight))
        for tag in course.tags[:TAGS]:
            words.setdefault(tag, Leaning(tag, why, weight * TAG_WEIGHT))
    return Profile(
        subjects=subjects,
        phrases=[(stems, words[text]) for text, stems in _stemmed(list(words))],
        languages=frozenset({user.locale, *(course.language for course, _done in studied)}),
        finished=frozenset((each.category_id, each.level) for each, done in studied if done),
        person=user.pk,
        held=frozenset(course_id for course_id, _done in seats),
    )


def _seats_of(user: User) -> list[tuple[int, bool]]:
    """Courses with a seat, and whether they are finished, the last used first."""
    rows = Enrollment.objects.of(user).open().order_by("-last_activity_at", "-pk")
    found = rows.values_list("course_id", "completed_at")[:MOST_SEATS]
    return [(course_id, completed_at is not None) for course_id, completed_at in found]


def _studied(seats: Sequence[tuple[int, bool]]) -> list[tuple[Course, bool]]:
    """Not joined to the seats: with old statistics a planner walks all courses for that."""
    card = Course.objects.only("category_id", "level", "language", "tags")
    courses = card.in_bulk([course_id for course_id, _done in seats])
    return [(courses[course_id], is_done) for course_id, is_done in seats]


def _chosen(topic: str) -> Leaning:
    return Leaning(topic, Why.CHOSEN, Why.CHOSEN.value)


def every_subject(nodes: Iterable[CategoryNode]) -> Iterator[CategoryNode]:
    """A subject before those below it."""
    for node in nodes:
        yield node
        yield from every_subject(node.children)


def _under(
    nodes: Iterable[CategoryNode], chosen: set[str], topic: str = ""
) -> Iterator[tuple[int, str]]:
    """Ids of the chosen categories and of all below them, each with the nearest name chosen."""
    for node in nodes:
        name = node.name if node.slug in chosen else topic
        if name:
            yield node.id, name
        yield from _under(node.children, chosen, name)


def _stemmed(texts: list[str]) -> list[tuple[str, frozenset[str]]]:
    """The words of each text as the index knows them; texts that say nothing are left out."""
    if not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT text, tsvector_to_array(to_tsvector('edu', search_text(text)))"
            " FROM unnest(%s::text[]) text",
            [texts],
        )
        return [(text, frozenset(stems)) for text, stems in cursor.fetchall() if stems]


def candidates(course_ids: Sequence[int]) -> list[Candidate]:
    """What of these courses leanings are compared with."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT course_id, category_id, level, language,"
            " tsvector_to_array(ts_filter(body_vector, '{a,b}')), owner_id"
            " FROM search_document WHERE course_id = ANY(%s)",
            [list(course_ids)],
        )
        return [
            Candidate(pk, category, level, language, frozenset(words), owner)
            for pk, category, level, language, words, owner in cursor.fetchall()
        ]
