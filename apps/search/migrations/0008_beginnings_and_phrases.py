"""Filters beside the words; beginnings that much begins with, and phrases of common words, in bounded time."""

from importlib import import_module

from django.db import migrations

# The same while the last word is still being typed: it may go on. Where very many words begin so, the
# most common of them are meant: an index would read all that each of them stands in. `last` holds
# a letter or digit.
SO_FAR = """
DROP FUNCTION search_query_so_far(text, text);
CREATE FUNCTION search_query_so_far(typed text, last text) RETURNS tsquery
LANGUAGE plpgsql STABLE AS $$
DECLARE
    words text[] := string_to_array(search_words(last), ' ');
    word text := words[cardinality(words)];
    before text := typed || ' ' || array_to_string(words[:cardinality(words) - 1], ' ');
    going_on tsquery;
BEGIN
    SELECT search_query(array_to_string(p.answers, ' or ')) INTO going_on
    FROM search_prefix p WHERE p.kind = 'word' AND p.prefix = word;
    RETURN search_query(before)
        && coalesce(going_on, to_tsquery('edu_simple', quote_literal(word) || ':*'));
END $$;
"""
SO_FAR_BEFORE = """
DROP FUNCTION search_query_so_far(text, text);
CREATE FUNCTION search_query_so_far(typed text, last text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT search_query(typed) && to_tsquery('edu_simple', quote_literal(search_text(last)) || ':*')
$$;
"""

# How many there are with a phrase among their words: no further than `most`, and looking at `budget`
# of those that hold its words anywhere. An index doesn't know places: each text is read for them.
PHRASES = """
CREATE FUNCTION search_count_phrases(
    wanted tsquery, unwanted tsquery, filters tsquery,
    least_price bigint, most_price bigint, least_minutes int, most_minutes int,
    least_rating int, most_rating int, most int, budget int
) RETURNS TABLE (number int, is_whole boolean) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET jit = off
AS $$
DECLARE
    asked tsquery := coalesce(wanted && filters, wanted);
    hits tsquery := coalesce(asked && !!unwanted, asked);
    anywhere tsquery := regexp_replace(asked::text, '<(-|[0-9]+)>', '&', 'g')::tsquery;
    got int := 0;
    seen int := 0;
    step int;
    looked int;
BEGIN
    {tiers}
    RETURN QUERY SELECT got, seen < budget;
END $$;
"""
TIER = """
    SELECT count(*) FILTER (WHERE is_hit), count(*) INTO step, looked FROM (
        SELECT (s.body_vector @@ hits) IS TRUE AS is_hit FROM search_document s
        WHERE s.tier = {tier} AND s.body_vector @@ anywhere
            AND (s.price_key BETWEEN least_price AND most_price
            AND s.duration_minutes BETWEEN least_minutes AND most_minutes
            AND s.rating BETWEEN least_rating AND most_rating) IS TRUE
        LIMIT budget - seen
    ) h;
    got := got + step;
    seen := seen + looked;
    IF got >= most OR seen >= budget THEN
        RETURN QUERY SELECT least(got, most), got >= most OR seen < budget;
        RETURN;
    END IF;
"""


# as they are written there now
PAGES = import_module("apps.search.migrations.0004_pages_by_tier")


class Migration(migrations.Migration):
    dependencies = [("search", "0007_tallies")]
    operations = [
        migrations.RunSQL("".join(PAGES.FUNCTIONS), migrations.RunSQL.noop),
        migrations.RunSQL(SO_FAR, SO_FAR_BEFORE),
        migrations.RunSQL(
            PHRASES.format(tiers="".join(TIER.format(tier=tier) for tier in (0, 1, 2))),
            "DROP FUNCTION search_count_phrases",
        ),
    ]
