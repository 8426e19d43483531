"""The log alone makes what stands: after undo, contest, late evidence, merged and deleted concepts."""

import random
import time
from datetime import timedelta

import pytest
from django.core.management import call_command

from apps.core.errors import Conflict
from apps.learning.engine.progress import Progress
from apps.learning.models import Evidence, Mastery, MergedConcept, Standing
from apps.learning.services import evidence, reviews
from apps.learning.services.concepts import merge_concepts
from apps.learning.tasks import replay_merged
from apps.learning.tests.engine.test_fold import a_log

from .evidence_world import DAY, NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(student):
    return World(student)


def replayed(world):
    evidence.replay(student_id=world.student.pk, course_id=world.course.pk)
    return world.state()


def lived(world, seed, days=12):
    """Weeks of a student, in order: quizzes about one or two concepts, grades, lessons."""
    chance = random.Random(seed)
    concepts = [world.concept(f"c{number}") for number in range(6)]
    for advanced, simple in zip(concepts[1:], concepts, strict=False):
        world.needs(advanced, simple, weight=0.9)
    world.teaches(world.lesson, concepts[0], concepts[1])
    cards = [world.card(concept) for concept in concepts]
    quizzes = [
        world.quiz(*(tuple(chance.sample(concepts, chance.choice([1, 2]))) for _ in range(3)))
        for _ in range(4)
    ]
    for day in range(days):
        at = NOW + day * DAY
        world.take(quizzes[day % 4], *(chance.random() < 0.7 for _ in range(3)), at=at)
        for card in chance.sample(cards, 2):
            world.grade(card, chance.choice([1, 3, 3, 4]), at=at + timedelta(hours=1))
        if day == 3:
            told = {"student_id": world.student.pk, "lesson_id": world.lesson.pk}
            evidence.record_lesson(**told, at=at + timedelta(hours=2))
    return concepts


# ── Bit for bit ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("seed", range(3))
def test_replay_equals_live(world, seed):
    *_others, last = lived(world, seed)
    world.take(world.quiz(last), at=NOW + 40 * DAY)
    live = world.state()
    assert replayed(world) == live
    assert any(place.credit for _concept, _known, place in live[1])


def test_from_nothing_the_same_stands_again(world):
    lived(world, 7)
    live = world.state()
    Mastery.objects.all().delete()
    Standing.objects.all().delete()
    Evidence.objects.update(expected=None, lines=[])
    assert replayed(world) == live


def test_what_comes_late_counts_where_it_belongs(world):
    """Attempts handed in out of order make what they make in order, but for their ids."""
    a = world.concept("a")
    first, second = world.quiz(a), world.quiz(a)
    world.take(second, False, at=NOW + DAY)
    before = world.state()
    world.take(first, True, at=NOW)
    late, early = world.log
    assert late.lines[0]["m"][0] == early.lines[0]["m"][1]
    assert world.state() != before
    assert replayed(world) == world.state()
    assert world.standing.last_id == late.pk


def test_undo_and_redo(world):
    concepts = lived(world, 5)
    card = world.known_card(concepts[2], at=NOW + 20 * DAY)
    before = world.state()
    world.grade(card, 3, at=NOW + 20 * DAY)
    after = world.state()
    reviews.undo_review(card=card, at=NOW + 20 * DAY)
    standings, concepts_, lines = world.state()
    assert concepts_ == before[1]
    assert (standings[0]["theta"], lines[:-1]) == (before[0][0]["theta"], before[2])
    assert replayed(world) == world.state()
    world.grade(card, 3, at=NOW + 20 * DAY)
    assert world.state()[1] == after[1]


def test_contested_evidence_counts_no_more_until_it_does_again(world):
    lived(world, 6)
    live = world.state()
    row = list(world.log)[10]
    evidence.void(evidence=row, at=NOW)
    assert world.state()[1] != live[1]
    row.refresh_from_db()
    assert (row.lines, row.expected, row.contested) == ([], None, True)
    assert replayed(world) == world.state()
    evidence.void(evidence=row, at=NOW + DAY)
    row.refresh_from_db()
    assert row.voided_at == NOW
    evidence.unvoid(evidence=row, at=NOW)
    evidence.unvoid(evidence=row, at=NOW)
    assert world.state() == live


def test_a_grade_taken_back_cannot_be_counted_again(world):
    card = world.known_card(world.concept("a"))
    world.grade(card)
    evidence.void(evidence=world.log.get(), at=NOW)
    reviews.undo_review(card=card, at=NOW)
    with pytest.raises(Conflict):
        evidence.unvoid(evidence=world.log.get(), at=NOW)


# ── Concepts that go ──────────────────────────────────────────────────────────────────────────
def test_a_merged_concept_stands_as_both_logs_make_it(world):
    a, b, c = (world.concept(name) for name in "abc")
    both = World(world.student)
    one = both.concept("one")
    for number, (merged, concept) in enumerate([(a, one), (b, one), (a, one), (c, one), (b, one)]):
        at, right = NOW + number * DAY, number != 2
        world.take(world.quiz(merged), right, at=at)
        both.take(both.quiz(concept), right, at=at)
    merge_concepts(concept=a, into=b, at=NOW)
    merge_concepts(concept=b, into=c, at=NOW)
    replay_merged()
    assert [row.concept_id for row in Mastery.objects.filter(course=world.course)] == [c.pk]
    assert world.mastery(c).known == both.mastery(one).known
    assert world.standing.theta == both.standing.theta
    assert not MergedConcept.objects.filter(replayed_at=None).exists()
    assert replayed(world) == world.state()
    world.take(world.quiz(c), at=NOW + 6 * DAY)
    both.take(both.quiz(one), at=NOW + 6 * DAY)
    assert world.mastery(c).known == both.mastery(one).known


def test_a_deleted_concept_stays_in_the_log_and_in_ability(world):
    a, b = world.concept("a"), world.concept("b")
    world.take(world.quiz(a, (a, b)))
    a.delete()
    assert (world.log.count(), world.standing.answers) == (2, 2)
    theta = world.standing.theta
    _standing, concepts, _lines = replayed(world)
    assert [concept for concept, _known, _place in concepts] == [b.pk]
    assert world.standing.theta == theta
    world.take(world.quiz(b), at=NOW + DAY)
    live = world.state()
    assert replayed(world) == live


def test_an_edge_edited_later_changes_no_credit_given(world):
    lived(world, 8)
    live = world.state()
    world.concept("x").needs.all().delete()
    for concept in Mastery.objects.filter(course=world.course):
        concept.concept.needs.all().delete()
    assert replayed(world) == live


# ── The command ───────────────────────────────────────────────────────────────────────────────
def test_the_command_checks_and_mends(world, capsys):
    lived(world, 9, days=3)
    live = world.state()
    call_command("replay_mastery", check=True)
    assert "1 logs replayed, 0 differ." in capsys.readouterr().out
    Mastery.objects.update(m=0.5)
    with pytest.raises(SystemExit):
        call_command("replay_mastery", check=True, course=world.course.pk)
    assert set(Mastery.objects.values_list("m", flat=True)) == {0.5}
    call_command("replay_mastery", student=world.student.pk)
    assert world.state() == live
    call_command("replay_mastery", check=True)


def test_ten_thousand_events_fold_in_little_time():
    log = a_log(1, 10_000)
    begun = time.process_time()
    progress = Progress()
    for event in log:
        progress.take(event, {})
    # half a second on a free machine, as the benchmark measures it
    assert time.process_time() - begun < 2
