"""What a category is found by: names, and the categories above it."""

# a category with those above it, and the names of all of them
PLACES = """
place (id, path, names) AS (
    SELECT id, ARRAY[id], concat_ws(' ', name_en, name_ru)
    FROM courses_category WHERE parent_id IS NULL
    UNION ALL
    SELECT k.id, k.id || above.path, concat_ws(' ', k.name_en, k.name_ru, above.names)
    FROM courses_category k JOIN place above ON above.id = k.parent_id
)
"""
