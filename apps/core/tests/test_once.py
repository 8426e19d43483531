import pytest
from django.template import engines
from django.utils import translation

MADE = "{% once %}{% trans 'Search' %} {{ user }}{% endonce %} {{ user }}"
NAMED = "{% once view_name=place %}{{ view_name }} {{ user }} {% current 'home' %}{% endonce %}"


def shown(template, **context):
    return template.render(context).strip()


@pytest.fixture
def template():
    return lambda text: engines["django"].from_string(text)


def test_nothing_of_the_page_is_kept(template):
    made = template(MADE)
    assert shown(made, user="Ada") == "Search  Ada"
    assert shown(made, user="Bob") == "Search  Bob"


def test_each_language_has_its_own(template):
    made = template(MADE)
    for language, said in [("en", "Search"), ("ru", "Поиск"), ("en", "Search")]:
        with translation.override(language):
            assert shown(made, user="Ada") == f"{said}  Ada"


def test_it_is_rendered_once(template):
    made = template("{% once %}{% now 'u' %}{% endonce %}")
    assert len({shown(made) for _ in range(5)}) == 1


def test_named_values_are_seen_and_told_apart(template):
    made = template(NAMED)
    assert shown(made, place="home", user="Ada") == 'home  aria-current="page"'
    assert shown(made, place="course", user="Ada") == "course"
    assert shown(made, place="home", user="Bob") == 'home  aria-current="page"'


def test_what_is_kept_is_bounded(template, monkeypatch):
    monkeypatch.setattr("apps.core.templatetags.once.MOST", 2)
    made = template("{% once number=number %}{{ number }}{% endonce %}")
    assert [shown(made, number=number) for number in (1, 2, 3, 1)] == ["1", "2", "3", "1"]
    [node] = made.template.nodelist
    assert len(node._made) <= 2


def test_components_and_includes_work_inside(template):
    made = template(
        "{% once %}<c-note>{% trans 'Close' %}</c-note>"
        '{% include "layouts/_theme_toggle.html" %}{% endonce %}'
    )
    text = shown(made)
    assert "Close" in text and "data-theme-toggle" in text
