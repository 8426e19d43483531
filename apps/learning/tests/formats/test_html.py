"""HTML and text of others as markdown: what it keeps, and that nothing keeps it busy."""

import time

import pytest

from apps.learning.formats.html import markdown_of_html, markdown_of_text

SIZE = 10_000


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>a<br>b</b><div>c</div><div>d</div>", "**a**\\\n**b**\\\nc\\\nd"),
        ("<ul><li>one</li><li>two <i>x</i></li></ul>after", "- one\n- two *x*\n\nafter"),
        ("2*3*4 _x_ a_b [sound:x.mp3] \\(x^2\\)", "2\\*3\\*4 \\_x\\_ a_b $x^2$"),
        ("<p>1. hi</p><pre>x = 1\n y</pre>", "1\\. hi\n\n```\nx = 1\n y\n```"),
        (
            "<a href='javascript:x'>l</a> <a href='https://e.org/a'>m</a>",
            "l [m](<https://e.org/a>)",
        ),
        ("a<br><br>b", "a\n\nb"),
        ("<!-- <b>x</b> -->ok", "ok"),
        ("5 < 6 <b>x</b>", "5 < 6 **x**"),
    ],
)
def test_keeps_what_is_shown(html, text):
    assert markdown_of_html(html).text == text


def test_plain_text_keeps_its_lines():
    assert markdown_of_text("a\n\nb\nc*d*\n# x") == "a\n\nb\\\nc\\*d\\*\\\n\\# x"


@pytest.mark.parametrize(
    "piece",
    [
        " ",
        "\n",
        "[",
        "\\(",
        "[sound:",
        "<",
        "<a ",
        "<!--",
        "<![CDATA[",
        "<ul><li>",
        "[$]",
        "<i>a",
        "<b> ",
        "<b></i>",
        "<code><a href=x>",
    ],
)
@pytest.mark.parametrize("convert", [markdown_of_html, markdown_of_text])
def test_is_quick_whatever_comes(piece, convert):
    begun = time.process_time()
    convert("a" + piece * (SIZE // len(piece)) + "b")
    assert time.process_time() - begun < 2
