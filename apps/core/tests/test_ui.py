"""What templates say: typography, money, numbers, time, people, form controls."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Engine, Template
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from apps.core.templatetags import ui

NB = "\u00a0"


@dataclass
class Person:
    pk: int = 1
    name: str = "Dana Kim"
    username: str = "dana"
    avatar_url: str = ""


@pytest.fixture
def russian():
    with translation.override("ru"):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def rendered(source, **context):
    return Template(source).render(Context(context))


# ── Typography ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("46 %", f"46{NB}%"),
        ("От средних — на Python", f"От{NB}средних{NB}— на{NB}Python"),
        ("и в нём", f"и{NB}в{NB}нём"),
        ("около 6 минут", f"около 6{NB}минут"),
        ("так ли, если бы", f"так{NB}ли, если бы"),
        ("проверь же.", f"проверь{NB}же."),
        ("2 490 ₽", f"2 490{NB}₽"),
    ],
)
def test_russian_keeps_together_what_belongs_together(russian, text, expected):
    assert ui.typo(text) == expected


def test_english_closes_the_gap_before_percent(english):
    assert ui.typo("46 % of people — so far") == "46% of people — so far"


def test_typography_touches_text_but_neither_tags_nor_code(russian):
    html = mark_safe('<p title="и в нём">и в нём</p><pre><b>и в нём</b></pre>')
    assert ui.typo(html) == f'<p title="и в нём">и{NB}в{NB}нём</p><pre><b>и в нём</b></pre>'


def test_typography_leaves_escaping_alone(russian):
    assert rendered("{{ text|typo }}", text="<b> и в") == f"&lt;b&gt; и{NB}в"


# ── Money and numbers ─────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("minor", "currency", "language", "expected"),
    [
        (2900, "USD", "en", "$29"),
        (2950, "USD", "en", "$29.50"),
        (249000, "RUB", "ru", f"2{NB}490{NB}₽"),
        (129050, "RUB", "ru", f"1{NB}290,50{NB}₽"),
        (2900, "USD", "ru", f"29{NB}$"),
        (249000, "RUB", "en", "₽2,490"),
        (0, "USD", "en", "Free"),
        (0, "RUB", "ru", "Бесплатно"),
    ],
)
def test_price_is_written_as_people_write_it(minor, currency, language, expected):
    with translation.override(language):
        assert ui.price(minor, currency) == expected


def test_money_shows_zero_and_a_real_minus(english):
    assert ui.money(0, "USD") == "$0"
    assert ui.money(-400, "USD") == "−$4"


def test_numbers_follow_the_language():
    with translation.override("ru"):
        assert ui.number(14280) == f"14{NB}280"
        assert ui.number(4.86, 1) == "4,9"
        assert ui.percent(46) == f"46{NB}%"
    with translation.override("en"):
        assert ui.number(14280) == "14,280"
        assert ui.number(4.0, 1) == "4.0"
        assert ui.percent(46) == "46%"


def test_numbers_of_attributes_ignore_the_language(russian):
    assert ui.plain(60.5) == "60.5"
    assert ui.times(3, "8.25") == "24.75"


# ── Time ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "0 min"),
        (12, "12 min"),
        (60, "1 h"),
        (80, "1 h 20 min"),
        (599, "9 h 59 min"),
        (640, "11 h"),
    ],
)
def test_duration(english, minutes, expected):
    assert ui.duration(minutes).replace(NB, " ") == expected


def test_duration_in_russian(russian):
    assert ui.duration(80) == f"1{NB}ч 20{NB}мин"


def test_clock():
    assert ui.clock(425) == "7:05"
    assert ui.clock(3750) == "1:02:30"


@pytest.mark.parametrize(
    ("passed", "english", "russian"),
    [
        (timedelta(seconds=20), "just now", "только что"),
        (timedelta(hours=2), "2 hours ago", "2 часа назад"),
        (timedelta(days=14), "2 weeks ago", "2 недели назад"),
        (timedelta(days=-3), "in 3 days", "через 3 дня"),
    ],
)
def test_ago(passed, english, russian):
    at = timezone.now() - passed - timedelta(milliseconds=-500)
    with translation.override("en"):
        assert ui.ago(at) == english
    with translation.override("ru"):
        assert ui.ago(at) == russian


def test_beyond_a_month_the_date_stands(english):
    assert ui.ago(datetime(2020, 3, 1, 12, tzinfo=UTC)) == "1 March 2020"


def test_day_is_the_readers_day(russian):
    with timezone.override("Asia/Vladivostok"):
        assert ui.day(datetime(2020, 3, 1, 23, tzinfo=UTC)) == "2 марта 2020"
    assert ui.day(date(2020, 3, 1)) == "1 марта 2020"


def test_when_carries_the_exact_moment(english):
    html = ui.when(datetime(2020, 3, 1, 12, 30, tzinfo=UTC))
    assert 'datetime="2020-03-01T12:30:00+00:00"' in html
    assert 'title="1 March 2020, 12:30"' in html


# ── People ────────────────────────────────────────────────────────────────────────────────────
def test_avatar_is_the_picture_or_initials_on_a_lasting_colour():
    assert 'src="/media/a.webp"' in ui.avatar(Person(avatar_url="/media/a.webp"))
    assert 'data-initials="DK"' in ui.avatar(Person())
    assert ui.avatar(Person(pk=7)) == ui.avatar(Person(pk=7))
    assert "ava-xl" in ui.avatar(Person(), "xl")


def test_a_name_cannot_write_markup():
    html = ui.avatar(Person(name="<script> <b>"))
    assert 'data-initials="SB"' in html


def test_a_name_of_signs_alone_has_no_initials():
    assert 'data-initials=""' in ui.avatar(Person(name="🚀 …"))
    assert 'data-initials="A"' in ui.avatar(Person(name="«Anna» 👩🏽‍🚀"))


def test_without_a_name_the_username_stands():
    assert ui.shown_name(Person(name="")) == "dana"


# ── Components ────────────────────────────────────────────────────────────────────────────────
class SampleForm(forms.Form):
    email = forms.EmailField(help_text="Where the receipt goes")
    level = forms.ChoiceField(choices=[("1", "One")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()


def component(source, **context):
    """A page with components, compiled as files are."""
    from django_cotton.compiler_regex import CottonCompiler

    return (
        Engine.get_default().from_string(CottonCompiler().process(source)).render(Context(context))
    )


def test_a_wrong_field_is_tied_to_its_hint_and_its_error(english):
    form = SampleForm({"email": "dana"})
    html = component('<c-field :field="form.email" autocomplete="email" />', form=form)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_hint id_email_error"' in html
    assert 'id="id_email_hint"' in html
    assert 'id="id_email_error"' in html
    assert 'autocomplete="email"' in html
    assert 'value="dana"' in html
    assert 'for="id_email"' in html


def test_choices_stand_in_a_fieldset_with_a_legend(english):
    html = component('<c-field :field="form.level" />', form=SampleForm())
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count('type="radio"') == 1


def test_what_a_component_does_not_name_goes_to_its_element():
    html = component('<c-button hx-post="/x/" data-name="{{ name }}">Go</c-button>', name='"><b>')
    assert 'hx-post="/x/"' in html
    assert "<b>" not in html
    assert 'type="button"' in html


def test_a_component_does_not_see_the_pages_variables():
    html = component("<c-button>Go</c-button>", href="/elsewhere/", variant="primary")
    assert "<a " not in html
    assert "btn-primary" not in html


def test_a_course_card_says_title_rating_and_price(english):
    html = component(
        '<c-course-card href="/courses/a/" title="{{ t }}" :rating="4.9" :count="1284" :price="2900" />',
        t="Ice & fire",
    )
    assert "Ice &amp; fire" in html
    assert "(1,284)" in html
    assert "$29" in html


def test_mastery_fills_its_segments_and_says_its_name(english):
    html = component("<c-mastery :level=2 />")
    assert 'aria-label="Familiar"' in html
    assert html.count('class="m2"') == 3
    assert html.count('class="m0"') == 2
