"""Documents tallied by what they are filtered by; triggers keep that true, whoever writes.

The documents are emptied first: they bear the categories above their own from now on, and lie in another
order. `search_rebuild` fills them, as does the beat within five minutes; so no row is rewritten here,
however many courses there are.
"""

import django.db.models.deletion
from django.db import migrations, models


# The buckets of lexemes.py. A document counts in its category and, with none, in the whole catalogue.
KINDS = """
    SELECT c.category_id, d.language, d.level,
        width_bucket(d.price_key, ARRAY[
            1, 500000, 1000000, 2000000, 3000000, 5000000, 8000000, 15000000]::bigint[]) AS price,
        width_bucket(d.duration_minutes, ARRAY[60, 180, 301, 601, 1201]) AS minutes,
        width_bucket(d.rating::int, ARRAY[1, 300, 350, 400, 430, 450, 470]) AS rating,
        {number} AS documents
    FROM {rows} d CROSS JOIN LATERAL (
        SELECT d.category_id WHERE d.category_id IS NOT NULL UNION ALL SELECT NULL
    ) c
"""
ADD = """
    INSERT INTO search_tally (category_id, language, level, price, minutes, rating, documents)
    SELECT category_id, language, level, price, minutes, rating, sum(documents)
    FROM ({kinds}) k
    GROUP BY category_id, language, level, price, minutes, rating HAVING sum(documents) <> 0;
"""
CHANGES = {
    "INSERT": ("NEW TABLE AS added", {"added": 1}),
    "DELETE": ("OLD TABLE AS removed", {"removed": -1}),
    "UPDATE": ("NEW TABLE AS added OLD TABLE AS removed", {"added": 1, "removed": -1}),
}
TRIGGER = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {add}
    RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {change} ON search_document REFERENCING {tables}
FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


def added(rows: dict[str, int]) -> str:
    """The statement that tallies these tables, each so often."""
    kinds = [KINDS.format(rows=name, number=number) for name, number in rows.items()]
    return ADD.format(kinds=" UNION ALL ".join(kinds))


def name(change: str) -> str:
    return f"search_tally_{change.lower()}"


FORWARD = "".join(
    TRIGGER.format(name=name(change), add=added(rows), change=change, tables=tables)
    for change, (tables, rows) in CHANGES.items()
)
BACK = "".join(
    f"DROP TRIGGER {name(change)} ON search_document; DROP FUNCTION {name(change)};"
    for change in CHANGES
)


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0001_initial'),
        ('search', '0006_suggestions'),
    ]

    operations = [
        migrations.RunSQL("TRUNCATE search_document", migrations.RunSQL.noop),
        migrations.CreateModel(
            name='SearchTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('ru', 'Русский'), ('de', 'Deutsch'), ('es', 'Español'), ('fr', 'Français'), ('kk', 'Қазақша'), ('zh', '中文')], db_collation='C', max_length=2)),
                ('level', models.CharField(choices=[('beginner', 'Beginner'), ('intermediate', 'Intermediate'), ('advanced', 'Advanced')], db_collation='C', max_length=12)),
                ('price', models.PositiveSmallIntegerField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('rating', models.PositiveSmallIntegerField()),
                ('documents', models.IntegerField()),
                ('category', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='courses.category')),
            ],
            options={
                'db_table': 'search_tally',
                'indexes': [models.Index(models.F('category'), models.F('language'), models.F('level'), models.F('price'), models.F('minutes'), models.F('rating'), models.F('documents'), name='search_tally_kind')],
            },
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
