"""Courses of a narrow range of minutes; readers and writers go on while the index is made."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0010_whole_trees")]
    operations = [
        AddIndexConcurrently(
            model_name="searchdocument",
            index=models.Index("language", "duration_minutes", name="search_minutes"),
        ),
    ]
