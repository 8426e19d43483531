"""XML to a tree whose elements know their lines; declarations of entities are refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _

from apps.core.errors import Invalid

DEEPEST = 40


@dataclass
class Element:
    tag: str
    line: int
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def all(self, tag: str) -> Iterator["Element"]:
        return (child for child in self.children if child.tag == tag)

    def first(self, tag: str) -> "Element | None":
        return next(self.all(tag), None)

    def value(self, tag: str) -> str:
        """The text of a child, or of the child's own `<text>`; "" without it."""
        child = self.first(tag)
        if child is None:
            return ""
        inner = child.first("text")
        return child.text if inner is None else inner.text


@dataclass(frozen=True)
class Broken:
    """Where the XML stopped making sense."""

    line: int


def parsed(content: bytes) -> tuple[Element, Broken | None]:
    """The root with what stands in it up to the first error; raises Invalid for no XML at all."""
    builder = _Builder()
    try:
        defusedxml.sax.parseString(content, builder, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Invalid(_("Files with a document type or entities aren’t taken.")) from error
    except SAXParseException as error:
        if builder.root is None:
            raise Invalid(
                _("This isn’t XML: line %(line)s.") % {"line": error.getLineNumber()}
            ) from error
        return builder.root, Broken(error.getLineNumber())
    except (LookupError, ValueError) as error:
        raise Invalid(_("The file’s encoding isn’t known.")) from error
    if builder.root is None:
        raise Invalid(_("The file is empty."))
    return builder.root, None


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root: Element | None = None
        self._open: list[Element] = []

    def startElement(self, name: str, attrs) -> None:  # type: ignore[no-untyped-def]  # noqa: N802
        line = self._locator.getLineNumber() if self._locator else 0  # type: ignore[attr-defined]
        if len(self._open) >= DEEPEST:
            raise SAXParseException("too deep", None, self._locator)  # type: ignore[attr-defined]
        element = Element(name, line, dict(attrs.items()))
        if self._open:
            # only what is closed before an error counts: questions join the root at their end
            if len(self._open) > 1:
                self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def endElement(self, name: str) -> None:  # noqa: N802
        element = self._open.pop()
        if len(self._open) == 1:
            self._open[0].children.append(element)

    def characters(self, content: str) -> None:
        if self._open:
            self._open[-1].words.append(content)
