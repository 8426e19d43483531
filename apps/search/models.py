"""Search's own projection of the published courses, and the vocabulary that corrects typing."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F

from apps.courses.models import ContentLanguage, Level


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
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    category = models.ForeignKey(
        "courses.Category",
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    level = models.CharField(max_length=12, choices=Level)
    language = models.CharField(max_length=2, choices=ContentLanguage)
    # comparable over currencies: see prices.py
    price_key = models.BigIntegerField()
    duration_minutes = models.PositiveIntegerField()
    rating = models.PositiveSmallIntegerField()  # hundredths of a star; 0: nobody has rated yet
    # rating, then number of reviews, then id, packed so that one column is the whole order
    rating_key = models.BigIntegerField()
    popularity = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    title_vector = SearchVectorField()
    # weights: A title, B subtitle, tags and category, C description and lessons' titles, D teacher
    body_vector = SearchVectorField()

    class Meta:
        db_table = "search_document"
        indexes = [
            # no pending list: readers would pay for it
            GinIndex(fields=["body_vector"], name="search_body", fastupdate=False),
            models.Index(F("created_at").desc(), F("course").desc(), name="search_newest"),
            models.Index(F("popularity").desc(), F("course").desc(), name="search_popular"),
            models.Index(fields=["price_key", "course"], name="search_price"),
            models.Index(F("rating_key").desc(), name="search_rating"),
            models.Index(fields=["category", "popularity"], name="search_category"),
        ]

    def __str__(self) -> str:
        return f"document of course {self.course_id}"


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
