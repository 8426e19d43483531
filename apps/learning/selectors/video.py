"""Videos of others shown in the page: two hosts, by their players that set no cookies."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

YOUTUBE_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"}
VIMEO_HOSTS = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)
YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live)/([\w-]{11})/?", re.ASCII)
VIMEO_PATH = re.compile(r"/(?:video/)?(\d{1,12})(?:/([0-9a-f]{6,20}))?/?", re.ASCII)


@dataclass(frozen=True)
class Embed:
    """`src` is the frame's address, in the allow-list of the content security policy."""

    host: str
    src: str


def embed_of(url: str) -> Embed | None:
    """The player for the address of a video, or None: then it is shown as a plain link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    host = parts.hostname or ""
    if host == "youtu.be":
        return _youtube(parts.path.strip("/"))
    if host in YOUTUBE_HOSTS:
        found = YOUTUBE_PATH.fullmatch(parts.path)
        watched = parse_qs(parts.query).get("v", [""])[0]
        return _youtube(found.group(1) if found else watched)
    if host in VIMEO_HOSTS and (match := VIMEO_PATH.fullmatch(parts.path)):
        secret = f"&h={match.group(2)}" if match.group(2) else ""
        return Embed("Vimeo", f"https://player.vimeo.com/video/{match.group(1)}?dnt=1{secret}")
    return None


def _youtube(video_id: str) -> Embed | None:
    if not YOUTUBE_ID.fullmatch(video_id):
        return None
    return Embed("YouTube", f"https://www.youtube-nocookie.com/embed/{video_id}?rel=0")
