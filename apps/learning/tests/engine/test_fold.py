"""Replay equals live, bit for bit; and what the fold makes of each kind of event."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from apps.learning.engine.fold import (
    CardFacts,
    Event,
    Finding,
    Standing,
    in_order,
    merged,
    replayed,
    stepped,
)
from apps.learning.engine.mastery import (
    Ability,
    Answer,
    Kind,
    Level,
    answered,
    card_answer,
    logit,
    starting,
    taught,
    tutor_answer,
)
from apps.learning.engine.trace import Trace, practised, recall


def near(value):
    return pytest.approx(value, abs=1e-6)


START = datetime(2026, 1, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def event(number=1, kind=Kind.QUIZ, days=0.0, concepts=(7,), answer=None, **fields):
    at = START + timedelta(days=days)
    if answer is None and kind is Kind.QUIZ:
        answer = Answer(1, 0.25)
    return Event(
        id=number, kind=kind, occurred_at=at, received_at=at, day=at.date(),
        concepts=concepts, answer=answer, **fields,
    )  # fmt: skip


def a_log(seed, count=400):
    chance = random.Random(seed)
    log, cards = [], {}
    for number in range(count):
        days = number * 0.2 + chance.random() * 0.15
        at = START + timedelta(days=days)
        concepts = tuple(chance.sample(range(12), chance.choice([1, 1, 1, 2, 4])))
        kind = chance.choice(
            [Kind.QUIZ, Kind.QUIZ, Kind.CARD, Kind.TUTOR, Kind.LESSON, Kind.PRETEST]
        )
        fields = {"answer": None}
        if kind is Kind.QUIZ:
            fields["answer"] = Answer(
                chance.choice([0, 0.5, 1]), chance.choice([0.25, 0.05, 0.5]),
                chance.uniform(-2, 2), chance.choice([1, 1, 0.3]),
            )  # fmt: skip
        elif kind is Kind.TUTOR:
            fields["answer"] = tutor_answer(chance.choice([0, 0.5, 1]), hints=1, earlier_today=0)
        elif kind is Kind.CARD:
            card, rating = concepts[0], chance.choice([1, 3, 3])
            before = cards.get(card)
            cards[card] = practised(before, good=rating > 1, at=at)
            known = None if before is None else recall(before, at)
            fields |= {"answer": card_answer(rating), "card": CardFacts(card, known, cards[card])}
        elif kind is Kind.PRETEST:
            if number % 40:
                continue
            fields["findings"] = tuple(
                Finding(concept, chance.random(), chance.random(), chance.random() < 0.5)
                for concept in concepts
            )
        log.append(event(number, kind, days, concepts, **fields))
    return log


def live(log):
    standing, lines = Standing(), []
    for one in log:
        step = stepped(standing, one)
        standing = step.standing
        lines.extend(step.lines)
    return standing, lines


@pytest.mark.parametrize("seed", range(5))
def test_replay_equals_live_whatever_the_order_of_rows(seed):
    log = a_log(seed)
    shuffled = log[:]
    random.Random(seed).shuffle(shuffled)
    assert replayed(shuffled) == live(log)


@pytest.mark.parametrize("seed", range(3))
def test_undo_and_redo(seed):
    log = a_log(seed)
    whole = replayed(log)
    last = [*log[:-1], replace(log[-1], voided=True)]
    assert replayed(last) == live(log[:-1])
    middle = [*log[:200], replace(log[200], voided=True), *log[201:]]
    assert replayed(middle) == live(log[:200] + log[201:])
    assert replayed(middle) != whole
    assert replayed([replace(one, voided=False) for one in middle]) == whole


def test_a_late_event_counts_by_when_it_happened_within_a_week():
    early = event(2, days=0.5)
    late = event(1, days=0)
    assert in_order([early, late]) == [late, early]
    dreamt = replace(event(3), occurred_at=START - 400 * DAY)
    assert dreamt.at == START - 7 * DAY
    ahead = replace(event(4), occurred_at=START + 400 * DAY)
    assert ahead.at == START
    same = [event(9), event(8)]
    assert [one.id for one in in_order(same)] == [8, 9]


# ── Each kind of event ────────────────────────────────────────────────────────────────────────
def test_one_answer_is_the_models_own_update():
    first = stepped(Standing(), event(1))
    update = answered(starting(0), Ability(), Answer(1, 0.25))
    assert first.standing.concepts[7].m == update.m
    assert first.standing.ability == update.ability
    (line,) = first.lines
    assert (line.evidence, line.teaching) == (update.evidence, update.teaching)
    second = stepped(first.standing, event(2, days=3, answer=Answer(0, 0.05)))
    trace = first.standing.concepts[7].trace
    faded = answered(update.m, update.ability, Answer(0, 0.05), recall(trace, START + 3 * DAY))
    assert second.standing.concepts[7].m == faded.m
    assert recall(trace, START + 3 * DAY) < 0.9


def test_the_start_is_applied_once_where_ability_then_was():
    able = Standing(Ability(1.0, 9))
    step = stepped(able, event(1, Kind.LESSON))
    concept = step.standing.concepts[7]
    assert (concept.started, concept.m) == (near(0.488177739), near(0.599124447))
    again = stepped(replace(step.standing, ability=Ability(-2.0, 30)), event(2, Kind.LESSON, 1))
    assert again.standing.concepts[7].started == concept.started
    assert again.standing.ability == Ability(-2.0, 30)


def test_several_concepts_share_and_ability_moves_once():
    one = stepped(Standing(), event(1, concepts=(1,)))
    two = stepped(Standing(), event(1, concepts=(1, 2)))
    many = stepped(Standing(), event(1, concepts=tuple(range(9))))
    assert one.standing.ability == two.standing.ability == many.standing.ability
    assert two.lines[0].evidence == near(one.lines[0].evidence / 2)
    assert many.lines[8].evidence == near(one.lines[0].evidence * 0.3)
    assert len(many.standing.concepts) == 9
    assert all(concept.trace for concept in many.standing.concepts.values())


def test_a_card_counts_with_its_own_recall_and_then_in_the_concepts():
    good = Trace(20.0, 5.0, START)
    facts = CardFacts(5, 0.6, good)
    step = stepped(Standing(), event(1, Kind.CARD, 0, (7, 8), card_answer(3), card=facts))
    expected = answered(starting(0), Ability(), card_answer(3), 0.6)
    assert step.standing.ability == expected.ability
    for name in (7, 8):
        concept = step.standing.concepts[name]
        at = START + 9 * DAY
        assert concept.cards == {5: good}
        assert concept.recall(at) == (recall(concept.trace, at) + recall(good, at)) / 2
    new = replace(facts, recall=None)
    fresh = stepped(Standing(), event(1, Kind.CARD, 0, (7,), card_answer(3), card=new))
    assert fresh.standing.ability == answered(starting(0), Ability(), card_answer(3), 1.0).ability


def test_a_card_is_recalled_as_its_log_and_the_concepts_trace_say_on_average():
    first = stepped(Standing(), event(1)).standing
    at, facts = START + 6 * DAY, CardFacts(5, 0.5, Trace(20.0, 5.0, START + 6 * DAY))
    step = stepped(first, event(2, Kind.CARD, 6, (7,), card_answer(3), card=facts))
    concept = first.concepts[7]
    mean = (0.5 + recall(concept.trace, at)) / 2
    assert step.expected == answered(concept.m, first.ability, card_answer(3), mean).expected


def test_the_pretest_sets_mastery_and_teaches_nothing():
    findings = (Finding(7, 0.45, 0.93, True), Finding(8, 0.3, 0.1, False))
    step = stepped(Standing(), event(1, Kind.PRETEST, concepts=(), findings=findings))
    skipped, unknown = step.standing.concepts[7], step.standing.concepts[8]
    assert (skipped.m, unknown.m) == (near(0.93), near(0.1))
    assert step.standing.ability == Ability()
    assert (skipped.trace.stability, unknown.trace) == (10.0, None)
    assert [line.teaching for line in step.lines] == [0, 0]
    certain = (Finding(7, 0.0, 1.0, True),)
    sure = stepped(Standing(), event(1, Kind.PRETEST, concepts=(), findings=certain))
    assert sure.standing.concepts[7].m == near(0.999)


def test_a_lesson_without_concepts_and_an_answer_without_leave_all_as_it_was():
    for nothing in (event(1, Kind.LESSON, concepts=()), event(2, concepts=())):
        assert stepped(Standing(), nothing).standing == Standing()


def test_a_pretest_without_findings_tells_nothing():
    assert stepped(Standing(), event(1, Kind.PRETEST)).standing == Standing()


def test_a_study_day_before_the_last_takes_no_memory():
    later = stepped(Standing(), event(1, days=5)).standing
    odd = stepped(later, replace(event(2, days=5.5), day=START.date()))
    trace = odd.standing.concepts[7].trace
    assert trace.stability >= later.concepts[7].trace.stability
    assert trace.last == START + 5.5 * DAY


def test_no_evidence_is_not_started():
    standing, lines = replayed([])
    assert (standing, lines) == (Standing(), [])


def test_lines_add_up_to_where_the_concept_stands():
    standing, lines = replayed(a_log(1))
    for name, concept in standing.concepts.items():
        told = logit(concept.started) + sum(line.effect for line in lines if line.concept == name)
        assert abs(told - logit(concept.m)) < 8  # what the bounds cut off, and no more
    few, lines = replayed(a_log(1, count=12))
    for name, concept in few.concepts.items():
        told = logit(concept.started) + sum(line.effect for line in lines if line.concept == name)
        assert told == near(logit(concept.m))


# ── Mastered ──────────────────────────────────────────────────────────────────────────────────
def to_mastery():
    card = CardFacts(5, None, Trace(30.0, 5.0, START + 2 * DAY))
    return [
        event(1, days=0),
        event(2, days=0.1),
        event(3, days=0.2),
        event(4, Kind.CARD, 2, (7,), card_answer(3), card=card),
    ]


def test_mastered_takes_two_kinds_on_two_days():
    log = to_mastery()
    steps, standing = [], Standing()
    for one in log:
        steps.append(stepped(standing, one))
        standing = steps[-1].standing
    assert [step.mastered for step in steps] == [(), (), (), (7,)]
    assert steps[2].standing.concepts[7].m > 0.85
    assert steps[2].standing.concepts[7].level(log[2].at) == Level.PROFICIENT
    assert standing.concepts[7].level(log[3].at) == Level.MASTERED
    again = stepped(standing, event(5, days=2.1))
    assert again.mastered == ()
    other_day_same_kind = replayed([*log[:3], event(4, days=2)])[0]
    assert not other_day_same_kind.concepts[7].mastered
    same_day = replace(log[3], occurred_at=log[2].at, received_at=log[2].at, day=log[2].day)
    assert not replayed([*log[:3], same_day])[0].concepts[7].mastered


def test_a_miss_takes_the_breadth_but_not_at_once_the_level():
    standing, _lines = replayed(to_mastery())
    sure = replace(standing.concepts[7], m=0.995)
    standing = replace(standing, concepts={7: sure})
    slip = stepped(standing, event(5, days=2.5, answer=Answer(0, 0.05)))
    assert not slip.standing.concepts[7].mixed
    assert slip.standing.concepts[7].shown(START + 2.5 * DAY) > 0.75
    assert slip.standing.concepts[7].mastered


def test_mastery_fades_is_lost_and_announced_anew():
    standing, _lines = replayed(to_mastery())
    concept = standing.concepts[7]
    assert concept.level(START + 2 * DAY) == Level.MASTERED
    assert concept.level(START + 400 * DAY) < Level.MASTERED
    at = 400
    trace = practised(concept.cards[5], good=True, at=START + at * DAY)
    facts = CardFacts(5, recall(concept.cards[5], START + at * DAY), trace)
    back = stepped(standing, event(9, Kind.CARD, at, (7,), card_answer(3), card=facts))
    assert back.mastered == (7,)


# ── Concepts that change ──────────────────────────────────────────────────────────────────────
def test_merged_concepts_are_the_replay_of_both_logs():
    one, other = event(1, concepts=(7,)), event(2, days=1, concepts=(8,))
    into = {8: 7}
    both = replayed(merged(each, into) for each in (one, other))[0]
    assert both == replayed([one, replace(other, concepts=(7,))])[0]
    assert merged(event(3, concepts=(8, 7)), into).concepts == (7,)
    findings = (Finding(7, 0.4, 0.9, True), Finding(8, 0.4, 0.1, False))
    tested = merged(event(4, Kind.PRETEST, concepts=(), findings=findings), into)
    assert tested.findings == (findings[0],)


def test_a_taught_concept_is_what_the_formula_says():
    step = stepped(Standing(), event(1, Kind.LESSON))
    assert step.standing.concepts[7].m == taught(starting(0), 0, 0.15)
