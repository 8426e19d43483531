"""The pre-test finds what enumeration finds, asks what tells most, and knows when to stop."""

import itertools
import subprocess
import sys
from math import exp

import pytest

from apps.learning.engine.graph import Edge
from apps.learning.engine.pretest import (
    Pretest,
    Question,
    Reply,
    certainty,
    dont_know,
    information,
    learnt_factor,
    most_questions,
)
from apps.learning.engine.states import GRADES, States, chances


def near(value):
    return pytest.approx(value, abs=1e-6)


CHAIN = [Edge(1, 0), Edge(2, 1)]


def enumerated(parents, hardness, answers, slope=1.5, guessers=0.0):
    """Every state of every grade of ability: for a handful of concepts."""
    size, total = len(parents), 0.0
    known = [0.0] * size
    every = itertools.product(GRADES, (False, True), itertools.product((0, 1), repeat=size))
    for grade, guessing, state in every:
        weight = guessers if guessing else 1 - guessers
        for concept in range(size):
            prior = 1 / (1 + exp(-slope * (grade - hardness[concept])))
            for parent, factor in parents[concept]:
                prior *= 1 if state[parent] else factor
            weight *= prior if state[concept] else 1 - prior
        for concept, right, guess, difficulty in answers:
            chance = chances(guess, difficulty)[state[concept]]
            chance = 0.5 * chance + 0.5 * max(guess, 0.1) if guessing else chance
            weight *= chance if right else 1 - chance
        total += weight
        known = [sum_ + weight * has for sum_, has in zip(known, state, strict=True)]
    return [each / total for each in known]


RIGHT = (1, True, 0.25, 0.0)
EXACT = [
    ([], (0.694796199, 0.452443551, 0.250273169)),
    ([RIGHT], (0.836660562, 0.723427013, 0.389566891)),
    ([(1, False, 0.25, 0.0)], (0.507124054, 0.093959953, 0.066001722)),
    ([RIGHT, (2, False, 0.05, 0.5)], (0.764791538, 0.599725652, 0.103543625)),
]


@pytest.mark.parametrize(("answers", "known"), EXACT)
def test_enumeration(answers, known):
    assert enumerated([[], [(0, 0.15)], [(1, 0.15)]], [-1, 0, 1], answers) == [
        near(each) for each in known
    ]


@pytest.mark.parametrize("answers", [answers for answers, _known in EXACT])
@pytest.mark.parametrize("renew", [False, True])
def test_particles_agree_with_enumeration(answers, renew):
    """On the hardness that the states have of their own; guessers, rare here, hardly matter."""
    parents = [[], [(0, 0.15)], [(1, 0.15)]]
    states = States(parents, seed=3, count=4096)
    states.guessing[:] = False
    for concept, right, guess, difficulty in answers:
        states.answer(concept, right=right, guess=guess, difficulty=difficulty)
    if renew:
        states.renew()
    exact = enumerated([[], [(0, 0.15)], [(1, 0.15)]], [-1.8, -0.8, 0.2], answers)
    assert states.marginals() == [pytest.approx(each, abs=0.03) for each in exact]


@pytest.mark.parametrize("start", [False, True])
def test_renewal_leads_from_anywhere_to_what_the_answers_say(start):
    parents = [[], [(0, 0.15)], [(0, 0.15), (1, 0.4)]]
    answers = [RIGHT, (2, False, 0.05, 0.5), (0, True, 0.5, -1.0)]
    states = States(parents, seed=3, count=4096)
    for concept, right, guess, difficulty in answers:
        states.answer(concept, right=right, guess=guess, difficulty=difficulty)
    states.known[:], states.weights[:] = start, 1 / 4096
    for _sweep in range(40):
        states.answers += 1  # another draw
        states.renew()
    exact = enumerated(parents, [-1.8, -0.8, 0.2], answers, guessers=0.1)
    assert states.marginals() == [pytest.approx(each, abs=0.03) for each in exact]


def test_guessers_bear_on_the_states_as_enumerated():
    """One concept, both kinds of student, exactly."""
    states = States([[]], seed=1, count=20_000)
    for _time in range(3):
        states.answer(0, right=False, guess=0.05, difficulty=0.0)
    weight = {}
    for grade, has, guessing in itertools.product(GRADES, (0, 1), (0, 1)):
        prior = 1 / (1 + exp(-1.5 * (grade + 0.8)))
        right = chances(0.05, 0.0)[has]
        right = 0.5 * right + 0.05 if guessing else right
        share = (prior if has else 1 - prior) * (0.1 if guessing else 0.9) * (1 - right) ** 3
        weight[grade, has, guessing] = share
    total = sum(weight.values())
    known = sum(share for key, share in weight.items() if key[1]) / total
    guesses = sum(share for key, share in weight.items() if key[2]) / total
    assert states.marginals() == [pytest.approx(known, abs=0.02)]
    assert states.guesser() == pytest.approx(guesses, abs=0.02)


def questions(count, each=3):
    return [
        Question(concept * 10 + number, concept, guess)
        for concept in range(count)
        for number, guess in zip(range(each), (0.25, 0.05, 0.5), strict=False)
    ]


def answered(test, bank, known, most=100):
    """The replies of a student who never slips."""
    for _time in range(most):
        question = test.following(bank)
        if question is None:
            return test.replies
        test.reply(Reply(question.id, question.concept, question.concept in known, question.guess))
    raise AssertionError("it doesn't end")


def a_course(size=20):
    return [Edge(n, n - 1) for n in range(1, size)] + [Edge(n, n - 3) for n in range(3, size)]


def test_the_same_seed_and_replies_give_the_same_states():
    test = Pretest(range(20), a_course(), seed=5)
    answered(test, questions(20), known=set(range(9)))
    assert len(test.replies) > 3
    again = Pretest(range(20), a_course(), seed=5, replies=test.replies)
    assert again.result() == test.result()
    assert again.following(questions(20)) == test.following(questions(20))
    other = Pretest(range(20), a_course(), seed=6, replies=test.replies)
    assert other.result() != test.result()
    assert other.known() == {k: pytest.approx(m, abs=0.2) for k, m in test.known().items()}


def test_it_finds_where_a_student_stands():
    test = Pretest(range(20), a_course(), seed=2)
    answered(test, questions(20), known=set(range(9)))
    found = {one.concept for one in test.result().findings if one.after >= 0.5}
    assert len(found ^ set(range(9))) <= 2
    assert len(test.replies) <= 7
    assert not test.result().looks_random


def test_only_what_a_right_answer_stands_for_is_skipped():
    test = Pretest(range(6), [Edge(1, 0), Edge(3, 2)], seed=2)
    assert not any(one.skip for one in test.result().findings)
    for number in range(3):
        test.reply(Reply(number, 1, True, 0.05))
    skipped = {one.concept for one in test.result().findings if one.skip}
    assert skipped == {0, 1}


def test_random_looking_answers_prove_nothing():
    test = Pretest(range(4), [], seed=2)
    for number in range(6):
        test.reply(Reply(number, number % 4, True, 0.05, hasty=number < 4))
    assert test.result().looks_random
    assert not any(one.skip for one in test.result().findings)
    guessing = Pretest(range(4), [], seed=2)
    for number in range(24):
        guessing.reply(Reply(number, number % 4, number % 3 == 0, 0.05))
    assert guessing.states.guesser() > 0.3
    assert guessing.result().looks_random


def test_the_most_telling_question_of_the_most_open_concept():
    easy, guessable = Question(1, 0, 0.05), Question(2, 0, 0.5)
    assert information(easy) > information(Question(3, 0, 0.25)) > information(guessable)
    assert information(easy) > information(Question(4, 0, 0.05, 3.0))
    test = Pretest([0, 1, 2, 3, 4], [Edge(n, n - 1) for n in range(1, 5)], seed=1)
    asked = test.following(questions(5))
    known = test.known()
    assert abs(known[asked.concept] - 0.5) == min(abs(m - 0.5) for m in known.values())
    assert asked.guess == 0.05
    test.reply(dont_know(asked))
    assert test.known()[asked.concept] < known[asked.concept]
    assert test.following(questions(5)) != asked


def test_it_ends():
    assert [most_questions(size) for size in (1, 2, 30, 40, 100, 300)] == [1, 1, 11, 14, 30, 30]
    assert [most_questions(size, 0.5) for size in (1, 30, 40, 100)] == [1, 17, 22, 30]
    for size in (1, 2, 30):
        test = Pretest(range(size), [], seed=1)
        assert len(answered(test, questions(size), set())) <= most_questions(size)
    assert certainty({1: 0.9, 2: 0.1}) == near(0.9)
    assert certainty({}) == 0


def test_without_questions_or_concepts_there_is_nothing_to_ask():
    assert Pretest([1, 2], [], seed=1).following([]) is None
    assert Pretest([1, 2], [], seed=1).following([Question(1, 99, 0.25)]) is None
    nothing = Pretest([], [], seed=1)
    assert nothing.following([]) is None
    assert nothing.result().findings == ()


def test_a_course_whose_order_contradicts_its_graph():
    test = Pretest([2, 1, 0], [Edge(2, 1), Edge(1, 0), Edge(2, 77)], seed=1)
    assert test.order == [0, 1, 2]
    assert set(test.known()) == {0, 1, 2}


def test_unconfirmed_edges_are_trusted_less():
    sure, proposed = (
        Pretest(
            range(5), [Edge(n, n - 1, confirmed=confirmed) for n in range(1, 5)],
            seed=1, particles=8000, replies=[Reply(1, 1, False, 0.05)],
        )
        for confirmed in (True, False)
    )  # fmt: skip
    assert proposed.before[4] > sure.before[4] + 0.02
    assert proposed.known()[2] > sure.known()[2] + 0.02


def test_the_factor_is_learnt_from_finished_tests():
    concepts, edges = range(6), [Edge(n, n - 1) for n in range(1, 6)]
    strict = [[Reply(0, 2, False, 0.05), Reply(1, 4, False, 0.05), Reply(2, 5, False, 0.05)]] * 30
    loose = [[Reply(0, 2, False, 0.05), Reply(1, 4, True, 0.05), Reply(2, 5, True, 0.05)]] * 30
    assert learnt_factor(concepts, edges, strict, particles=256) == 0.15
    assert learnt_factor(concepts, edges, loose, particles=256) == 0.8
    assert learnt_factor(concepts, edges, loose[:29]) == 0.15
    gone = [[Reply(0, 99, True, 0.05)]] * 30
    assert learnt_factor(concepts, edges, gone, particles=64) in (0.15, 0.3, 0.5, 0.8)


def test_numpy_is_loaded_only_by_those_who_test_and_django_by_none():
    names = "credit fold graph mastery path pretest trace velocity".split()
    code = f"""
import importlib, sys
for name in {names}:
    importlib.import_module("apps.learning.engine." + name)
sys.exit(bool({{"numpy", "django"}} & set(sys.modules)))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
