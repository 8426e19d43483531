"""Fitting the scheduler to students whose memory is known, and the log that it learns from."""

import random
from datetime import UTC, datetime, timedelta

import fsrs
import pytest
from django.core.management import call_command

from apps.learning.engine import fitting, memory
from apps.learning.engine.fitting import Logged
from apps.learning.engine.memory import Memory
from apps.learning.models import Card, MemoryParameters, MemorySettings, Review
from apps.learning.selectors.log import log_of, replay_of, students_to_fit
from apps.learning.services import notes, parameters, reviews
from apps.learning.tasks import fit_memories

START = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
DEFAULT = fsrs.scheduler.DEFAULT_PARAMETERS
FORGETFUL = (0.05, 0.2, 0.4, 1.2, *DEFAULT[4:8], 1.0, *DEFAULT[9:20], 0.4)


def simulated(truth, seed, cards=150, days=90) -> list[Logged]:
    """A student who remembers by `truth`, and is asked when the default scheduler says."""
    chance = random.Random(seed)
    ours, theirs = memory.scheduler(0.9), memory.scheduler(0.9, truth)
    known = {}
    log = []
    for day in range(days):
        for number in range(min(cards, (day + 1) * 5)):
            now = START + timedelta(days=day, seconds=number)
            seen, real = known.get(number, (Memory(due=now), Memory(due=now)))
            if seen.due > now + timedelta(minutes=15):
                continue
            chance_of = memory.retrievability(real, now, theirs)
            if chance_of is None:
                rating = chance.choice((1, 3, 3, 4))
            else:
                rating = 3 if chance.random() < chance_of else 1
            for step in range(4):
                moment = now + timedelta(minutes=11 * step)
                log.append(Logged(number, rating, moment))
                seen = memory.graded(seen, rating, moment, ours)
                real = memory.graded(real, rating, moment, theirs)
                if seen.state == memory.REVIEW:
                    break
                rating = 3
            known[number] = (seen, real)
    return sorted(log, key=lambda review: review.at)


def test_the_shrinking_of_the_worked_example():
    fitted = list(DEFAULT)
    fitted[2] = 3.0
    assert fitting.drawn(fitted, 1000)[2] == pytest.approx(2.65325, abs=1e-12)
    assert fitting.drawn(DEFAULT, 5) == pytest.approx(DEFAULT)


def test_weights_stay_within_the_bounds_of_py_fsrs():
    memory.scheduler(0.9, fitting.drawn([1e9] * 21, 10**6))
    memory.scheduler(0.9, fitting.drawn([-1e9] * 21, 10**6))


def test_a_very_different_student_gets_weights_of_their_own():
    log = simulated(FORGETFUL, 1)
    found = fitting.fit(log, None)
    assert found.adopted
    assert found.review_count >= 1000
    assert found.loss_before - found.loss_after > found.standard_error > 0
    assert fitting.fit(log, None) == found
    future = simulated(FORGETFUL, 2)
    assert sum(fitting.losses(future, found.weights)) < sum(fitting.losses(future, None))


def test_students_like_the_default_keep_the_default():
    adopted = [fitting.fit(simulated(DEFAULT, seed), None).adopted for seed in range(1, 7)]
    assert sum(adopted) <= 1


# ── Through the log ───────────────────────────────────────────────────────────────────────────
@pytest.fixture
def logged(db, student):
    """The simulated student's log as rows."""

    def store(log) -> None:
        cards = {}
        for number in sorted({review.card for review in log}):
            note, _made = notes.add_note(
                student=student, kind="basic", front=f"{number}", back="x", at=START
            )
            cards[number] = note.cards.get()
        known, by, rows = {}, memory.scheduler(0.9), []
        for review in log:
            before = known.get(review.card) or Memory(due=START)
            now = memory.graded(before, review.rating, review.at, by)
            known[review.card] = now
            rows.append(
                Review(
                    card=cards[review.card],
                    student=student,
                    rating=review.rating,
                    reviewed_at=review.at,
                    before={},
                    elapsed_days=memory.elapsed_days(before.last_review, review.at),
                    retrievability=memory.retrievability(before, review.at, by),
                    state=now.state,
                    stability=now.stability,
                    difficulty=now.difficulty,
                    unplaced_due=now.due,
                    due=now.due,
                    desired_retention=0.9,
                )
            )
        Review.objects.bulk_create(rows)

    return store


@pytest.mark.django_db
def test_a_fit_is_adopted_kept_and_used(student, logged):
    log = simulated(FORGETFUL, 1)
    logged(log)
    assert log_of(student) != []
    assert students_to_fit() == [student.pk]
    at = START + timedelta(days=100)
    made = parameters.fit_memory(student=student, at=at)
    assert made.adopted
    assert tuple(made.weights) == fitting.fit(log, None).weights
    assert MemorySettings.objects.get().parameters == made
    assert students_to_fit() == []
    assert parameters.fit_memory(student=student, at=at) is None
    card = Card.objects.first()
    review = reviews.review_card(card=card, rating=4, at=at)
    assert review.parameters == made
    assert review.stability == pytest.approx(made.weights[3])


@pytest.mark.django_db
def test_a_log_that_cannot_be_fitted_is_told_of_and_waits(student, logged, monkeypatch, caplog):
    logged(simulated(FORGETFUL, 1))

    def refuse(_weights):
        raise ValueError("InvalidInput")

    monkeypatch.setattr(fitting.fsrs_rs, "FSRS", refuse)
    fit_memories()
    assert caplog.messages == ["memory_not_fitted"]
    assert not MemoryParameters.objects.exists()
    monkeypatch.undo()
    fit_memories()
    assert MemoryParameters.objects.get().student == student


@pytest.mark.django_db
def test_too_few_reviews_and_foreign_histories_are_not_fitted(student, logged):
    logged(simulated(FORGETFUL, 1, cards=20, days=20))
    assert students_to_fit() == []
    assert parameters.fit_memory(student=student, at=START) is None
    Review.objects.filter(retrievability=None).update(retrievability=0.5)  # began elsewhere
    assert log_of(student) == []


@pytest.mark.django_db
def test_the_log_replays_to_what_is_stored(student, capsys):
    """After undo and redo, changes of retention, and sets of weights adopted in between."""
    chance, now = random.Random(3), START
    cards = []
    for number in range(12):
        note, _made = notes.add_note(
            student=student, kind="basic", front=f"{number}", back="x", at=START
        )
        cards.append(note.cards.get())
    for step in range(160):
        now += timedelta(seconds=chance.randint(60, 200_000))
        card = chance.choice(cards)
        if chance.random() < 0.25 and Review.objects.filter(card=card, undone_at=None).exists():
            reviews.undo_review(card=card, at=now)
            now += timedelta(seconds=20)
        reviews.review_card(card=card, rating=chance.randint(1, 4), at=now)
        if step % 40 == 20:
            made = MemoryParameters.objects.create(
                student=student,
                weights=[weight * chance.uniform(1, 1.1) for weight in DEFAULT],
                review_count=400,
                loss_before=0.4,
                loss_after=0.3,
                standard_error=0.01,
                adopted=True,
                created_at=now,
            )
            changes = {"desired_retention": chance.choice((0.8, 0.97)), "parameters": made}
            reviews.change_memory_settings(student=student, changes=changes, at=now)
    for card in cards:
        card.refresh_from_db()
        assert replay_of(card) == card.figures
    call_command("replay_cards")
    assert "0 differ" in capsys.readouterr().out
    Card.objects.filter(pk=cards[0].pk).update(stability=1.5)
    with pytest.raises(SystemExit):
        call_command("replay_cards", student=student.pk)
