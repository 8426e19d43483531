"""A teacher whose profile is private is not suggested; courses bear their name as before."""

from importlib import import_module

from django.db import migrations

before = import_module("apps.search.migrations.0006_suggestions").FUNCTIONS[2].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
after = before.replace("WHERE c.number > 0", "WHERE c.number > 0 AND u.is_profile_public")


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0011_narrow_lengths"),
        ("accounts", "0004_public_profiles"),
    ]
    operations = [migrations.RunSQL(after, before)]
