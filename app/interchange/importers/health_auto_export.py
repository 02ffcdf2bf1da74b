"""Import Apple Health's medications from the CSV of Health Auto Export.

* A slot exists where the file has a scheduled date, answered or not; none is computed. One that
  nobody answered is missed once its day is over.
* A row's own wall clock counts: it gives the logical date and the due time. An entry keeps the
  account's zone where that had the very offset at the scheduled instant (without one, at the
  dose's own), else the offset.
* A dose without a scheduled date has no slot, and is extra.
* Importing a file twice changes nothing; what a later file corrects is in `writer`.
* Archived medicines are not ended: the file does not say when that happened.

The work is done in short transactions, with `give_way` between them, so that nobody who logs a
dose meanwhile has to wait. An import that was interrupted is finished by importing the file again.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import Session, select

from app.diary.regimen import load_regimen
from app.domain.recurrence import infer_dosages
from app.interchange.importers.facts import Fact, facts_of
from app.interchange.importers.health_auto_export_rows import MedicationRow, read_rows
from app.interchange.importers.inferred_dosages import (
    set_windows,
    slots_of,
    write_inferred_dosages,
)
from app.interchange.importers.medicines import (
    Choices,
    Target,
    check_choices_are_made,
    medicines_in,
    offer,
    targets_of,
    write_items,
)
from app.interchange.importers.outcome import GiveWay, ImportReport, Progress, Refusal, go_on
from app.interchange.importers.writer import FactWriter
from app.models import ImportBatch, RegimenItem, User
from app.services.history import Decision, lock_user
from app.services.versions import bump_regimen_version

SOURCE = "health-auto-export"
ROWS_A_STEP = 25
ROWS_A_REPORT = 100


def import_health_auto_export(
    session: Session,
    user: User,
    content: bytes,
    now: datetime,
    progress: Progress | None = None,
    *,
    choices: Choices | None = None,
    give_way: GiveWay = go_on,
) -> ImportReport:
    """Bring in what the file says; the caller commits, also whenever `give_way` is called.

    Raises `Refused` if the file as a whole cannot be read, holds too many medicines, or has one
    with the name of an item that is there, without a choice.
    """
    outcome = ImportReport()
    facts = _facts(content, now, outcome)
    if not facts:
        return outcome
    run = Decision(user.id, uuid4(), changed_at=now, received_at=now, device=SOURCE)
    medicines = medicines_in(user, facts)
    lock_user(session, user.id)
    targets = targets_of(session, user, SOURCE, medicines, choices or Choices())
    check_choices_are_made(targets)
    batch, is_resumed = _batch(session, user, content, now)
    outcome.items = write_items(session, user, SOURCE, targets, run)
    _begin_log(session, user, min(each.first_on for each in medicines))
    items = {target.medicine.identity: target.item_id for target in targets}
    plans = {item.id: item.plan for item in load_regimen(session, user.id).items}
    give_way(at_once=True)

    writer = FactWriter(session, user, batch, items, facts)
    for start in range(0, len(facts), ROWS_A_STEP):
        writer.write(facts[start : start + ROWS_A_STEP], plans, now, outcome)
        give_way()
        done = start + ROWS_A_STEP
        is_worth_telling = writer.touched and done <= len(facts) and done % ROWS_A_REPORT == 0
        if progress and is_worth_telling:
            progress(done, len(facts))
    ids = [each for each in dict.fromkeys(items.values()) if each in writer.touched or is_resumed]
    for item_id in filter(None, ids):
        _infer(session, user, item_id, run, outcome, give_way)
    if not batch.is_finished:
        batch.is_finished = True
        session.add(batch)
        session.flush()
    outcome.offers = _offers(targets, outcome)
    return outcome


def _offers(targets: Sequence[Target], outcome: ImportReport) -> list[str]:
    """What the catalogue has for the items that are new."""
    return [
        f"{target.medicine.name}:{offer(target)}"
        for target in targets
        if target.medicine.name in outcome.items and target.offered is not None
    ]


def preview_health_auto_export(
    session: Session, user: User, content: bytes, now: datetime, choices: Choices
) -> tuple[ImportReport, list[Target]]:
    """Where the medicines of a file would go, and which rows cannot be read. Writes nothing."""
    outcome = ImportReport()
    facts = _facts(content, now, outcome)
    medicines = medicines_in(user, facts)
    return outcome, targets_of(session, user, SOURCE, medicines, choices)


def _facts(content: bytes, now: datetime, outcome: ImportReport) -> list[Fact]:
    rows: list[MedicationRow] = []
    for read in read_rows(content, now):
        outcome.rows += 1
        if isinstance(read, Refusal):
            outcome.refusals.append(read)
        else:
            rows.append(read)
    facts = facts_of(rows)
    outcome.doubled = len(rows) - len(facts)
    return facts


def _batch(session: Session, user: User, content: bytes, now: datetime) -> tuple[ImportBatch, bool]:
    """The record of this file, from before if there is one, and whether that was interrupted."""
    content_hash = hashlib.sha256(content).hexdigest()
    found = session.exec(
        select(ImportBatch).where(
            ImportBatch.user_id == user.id,
            ImportBatch.source == SOURCE,
            ImportBatch.content_hash == content_hash,
        )
    ).first()
    if found is not None:
        return found, not found.is_finished
    batch = ImportBatch(
        user_id=user.id,
        source=SOURCE,
        imported_at=now,
        content_hash=content_hash,
        is_finished=False,
    )
    session.add(batch)
    session.flush()
    return batch, False


def _begin_log(session: Session, user: User, first: date) -> None:
    if first < user.began_on:
        user.began_on = first
        session.add(user)
        session.flush()


def _infer(
    session: Session,
    user: User,
    item_id: UUID,
    run: Decision,
    outcome: ImportReport,
    give_way: GiveWay,
) -> None:
    """Say, as dosages, what repeats in an item's slots."""
    slots = slots_of(session, item_id)
    give_way(at_once=True)
    inferred = infer_dosages([slot for _id, slot in slots])
    lock_user(session, user.id)
    item = session.get(RegimenItem, item_id, populate_existing=True)
    if item is None:
        return
    set_windows(session, slots)
    dosages, proposal = write_inferred_dosages(session, item, inferred, run)
    outcome.dosages += dosages
    outcome.proposals += [proposal] if proposal else []
    bump_regimen_version(session, user)
    session.flush()
    give_way()
