"""Extensions for search over both scripts."""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0002_append_only_audit")]
    operations = [
        CreateExtension("pg_trgm"),
        CreateExtension("unaccent"),
        CreateExtension("btree_gin"),
        CreateExtension("fuzzystrmatch"),
    ]
