"""The append-only table of everything that happened, partitioned by month."""

from django.db import models


class TrackedEvent(models.Model):
    """One fact about one person or course. Rows are only added; months can be dropped whole."""

    pk = models.CompositePrimaryKey("id", "at")
    id = models.BigIntegerField()
    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    user_id = models.BigIntegerField(null=True)
    course_id = models.BigIntegerField(null=True)
    lesson_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        managed = False
        db_table = "analytics_event"

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d}"
