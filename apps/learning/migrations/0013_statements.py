"""The table of learning acts, partitioned by month, append-only by a trigger, and the hours summed up.

It is new here, so nothing waits for a lock. There is no default partition: a month that is missing is
made by whoever writes the first row of it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone

TABLE = """
CREATE TABLE learning_statement (
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    stored_at timestamptz NOT NULL,
    actor_id bigint CHECK (actor_id >= 0),
    day date NOT NULL,
    verb varchar(12) NOT NULL,
    activity varchar(12) NOT NULL,
    object_id bigint CHECK (object_id >= 0),
    name varchar(200) NOT NULL,
    voids uuid,
    course_id bigint CHECK (course_id >= 0),
    lesson_id bigint CHECK (lesson_id >= 0),
    seat_id bigint CHECK (seat_id >= 0),
    language varchar(10) NOT NULL,
    result jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX statement_of_actor ON learning_statement (actor_id, at);
CREATE INDEX statement_of_course ON learning_statement (course_id, at);
CREATE INDEX statement_of_lesson ON learning_statement (actor_id, lesson_id, at)
    WHERE lesson_id IS NOT NULL;
CREATE INDEX statement_stored ON learning_statement USING brin (stored_at);

CREATE FUNCTION learning_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- erasing a person keeps the act and forgets whose it was
    IF TG_OP = 'UPDATE' AND current_setting('eduplatform.erasing', true) = 'on'
       AND NEW.actor_id IS NULL AND NEW.seat_id IS NULL
       AND NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.verb = OLD.verb THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER learning_statement_append_only BEFORE UPDATE OR DELETE ON learning_statement
    FOR EACH ROW EXECUTE FUNCTION learning_refuse_change();
"""
NO_TABLE = """
DROP TABLE learning_statement;
DROP FUNCTION learning_refuse_change();
"""
VERBS = [
    ("experienced", "Experienced"),
    ("interacted", "Interacted"),
    ("played", "Played"),
    ("completed", "Completed"),
    ("attempted", "Attempted"),
    ("answered", "Answered"),
    ("passed", "Passed"),
    ("failed", "Failed"),
    ("mastered", "Mastered"),
    ("asked", "Asked"),
    ("annotated", "Annotated"),
    ("bookmarked", "Bookmarked"),
    ("voided", "Voided"),
]
ACTIVITIES = [
    ("course", "Course"),
    ("lesson", "Lesson"),
    ("quiz", "Quiz"),
    ("pretest", "Pretest"),
    ("question", "Question"),
    ("card", "Card"),
    ("concept", "Concept"),
    ("talk", "Talk"),
    ("digest", "Digest"),
    ("note", "Note"),
    ("statement", "Statement"),
]


def make_partitions(apps, schema_editor):
    from apps.learning.services import statements

    statements.make_partitions(day=timezone.now().date())


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0012_contested_evidence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RunSQL(
            TABLE,
            NO_TABLE,
            state_operations=[
                migrations.CreateModel(
                    name="Statement",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "id",
                                "at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("id", models.UUIDField()),
                        ("at", models.DateTimeField()),
                        ("stored_at", models.DateTimeField()),
                        ("actor_id", models.PositiveBigIntegerField(null=True)),
                        ("day", models.DateField()),
                        ("verb", models.CharField(choices=VERBS, max_length=12)),
                        ("activity", models.CharField(choices=ACTIVITIES, max_length=12)),
                        ("object_id", models.PositiveBigIntegerField(null=True)),
                        ("name", models.CharField(max_length=200)),
                        ("voids", models.UUIDField(null=True)),
                        ("course_id", models.PositiveBigIntegerField(null=True)),
                        ("lesson_id", models.PositiveBigIntegerField(null=True)),
                        ("seat_id", models.PositiveBigIntegerField(null=True)),
                        ("language", models.CharField(max_length=10)),
                        ("result", models.JSONField(default=dict)),
                    ],
                    options={
                        "verbose_name": "learning act",
                        "verbose_name_plural": "learning acts",
                        "indexes": [
                            models.Index(fields=["actor_id", "at"], name="statement_of_actor"),
                            models.Index(fields=["course_id", "at"], name="statement_of_course"),
                            models.Index(
                                fields=["actor_id", "lesson_id", "at"],
                                name="statement_of_lesson",
                                condition=Q(("lesson_id__isnull", False)),
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="StudyTime",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("course_id", models.PositiveBigIntegerField(null=True)),
                ("day", models.DateField()),
                ("seconds", models.FloatField()),
                ("acts", models.PositiveIntegerField()),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "hours of study",
                "verbose_name_plural": "hours of study",
                "indexes": [models.Index(fields=["day"], name="study_time_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("student", "day", "course_id"),
                        name="study_time_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.RunPython(make_partitions, migrations.RunPython.noop),
    ]
