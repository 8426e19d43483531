"""Lessons as the tutor reads them: their sentences, ready to be searched."""

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models


class LessonReading(models.Model):
    """That the passages of a lesson were made, and from which text."""

    lesson = models.OneToOneField("courses.Lesson", models.CASCADE, related_name="+")
    content_hash = models.CharField(max_length=64)
    passages = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"reading of lesson {self.lesson_id}"


class Passage(models.Model):
    """A sentence of a lesson or a row of a table; `start` and `end` are places in its markdown."""

    lesson = models.ForeignKey("courses.Lesson", models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    section = models.CharField(max_length=300)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    # What is read of it, and the dictionary forms of its words and of its neighbours', a line each.
    text = models.TextField()
    lemmas = models.TextField()
    near = models.TextField(blank=True)
    is_definition = models.BooleanField(default=False)
    # The configuration stems English words as English: a course may hold both.
    vector = models.GeneratedField(
        expression=SearchVector("text", "section", "lemmas", config="russian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "number"], name="passage_once"),
        ]

    def __str__(self) -> str:
        return f"passage {self.number} of lesson {self.lesson_id}"
