"""BKT-RA gives the worked examples of its description, and stays within its bounds."""

from math import inf, log, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.learning.engine.mastery import (
    Ability,
    Answer,
    Kind,
    Level,
    Line,
    answered,
    card_answer,
    chances,
    counts_as_read,
    explained,
    guess_of,
    is_hasty,
    level_of,
    logit,
    measured_difficulty,
    pretested,
    quiz_weight,
    share_of,
    starting,
    taught,
    tutor_answer,
)


def near(value):
    return pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("guess", "difficulty", "known", "unknown"),
    [
        (0.25, 0, 0.910000, 0.287500),
        (0.05, 0, 0.886000, 0.097500),
        (0.25, 1, 0.811629296, 0.265712578),
        (0.25, -1, 0.960603221, 0.335961624),
    ],
)
def test_chances(guess, difficulty, known, unknown):
    assert chances(guess, difficulty) == (near(known), near(unknown))


def test_a_new_student_right_then_wrong():
    first = answered(starting(0), Ability(), Answer(1, 0.25))
    assert (first.expected, first.evidence) == (near(0.474250), near(1.152221739))
    assert (first.posterior, first.ability.theta) == (near(0.575645756), near(0.600857143))
    assert first.m == near(0.639981260)
    second = answered(first.m, first.ability, Answer(0, 0.05, 0.5), 0.8)
    assert (second.expected, second.evidence) == (near(0.465746628), near(-1.062253717))
    assert (second.posterior, second.m) == (near(0.380607404), near(0.457708667))
    assert second.ability == Ability(near(0.092769912), 2)


def test_the_able_start_higher_and_a_lesson_teaches():
    assert starting(1) == near(0.488177739)
    assert taught(starting(1), 1, 0.15) == near(0.599124447)


def test_half_a_score_with_half_a_weight():
    update = answered(0.6, Ability(0, 10), Answer(0.5, 0.25, weight=0.5, teaches=False))
    assert (update.expected, update.evidence) == (near(0.661), near(-0.229187126))
    assert (update.m, update.ability.theta) == (near(0.543955731), near(-0.062322581))
    assert update.teaching == 0


def test_a_miss_after_a_long_pause_says_little():
    fresh = answered(0.9, Ability(0, 20), Answer(0, 0.05), 1.0)
    faded = answered(0.9, Ability(0, 20), Answer(0, 0.05), 0.4)
    assert (fresh.m, faded.m) == (near(0.578489368), near(0.870132169))


def test_a_card_again_then_good():
    again = answered(0.5, Ability(0.2, 5), card_answer(1), 0.9)
    assert (again.m, again.ability.theta) == (near(0.266729629), near(-0.217530769))
    good = answered(again.m, again.ability, card_answer(3), 1.0)
    assert (good.m, good.ability.theta) == (near(0.800306771), near(0.397743619))


def test_true_or_false_tells_at_most_so_much():
    """LR ≤ ln(.94 / .525) for a guess of one half."""
    update = answered(0.5, Ability(), Answer(1, guess_of("true_false")))
    assert update.evidence == near(log(0.94 / 0.525))


def test_guess_is_of_just_this_question():
    assert [guess_of("single", options) for options in (0, 1, 2, 4, 5)] == [1, 1, 0.5, 0.25, 0.2]
    assert (guess_of("multiple", 4), guess_of("cloze")) == (0.1, 0.05)
    with pytest.raises(KeyError):
        guess_of("poem")


def test_a_question_with_one_option_tells_almost_nothing():
    update = answered(0.5, Ability(), Answer(1, guess_of("single", 1)))
    assert 0 < update.evidence < 0.05


def test_weights_take_the_smaller_not_the_product():
    assert quiz_weight(repeated=False, hasty=False) == 1
    assert quiz_weight(repeated=True, hasty=False) == 0.3
    assert quiz_weight(repeated=True, hasty=True) == quiz_weight(repeated=False, hasty=True) == 0.25
    assert [is_hasty(*times) for times in ((1999, 0), (2000, 0), (2900, 30_000))] == [1, 0, 1]
    assert [share_of(tags) for tags in (0, 1, 2, 3, 4, 50)] == [1, 1, 0.5, 1 / 3, 0.3, 0.3]


def test_the_tutor_counts_thrice_a_day():
    assert tutor_answer(1, hints=1, earlier_today=2) == Answer(1, 0.35, weight=0.5)
    after = answered(0.5, Ability(), tutor_answer(1, hints=9, earlier_today=3))
    assert (after.m, after.ability.theta) == (0.5, 0)


def test_a_lesson_counts_when_it_was_read():
    assert counts_as_read(180, 600)
    assert not counts_as_read(179, 600)


def test_measured_difficulty_is_drawn_to_nothing():
    assert measured_difficulty(0, 0.5, 0.9) == 0
    assert measured_difficulty(20, 0.5, 0.2) == near(0.5 * -logit(0.2))
    assert measured_difficulty(10**6, 0.99, 0) <= 3


def test_what_is_out_of_range_is_cut_and_what_is_no_number_refused():
    assert Answer(7, -1, inf, 3) == Answer(1, 0, 3, 1)
    assert Answer(-1, 1.5, -9, -1) == Answer(0, 0.95, -3, 0)
    for facts in ((nan, 0.1), (1, nan), (1, 0.1, nan), (1, 0.1, 0, nan)):
        with pytest.raises(ValueError):
            Answer(*facts)


# ── Levels ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("shown", "level"),
    [
        (None, Level.NOT_STARTED),
        (0.0, Level.LEARNING),
        (0.39, Level.LEARNING),
        (0.40, Level.FAMILIAR),
        (0.69, Level.FAMILIAR),
        (0.70, Level.PROFICIENT),
        (0.99, Level.PROFICIENT),
    ],
)
def test_levels_without_mixed_evidence(shown, level):
    assert level_of(shown, mixed=False, held=False) == level


def test_mastered_takes_mixed_evidence_and_does_not_flicker():
    assert level_of(0.85, mixed=True, held=False) == Level.MASTERED
    assert level_of(0.84, mixed=True, held=False) == Level.PROFICIENT
    assert level_of(0.75, mixed=False, held=True) == Level.MASTERED
    assert level_of(0.74, mixed=True, held=True) == Level.PROFICIENT


# ── Explanation ───────────────────────────────────────────────────────────────────────────────
def test_the_explanation_adds_up():
    update = answered(starting(0), Ability(), Answer(1, 0.25))
    line = Line(1, 9, Kind.QUIZ, update.evidence, update.teaching)
    why = explained(starting(0), [line], update.m, 0.940344289)
    assert (why.start, line.evidence) == (near(-0.847298), near(1.152221739))
    assert (line.teaching, why.others) == (near(0.270358931), near(0))
    assert why.shown == near(0.639981260 * 0.940344289)


def test_the_five_largest_stand_in_their_order_and_the_rest_is_one_sum():
    effects = [0.1, -2.0, 0.3, 1.0, -0.2, 0.9, 0.05]
    lines = [Line(i, 9, Kind.QUIZ, effect, 0) for i, effect in enumerate(effects)]
    m = 1 / (1 + 2.718281828459045 ** -(logit(0.3) + sum(effects)))
    why = explained(0.3, lines, m, 1.0)
    assert [line.event_id for line in why.lines] == [1, 2, 3, 4, 5]
    assert why.others == near(0.15)


def test_a_pretest_sets_a_new_concept_and_adds_to_one_with_evidence():
    assert pretested(0.4, 0.4, 0.9)[0] == near(0.9)
    more, evidence = pretested(0.7, 0.4, 0.6)
    assert logit(more) == near(logit(0.7) + evidence)
    assert pretested(0.5, 0.0, 1.0)[0] <= 0.999


# ── Properties ────────────────────────────────────────────────────────────────────────────────
chance = st.floats(0, 1)
answers = st.builds(
    Answer, chance, st.floats(0, 0.95), st.floats(-9, 9), chance, teaches=st.booleans()
)


@given(st.floats(0.001, 0.999), st.floats(-3, 3), answers, chance)
def test_bounds_hold_whatever_comes(m, theta, answer, recall):
    update = answered(m, Ability(theta, 3), answer, recall)
    assert 0.001 <= update.m <= 0.999
    assert -3 <= update.ability.theta <= 3
    assert 0 <= update.expected <= 1


@given(st.floats(0.01, 0.99), st.floats(-3, 3), answers, chance)
def test_a_better_answer_never_leaves_less(m, theta, answer, recall):
    right, wrong = (
        answered(m, Ability(theta), Answer(score, answer.guess, answer.difficulty), recall)
        for score in (1, 0)
    )
    assert right.m >= wrong.m
    assert right.ability.theta >= wrong.ability.theta
    assert right.evidence >= -1e-12
    assert wrong.evidence <= 1e-12


@given(st.floats(0.01, 0.99), chance, chance)
def test_the_more_had_faded_the_less_a_miss_says(m, one, other):
    less, more = sorted((one, other))
    miss = Answer(0, 0.05)
    assert (
        answered(m, Ability(), miss, less).evidence >= answered(m, Ability(), miss, more).evidence
    )
