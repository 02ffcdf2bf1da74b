"""Write down, as dosages, what repeats in the slots that an import brought.

An imported span has no computed slots, so these dosages only say how it was. They end with
the last slot: what is taken from then on is the person's to say, and only proposed. What
the person corrected or added stays; an inferred dosage that would overlap it gives way.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid5

from sqlmodel import Session, col, select

from app.domain.ledger import DoseStatus, Event
from app.domain.quantities import format_amount
from app.domain.recurrence import InferredDosage, infer_dosages
from app.domain.timing import Timing, TimingKind, overlaps, window_minutes
from app.models import Dosage, DosageTime, DoseEvent, EntryVersion, ImportedSlot, RegimenItem

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def write_inferred_dosages(session: Session, item: RegimenItem) -> tuple[int, str | None]:
    """Put an item's inferred dosages as its slots say; how many, and what seems to go on."""
    statement = select(ImportedSlot).where(ImportedSlot.regimen_item_id == item.id)
    ordered = statement.order_by(col(ImportedSlot.due_on), col(ImportedSlot.due_time))
    slots = session.exec(ordered).all()
    _set_windows(slots)
    own = _own_dosages(session, item)
    inferred = infer_dosages([slot.slot for slot in slots]) or _as_needed(session, item.id)
    free = [
        each
        for each in inferred
        if not any(
            overlaps(each.timing.starts_on, each.timing.ends_on, other.starts_on, other.ends_on)
            for other in own
        )
    ]
    for each in free:
        _write(session, item, each)
    session.flush()
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


def _own_dosages(session: Session, item: RegimenItem) -> list[Dosage]:
    """What the person said of the item; what an import inferred before is dropped."""
    own = []
    for dosage in session.exec(Dosage.of_item(item.id)).all():
        changed = select(EntryVersion.entry_id).where(
            EntryVersion.user_id == item.user_id,
            EntryVersion.subject == f"dosage/{dosage.id}",
        )
        is_inferred = dosage.id == _inferred_id(item.id, dosage.starts_on)
        if is_inferred and session.exec(changed.limit(1)).first() is None:
            session.delete(dosage)
        else:
            own.append(dosage)
    session.flush()
    return own


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


def _write(session: Session, item: RegimenItem, inferred: InferredDosage) -> None:
    timing = inferred.timing
    dosage_id = _inferred_id(item.id, timing.starts_on)
    session.add(
        Dosage(
            id=dosage_id,
            user_id=item.user_id,
            regimen_item_id=item.id,
            starts_on=timing.starts_on,
            ends_on=timing.ends_on,
            unit=inferred.unit,
            kind=timing.kind,
            usual_amount=timing.usual_amount,
            every_days=timing.every_days,
            per_week=timing.per_week,
            per_week_most=timing.per_week_most,
        )
    )
    session.flush()
    session.add_all(
        DosageTime(
            id=uuid5(dosage_id, f"{each.at} {each.amount} {each.days_of_week}"),
            user_id=item.user_id,
            dosage_id=dosage_id,
            at=each.at,
            amount=each.amount,
            days_of_week=each.days_of_week,
        )
        for each in timing.times
    )


def _proposal(item: RegimenItem, inferred: list[InferredDosage], own: list[Dosage]) -> str | None:
    """What repeats up to the end, for the person to add; nothing where they said so already."""
    if not inferred or not inferred[-1].timing.kind.has_slots or item.slots_from is not None:
        return None
    last = inferred[-1]
    ends_on = last.timing.ends_on or last.timing.starts_on
    if any(dosage.ends_on is None or dosage.ends_on > ends_on for dosage in own):
        return None
    rule = in_words(last.unit, last.timing)
    return f"{item.name} looks like {rule}: add it on the item's page."


def _inferred_id(regimen_item_id: UUID, starts_on: date) -> UUID:
    return uuid5(regimen_item_id, f"inferred dosage {starts_on}")
