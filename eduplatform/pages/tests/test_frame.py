"""The frame of every page: layouts, components and error pages, under the content policy."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from apps.core.middleware import error_answer
from eduplatform.pages import dev

INLINE = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", re.I)


@pytest.fixture
def sheet(rf):
    def render(**query):
        return dev.components(rf.get("/dev/components/", query)).content.decode()

    return render


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("layout", ["app", "public", "quiet", "studio", "wide"])
def test_every_component_renders_without_anything_inline(sheet, layout, language):
    html = sheet(layout=layout, lang=language)
    assert f'<html lang="{language}">' in html
    assert "<c-" not in html
    assert not INLINE.search(html)


def test_the_frame_speaks_russian(sheet):
    html = sheet(lang="ru")
    assert "Сегодня" in html
    assert "Моё обучение" in html
    assert "Уведомления, 3 новых" in html


def test_a_signed_in_page_keeps_no_history_and_opens_a_socket(sheet):
    html = sheet()
    assert '"historyCacheSize": 0' in html
    assert "data-signed-in" in html


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_error_pages_need_neither_request_nor_database(status):
    with translation.override("en"):
        html = render_to_string(f"{status}.html")
    assert str(status) in html
    assert 'href="/"' in html


def test_a_refusal_says_its_reason_on_a_page(rf):
    html = error_answer(rf.get("/"), 409, "This seat is taken.").content.decode()
    assert "409" in html
    assert "This seat is taken." in html


def test_a_refusal_is_a_toast_for_htmx(rf):
    answer = error_answer(rf.get("/", headers={"hx-request": "true"}), 409, "Taken <b>.")
    assert answer.headers["HX-Retarget"] == "#toasts"
    assert "Taken &lt;b&gt;." in answer.content.decode()
    assert "data-toast" in answer.content.decode()
