"""What a person leans to, read anew each time from what they chose and where they sit."""

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Exists, F, Func, OuterRef, TextField, Value

from apps.accounts.models import Interest, User
from apps.accounts.selectors import interests_of
from apps.courses.selectors import CategoryNode, categories_tree
from apps.enrollment.models import Enrollment
from apps.enrollment.selectors import seats_of

from ..leanings import RECENCY, Candidate, Leaning, Profile, Why
from ..models import SearchDocument

SEATS = 12  # so many of the last courses say what the person studies
TAGS = 3  # of each of them
TAG_WEIGHT = 0.7  # of what the course's subject weighs
SEAT = (
    "completed_at", "course__category", "course__level", "course__language", "course__tags",
)  # fmt: skip


def profile_of(user: User) -> Profile:
    """In three queries at most; what was chosen goes before what follows from seats."""
    interests = list(interests_of(user).values_list("kind", "value"))
    last_used = seats_of(user).open().order_by("-last_activity_at", "-pk")
    seats = list(last_used.values_list(*SEAT)[:SEATS])
    if not interests and not seats:
        return Profile()
    tree = categories_tree()
    names = {node.id: node.name for node in every_subject(tree)}
    chosen = {value for kind, value in interests if kind == Interest.Kind.SUBJECT}
    subjects = {pk: _chosen(name) for pk, name in _under(tree, chosen)}
    words = {value: _chosen(value) for kind, value in interests if kind == Interest.Kind.WORDS}
    for age, (completed_at, category, _level, _language, tags) in enumerate(seats):
        why = Why.STUDIED if completed_at else Why.STUDIES
        weight = why.value * RECENCY**age
        if category in names:
            subjects.setdefault(category, Leaning(names[category], why, weight))
        for tag in tags[:TAGS]:
            words.setdefault(tag, Leaning(tag, why, weight * TAG_WEIGHT))
    return Profile(
        subjects=subjects,
        phrases=[(stems, words[text]) for text, stems in _stemmed(list(words))],
        languages=frozenset({user.locale, *(language for *_, language, _tags in seats)}),
        finished=frozenset((category, level) for done, category, level, *_ in seats if done),
    )


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


def candidates(course_ids: Sequence[int], user: User) -> list[Candidate]:
    """What of these courses leanings are compared with."""
    seats = Enrollment.objects.of(user).open().filter(course_id=OuterRef("course_id"))
    title_and_about = Func(F("body_vector"), Value("{a,b}"), function="ts_filter")
    rows = (
        SearchDocument.objects.filter(pk__in=course_ids)
        .annotate(
            words=Func(
                title_and_about,
                function="tsvector_to_array",
                output_field=ArrayField(TextField()),
            ),
            has_seat=Exists(seats),
        )
        .values_list("pk", "category", "level", "language", "words", "has_seat", "owner")
    )
    return [
        Candidate(pk, category, level, language, frozenset(words), has_seat or owner == user.pk)
        for pk, category, level, language, words, has_seat, owner in rows
    ]
