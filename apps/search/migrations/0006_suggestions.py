"""What is suggested while somebody types: names by the start of any of their words, and ready answers."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

# Words of letters and digits alone, one space between them.
WORDS = """
CREATE FUNCTION search_words(source text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(search_text(source), '[^[:alnum:]]+', ' ', 'g'))
$$;

-- The text from each of its words on.
CREATE FUNCTION search_starts(source text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT DISTINCT left(array_to_string(words[place:], ' '), 120)
  FROM string_to_array(search_words(source), ' ') words, generate_subscripts(words, 1) place
$$;
"""

# The first courses by popularity whose title holds the words, tier by tier.
TITLES = """
CREATE FUNCTION search_titles(wanted tsquery, size int)
RETURNS TABLE (course_id bigint, popularity int, title text) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET jit = off
AS $$
DECLARE
    got int := 0;
    step int;
BEGIN
    {tiers}
END $$;
"""
TIER = """
    RETURN QUERY
        SELECT s.course_id, s.popularity::int, s.title FROM search_document s
        WHERE s.tier = {tier} AND s.title_vector @@ wanted
        ORDER BY s.popularity DESC, s.course_id DESC LIMIT size - got;
    GET DIAGNOSTICS step = ROW_COUNT;
    got := got + step;
    IF got >= size THEN RETURN; END IF;
"""

# Ways to go on: at most two words, two tags, four courses, two teachers. `number` counts courses,
# where it is cheap to know. A beginning that much begins with has its answers in search_prefix.
SUGGEST = """
CREATE FUNCTION search_suggest(finished text, last text)
RETURNS TABLE (kind text, label text, slug text, id bigint, number int) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    word text := search_words(last);
    whole text := search_words(finished || ' ' || last);
    beyond text := chr(1114111);
    before tsquery := search_query(finished);
    going_on tsquery;
    ready text[];
    ids bigint[];
BEGIN
    IF word <> '' AND whole = word THEN
        SELECT p.answers INTO ready FROM search_prefix p WHERE p.kind = 'word' AND p.prefix = word;
        IF ready IS NULL THEN
            ready := ARRAY(
                SELECT t.term FROM search_term t
                WHERE t.term ~>=~ word AND t.term ~<~ (word || beyond)
                ORDER BY t.documents DESC, t.term LIMIT 2
            );
        END IF;
        RETURN QUERY
            SELECT 'word', t.term::text, '', 0::bigint,
                CASE WHEN t.documents <= {counted} THEN search_count(
                    search_query(t.term), NULL, NULL,
                    0, {most}, 0, {most_int}, 0, {most_int}, {counted} * 2 + 1
                ) END
            FROM search_term t WHERE t.term = ANY(ready)
            ORDER BY t.documents DESC, t.term LIMIT 2;
    END IF;

    IF whole <> '' THEN
        {tags}
    END IF;

    SELECT p.answers INTO ready FROM search_prefix p WHERE p.kind = 'title' AND p.prefix = word;
    IF word <> '' THEN
        going_on := to_tsquery('edu_simple', quote_literal(search_text(last)) || ':*');
    END IF;
    IF numnode(before) = 0 THEN
        ids := CASE WHEN ready IS NULL
            THEN ARRAY(SELECT t.course_id FROM search_titles(going_on, 4) t) ELSE ready::bigint[] END;
    ELSIF ready IS NULL THEN
        ids := ARRAY(
            SELECT t.course_id FROM search_titles(coalesce(before && going_on, before), 4) t
        );
    ELSE  -- too many titles go on so: those by the words before it, and of them
        ids := ARRAY(
            SELECT t.course_id FROM search_titles(before, 50) t
            ORDER BY strpos(' ' || t.title, ' ' || word) = 0, t.popularity DESC LIMIT 4
        );
    END IF;
    RETURN QUERY
        SELECT 'course', c.title::text, c.slug::text, c.id, NULL::int
        FROM unnest(ids) WITH ORDINALITY i (id, place) JOIN courses_course c ON c.id = i.id
        WHERE c.status = 'published' ORDER BY i.place LIMIT 4;

    IF whole <> '' THEN
        {teachers}
    END IF;
END $$;
"""
NAMES = """
        SELECT p.answers INTO ready FROM search_prefix p
        WHERE p.kind = '{kind}' AND p.prefix = whole;
        IF ready IS NULL THEN
            ready := ARRAY(
                SELECT n.key FROM search_name n
                WHERE n.kind = '{kind}' AND n.start ~>=~ whole AND n.start ~<~ (whole || beyond)
                GROUP BY n.key ORDER BY max(n.weight) DESC, n.key LIMIT 2
            );
        END IF;
"""
TAGS = """
        RETURN QUERY
            SELECT 'tag', min(n.text::text), '', 0::bigint, NULL::int FROM search_name n
            WHERE n.kind = 'tag' AND n.key = ANY(ready)
            GROUP BY n.key ORDER BY max(n.weight) DESC, n.key LIMIT 2;
"""
TEACHERS = """
        RETURN QUERY
            SELECT 'teacher', u.name::text, u.username::text, u.id, c.number::int
            FROM unnest(ready) WITH ORDINALITY r (key, place)
            JOIN accounts_user u ON u.id = r.key::bigint
            CROSS JOIN LATERAL (
                SELECT count(*) AS number FROM courses_course c
                WHERE c.owner_id = u.id AND c.status = 'published'
            ) c
            WHERE c.number > 0 ORDER BY r.place LIMIT 2;
"""
FUNCTIONS = [
    WORDS,
    TITLES.format(tiers="".join(TIER.format(tier=tier) for tier in (0, 1, 2))),
    SUGGEST.format(
        counted=20,
        most=2**62,
        most_int=2**31 - 1,
        tags=NAMES.format(kind="tag") + TAGS,
        teachers=NAMES.format(kind="teacher") + TEACHERS,
    ),
]
UNDO = """
DROP FUNCTION search_suggest; DROP FUNCTION search_titles;
DROP FUNCTION search_starts; DROP FUNCTION search_words;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0005_recent_searches'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('tag', 'Tag'), ('teacher', 'Teacher')], db_collation='C', max_length=7)),
                ('key', models.CharField(max_length=120)),
                ('start', models.CharField(max_length=120)),
                ('text', models.CharField(max_length=120)),
                ('weight', models.PositiveBigIntegerField()),
            ],
            options={
                'db_table': 'search_name',
                'indexes': [models.Index(models.F('kind'), django.contrib.postgres.indexes.OpClass(models.F('start'), 'text_pattern_ops'), name='search_name_start')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'start'), name='search_name_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchPrefix',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('word', 'Word'), ('title', 'Title'), ('tag', 'Tag'), ('teacher', 'Teacher')], db_collation='C', max_length=7)),
                ('prefix', models.CharField(db_collation='C', max_length=40)),
                ('answers', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                'db_table': 'search_prefix',
                'constraints': [models.UniqueConstraint(fields=('kind', 'prefix'), name='search_prefix_once')],
            },
        ),
        migrations.RunSQL("".join(FUNCTIONS), UNDO),
    ]
