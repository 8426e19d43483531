import gettext

import pytest
from django.core.management import CommandError, call_command

from apps.core import catalogues

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext, gettext as translate
title = _("Save")
many = ngettext("%(n)d course", "%(n)d courses", 3)
verb = pgettext("verb", "Order")
long = _(
    "One "
    "sentence"
)
"""
TEMPLATE = """{% load i18n %}
    <c-button label="{% trans 'Open' %}"
        hint="{% trans "It's here" %}">
  {% if x %}
      {{ _("Inside") }} don't " break
 {% endif %}
{% blocktrans trimmed with n=count count counter=count %}
    {{ n }} card of 100%
{% plural %}
    {{ n }} cards of 100%
{% endblocktrans %}
{% trans "Order" context "verb" %}
"""


@pytest.fixture
def house(tmp_path):
    """A project with one app, its templates and a shared component."""
    files = {
        "apps/shop/__init__.py": "",
        "apps/shop/models.py": CODE,
        "apps/shop/tests/test_models.py": "_('Not this')",
        "templates/shop/page.html": TEMPLATE,
        "templates/components/button.html": "{% trans 'Shared' %}",
        "eduplatform/__init__.py": "from x import _; _('Root')",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def shop(house):
    return next(part for part in catalogues.parts(house) if part.name == "shop")


def ids(catalog):
    return {m.id if isinstance(m.id, str) else m.id[0] for m in catalog if m.id}


def translate(house, part, **words):
    """Fill the stored catalogue: every message gets its word or its own text back."""
    po = part.po("ru")
    catalog = catalogues.stored(part, "ru")
    for message in catalog:
        if message.id:
            text = words.get(catalogues._key(message)[0], catalogues._key(message)[0])
            message.string = (text,) * 3 if message.pluralizable else text
    catalogues._write(po, catalog)


def test_each_app_owns_its_code_and_templates(house):
    catalogues.update(house, ["ru"])

    root, app = (catalogues.stored(part, "ru") for part in catalogues.parts(house))

    assert ids(root) == {"Root", "Shared"}
    assert ids(app) == {
        "Save",
        "Open",
        "It's here",
        "Inside",
        "One sentence",
        "Order",
        "%(n)d course",
        "%(n)s card of 100%%",
    }
    assert app.get("Order", context="verb")


def test_file_is_small_and_stable(house):
    catalogues.update(house, ["ru"])
    text = shop(house).po("ru").read_text()

    catalogues.update(house, ["ru"])

    assert shop(house).po("ru").read_text() == text
    assert "nplurals=3" in text
    assert "#:" not in text
    assert "Date" not in text
    assert text.index('msgid "Inside"') < text.index('msgid "Save"')


def test_translations_are_kept_and_the_obsolete_dropped(house):
    catalogues.update(house, ["ru"])
    translate(house, shop(house), Save="Сохранить", Open="Открыть")
    (house / "apps/shop/models.py").write_text('_("Save")')

    catalogues.update(house, ["ru"])

    catalog = catalogues.stored(shop(house), "ru")
    assert catalog.get("Save").string == "Сохранить"
    assert catalog.get("Open").string == "Открыть"
    assert "One sentence" not in shop(house).po("ru").read_text()


def test_a_message_translated_elsewhere_needs_no_second_translation(house):
    catalogues.update(house, ["ru"])
    translate(house, shop(house), Save="Сохранить")
    (house / "eduplatform/__init__.py").write_text("_('Save')")

    catalogues.update(house, ["ru"])

    assert catalogues.stored(catalogues.parts(house)[0], "ru").get("Save").string == "Сохранить"


def test_problems_name_what_is_missing_and_nothing_else(house):
    catalogues.update(house, ["ru"])
    for part in catalogues.parts(house):
        translate(house, part)
    assert catalogues.problems(house, ["ru"]) == []

    with (house / "apps/shop/models.py").open("a") as file:
        file.write('\n_("New")\n')

    assert catalogues.problems(house, ["ru"]) == ["shop/ru: missing: 'New'"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('msgid "Save"\nmsgstr "Save"', 'msgid "Save"\nmsgstr ""', "untranslated"),
        ('msgid "Save"', '#, fuzzy\nmsgid "Save"', "fuzzy"),
        ('msgstr[2] "%(n)d course"', 'msgstr[2] "%(m)d"', "placeholders"),
        ('msgid "Save"', 'msgid "Gone"', "no longer in the code"),
    ],
)
def test_problems_of_one_message(house, old, new, problem):
    catalogues.update(house, ["ru"])
    for part in catalogues.parts(house):
        translate(house, part)
    po = shop(house).po("ru")
    po.write_text(po.read_text().replace(old, new))

    assert any(problem in line for line in catalogues.problems(house, ["ru"]))


def test_two_translations_of_one_message_are_told(house):
    (house / "eduplatform/__init__.py").write_text("_('Save')")
    catalogues.update(house, ["ru"])
    root, app = catalogues.parts(house)
    translate(house, root, Save="Сохранить")
    translate(house, app, Save="Записать")

    assert catalogues.problems(house, ["ru"]) == [
        "shop/ru: translated otherwise in eduplatform: 'Save'"
    ]


def test_compiled_catalogue_speaks_with_russian_plurals(house):
    catalogues.update(house, ["ru"])
    translate(house, shop(house), Save="Сохранить")
    catalog = catalogues.stored(shop(house), "ru")
    catalog.get(("%(n)d course", "%(n)d courses")).string = ("курс", "курса", "курсов")
    catalogues._write(shop(house).po("ru"), catalog)

    assert catalogues.compile_all(house, ["ru"]) == 2
    assert catalogues.compile_all(house, ["ru"]) == 0

    with shop(house).po("ru").with_suffix(".mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("Save") == "Сохранить"
    plurals = [words.ngettext("%(n)d course", "%(n)d courses", n) for n in (1, 3, 5, 11, 21)]
    assert plurals == ["курс", "курса", "курсов", "курсов", "курс"]


def test_command_fails_on_missing_translations(house, settings):
    settings.BASE_DIR = house
    call_command("messages")
    with pytest.raises(CommandError, match="untranslated: 'Save'"):
        call_command("messages", check=True)
