"""Translation catalogues with Babel alone: what the code says, what is translated, what is missing.

Each app keeps the messages of its code and of `templates/<app>/` in its own `locale/`; all other
templates and the root package share `eduplatform/locale/`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
SKIPPED_FOLDERS = {"tests", "migrations", "node_modules", "locale"}

Key = tuple[str, str | None]  # singular and context


@dataclass(frozen=True)
class Part:
    """One catalogue's share of the sources."""

    name: str
    locale_dir: Path
    sources: tuple[Path, ...]

    def po(self, language: str) -> Path:
        return self.locale_dir / language / "LC_MESSAGES" / "django.po"


def parts(base: Path) -> list[Part]:
    """The root's catalogue and one for each app under `base`."""
    apps = sorted(path.parent for path in base.glob("apps/*/__init__.py"))
    own_templates = {app.name for app in apps}
    shared = sorted(
        path for path in (base / "templates").glob("*") if path.name not in own_templates
    )
    root = base / "eduplatform"
    return [
        Part("eduplatform", root / "locale", (root, *shared)),
        *(Part(app.name, app / "locale", (app, base / "templates" / app.name)) for app in apps),
    ]


def extracted(part: Part, language: str) -> Catalog:
    """What the sources of `part` say, untranslated."""
    catalog = Catalog(locale=language)
    for path in _files(part.sources):
        for _, message, comments, context in _messages(path):
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def stored(part: Part, language: str) -> Catalog:
    path = part.po(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(fresh: Catalog, *known: Catalog) -> Catalog:
    """`fresh` with the first translation found in `known`; what the code no longer says is gone."""
    for message in _entries(fresh):
        for catalog in known:
            old = catalog.get(message.id, message.context)
            if old and old.string and old.pluralizable == message.pluralizable:
                message.string = old.string
                message.user_comments = old.user_comments
                if old.fuzzy:
                    message.flags.add("fuzzy")
                break
    return fresh


def update(base: Path, languages: Iterable[str]) -> None:
    """Rewrite every catalogue; a message new here takes the translation it has elsewhere."""
    for language in languages:
        known = {part: stored(part, language) for part in parts(base)}
        for part, old in known.items():
            fresh = extracted(part, language)
            if any(_entries(fresh)):
                _write(part.po(language), merged(fresh, old, *known.values()))
            else:
                part.po(language).unlink(missing_ok=True)


def problems(base: Path, languages: Iterable[str]) -> list[str]:
    """One line for each message that is missing, untranslated, fuzzy, broken or contradicted."""
    found = []
    for language in languages:
        seen: dict[Key, tuple[str, object]] = {}
        for part in parts(base):
            fresh, old = extracted(part, language), stored(part, language)
            for text, problem in sorted(_faults(fresh, old)):
                found.append(f"{part.name}/{language}: {problem}: {text!r}")
            for message in _entries(old):
                if not message.string or not message.id:
                    continue
                here = _key(message)
                where, string = seen.setdefault(here, (part.name, message.string))
                if string != message.string:
                    found.append(
                        f"{part.name}/{language}: translated otherwise in {where}: {here[0]!r}"
                    )
    return found


def compile_all(base: Path, languages: Iterable[str]) -> int:
    """Write the .mo beside every .po that is newer; the number written."""
    count = 0
    for language in languages:
        for part in parts(base):
            po = part.po(language)
            mo = po.with_suffix(".mo")
            if not po.exists():
                mo.unlink(missing_ok=True)
            elif not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
                with mo.open("wb") as file:
                    write_mo(file, stored(part, language))
                count += 1
    return count


def uncompiled(base: Path, languages: Iterable[str]) -> list[str]:
    """The catalogues whose compiled file is missing or older than they are."""
    found = []
    for language in languages:
        for part in parts(base):
            po = part.po(language)
            mo = po.with_suffix(".mo")
            if po.exists() and (not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime):
                found.append(f"{part.name}/{language}")
    return found


def _files(sources: Iterable[Path]) -> Iterator[Path]:
    for source in sources:
        candidates = [source] if source.is_file() else sorted(source.rglob("*"))
        for path in candidates:
            inside = path.relative_to(source).parts
            if path.suffix in {".py", ".html", ".txt"} and not SKIPPED_FOLDERS.intersection(inside):
                yield path


def _messages(path: Path) -> Iterable[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    if path.suffix == ".py":
        source = path.read_text()
    else:
        # Python's tokenizer would read the template's indentation
        lines = templatize(path.read_text(), str(path)).splitlines()
        source = "\n".join(line.lstrip() for line in lines)
    return extract(
        "python", BytesIO(source.encode()), KEYWORDS, ["Translators:"], {"encoding": "utf-8"}
    )


def _entries(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    """Singular and plural, or the one form that there is."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def _key(message: Message) -> Key:
    return (_forms(message.id)[0], message.context)


def _faults(fresh: Catalog, old: Catalog) -> Iterator[tuple[str, str]]:
    for message in _entries(fresh):
        entry = old.get(message.id, message.context)
        name = _key(message)[0]
        if entry is None or entry.pluralizable != message.pluralizable:
            yield name, "missing"
        elif not entry.string or not all(_forms(entry.string)):
            yield name, "untranslated"
        elif entry.fuzzy:
            yield name, "fuzzy"
        elif not _keeps_placeholders(entry):
            yield name, "other placeholders than the original"
    for message in _entries(old):
        if fresh.get(message.id, message.context) is None:
            yield _key(message)[0], "no longer in the code"


def _keeps_placeholders(message: Message) -> bool:
    """A plural form may leave the number out ("one course"); nothing may be invented."""
    known = _placeholders(*_forms(message.id))
    translated = [_placeholders(form) for form in _forms(message.string)]
    if message.pluralizable:
        return all(form <= known for form in translated)
    return translated == [known]


def _placeholders(*texts: str) -> set[str]:
    return {found for text in texts for found in PLACEHOLDER.findall(text)}


def _write(path: Path, catalog: Catalog) -> None:
    """Sorted, without dates and places, so that a diff shows the words alone."""
    body = BytesIO()
    write_po(
        body,
        catalog,
        width=96,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale_identifier}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header.encode() + body.getvalue().rstrip(b"\n") + b"\n")
