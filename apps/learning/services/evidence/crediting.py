"""Cards that a success postpones: only their day moves, and it is remembered by whom."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from ...engine.credit import Held, credited, is_saved
from ...engine.progress import succeeds
from ...engine.trace import DECAY, Trace
from ...models import Card, CardState, Evidence
from ...selectors.schedule import Schedule
from ...selectors.tags import notes_about

FIELDS = ["due", "credit", "own_due"]


def credit_cards(*, rows: Sequence[Evidence], schedule: Schedule) -> None:
    """Postpone what each success exercises, in order; the facts are left on the rows, unsaved."""
    giving = [row for row in rows if row.exercises and succeeds(row.event, row.hints)]
    if not giving:
        return
    about = notes_about(
        schedule.student_id, {concept for row in giving for concept in row.exercises}
    )
    if not about:
        return
    waiting = Card.objects.filter(
        student=schedule.student_id, note__in=about, state=CardState.REVIEW, suspended_at=None
    )
    cards = _unheld(waiting)
    moved = set()
    for row in giving:
        for card in cards:
            weights = [row.exercises.get(concept, 0.0) for concept in about[card.note_id]]
            if card.pk != row.facts.get("card") and _credit(card, max(weights), row, schedule):
                moved.add(card.pk)
    Card.objects.bulk_update([card for card in cards if card.pk in moved], FIELDS)


def _unheld(cards: Any) -> list[Card]:
    """The cards, locked; one that another transaction holds is being graded, which ends its credit."""
    rows = cards.exclude(last_review=None).order_by("pk")
    return list(rows.select_for_update(of=("self",), skip_locked=True))


def _credit(card: Card, weight: float, row: Evidence, schedule: Schedule) -> bool:
    assert card.stability is not None
    assert card.difficulty is not None
    assert card.last_review is not None
    decay = schedule.weights[20] if schedule.weights else DECAY
    before = Held(
        Trace(card.stability, card.difficulty, card.last_review, decay),
        own_due=card.own_due or card.due,
        due=card.due,
        retention=schedule.retention,
        credit=card.credit,
    )
    after = credited(before, weight, row.event.at)
    if after == before:
        return False
    card.credit, card.due, card.own_due = after.credit, after.due, before.own_due
    fact = {
        "card": card.pk,
        "last": card.last_review.isoformat(),
        "due": [before.due.isoformat(), after.due.isoformat()],
        "credit": [before.credit, after.credit],
        "own_due": before.own_due.isoformat(),
        "saved": is_saved(before, after),
        "back": False,
    }
    row.credits = [*row.credits, fact]
    return True


# ── With the evidence ─────────────────────────────────────────────────────────────────────────
def take_back(row: Evidence) -> None:
    """Take the row's credits from cards on which nothing was built since; saving it is the caller's."""
    _turn(row, back=True)


def give_again(row: Evidence) -> None:
    """Give what was taken back to cards that stand as they did then."""
    _turn(row, back=False)


def _turn(row: Evidence, *, back: bool) -> None:
    facts = [fact for fact in row.credits if fact["back"] != back]
    if not facts:
        return
    cards = {card.pk: card for card in _unheld(_of(row, [fact["card"] for fact in facts]))}
    turned = []
    for fact in facts:
        card = cards.get(fact["card"])
        now, then = (1, 0) if back else (0, 1)
        if card is None or _stands(card) != (
            datetime.fromisoformat(fact["last"]),
            datetime.fromisoformat(fact["due"][now]),
            fact["credit"][now],
        ):
            continue
        card.due = datetime.fromisoformat(fact["due"][then])
        card.credit = fact["credit"][then]
        card.own_due = datetime.fromisoformat(fact["own_due"]) if card.credit else None
        fact["back"] = back
        turned.append(card)
    Card.objects.bulk_update(turned, FIELDS)


def _of(row: Evidence, cards: Collection[int]) -> Any:
    return Card.objects.filter(student=row.student_id, pk__in=cards)


def _stands(card: Card) -> tuple[datetime | None, datetime, float]:
    return card.last_review, card.due, card.credit
