"""The reward table begins with the house's own rules."""

import tomllib
from pathlib import Path

from django.db import migrations

RULES = Path(__file__).parent.parent / "data" / "rewards.toml"


def make_rules(apps, schema_editor):
    rule_model = apps.get_model("referrals", "RewardRule")
    for rule in tomllib.loads(RULES.read_text())["rules"]:
        rule_model.objects.get_or_create(
            cause=rule.pop("cause"), threshold=rule.pop("threshold", 0), defaults=rule
        )


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [migrations.RunPython(make_rules, migrations.RunPython.noop)]
