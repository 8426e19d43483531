"""Reading tiers of popularity from the top down, and stopping when a page is full, is exact."""

from django.db import migrations

# All that a function is asked: what has to be there (words), what must not be, the lexemes of
# filters, and the ranges that those lexemes don't say exactly.
ASKED = """
    wanted tsquery, unwanted tsquery, filters tsquery,
    least_price bigint, most_price bigint, least_minutes int, most_minutes int,
    least_rating int, most_rating int
"""
# IS TRUE hides the ranges from the indexes: a plan made for any bounds takes them for narrow, and
# would read all of an index that sorts by price rather than a few words.
RANGES = """
    (s.price_key BETWEEN least_price AND most_price
    AND s.duration_minutes BETWEEN least_minutes AND most_minutes
    AND s.rating BETWEEN least_rating AND most_rating) IS TRUE
"""
# A plan made once for any words; of the partial indexes, never a walk through the whole table.
PLANNED = """
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET jit = off
"""

# Courses by place (0: all words in the title, 1: in the text), then popularity, then id; of them
# `size`, beyond the given place, popularity and id. A tier whose rows all stand before isn't read.
PAGE = """
CREATE OR REPLACE FUNCTION {name}({asked}, at_place int, at_popularity bigint, at_id bigint, size int)
RETURNS TABLE (course_id bigint, place int, popularity int) LANGUAGE plpgsql STABLE {planned} AS $$
DECLARE
    in_text tsquery := coalesce(wanted && !!unwanted, wanted);
    got int := 0;
    step int;
    edge_popularity bigint := at_popularity;
    edge_id bigint := at_id;
    end_0 search_tier := (SELECT t FROM search_tier t WHERE t.tier = 0);
    end_1 search_tier := (SELECT t FROM search_tier t WHERE t.tier = 1);
BEGIN
    {blocks}
END $$;
"""
PLACE = """
    IF at_place {before} {place} THEN
        edge_popularity := {far};
        edge_id := {far};
    END IF;
    IF at_place {before}= {place} THEN {tiers}
    END IF;
"""
TIER = """
        IF {reaches} THEN
            IF filters IS NULL THEN {all_of_them}
            ELSE {filtered}
            END IF;
            GET DIAGNOSTICS step = ROW_COUNT;
            got := got + step;
            IF got >= size THEN RETURN; END IF;
        END IF;
"""
ROWS = """
            RETURN QUERY
                SELECT s.course_id, {place}, s.popularity::int FROM search_document s
                WHERE s.tier = {tier} AND {hits} AND {ranges}
                    AND (s.popularity, s.course_id) {beyond} (edge_popularity, edge_id)
                ORDER BY s.popularity {direction}, s.course_id {direction} LIMIT size - got;
"""
REACHES = """((edge_popularity, edge_id)
            {compared} (end_{ends}.last_popularity, end_{ends}.last_course)) IS NOT FALSE"""
# Filters are asked beside the words, not with them: the index then leaps over the rows between two
# hits of the one when it looks for the other, and what is filtered by lies together.
HITS = {
    0: "s.title_vector @@ wanted AND (unwanted IS NULL OR NOT s.body_vector @@ unwanted)",
    1: "s.body_vector @@ in_text AND NOT s.title_vector @@ wanted",
}
FILTERED = {0: "s.title_vector @@ filters", 1: "s.body_vector @@ filters"}


def page(name: str, *, backwards: bool) -> str:
    def tier(number: int, place: int) -> str:
        ends = number - 1 if backwards else number  # a tier begins where the one above it ends
        reaches = "true"
        if 0 <= ends < 2:
            reaches = REACHES.format(ends=ends, compared="<" if backwards else ">")
        variants = {
            "all_of_them": HITS[place],
            "filtered": f"{HITS[place]} AND {FILTERED[place]}",
        }
        rows = {
            name: ROWS.format(
                tier=number,
                place=place,
                hits=hits,
                ranges=RANGES,
                beyond=">" if backwards else "<",
                direction="ASC" if backwards else "DESC",
            )
            for name, hits in variants.items()
        }
        return TIER.format(reaches=reaches, **rows)

    places, tiers = ((1, 0), (2, 1, 0)) if backwards else ((0, 1), (0, 1, 2))
    blocks = [
        PLACE.format(
            place=place,
            before=">" if backwards else "<",
            far="-1" if backwards else "9223372036854775807",
            tiers="".join(tier(number, place) for number in tiers),
        )
        for place in places
    ]
    return PAGE.format(name=name, asked=ASKED, planned=PLANNED, blocks="".join(blocks))


# How many there are, counted no further than `most`.
COUNT = """
CREATE OR REPLACE FUNCTION search_count({asked}, most int) RETURNS int LANGUAGE plpgsql STABLE {planned} AS $$
DECLARE
    hits tsquery := coalesce(
        coalesce(wanted, filters) && !!unwanted, coalesce(wanted, filters)
    );
    is_plain boolean := wanted IS NULL OR filters IS NULL;
    got int := 0;
    step int;
BEGIN
    {blocks}
    RETURN got;
END $$;
"""
# Of a single word that the vocabulary knows from twice as many titles there are as many, as of last night.
COUNT_WORD = """
    IF filters IS NULL AND unwanted IS NULL AND numnode(wanted) = 1
        AND greatest(least_price, least_minutes, least_rating) = 0
        AND most_price >= 1::bigint << 62 AND least(most_minutes, most_rating) = 2147483647
        AND EXISTS (
        SELECT FROM search_term t
        WHERE t.stem = btrim(wanted::text, '''') AND t.documents >= 2 * most
    ) THEN
        RETURN most;
    END IF;
"""
COUNT_TIER = """
    IF is_plain THEN
        SELECT count(*) INTO step FROM (
            SELECT FROM search_document s
            WHERE s.tier = {tier} AND s.body_vector @@ hits AND {ranges} LIMIT most - got
        ) h;
    ELSE
        SELECT count(*) INTO step FROM (
            SELECT FROM search_document s
            WHERE s.tier = {tier} AND s.body_vector @@ hits AND s.body_vector @@ filters AND {ranges}
            LIMIT most - got
        ) h;
    END IF;
    got := got + step;
    IF got >= most THEN RETURN got; END IF;
"""

# The hits of as many tiers as hold enough of them: all hits, or the most popular.
SAMPLE = """
CREATE OR REPLACE FUNCTION search_sample({asked}, enough int)
RETURNS TABLE (
    course_id bigint, tier int, popularity int, created_at timestamptz, rating_key bigint,
    category_id bigint, level text, language text, price_key bigint, minutes int, rating int
) LANGUAGE plpgsql STABLE {planned} AS $$
DECLARE
    hits tsquery := coalesce(
        coalesce(wanted, filters) && !!unwanted, coalesce(wanted, filters)
    );
    is_plain boolean := wanted IS NULL OR filters IS NULL;
    got int := 0;
    step int;
BEGIN
    {blocks}
END $$;
"""
SAMPLE_TIER = """
    IF is_plain THEN
        RETURN QUERY
            SELECT s.course_id, {tier}, s.popularity::int, s.created_at, s.rating_key,
                s.category_id, s.level::text, s.language::text, s.price_key,
                s.duration_minutes::int, s.rating::int
            FROM search_document s
            WHERE s.tier = {tier} AND s.body_vector @@ hits AND {ranges};
    ELSE
        RETURN QUERY
            SELECT s.course_id, {tier}, s.popularity::int, s.created_at, s.rating_key,
                s.category_id, s.level::text, s.language::text, s.price_key,
                s.duration_minutes::int, s.rating::int
            FROM search_document s
            WHERE s.tier = {tier} AND s.body_vector @@ hits AND s.body_vector @@ filters
                AND {ranges};
    END IF;
    GET DIAGNOSTICS step = ROW_COUNT;
    got := got + step;
    IF got >= enough THEN RETURN; END IF;
"""


def by_tier(function: str, block: str, first: str = "") -> str:
    blocks = first + "".join(block.format(tier=tier, ranges=RANGES) for tier in (0, 1, 2))
    return function.format(asked=ASKED, planned=PLANNED, blocks=blocks)


FUNCTIONS = [
    page("search_page", backwards=False),
    page("search_page_before", backwards=True),
    by_tier(COUNT, COUNT_TIER, first=COUNT_WORD),
    by_tier(SAMPLE, SAMPLE_TIER),
]
UNDO = """
DROP FUNCTION search_page; DROP FUNCTION search_page_before;
DROP FUNCTION search_count; DROP FUNCTION search_sample;
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0003_tiers_and_shelves")]
    operations = [migrations.RunSQL("".join(FUNCTIONS), UNDO)]
