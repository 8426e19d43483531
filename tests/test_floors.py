"""The floors where the import linter can't look: keys, reverse names, template includes."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField, OneToOneField

ROOT = Path(settings.BASE_DIR)
INCLUDE = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""")


def floors() -> dict[str, int]:
    """App → height, from the contract of the import linter; the lowest is 0."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    return {
        app.strip(" ()"): height
        for height, layer in enumerate(reversed(layers))
        for app in layer.split("|")
    }


HEIGHT = floors()


def own_keys():
    for model in apps.get_models():
        if not model.__module__.startswith("apps."):
            continue
        for field in model._meta.local_fields + model._meta.local_many_to_many:
            if isinstance(field, ForeignKey | OneToOneField | ManyToManyField):
                yield pytest.param(model, field, id=f"{model._meta.label}.{field.name}")


@pytest.mark.parametrize(("model", "field"), list(own_keys()))
def test_keys_point_down_and_leave_no_name_above(model, field):
    here, there = model._meta.app_label, field.related_model._meta.app_label
    if there == here:
        return
    if field.related_model._meta.label != settings.AUTH_USER_MODEL and there in HEIGHT:
        assert HEIGHT[there] < HEIGHT[here]
    if there in HEIGHT:
        assert field.remote_field.hidden, "a key to another app says related_name='+'"


def templates_of_apps():
    for path in sorted((ROOT / "templates").rglob("*.html")):
        app = path.relative_to(ROOT / "templates").parts[0]
        if app in HEIGHT:
            yield pytest.param(path, app, id=str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize(("path", "app"), list(templates_of_apps()))
def test_templates_include_their_own_lower_and_shared_ones(path, app):
    for name in INCLUDE.findall(path.read_text()):
        owner = name.split("/")[0]
        assert (
            owner in {"layouts", "components", "allauth"} or HEIGHT.get(owner, 99) <= HEIGHT[app]
        ), name


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name
)
def test_no_inline_script_style_or_handler(path):
    if "email" in path.parts:
        return  # letters carry their styles with them
    text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.S)
    assert not re.search(r"<script(?! type=.application/ld\+json.>)(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=[\"']", text)
    assert "|safe" not in text


def test_modules_of_vague_names_do_not_exist():
    vague = {"utils.py", "helpers.py", "common.py", "mixins.py", "misc.py"}
    assert [path for path in (ROOT / "apps").rglob("*.py") if path.name in vague] == []


def test_safe_markup_is_made_in_few_places():
    allowed = {"apps/core/markdown", "apps/core/templatetags", "apps/courses/covers.py"}
    makers = [
        str(path.relative_to(ROOT))
        for folder in ("apps", "eduplatform")
        for path in (ROOT / folder).rglob("*.py")
        if "mark_safe(" in path.read_text() and "/tests/" not in str(path)
    ]
    assert [name for name in makers if not any(name.startswith(a) for a in allowed)] == []


def test_a_past_is_told_by_the_demo_alone():
    """In bulk, unheard and unseen: what lives goes through the services, one deed at a time."""
    telling = re.compile(
        r"(?<!def )\b(past_of|past_quizzes_of|gathering|retell|sparing|unheard|unseen)\("
    )
    tellers = [
        str(path.relative_to(ROOT))
        for folder in ("apps", "eduplatform")
        for path in (ROOT / folder).rglob("*.py")
        if telling.search(path.read_text()) and "/tests/" not in str(path)
    ]
    assert [name for name in tellers if not name.startswith("apps/demo/")] == []


def test_nothing_is_translated_inside_an_f_string():
    """What reads the sentences for the translators doesn't find them there."""
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("apps", "eduplatform")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr) and any(map(is_translation, ast.walk(node)))
    ]
    assert hidden == []


def is_translation(node: ast.AST) -> bool:
    names = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "npgettext"}
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
