"""XML to a tree whose elements know their lines; declarations of entities are refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

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
            line = {"line": error.getLineNumber()}
            raise Invalid(_("This isn’t XML: line %(line)s.") % line) from error
        return builder.root, Broken(error.getLineNumber() or 0)
    except _TooDeep:
        return _started(builder), Broken(builder.line)
    except (LookupError, ValueError) as error:
        raise Invalid(_("The file’s encoding isn’t known.")) from error
    return _started(builder), None


def _started(builder: "_Builder") -> Element:
    if builder.root is None:
        raise Invalid(_("The file is empty."))
    return builder.root


class _TooDeep(Exception):
    """Elements in elements in elements: no quiz is made so."""


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root: Element | None = None
        self._locator: Locator | None = None
        self._open: list[Element] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        if len(self._open) >= DEEPEST:
            raise _TooDeep
        element = Element(name, self.line, dict(attrs.items()))
        if self._open:
            # only what is closed before an error counts: questions join the root at their end
            if len(self._open) > 1:
                self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    @property
    def line(self) -> int:
        return (self._locator.getLineNumber() or 0) if self._locator else 0

    def endElement(self, name: str) -> None:  # noqa: N802
        element = self._open.pop()
        if len(self._open) == 1:
            self._open[0].children.append(element)

    def characters(self, content: str) -> None:
        if self._open:
            self._open[-1].words.append(content)
