"""The names that a category is found by."""

# a category with the names of those above it
PLACES = """
place (id, names) AS (
    SELECT id, concat_ws(' ', name_en, name_ru) FROM courses_category WHERE parent_id IS NULL
    UNION ALL
    SELECT k.id, concat_ws(' ', k.name_en, k.name_ru, above.names)
    FROM courses_category k JOIN place above ON above.id = k.parent_id
)
"""
