"""The event table, partitioned by month, append-only by a trigger.

It is new here, so nothing waits for a lock. Rows outside every month's partition go to the default
one, so that a missed maintenance task loses nothing.
"""

from django.db import migrations, models
from django.utils import timezone

TABLE = """
CREATE TABLE analytics_event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    name varchar(80) NOT NULL,
    user_id bigint,
    course_id bigint,
    lesson_id bigint,
    data jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE analytics_event_default PARTITION OF analytics_event DEFAULT;
CREATE INDEX analytics_event_course ON analytics_event (course_id, name, at);
CREATE INDEX analytics_event_user ON analytics_event (user_id, at);

CREATE FUNCTION analytics_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- erasing a person keeps the fact and forgets whom it was about
    IF TG_OP = 'UPDATE' AND current_setting('eduplatform.erasing', true) = 'on'
       AND NEW.user_id IS NULL AND NEW.at = OLD.at AND NEW.name = OLD.name THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER analytics_event_append_only BEFORE UPDATE OR DELETE ON analytics_event
    FOR EACH ROW EXECUTE FUNCTION analytics_refuse_change();
"""
NO_TABLE = """
DROP TABLE analytics_event;
DROP FUNCTION analytics_refuse_change();
"""


def make_partitions(apps, schema_editor):
    from apps.analytics import services

    services.make_partitions(day=timezone.now().date())


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.RunSQL(
            TABLE,
            NO_TABLE,
            state_operations=[
                migrations.CreateModel(
                    name="TrackedEvent",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "id", "at", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                        ("name", models.CharField(max_length=80)),
                        ("user_id", models.BigIntegerField(null=True)),
                        ("course_id", models.BigIntegerField(null=True)),
                        ("lesson_id", models.BigIntegerField(null=True)),
                        ("data", models.JSONField(default=dict)),
                    ],
                    options={"db_table": "analytics_event", "managed": False},
                ),
            ],
        ),
        migrations.RunPython(make_partitions, migrations.RunPython.noop),
    ]
