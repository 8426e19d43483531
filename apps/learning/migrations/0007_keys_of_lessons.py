from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("learning", "0006_lessons_that_come_back"),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE learning_quiz SET lesson_key = lesson_id WHERE lesson_id IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
