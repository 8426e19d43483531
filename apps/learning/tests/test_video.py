"""Which addresses become a player, and that nothing else ever does."""

import pytest

from apps.learning.selectors.video import embed_of


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com/watch?t=4&v=dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ?si=x",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        "http://m.youtube.com/live/dQw4w9WgXcQ",
    ],
)
def test_youtube(url):
    assert embed_of(url).src == "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0"


def test_vimeo():
    assert embed_of("https://vimeo.com/76979871").src == (
        "https://player.vimeo.com/video/76979871?dnt=1"
    )
    hidden = embed_of("https://vimeo.com/76979871/8272103f6e")
    assert hidden.src.endswith("?dnt=1&h=8272103f6e")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://example.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://evil.example/?https://youtube.com/watch?v=dQw4w9WgXcQ",
        "javascript:alert(1)//youtu.be/dQw4w9WgXcQ",
        "https://youtu.be/<script>",
        "https://youtu.be/",
        "https://youtube.com/watch?v=short",
        "https://vimeo.com/channels/staffpicks",
        "https://[bad",
    ],
)
def test_nothing_else(url):
    assert embed_of(url) is None
