"""Import Apple Health's medications from the CSV of Health Auto Export.

* A slot exists where the file has a scheduled date, answered or not (`Not Interacted`
  becomes missed once its day is over); none is computed.
* A row's own wall clock counts: it gives the logical date and the due time. An entry keeps
  the account's zone where that had the very offset at the scheduled instant (without one,
  at the dose's own), else the offset.
* A dose without a scheduled date has no slot, and is extra.
* A row is known again by a hash of the fact it states and its ordinal among equal rows, so
  that a file, or a later and longer one, can be imported twice. What the person changed
  since stands: every row is a decision made at its own `Date`.
* What the person deleted stays deleted, a whole item too: its rows are known.
* Archived medicines are not ended: the file does not say when that happened.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo
from uuid import UUID, uuid5

from sqlmodel import Session, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.ledger import DoseStatus
from app.domain.logical_dates import iso_week, logical_date
from app.domain.timing import window_minutes
from app.errors import Refused
from app.models import (
    DoseEvent,
    ImportBatch,
    ImportedRow,
    ImportedSlot,
    RegimenItem,
    User,
    dose_subject,
    slot_event_id,
)
from app.services.history import Decision, save_latest
from app.services.importers.health_auto_export_rows import MedicationRow, Status, read_rows
from app.services.importers.inferred_dosages import write_inferred_dosages
from app.services.importers.outcome import Outcome, Progress, Refusal
from app.services.items import MOST_ITEMS
from app.services.regimen import grow_version
from app.services.regimen_writes import label_of, write_item

SOURCE = "health-auto-export"
TONES = ("mint", "blue", "amber", "copper", "violet", "teal", "rose", "sand")
ROWS_A_REPORT = 100

SlotKey = tuple[UUID, date, time]


def import_health_auto_export(
    session: Session,
    user: User,
    content: bytes,
    now: datetime,
    progress: Progress | None = None,
) -> Outcome:
    """Take every row of the file that is new; the caller commits.

    Raises `Refused` where the file as a whole cannot be read, or holds too many medicines.
    """
    outcome = Outcome()
    rows: list[MedicationRow] = []
    for read in read_rows(content, now):
        outcome.rows += 1
        if isinstance(read, Refusal):
            outcome.refusals.append(read)
        else:
            rows.append(read)
    known = set(session.exec(_known_keys(user)))
    new = [row for row in rows if row.source_key not in known]
    outcome.already_there = len(rows) - len(new)
    if not new:
        return outcome

    batch = ImportBatch(user_id=user.id, source=SOURCE, imported_at=now)
    session.add(batch)
    session.flush()
    decision = Decision(user.id, batch.id, changed_at=now, received_at=now, device=SOURCE)
    items = _items(session, user, new, decision, outcome)
    _add_slots(session, user, new, batch)
    for done, row in enumerate(new, start=1):
        _record(session, user, row, now, outcome)
        if progress and done % ROWS_A_REPORT == 0:
            progress(done, len(new))
    session.add_all(
        ImportedRow(
            user_id=user.id,
            source=SOURCE,
            source_key=row.source_key,
            import_batch_id=batch.id,
        )
        for row in new
    )
    for item in items:
        dosages, proposal = write_inferred_dosages(session, item, decision)
        outcome.dosages += dosages
        outcome.proposals += [proposal] if proposal else []
    user.began_on = min(user.began_on, *(_due_on(user, row) for row in new))
    session.add(user)
    session.flush()
    grow_version(session, user)
    return outcome


def _items(
    session: Session,
    user: User,
    rows: Iterable[MedicationRow],
    decision: Decision,
    outcome: Outcome,
) -> list[RegimenItem]:
    """The item of each medicine, made where there is none; it starts with its first row."""
    position = session.exec(
        select(func.count()).select_from(RegimenItem).where(RegimenItem.user_id == user.id)
    ).one()
    by_id: dict[UUID, RegimenItem] = {}
    for row in sorted(rows, key=lambda row: row.at):
        item_id = _item_id(user, row)
        item = by_id.get(item_id) or session.get(RegimenItem, item_id)
        if item is None:
            item = _new_item(user, row, position, decision.received_at)
            position += 1
            outcome.items.append(row.name)
        item.starts_on = min(item.starts_on, _due_on(user, row))
        by_id[item_id] = item
    if position > MOST_ITEMS:
        raise Refused(f"A regimen holds at most {MOST_ITEMS} items: this file has more.", "file")
    return [_kept(session, item, decision) for item in by_id.values()]


def _kept(session: Session, item: RegimenItem, decision: Decision) -> RegimenItem:
    """The item as it was last decided: by this import, for nobody decides later than now."""
    values, label = item.model_dump(exclude={"id"}), label_of(session, item.id)
    write_item(session, decision, item.id, values, label)
    return session.get_one(RegimenItem, item.id, populate_existing=True)


def _new_item(user: User, row: MedicationRow, position: int, now: datetime) -> RegimenItem:
    return RegimenItem(
        id=_item_id(user, row),
        user_id=user.id,
        name=row.name,
        kind="supplement",
        route="oral",
        icon="pill",
        tone=TONES[position % len(TONES)],
        starts_on=_due_on(user, row),
        slots_from=None,
        position=position,
        created_at=now,
    )


def _add_slots(
    session: Session, user: User, rows: Iterable[MedicationRow], batch: ImportBatch
) -> None:
    """A slot for every scheduled date; the windows are set with the dosages."""
    statement = select(ImportedSlot.id).where(ImportedSlot.user_id == user.id)
    known = set(session.exec(statement))
    for row in rows:
        if row.scheduled_at is None:
            continue
        item_id, due_on, due_time = _slot_key(user, row, row.scheduled_at)
        slot_id = uuid5(item_id, f"imported slot {due_on} {due_time:%H:%M}")
        if slot_id in known:
            continue
        known.add(slot_id)
        session.add(
            ImportedSlot(
                id=slot_id,
                user_id=user.id,
                regimen_item_id=item_id,
                import_batch_id=batch.id,
                due_on=due_on,
                due_time=due_time,
                amount=row.scheduled_amount or row.amount or 1,
                unit=row.unit,
                window_minutes=window_minutes(1),
            )
        )
    session.flush()


def _record(
    session: Session, user: User, row: MedicationRow, now: datetime, outcome: Outcome
) -> None:
    """Put the dose in the state that the row says, unless the person said otherwise since."""
    if row.status is Status.NOT_INTERACTED:
        outcome.missed += 1
        return
    item_id, due_on = _item_id(user, row), _due_on(user, row)
    due_time = None
    if row.scheduled_at is None:
        event_id = uuid5(user.id, f"{SOURCE} dose {row.source_key}")
    else:
        item_id, due_on, due_time = _slot_key(user, row, row.scheduled_at)
        event_id = slot_event_id(item_id, due_on, due_time)
    if row.status is Status.SKIPPED:
        outcome.skipped += 1
    elif due_time is None:
        outcome.extra += 1
    else:
        outcome.taken += 1
    is_skipped = row.status is Status.SKIPPED
    decision = Decision(
        user_id=user.id,
        entry_id=uuid5(user.id, f"{SOURCE} entry {row.source_key}"),
        changed_at=row.at,
        received_at=now,
        device=SOURCE,
    )
    save_latest(
        session,
        decision,
        kind="dose_event",
        subject=dose_subject(event_id, item_id, due_on, due_time),
        table=DoseEvent,
        row_id=event_id,
        values={
            "user_id": user.id,
            "regimen_item_id": item_id,
            "due_on": due_on,
            "due_time": due_time,
            "iso_week": iso_week(due_on),
            "status": DoseStatus.SKIPPED if is_skipped else DoseStatus.TAKEN,
            "occurred_at": row.at,
            "logged_at": row.at,
            "time_zone": _zone_name(user, row.scheduled_at or row.at),
            "amount": row.amount or (row.scheduled_amount if is_skipped else None),
            "unit": row.unit,
            "reason": None,
            "note": "",
            "day_starts_time": user.day_starts_time,
        },
    )


def _known_keys(user: User) -> SelectOfScalar[str]:
    return select(ImportedRow.source_key).where(
        ImportedRow.user_id == user.id, ImportedRow.source == SOURCE
    )


def _item_id(user: User, row: MedicationRow) -> UUID:
    return uuid5(user.id, f"{SOURCE} medication {row.medication}")


def _due_on(user: User, row: MedicationRow) -> date:
    instant = row.scheduled_at or row.at
    return logical_date(instant, _clock(instant), user.day_starts_time)


def _slot_key(user: User, row: MedicationRow, scheduled_at: datetime) -> SlotKey:
    due_time = scheduled_at.time().replace(second=0, microsecond=0)
    return _item_id(user, row), _due_on(user, row), due_time


def _clock(instant: datetime) -> tzinfo:
    assert instant.tzinfo is not None
    return instant.tzinfo


def _zone_name(user: User, instant: datetime) -> str:
    """The account's zone if the row was written by its clock, else the offset alone."""
    offset = instant.utcoffset()
    is_at_home = instant.astimezone(user.zone).utcoffset() == offset
    return user.time_zone if is_at_home else instant.isoformat()[-6:]
