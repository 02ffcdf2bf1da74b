"""Write down, as dosages, what repeats in the slots that an import brought.

An imported span has no computed slots, so these dosages only say how it was. They end with
the last slot: what is taken from then on is the person's to say, and only proposed. What
the person corrected or added stays; an inferred dosage that would overlap it gives way.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlmodel import Session, col, select

from app.domain.ledger import DoseStatus, Event
from app.domain.quantities import format_amount
from app.domain.recurrence import InferredDosage, infer_dosages
from app.domain.timing import Timing, TimingKind, overlaps, window_minutes
from app.models import DoseEvent, EntryVersion, ImportedSlot, RegimenItem
from app.services.dosages import DosageInput, new_dosage
from app.services.history import Decision
from app.services.regimen_writes import PlannedDosage, plan_of, plan_subject, write_plan

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def write_inferred_dosages(
    session: Session, item: RegimenItem, decision: Decision
) -> tuple[int, str | None]:
    """Put an item's inferred dosages as its slots say; how many, and what seems to go on."""
    of_item = ImportedSlot.regimen_item_id == item.id
    statement = select(ImportedSlot).where(of_item, col(ImportedSlot.import_batch_id).is_not(None))
    ordered = statement.order_by(col(ImportedSlot.due_on), col(ImportedSlot.due_time))
    slots = session.exec(ordered).all()
    _set_windows(slots)
    own = _own_dosages(session, item, decision.device)
    inferred = infer_dosages([slot.slot for slot in slots]) or _as_needed(session, item.id)
    free = [
        each
        for each in inferred
        if not any(
            overlaps(each.timing.starts_on, each.timing.ends_on, *other.days) for other in own
        )
    ]
    plan = sorted([*own, *(_planned(item, each) for each in free)], key=lambda each: each.days[0])
    write_plan(session, item, plan, decision)
    return len(free), _proposal(item, inferred, own)


def in_words(unit: str, timing: Timing) -> str:
    """Say a timing: every day at 08:30, 2 tablets."""
    parts = []
    said = ""
    for each in timing.times:
        days = f"every {timing.every_days} days"
        if timing.kind is TimingKind.DAILY:
            days = "every day"
        elif timing.kind is TimingKind.WEEKDAYS:
            days = "every " + " and ".join(DAYS[int(digit) - 1] for digit in each.days_of_week)
        when = f"at {each.at:%H:%M}, {format_amount(each.amount, unit)}"
        parts.append(when if days == said else f"{days} {when}")
        said = days
    return ", and ".join(parts)


def _set_windows(slots: Sequence[ImportedSlot]) -> None:
    """How far off each dose is still on time depends on how many its day has."""
    by_day: defaultdict[date, list[ImportedSlot]] = defaultdict(list)
    for slot in slots:
        by_day[slot.due_on].append(slot)
    for of_day in by_day.values():
        for slot in of_day:
            slot.window_minutes = window_minutes(len(of_day))


def _own_dosages(session: Session, item: RegimenItem, source: str) -> list[PlannedDosage]:
    """What the person said of the item: every dosage that is not as the last import wrote it."""
    written = _last_written(session, item, source)
    return [
        each for each in plan_of(session, item) if written.get(str(each.values["id"])) != each.state
    ]


def _last_written(session: Session, item: RegimenItem, source: str) -> dict[str, dict[str, Any]]:
    """The dosages of the newest import of this kind, as history has them, by id."""
    version = session.exec(
        select(EntryVersion)
        .where(EntryVersion.user_id == item.user_id)
        .where(EntryVersion.subject == plan_subject(item.id), EntryVersion.device == source)
        .order_by(col(EntryVersion.changed_at).desc())
        .limit(1)
    ).first()
    dosages = (version.state or {}).get("dosages", []) if version else []
    return {each["id"]: each for each in dosages}


def _as_needed(session: Session, regimen_item_id: UUID) -> list[InferredDosage]:
    """An item without any slot was taken as needed."""
    events = [Event._make(row) for row in session.execute(DoseEvent.of_item(regimen_item_id))]
    taken = Counter(
        (event.unit, event.amount) for event in events if event.status is DoseStatus.TAKEN
    )
    if not taken:
        return []
    (unit, amount), _count = taken.most_common(1)[0]
    timing = Timing(TimingKind.AS_NEEDED, events[0].due_on, usual_amount=amount)
    return [InferredDosage(unit, timing)]


def _planned(item: RegimenItem, inferred: InferredDosage) -> PlannedDosage:
    timing = inferred.timing
    dosage = DosageInput(
        unit=inferred.unit,
        kind=timing.kind,
        times=timing.times,
        usual_amount=timing.usual_amount,
        every_days=timing.every_days,
        per_week=timing.per_week,
        per_week_most=timing.per_week_most,
    )
    dosage_id = uuid5(item.id, f"inferred dosage {timing.starts_on}")
    return new_dosage(item, dosage, timing.starts_on, timing.ends_on, dosage_id=dosage_id)


def _proposal(
    item: RegimenItem, inferred: list[InferredDosage], own: list[PlannedDosage]
) -> str | None:
    """What repeats up to the end, for the person to add; nothing where they said so already."""
    if not inferred or not inferred[-1].timing.kind.has_slots or item.slots_from is not None:
        return None
    last = inferred[-1]
    ends_on = last.timing.ends_on or last.timing.starts_on
    if any(until is None or until > ends_on for _since, until in (each.days for each in own)):
        return None
    rule = in_words(last.unit, last.timing)
    return f"{item.name} looks like {rule}: add it on the item's page."
