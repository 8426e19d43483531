"""How text is read: one normal form for documents and queries, stems of both languages, bare words."""

from django.db import migrations

TEXT = r"""
CREATE TEXT SEARCH CONFIGURATION edu (COPY = pg_catalog.russian);
CREATE TEXT SEARCH CONFIGURATION edu_simple (COPY = pg_catalog.simple);

-- Lower case, ё=е, no accents; names that the parser would break become words of letters;
-- what the parser would take for hosts, paths and numbers with a sign is taken apart.
CREATE FUNCTION search_text(source text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT
    regexp_replace(
    translate(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
      unaccent(lower(source)),
      '(?<![[:alnum:]])[cс]\+\+', 'cpp', 'g'),
      '(?<![[:alnum:]])[cс]#', 'csharp', 'g'),
      '(?<![[:alnum:]])f#', 'fsharp', 'g'),
      '([[:alnum:]])\.net(?![[:alnum:]])', '\1 dotnet', 'g'),
      '\.net(?![[:alnum:]])', 'dotnet', 'g'),
      '(node|next|nuxt|vue|react|three|express)[. ]?js(?![[:alnum:]])', '\1js', 'g'),
      './\@_:&|!<>()*''=~^+#%', repeat(' ', 21)),
      '(?<=[[:alnum:]])-(?=[[:alnum:]])', ' ', 'g')
$$;

-- The word and all that is left of it without one letter: what two words an edit apart share.
CREATE FUNCTION search_deletes(word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_agg(DISTINCT overlay(word placing '' from place for 1)) || word
  FROM generate_series(1, length(word)) place
$$;

CREATE FUNCTION search_stem(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce((tsvector_to_array(to_tsvector('edu', word)))[1], word)
$$;

-- What was typed, as people type it: words, "a phrase", -without, or.
CREATE FUNCTION search_query(typed text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT websearch_to_tsquery('edu', search_text(typed))
$$;

-- The same while the last word is still being typed: it may go on. It holds a letter or digit.
CREATE FUNCTION search_query_so_far(typed text, last text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT search_query(typed) && to_tsquery('edu_simple', quote_literal(search_text(last)) || ':*')
$$;
"""

UNDO = """
DROP FUNCTION search_query_so_far(text, text);
DROP FUNCTION search_query(text);
DROP FUNCTION search_stem(text);
DROP FUNCTION search_deletes(text);
DROP FUNCTION search_text(text);
DROP TEXT SEARCH CONFIGURATION edu_simple;
DROP TEXT SEARCH CONFIGURATION edu;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("core", "0003_text_extensions")]
    operations = [migrations.RunSQL(TEXT, UNDO)]
