"""Search's own projection of the published courses, and the vocabulary that corrects typing."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from apps.courses.models import ContentLanguage, Level

TIERS = (0, 1, 2)  # of popularity: the top, what follows, the rest
# What is filtered while an index is walked stands at its end, so that the table isn't touched.
FILTERED = ("level", "rating", "price_key", "duration_minutes")
SORT_KEYS: dict[str, list[Any]] = {
    "popular": [F("popularity").desc(), F("course").desc()],
    "newest": [F("created_at").desc(), F("course").desc()],
    "rating": [F("rating_key").desc(), F("course").desc()],
    "price": [F("price_key"), F("course")],
}


def _tiered(field: str, name: str) -> list[GinIndex]:
    """One index a tier; no pending list, since readers would pay for it."""
    return [
        GinIndex(
            fields=[field], condition=Q(tier=tier), name=f"search_{name}_{tier}", fastupdate=False
        )
        for tier in TIERS
    ]


def _sorted(*shelf: str) -> list[models.Index]:
    """One index a sort within a shelf."""
    found = []
    for sort, keys in SORT_KEYS.items():
        rest = [name for name in FILTERED if name not in {key_name(key) for key in keys}]
        columns = [*map(F, shelf), *keys, *map(F, rest)]
        found.append(models.Index(*columns, name=f"search_{shelf[0]}_{sort}"))
    return found


def _copied_key(to: str, *, null: bool = False) -> Any:
    """A key of a row that is a copy: it holds nobody to anything, and has the indexes it needs."""
    return models.ForeignKey(
        to, models.DO_NOTHING, null=null, related_name="+", db_constraint=False, db_index=False
    )


def key_name(key: Any) -> str:
    name: str = getattr(key, "expression", key).name
    return name


class SearchDocument(models.Model):
    """One published course: what it is found, filtered and sorted by. Its card stays the course's.

    The keys bear no constraint: a row is a copy, and may outlive for a moment what it was made of.
    """

    course = models.OneToOneField(
        "courses.Course",
        models.CASCADE,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    owner = _copied_key(settings.AUTH_USER_MODEL)
    category = _copied_key("courses.Category", null=True)
    # the top of the tree that the category stands in
    root = _copied_key("courses.Category", null=True)
    level = models.CharField(max_length=12, choices=Level, db_collation="C")
    language = models.CharField(max_length=2, choices=ContentLanguage, db_collation="C")
    # comparable over currencies: see prices.py
    price_key = models.BigIntegerField()
    duration_minutes = models.PositiveIntegerField()
    rating = models.PositiveSmallIntegerField()  # hundredths of a star; 0: nobody has rated yet
    # rating, then number of reviews, then id, packed so that one column is the whole order
    rating_key = models.BigIntegerField()
    popularity = models.PositiveIntegerField()
    # a monotone function of popularity: see SearchTier
    tier = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    title = models.TextField()  # in the form that text is compared in
    # words of the title, and a lexeme for each value that is filtered by: see lexemes.py
    title_vector = SearchVectorField()
    # the same over all text; weights: A title, B subtitle, tags and category, C description and
    # lessons' titles, D teacher
    body_vector = SearchVectorField()

    class Meta:
        db_table = "search_document"
        indexes = [
            *_tiered("title_vector", "title"),
            *_tiered("body_vector", "body"),
            *_sorted("language"),
            *_sorted("category", "language"),
            *_sorted("root", "language"),
            models.Index(*SORT_KEYS["popular"], name="search_popular"),
            models.Index("language", "duration_minutes", name="search_minutes"),
            GinIndex(OpClass(F("title"), "gin_trgm_ops"), name="search_title_trigrams"),
        ]

    def __str__(self) -> str:
        return f"document of course {self.course_id}"


class SearchTier(models.Model):
    """Where a tier ends: its last course in the order of popularity, then id, when it was cut.

    What stands there or before it, and in no tier above, belongs to the tier; the last tier takes
    the rest and has no end.
    """

    tier = models.PositiveSmallIntegerField(primary_key=True)
    last_popularity = models.PositiveIntegerField(null=True)
    last_course = models.BigIntegerField(null=True)
    # courses in it when the tiers were last cut
    documents = models.PositiveIntegerField()

    class Meta:
        db_table = "search_tier"

    def __str__(self) -> str:
        return f"tier {self.tier}"


class SearchShelf(models.Model):
    """There is, or was since the last rebuild, a course of this language in this category."""

    category = models.ForeignKey(
        "courses.Category", models.CASCADE, related_name="+", db_constraint=False
    )
    language = models.CharField(max_length=2, choices=ContentLanguage, db_collation="C")

    class Meta:
        db_table = "search_shelf"
        constraints = [
            models.UniqueConstraint(fields=["category", "language"], name="search_shelf_once")
        ]

    def __str__(self) -> str:
        return f"{self.language} in {self.category_id}"


class SearchTally(models.Model):
    """So many documents more, or less, of a kind: what is filtered by without words is counted here.

    Triggers of search_document add rows, so that writers never wait for one another; the sum over a
    kind's rows is how many there are, and the nightly cut makes one row of them. Each document counts
    in its category and, `category` null, in the whole catalogue. Numbers stand in the buckets of
    lexemes.py.
    """

    category = _copied_key("courses.Category", null=True)
    language = models.CharField(max_length=2, choices=ContentLanguage, db_collation="C")
    level = models.CharField(max_length=12, choices=Level, db_collation="C")
    price = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    rating = models.PositiveSmallIntegerField()
    documents = models.IntegerField()

    KIND = ("category_id", "language", "level", "price", "minutes", "rating")

    class Meta:
        db_table = "search_tally"
        indexes = [
            models.Index(
                *map(F, ("category", "language", "level", "price", "minutes", "rating")),
                F("documents"),
                name="search_tally_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.documents:+d} in {self.category_id}"


class SearchTerm(models.Model):
    """A word that courses are found by. `deletes`: it and its stem, each with any one letter left out."""

    term = models.CharField(max_length=40, primary_key=True)
    stem = models.CharField(max_length=40)
    documents = models.PositiveIntegerField()
    deletes = ArrayField(models.TextField())

    class Meta:
        db_table = "search_term"
        indexes = [
            models.Index(OpClass(F("term"), "text_pattern_ops"), name="search_term_prefix"),
            models.Index(fields=["stem"], name="search_term_stem"),
            GinIndex(fields=["deletes"], name="search_term_deletes", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.term


class RecentSearch(models.Model):
    """What a person searched for, in small letters; the last few are kept."""

    LENGTH = 200

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.CharField(max_length=LENGTH)
    at = models.DateTimeField()

    class Meta:
        db_table = "search_recent"
        constraints = [models.UniqueConstraint(fields=["user", "text"], name="search_recent_once")]

    def __str__(self) -> str:
        return self.text


class SearchName(models.Model):
    """What is suggested beside titles and single words: a tag, or a teacher; one row for each of its words.

    `start` is the name from that word on, in the form that text is compared in.
    """

    class Kind(models.TextChoices):
        TAG = "tag"
        TEACHER = "teacher"

    kind = models.CharField(max_length=7, choices=Kind, db_collation="C")
    # of a tag its normal form, of a teacher their id
    key = models.CharField(max_length=120)
    start = models.CharField(max_length=120)
    text = models.CharField(max_length=120)
    # courses of a tag, students of a teacher
    weight = models.PositiveBigIntegerField()

    class Meta:
        db_table = "search_name"
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "start"], name="search_name_once")
        ]
        indexes = [
            models.Index(
                F("kind"), OpClass(F("start"), "text_pattern_ops"), name="search_name_start"
            )
        ]

    def __str__(self) -> str:
        return self.text


class SearchPrefix(models.Model):
    """What to suggest for a beginning that much begins with; a rarer one is looked up as it is typed."""

    class Kind(models.TextChoices):
        WORD = "word"
        TITLE = "title"
        TAG = "tag"
        TEACHER = "teacher"

    kind = models.CharField(max_length=7, choices=Kind, db_collation="C")
    prefix = models.CharField(max_length=40, db_collation="C")
    # words, or the keys of names, or ids of courses: the best first
    answers = ArrayField(models.TextField())

    class Meta:
        db_table = "search_prefix"
        constraints = [
            models.UniqueConstraint(fields=["kind", "prefix"], name="search_prefix_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.prefix}"
