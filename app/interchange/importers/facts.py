"""The doses that a file states, each once, whatever the format of the file."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, NamedTuple

from app.domain.ledger import DoseStatus
from app.domain.logical_dates import logical_date
from app.interchange.importers.health_auto_export_rows import MedicationRow, Status
from app.models import User

SLOT, DOSE = "slot", "dose"


class Answer(NamedTuple):
    """What became of a dose; `status` None: nobody answered it."""

    status: DoseStatus | None = None
    at: datetime | None = None
    amount: float | None = None
    unit: str = ""


UNANSWERED = Answer()


@dataclass(frozen=True, slots=True)
class Fact:
    """One dose of a file.

    `key` names it in every file of the source: its medicine and scheduled instant, or without a
    schedule its medicine and own instant. `row_key` is the key of releases before 0.2, which
    changed with anything the row said. `planned` is the scheduled amount.
    """

    key: str
    row_key: str
    medicine: str
    name: str
    scheduled_at: datetime | None
    at: datetime
    answer: Answer
    planned: float
    unit: str

    @property
    def instant(self) -> datetime:
        """When the dose was due, or without a schedule taken."""
        return self.scheduled_at or self.at

    @property
    def stated(self) -> dict[str, Any]:
        """What the file says, as it is stored to compare it with a later file."""
        status, at, amount, unit = self.answer
        return {
            "status": status.value if status else None,
            "at": at.astimezone(UTC).isoformat() if at else None,
            "amount": amount,
            "unit": unit,
            "planned": [self.planned, self.unit],
        }


def answer_stated(stated: dict[str, Any]) -> Answer:
    """The answer in what was stored of a fact."""
    status, at = stated["status"], stated["at"]
    return Answer(
        DoseStatus(status) if status else None,
        datetime.fromisoformat(at) if at else None,
        stated["amount"],
        stated["unit"],
    )


def facts_of(rows: Iterable[MedicationRow]) -> list[Fact]:
    """One fact for each dose, oldest first.

    Of several rows for one scheduled dose the answer given last counts; a row without an answer
    never replaces one with.
    """
    slots: defaultdict[tuple[str, datetime], list[MedicationRow]] = defaultdict(list)
    doses: list[MedicationRow] = []
    for row in rows:
        if row.scheduled_at is None:
            doses.append(row)
        else:
            slots[row.medication, row.scheduled_at].append(row)
    seen: Counter[str] = Counter()
    facts = [_slot_fact(of_slot) for of_slot in slots.values()]
    for row in doses:
        key = _key(DOSE, row.medication, row.at)
        facts.append(_fact(f"{key}-{seen[key]}", row))
        seen[key] += 1
    return sorted(facts, key=lambda fact: (fact.instant, fact.medicine, fact.key))


def due_on(user: User, fact: Fact) -> date:
    """The day that a dose counts for, by the wall clock that it was written by."""
    return logical_date(fact.instant, _clock(fact.instant), user.day_starts_time)


def wall_time(instant: datetime) -> time:
    """The time of day of an instant by its own clock, to the minute."""
    return time(instant.hour, instant.minute)


def _clock(instant: datetime) -> tzinfo:
    assert instant.tzinfo is not None
    return instant.tzinfo


def _slot_fact(rows: list[MedicationRow]) -> Fact:
    row = max(rows, key=_weight)
    assert row.scheduled_at is not None
    return _fact(_key(SLOT, row.medication, row.scheduled_at), row)


def _weight(row: MedicationRow) -> tuple[bool, datetime, bool]:
    return row.status is not Status.UNTAKEN, row.at, row.status is Status.TAKEN


def _key(kind: str, medicine: str, instant: datetime) -> str:
    named = json.dumps([medicine, instant.astimezone(UTC).isoformat()], ensure_ascii=False)
    return f"{kind}-{hashlib.sha256(named.encode()).hexdigest()}"


def _fact(key: str, row: MedicationRow) -> Fact:
    return Fact(
        key=key,
        row_key=row.source_key,
        medicine=row.medication,
        name=row.name,
        scheduled_at=row.scheduled_at,
        at=row.at,
        answer=_answer(row),
        planned=row.scheduled_amount or row.amount or 1,
        unit=row.unit,
    )


def _answer(row: MedicationRow) -> Answer:
    if row.status is Status.UNTAKEN:
        return UNANSWERED
    if row.status is Status.SKIPPED:
        amount = row.amount or row.scheduled_amount
        return Answer(DoseStatus.SKIPPED, row.at, amount, row.unit)
    return Answer(DoseStatus.TAKEN, row.at, row.amount, row.unit)
