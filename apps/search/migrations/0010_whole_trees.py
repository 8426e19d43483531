"""Shelves of whole trees of categories: a page of the top of one would be merged from each below it.

The documents are emptied first, since the new column is made from the courses' categories; the beat
fills them within five minutes. So no row is rewritten here, however many courses there are.
"""

import django.db.models.deletion
from django.db import migrations, models

FILTERED = ("level", "rating", "price_key", "duration_minutes")
SORTS = {
    "popular": ("-popularity", "-course"),
    "newest": ("-created_at", "-course"),
    "rating": ("-rating_key", "-course"),
    "price": ("price_key", "course"),
}


def index(sort: str, keys: tuple[str, ...]) -> models.Index:
    columns = [
        models.OrderBy(models.F(key[1:]), descending=True) if key.startswith("-") else models.F(key)
        for key in keys
    ]
    rest = [models.F(name) for name in FILTERED if name not in keys]
    shelf = [models.F("root"), models.F("language")]
    return models.Index(*shelf, *columns, *rest, name=f"search_root_{sort}")


class Migration(migrations.Migration):
    dependencies = [("search", "0009_no_word_is_unwanted")]
    operations = [
        migrations.RunSQL("TRUNCATE search_document, search_tally", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="searchdocument",
            name="root",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="courses.category",
            ),
        ),
        *(
            migrations.AddIndex(model_name="searchdocument", index=index(sort, keys))
            for sort, keys in SORTS.items()
        ),
    ]
