"""Addresses are found the same way by their shape as one after the other."""

import pytest
from django.urls import Resolver404, URLResolver, get_resolver, path, re_path
from django.urls.resolvers import RegexPattern

from eduplatform import urls
from eduplatform.routing import REMEMBERED, ByShape

from .test_urls import ALL

ODD = ["", "api", "api/", "api/courses/", "courses/1/2/3/4/5/6/7/8/9/", "no//such/", "%00", "я/"]


def plain(patterns):
    """What Django makes of the same patterns."""
    return [
        URLResolver(each.pattern, plain(each.url_patterns)) if isinstance(each, ByShape) else each
        for each in patterns
    ]


def test_every_address_leads_to_the_same_view():
    one_by_one = URLResolver(RegexPattern(r"^/"), plain(urls.urlpatterns))
    for address in [*(each.path for each in ALL), *("/" + odd for odd in ODD)]:
        found, expected = get_resolver().resolve(address), one_by_one.resolve(address)
        assert (found.func, found.args, found.kwargs) == (
            expected.func,
            expected.args,
            expected.kwargs,
        ), address
        assert found.view_name == expected.view_name
        assert found.route == expected.route


def view(request):
    raise NotImplementedError


def test_an_earlier_pattern_wins_whatever_its_shape():
    patterns = [
        path("one/two", view, name="exact"),
        re_path(r"^one/\d+$", view, name="numbers"),
        path("<slug:any>/<int:pk>", view, name="never"),
        path("files/<path:name>", view, name="deep"),
        path("<slug:any>/<slug:other>", view, name="open"),
    ]
    found = ByShape("", patterns)
    names = {
        "one/two": "exact",
        "one/7": "numbers",
        "two/7": "never",
        "files/a/b/c/d/e/f": "deep",
        "files/a": "deep",
        "x/y": "open",
    }
    assert {address: found.resolve(address).url_name for address in names} == names
    with pytest.raises(Resolver404):
        found.resolve("x/y/z")


def test_strangers_addresses_take_no_memory():
    found = ByShape("", [path("one/<slug:any>", view)])
    for number in range(50):
        with pytest.raises(Resolver404):
            found.resolve(f"{number}/" + "a/" * number)
    assert len(found._among) <= 4


def test_a_way_to_a_view_is_remembered_unless_it_is_long():
    found = ByShape("", [path("courses/<int:pk>", view), path("files/<path:name>", view)])
    first = found.resolve("courses/7")
    assert first.kwargs == {"pk": 7}
    assert found.resolve("courses/7") is first
    assert found.resolve("courses/8").kwargs == {"pk": 8}
    long = "files/" + "x" * 300
    assert found.resolve(long) is not found.resolve(long)
    for number in range(2 * REMEMBERED):
        found.resolve(f"courses/{number}")
    assert found.resolve("courses/7") is not first
