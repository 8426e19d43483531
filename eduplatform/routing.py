"""Finding a view among hundreds of addresses without trying them all."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter
from django.urls.resolvers import RoutePattern

Pattern = URLPattern | URLResolver
WITHIN_A_SEGMENT = {IntConverter, StringConverter, SlugConverter, UUIDConverter}


# Addresses that a process remembers the views of, none longer than so many letters.
REMEMBERED, LONGEST = 2048, 200


class Shape(NamedTuple):
    """First segment and number of slashes; None where a pattern leaves it open."""

    segment: str | None
    slashes: int | None


class ByShape(URLResolver):
    """Tries, in their order, only the patterns that addresses of the same shape can match.

    Names are reversed as by any resolver of the same patterns.
    """

    def __init__(self, prefix: str, patterns: Sequence[Pattern]) -> None:
        super().__init__(RoutePattern(prefix), patterns)
        shapes = list(_shapes(patterns))
        self._segments = {shape.segment for shape in shapes}
        self._deepest = max(shape.slashes or 0 for shape in shapes)
        self._among: dict[Shape, URLResolver] = {}
        self._remembered = lru_cache(REMEMBERED)(self._resolved)

    def resolve(self, path: Any) -> ResolverMatch:
        """The same match for everybody who asks for the address: it is to be left as it is."""
        address = str(path)
        return (self._remembered if len(address) <= LONGEST else self._resolved)(address)

    def _resolved(self, path: str) -> ResolverMatch:
        found: Any = self.pattern.match(path)
        if not found:
            raise Resolver404({"path": path})
        shape = self._shape_of(found[0])
        if shape not in self._among:
            few = list(_narrowed(self.url_patterns, shape))
            self._among[shape] = URLResolver(self.pattern, few)
        return self._among[shape].resolve(path)

    def _shape_of(self, rest: str) -> Shape:
        """One of finitely many, whatever is asked for."""
        segment = rest.partition("/")[0]
        slashes = min(rest.count("/"), self._deepest + 1)
        return Shape(segment if segment in self._segments else None, slashes)


def _shapes(patterns: Sequence[Pattern]) -> Iterator[Shape]:
    for pattern in patterns:
        if _is_group(pattern):
            yield from _shapes(pattern.url_patterns)  # type: ignore[union-attr]
        else:
            yield _shape(pattern)


def _narrowed(patterns: Sequence[Pattern], wanted: Shape) -> Iterator[Pattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and _is_group(pattern):
            few = list(_narrowed(pattern.url_patterns, wanted))
            if few:
                yield URLResolver(
                    pattern.pattern,
                    few,
                    pattern.default_kwargs,
                    pattern.app_name,
                    pattern.namespace,
                )
            continue
        segment, slashes = _shape(pattern)
        if segment in (None, wanted.segment) and slashes in (None, wanted.slashes):
            yield pattern


def _is_group(pattern: Pattern) -> bool:
    """An `include` at its own level: only a name stands before its patterns."""
    return isinstance(pattern, URLResolver) and not str(pattern.pattern)


def _shape(pattern: Pattern) -> Shape:
    if not isinstance(pattern.pattern, RoutePattern):
        return Shape(None, None)
    route = str(pattern.pattern)
    segment, slash, _rest = route.partition("/")
    whole = bool(slash) or isinstance(pattern, URLPattern)
    converters = pattern.pattern.converters.values()
    fixed = isinstance(pattern, URLPattern) and all(
        type(converter) in WITHIN_A_SEGMENT for converter in converters
    )
    return Shape(
        segment if whole and "<" not in segment else None,
        route.count("/") if fixed else None,
    )
