"""A dash in what is looked for says nothing: what isn't wanted is told apart before."""

from django.db import migrations

# Brackets and points become spaces, and long dashes and soft hyphens short ones, so that a word may
# come to stand behind a minus: of `–python` an index would read all courses without it.
QUERY = """
CREATE OR REPLACE FUNCTION search_query(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT websearch_to_tsquery('edu', translate(search_text(typed), '-', ' '))
$$;
"""
QUERY_BEFORE = """
CREATE OR REPLACE FUNCTION search_query(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT websearch_to_tsquery('edu', search_text(typed))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0008_beginnings_and_phrases")]
    operations = [migrations.RunSQL(QUERY, QUERY_BEFORE)]
