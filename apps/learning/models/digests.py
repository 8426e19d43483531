"""A lesson in short: its summary and the terms that it defines."""

from django.db import models


class LessonDigest(models.Model):
    """Made from the text whose hash it holds; another text makes it anew."""

    lesson = models.OneToOneField("courses.Lesson", models.CASCADE, related_name="+")
    content_hash = models.CharField(max_length=64)
    # Empty when the lesson is too short to be summed up.
    summary = models.TextField(blank=True)
    # [{"term", "definition", "quote"}]
    key_terms = models.JSONField(default=list)
    # Which engine made it: "offline" or the name of a model.
    engine = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"digest of lesson {self.lesson_id}"
