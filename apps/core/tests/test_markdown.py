import pytest
from django.template import Context, Template
from django.utils import translation

from apps.core import markdown
from apps.core.markdown import Heading


def html(text, **options):
    return markdown.render(text, **options).strip()


def test_plain_marks():
    assert html("a **b** *c* ~~d~~ `e`") == (
        "<p>a <strong>b</strong> <em>c</em> <s>d</s> <code>e</code></p>"
    )


def test_raw_html_is_text():
    assert html("<b>x</b>\n\n<div>y</div>") == (
        "<p>&lt;b&gt;x&lt;/b&gt;</p>\n<p>&lt;div&gt;y&lt;/div&gt;</p>"
    )


def test_links():
    assert 'href="https://a.example/?q=1&amp;r=2" rel="nofollow noopener ugc"' in html(
        "[x](https://a.example/?q=1&r=2)"
    )
    assert 'href="mailto:a@b.example"' in html("<a@b.example>")
    assert "<a" not in html("[x](ftp://a.example) [y](/accounts/logout/)")


def test_own_picture_is_lazy_and_keeps_its_place():
    assert html("![A *map*](/media/lesson_image/ab/cd-640x480.webp)") == (
        '<p><img src="/media/lesson_image/ab/cd-640x480.webp" alt="A map" width="640" height="480" '
        'loading="lazy" decoding="async"></p>'
    )


def test_foreign_picture_is_a_link():
    assert html("![A map](https://a.example/map.png)") == (
        '<p><a href="https://a.example/map.png" rel="nofollow noopener ugc">A map</a></p>'
    )


@pytest.mark.parametrize(
    ("written", "levels"),
    [("# a\n## b\n### c", [2, 3, 4]), ("## a\n### b\n## c", [2, 3, 2]),
     ("### a\n## b\n##### c\n###### d\n# e", [2, 2, 3, 4, 2])],
)  # fmt: skip
def test_headings_form_an_outline_below_the_page_title(written, levels):
    assert [heading.level for heading in markdown.headings(written)] == levels


def test_heading_ids():
    text = "## Why *the* root\n## Почему корень?\n## Why the root\n## !!!"
    assert markdown.headings(text) == [
        Heading(2, "s-why-the-root", "Why the root"),
        Heading(2, "s-pochemu-koren", "Почему корень?"),
        Heading(2, "s-why-the-root--2", "Why the root"),
        Heading(2, "s-part", "!!!"),
    ]
    assert '<h2 id="s-pochemu-koren">Почему корень?</h2>' in html(text, anchors=True)
    assert "id=" not in html(text)


def test_code():
    assert html("```python\nprint(1)  # one\n```").endswith(
        '<pre tabindex="0" aria-label="Python code"><code><span class="nf">print</span>('
        '<span class="mi">1</span>)  <span class="c"># one</span></code></pre></div>'
    )
    assert '<div class="code-head"><span>Python</span><button' in html("```python\n1\n```")


@pytest.mark.parametrize("fence", ["```", "```text", "```brainfuck", "```<x>"])
def test_code_of_no_known_language_is_plain(fence):
    assert html(f"{fence}\na < b\n```") == (
        '<div class="code"><pre tabindex="0" aria-label="Code"><code>a &lt; b</code></pre></div>'
    )


def test_long_code_is_plain():
    assert "<span" not in html("```python\n" + "print(1)\n" * 2_000 + "```").partition("<pre")[2]


def test_callout_with_run_in_title():
    out = html("::: warning A common slip\nSmall **errors**.\n\n- one\n:::")
    assert out.startswith('<aside class="callout callout-warn" role="note"><svg class="ico"')
    assert "<div><p><b>A common slip.</b> Small <strong>errors</strong>.</p>\n<ul>" in out


def test_callout_without_paragraph_or_title():
    assert "<div><p><b>Do this:</b> </p><ul>" in html("::: tip Do this:\n- one\n:::")
    assert '<aside class="callout" role="note">' in html("::: note\ntext\n:::")
    assert "<b>" not in html("::: note\ntext\n:::")


def test_unknown_callout_is_text():
    assert html("::: danger\ntext\n:::") == "<p>::: danger\ntext\n:::</p>"


def test_table():
    out = html("| Name | n |\n|---|---|\n| a | 1 200 |\n| b | 3,5 % |\n\n|x|\n|-|\n|y|")
    assert (
        '<div class="overflow-x-auto" tabindex="0" role="region" aria-label="Table 1: Name, n">'
        '<table class="table">' in out
    )
    assert '<th scope="col">Name</th>\n<th class="r" scope="col">n</th>' in out
    assert '<td>a</td>\n<td class="r">1 200</td>' in out
    assert 'aria-label="Table 2: x"' in out
    assert "style" not in html("|x|y|\n|:-:|-:|\n|a|b|")


def test_formulas():
    assert html("$x$") == ('<p><math display="inline"><mrow><mi>x</mi></mrow></math></p>')
    out = html("$$\nSE = \\frac{s}{\\sqrt{n}}\n$$")
    assert out.startswith('<div class="formula" tabindex="0" role="group" aria-label="Formula">')
    assert "<mfrac><mrow><mi>s</mi></mrow><mrow><msqrt><mrow><mi>n</mi></mrow></msqrt>" in out


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("0{,}05", "<mn>0,05</mn>"),
        ("x = -1", '=</mo><mo form="prefix">−</mo>'),
        ("f(x) - 1", "<mo>−</mo>"),
        ("(0, 8)", "<mn>0</mn><mo>,</mo><mn>8</mn>"),
        (r"a \pm b", "<mo>±</mo>"),
        (r"\log_2 n", '</msub><mspace width="0.167em"></mspace><mi>n</mi>'),
        (r"\sin(x)", "<mi>sin</mi><mo"),
        (r"n \log n", '<mi>n</mi><mspace width="0.167em"></mspace><mi>log</mi><mspace'),
        ("a = b", '</mrow></math><math display="inline"><mrow><mo form="infix">=</mo>'),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "<mtable><mtr><mtd><mn>1</mn></mtd>"),
        (r"\text{a & b < c}", "<mtext>a\u00a0&amp;\u00a0b\u00a0&lt;\u00a0c</mtext>"),
    ],
)
def test_inline_formula(latex, expected):
    assert expected in html(f"${latex}$").replace("&nbsp;", "\u00a0")


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", '<mtd columnalign="right"><mi>a</mi>'),
        (r"\begin{pmatrix} a \end{pmatrix}^{-1}", "<mo>)</mo></mrow><mrow><mo>−</mo><mn>1</mn>"),
        (r"\lim_{x \to 0} f", "<munder><mo>lim</mo>"),
    ],
)
def test_displayed_formula(latex, expected):
    assert expected in html(f"$$\n{latex}\n$$")


@pytest.mark.parametrize("latex", [r"\frac{a", r"x}", r"\nosuchthing", r"\left( x", r"\def\a{b}\a"])
def test_wrong_formula_shows_its_source(latex):
    assert html(f"a ${latex}$ b") == f"<p>a <code>{latex}</code> b</p>"
    assert f"<code>{latex}</code></pre>" in html(f"$$\n{latex}\n$$")


def test_money_is_no_formula():
    assert "math" not in html("It costs $5 and then $6.")


def test_plain_text():
    text = (
        "## Head\n\nA *soft*\nbreak, $x^2$ and [link](https://a.example).\n\n"
        "```\ncode\n```\n\n::: tip Remember\nthis\n:::\n\n$$\ny\n$$\n\n![pic](/media/a.webp)"
    )
    assert markdown.plain_text(text).splitlines() == [
        "Head", "A soft break, x^2 and link.", "Remember", "this", "pic",
    ]  # fmt: skip


def test_reading_minutes():
    assert markdown.reading_minutes("") == 1
    assert markdown.reading_minutes("word " * 181) == 2


def test_too_long_a_text_says_that_it_is_cut():
    out = html("a " * markdown.MAX_LENGTH)
    assert out.endswith("<p>The text is too long to be shown whole.</p>")
    assert len(out) < markdown.MAX_LENGTH + 100


def test_labels_follow_the_language():
    with translation.override("ru"):
        assert translation.gettext("Code") in html("```\na\n```")


def test_filter():
    template = Template("{% load text %}{{ text|markdown }}")
    assert template.render(Context({"text": "*a* <b>"})) == "<p><em>a</em> &lt;b&gt;</p>\n"
