"""The index of best answers named by the rules themselves: PostgreSQL can't prove a LIKE from an IN.

The table is new, so nothing waits for a lock.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gamification", "0002_append_only")]

    operations = [
        migrations.RemoveIndex(model_name="act", name="act_best_answer"),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(
                fields=["source"],
                name="act_best_answer",
                condition=models.Q(("rule__in", ["answer", "answer_undone"])),
            ),
        ),
    ]
