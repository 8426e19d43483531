"""What a page holds, as far as forms go: read from its HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

TYPED = {"text", "search", "email", "url", "number", "date", "time", "tel", "textarea"}
VOID = {"input", "br", "img", "hr", "meta", "link", "source", "wbr", "path"}


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    id: str = ""
    is_invalid: bool = False
    described_by: tuple[str, ...] = ()
    choices: list[str] = field(default_factory=list)


@dataclass
class Form:
    action: str
    is_partial: bool
    fields: list[Field] = field(default_factory=list)

    @property
    def typed(self) -> list[Field]:
        return [each for each in self.fields if each.kind in TYPED]

    @property
    def answers(self) -> list[Field]:
        """What a person decides, by typing or choosing."""
        return [each for each in self.fields if each.kind not in {"hidden", "submit", "file"}]

    def values(self) -> dict[str, list[str]]:
        """What a browser would send."""
        sent: dict[str, list[str]] = {}
        for each in self.fields:
            if each.kind != "file":
                sent.setdefault(each.name, []).append(each.value)
        return sent


class Page(HTMLParser):
    """The forms, links and spoken ids of a page or a fragment."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.fields: list[Field] = []
        self.texts: dict[str, str] = {}
        self._form: Form | None = None
        self._area: Field | None = None
        self._select: Field | None = None
        self._open: list[tuple[str, str]] = []
        # words tied to the group of choices that is open
        self._group: tuple[str, ...] = ()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if got.get("id"):
            self.texts.setdefault(got["id"], "")
        if tag not in VOID:
            self._open.append((tag, got.get("id", "")))
        for name in ("href", "hx-get"):
            if name in got and tag != "link":
                self._follow(got[name])
        if tag == "fieldset":
            self._group = tuple(got.get("aria-describedby", "").split())
        if tag == "form":
            self._begin(got)
        elif tag in {"input", "textarea", "select", "button"}:
            self._hold(tag, got)
        elif tag == "option" and self._select is not None:
            self._select.choices.append(got.get("value", ""))
            if "selected" in got or len(self._select.choices) == 1:
                self._select.value = got.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, _id = self._open.pop()
            if opened == tag:
                break
        if tag == "fieldset":
            self._group = ()
        elif tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        for _tag, name in self._open:
            if name:
                self.texts[name] += data

    def _follow(self, target: str) -> None:
        parts = urlsplit(urljoin(self.address, target))
        if target and not parts.netloc and parts.path.startswith("/") and target[0] != "#":
            self.links.append(parts.path + (f"?{parts.query}" if parts.query else ""))

    def _begin(self, got: dict[str, str]) -> None:
        partial = got.get("hx-post", "")
        if got.get("method", "").lower() == "post" or partial:
            target = urljoin(self.address, partial or got.get("action", "") or self.address)
            self._form = Form(target, bool(partial))
            self.forms.append(self._form)

    def _hold(self, tag: str, got: dict[str, str]) -> None:
        kind = got.get("type", "text" if tag == "input" else "submit") if tag[0] in "ib" else tag
        held = Field(
            got.get("name", ""),
            kind,
            got.get("value", ""),
            got.get("id", ""),
            got.get("aria-invalid") == "true",
            tuple(got.get("aria-describedby", "").split()),
        )
        if kind in {"radio", "checkbox"}:
            held.described_by += self._group
        if tag == "textarea":
            self._area = held
        elif tag == "select":
            self._select = held
        self.fields.append(held)
        left_out = kind in {"radio", "checkbox"} and "checked" not in got
        if self._form is not None and held.name and not (left_out and kind == "checkbox"):
            if kind == "radio" and any(each.name == held.name for each in self._form.fields):
                return
            self._form.fields.append(held)
