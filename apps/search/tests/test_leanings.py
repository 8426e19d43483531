"""The bounds of a personal order, over made-up people and results."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.search.leanings import (
    FARTHEST,
    Candidate,
    Leaning,
    Profile,
    Why,
    pulls,
    rearranged,
)

WORDS = ["python", "chess", "tea", "web", "art"]
LEVELS = ["beginner", "advanced"]
LANGUAGES = ["en", "ru", "de"]

# neither the examples nor the machine's load decide whether a bound holds
at_any_pace = settings(
    derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
weights = st.floats(0.01, 1)
leanings = st.builds(Leaning, st.sampled_from(WORDS), st.sampled_from(Why), weights)
phrases = st.tuples(st.frozensets(st.sampled_from(WORDS), min_size=1, max_size=2), leanings)
profiles = st.builds(
    Profile,
    st.dictionaries(st.integers(1, 6), leanings, max_size=4),
    st.lists(phrases, max_size=4),
    st.frozensets(st.sampled_from(LANGUAGES)),
    st.frozensets(st.tuples(st.integers(1, 6), st.sampled_from(LEVELS)), max_size=4),
    st.just(1),
)
candidates = st.lists(
    st.builds(
        Candidate,
        st.integers(1, 10**6),
        st.one_of(st.none(), st.integers(1, 9)),
        st.sampled_from(LEVELS),
        st.sampled_from(LANGUAGES),
        st.frozensets(st.sampled_from(WORDS)),
        st.integers(1, 3),
    ),
    max_size=40,
    unique_by=lambda candidate: candidate.id,
)


def order(found, profile, farthest):
    return rearranged([pull.places for pull in pulls(found, profile, farthest=farthest)])


@at_any_pace
@given(candidates, profiles, st.sampled_from(list(FARTHEST.values())))
def test_nothing_appears_disappears_or_goes_too_far(found, profile, farthest):
    new = order(found, profile, farthest)

    assert sorted(new) == list(range(len(found)))
    assert all(abs(now - before) <= farthest for now, before in enumerate(new))
    assert new == order(found, profile, farthest), "the same question has the same answer"


@at_any_pace
@given(candidates, profiles)
def test_nobody_rises_farther_than_drawn(found, profile):
    drawn = pulls(found, profile, farthest=20)
    for now, before in enumerate(order(found, profile, 20)):
        assert before - now <= drawn[before].places


@at_any_pace
@given(candidates, profiles)
def test_every_move_up_has_its_reason(found, profile):
    for pull in pulls(found, profile, farthest=20):
        assert (pull.places == 0) or pull.leaning is not None


@at_any_pace
@given(candidates)
def test_who_leans_to_nothing_sees_the_shared_order(found):
    languages = frozenset(LANGUAGES)
    assert order(found, Profile(languages=languages), 20) == list(range(len(found)))


@at_any_pace
@given(candidates, profiles)
def test_those_alike_keep_their_order(found, profile):
    drawn = [pull.places for pull in pulls(found, profile, farthest=20)]
    new = rearranged(drawn)
    for places in set(drawn):
        alike = [place for place in new if drawn[place] == places]
        assert alike == sorted(alike)


# ── Who is drawn, and by what ─────────────────────────────────────────────────────────────────
CHOSEN = Leaning("Python", Why.CHOSEN, 1.0)
STUDIED = Leaning("Chess", Why.STUDIED, 0.6)
PERSON = Profile(
    subjects={1: CHOSEN, 2: STUDIED},
    phrases=[(frozenset({"graph", "theori"}), Leaning("graph theory", Why.CHOSEN, 0.7))],
    languages=frozenset({"en"}),
    finished=frozenset({(1, "beginner")}),
    person=3,
    held=frozenset({8}),
)


def course(category=1, level="advanced", language="en", words=(), pk=7, owner=4):
    return Candidate(pk, category, level, language, frozenset(words), owner)


def pull_of(candidate):
    (pull,) = pulls([candidate], PERSON, farthest=20)
    return pull.places, pull.leaning.topic if pull.leaning else None


def test_the_subject_draws_by_its_weight():
    assert pull_of(course()) == (20, "Python")
    assert pull_of(course(category=2)) == (12, "Chess")
    assert pull_of(course(category=3)) == (0, None)


def test_a_level_done_already_draws_half_as_far():
    assert pull_of(course(level="beginner")) == (10, "Python")


def test_words_draw_when_all_stand_there_and_the_strongest_wins():
    assert pull_of(course(category=2, words=["graph", "theori", "x"])) == (14, "graph theory")
    assert pull_of(course(category=None, words=["graph"])) == (0, None)


def test_another_language_a_seat_or_a_course_of_one_s_own_draws_nothing():
    assert pull_of(course(language="de")) == (0, None)
    assert pull_of(course(pk=8)) == (0, None)
    assert pull_of(course(owner=3)) == (0, None)


def test_a_place_rises_by_just_so_many_when_alone():
    assert rearranged([0, 0, 0, 0, 3, 0]) == [0, 4, 1, 2, 3, 5]
