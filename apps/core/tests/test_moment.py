"""What a process holds for a moment: made once, never older than a second, never more than so much."""

import pytest

from apps.core import moment


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(moment, "clock", clock)
    moment.end()
    return clock


class Source:
    """Something that is read: `shows` are its subjects."""

    def __init__(self, *shows: str) -> None:
        self.shows = shows
        self.value = "one"
        self.reads = 0

    def read(self) -> str:
        self.reads += 1
        moment.note(self.shows)
        return self.value

    def ask(self) -> str:
        return moment.held(("source", id(self)), self.read)


def test_it_is_made_once_in_a_moment(clock):
    source = Source("a:1")
    assert [source.ask(), source.ask()] == ["one", "one"]
    clock.now = moment.SECONDS - 0.001
    source.value = "two"
    assert source.ask() == "one"
    clock.now = moment.SECONDS
    assert source.ask() == "two"
    assert source.reads == 2


def test_what_is_made_of_it_is_no_older_than_it_is(clock):
    part = Source("a:1")

    def whole() -> str:
        return moment.held("whole", part.ask)

    part.ask()
    part.value = "two"
    clock.now = 0.9
    assert whole() == "one"
    clock.now = 1.0
    assert whole() == "two"


def test_a_change_takes_what_shows_it(clock):
    sources = [Source("a:1", "a:2"), Source("a:2"), Source("a:3"), Source()]
    for source in sources:
        source.ask()
    moment.forget(["a:2"])
    for source in sources:
        source.ask()
    assert [source.reads for source in sources] == [2, 2, 1, 2]
    moment.end()
    for source in sources:
        source.ask()
    assert [source.reads for source in sources] == [3, 3, 2, 3]


def test_what_is_made_of_something_shows_what_that_shows(clock):
    for shows in (("a:1",), ()):
        part = Source(*shows)
        whole = Source("b:1")
        whole.read = lambda part=part: moment.note(["b:1"]) or part.ask()
        for source in (part, whole):  # the part is there already
            source.ask()
        part.value = "two"
        moment.forget(["a:1"])
        assert whole.ask() == "two"


def test_what_changed_while_it_was_read_is_held_for_nobody(clock):
    for change in (lambda: moment.forget(["b:1"]), moment.end, lambda: setattr(clock, "now", 1.0)):
        source = Source("a:1")

        def read(source=source, change=change) -> str:
            found = Source.read(source)
            change()
            return found

        source.read = read
        source.ask()
        source.value = "two"
        assert source.ask() == "two"


def test_what_cannot_be_made_is_not_held(clock):
    def refuse() -> str:
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            moment.held("it", refuse)
    assert moment.held("it", lambda: "made") == "made"


def test_nothing_is_added_to_what_is_full(clock, monkeypatch):
    monkeypatch.setattr(moment._now(), "room", 2 * moment.LEAST + 10)

    def ask(key: int, size: int) -> int:
        return moment.held(key, lambda: key, size=lambda _: size)

    for key in range(100):
        assert ask(key, 5) == key
    assert list(moment._now().held) == [0, 1]
    clock.now = 1.0
    assert ask(2, 5) == 2
    assert list(moment._now().held) == [2]
