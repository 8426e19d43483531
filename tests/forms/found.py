"""Every form of the site, found by walking it: link by link, as each kind of person."""

from collections import Counter, deque
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from tests.api.world import World

from .pages import Form, Page

# pages of one kind that are looked at: more of them hold the same forms
OF_A_KIND = 2
WALKERS = ("visitor", "student", "owner", "newcomer", "moderator")
LEFT_OUT = ("/admin/", "/api/", "/dev/", "/accounts/logout/", "/media/", "/static/")


@dataclass
class Found:
    """A form, the page it stood on and who saw it."""

    who: str
    page: str
    form: Form

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        names = tuple(sorted({each.name for each in self.form.answers}))
        return name_of(self.form.action), names

    def __str__(self) -> str:
        return f"{self.key[0]} ({', '.join(self.key[1])})"


def name_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return address


def beginnings(world: World) -> list[str]:
    ids = world.ids
    return [
        "/",
        "/settings/",
        "/studio/",
        "/forum/",
        "/messages/",
        "/cards/",
        "/accounts/signup/",
        "/accounts/password/",
        f"/courses/{world.course.slug}/",
        f"/courses/{world.paid.slug}/",
        f"/forum/topic/{ids['topic']}/",
        f"/messages/{ids['conversation']}/",
        f"/messages/{ids['group']}/",
    ]


def forms_of(world: World) -> dict[tuple[str, tuple[str, ...]], Found]:
    """Forms in which a person types or chooses something, each kind of them once."""
    found: dict[tuple[str, tuple[str, ...]], Found] = {}
    for who in WALKERS:
        client = client_of(world, who)
        seen: Counter[tuple[str, str]] = Counter()
        queue, known = deque(beginnings(world)), set(beginnings(world))
        while queue:
            address = queue.popleft()
            kind = name_of(address), "".join(sorted(urlsplit(address).query.partition("=")[0]))
            if seen[kind] >= OF_A_KIND or address.startswith(LEFT_OUT):
                continue
            seen[kind] += 1
            answer = client.get(address)
            if answer.status_code in {301, 302}:
                links = [answer["Location"]]
            elif answer.status_code == 200 and "html" in answer.get("Content-Type", ""):
                page = Page(answer.content.decode(), address)
                links = page.links
                for form in page.forms:
                    one = Found(who, address, form)
                    if form.answers and not form.action.startswith(LEFT_OUT):
                        found.setdefault(one.key, one)
            else:
                continue
            for link in links:
                if link not in known and link.startswith("/"):
                    known.add(link)
                    queue.append(link)
    return found


def client_of(world: World, who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who in world.people:
        client.force_login(world.people[who])
    return client
