"""Store an imported log, or preview that.

The work is done in short transactions, with `give_way` between them, so that a person who logs a
dose meanwhile does not have to wait. To finish an interrupted import, import the file again;
importing a file twice changes nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from sqlmodel import Session

from app.diary.regimen import load_regimen
from app.domain.ledger import Plan
from app.domain.recurrence import infer_dosages
from app.interchange.imported_log import ImportedItem, ImportedLog
from app.interchange.writer.batches import FIRST_DAY, find_batch, new_batch
from app.interchange.writer.doses import DoseWriter
from app.interchange.writer.entries import EntryWriter
from app.interchange.writer.inferred_dosages import (
    set_windows,
    slots_of,
    write_inferred_dosages,
)
from app.interchange.writer.items import (
    Choices,
    MedicineInFile,
    Target,
    check_choices_are_made,
    medicines_in,
    offer,
    targets_of,
    write_items,
)
from app.interchange.writer.report import GiveWay, ImportReport, Progress, go_on
from app.interchange.writer.statements import Statements
from app.models import ImportBatch, RegimenItem, User
from app.services.history import Decision, append_version, lock_user, record_state_before
from app.services.versions import bump_regimen_version

ROWS_A_STEP = 25
ROWS_A_REPORT = 100

Part = TypeVar("Part")


def import_log(
    session: Session,
    user: User,
    log: ImportedLog,
    now: datetime,
    progress: Progress | None = None,
    *,
    choices: Choices | None = None,
    give_way: GiveWay = go_on,
) -> ImportReport:
    """Store a file's log; the caller commits, also whenever `give_way` is called.

    Raises `Refused` if the file holds too many medicines, or one with the name of an existing item
    and without a choice.
    """
    report = _report_of(log)
    if log.is_empty:
        return report
    lock_user(session, user.id)
    medicines = medicines_in(user, log, now)
    targets = targets_of(session, user, log.source, medicines, choices or Choices())
    check_choices_are_made(targets)
    found = find_batch(session, user, log)
    batch = found or new_batch(user, log, now)
    session.add(batch)
    session.flush()
    report.batch_id = batch.id
    writer = _LogWriter(session, user, log, batch, now, give_way)
    writer.is_resumed = found is not None and not found.is_finished
    writer.write(targets, report, progress)
    report.offers = _offers(targets, report)
    return report


def preview_log(
    session: Session, user: User, log: ImportedLog, now: datetime, choices: Choices | None = None
) -> tuple[ImportReport, list[Target]]:
    """Count what `import_log` would do, and name the item of each medicine. Writes nothing.

    A medicine that may be one of the person's items is counted as a new one.
    """
    report = _report_of(log)
    medicines = medicines_in(user, log, now)
    targets = targets_of(session, user, log.source, medicines, choices or Choices())
    batch = find_batch(session, user, log) or new_batch(user, log, now)
    statements = Statements(session, batch)
    if log.doses:
        items, plans = _items(targets), _plans(session, user)
        doses = DoseWriter(session, user, statements, items, plans, log.doses)
        for step in _steps(log.doses):
            doses.decide(step, now, report)
    EntryWriter(session, user, statements, now).decide(log.entries, report)
    return report, targets


class _LogWriter:
    """Stores one log for one person, step by step."""

    def __init__(
        self,
        session: Session,
        user: User,
        log: ImportedLog,
        batch: ImportBatch,
        now: datetime,
        give_way: GiveWay,
    ) -> None:
        self.session = session
        self.user = user
        self.log = log
        self.batch = batch
        self.now = now
        self.give_way = give_way
        self.is_resumed = False
        self.run = Decision(user.id, uuid4(), now, now, device=log.source, import_batch_id=batch.id)

    def write(
        self, targets: Sequence[Target], report: ImportReport, progress: Progress | None
    ) -> None:
        """Store everything, and count the results."""
        session, user = self.session, self.user
        report.items = write_items(session, user, self.log.source, targets, self.run)
        self._move_first_day([target.medicine for target in targets])
        items, plans = _items(targets), _plans(session, user)
        statements = Statements(session, self.batch)
        self.give_way(at_once=True)
        touched: set[UUID] = set()
        if self.log.doses:
            doses = DoseWriter(session, user, statements, items, plans, self.log.doses)
            self._write_doses(doses, report, progress)
            touched = doses.touched
        entries = EntryWriter(session, user, statements, self.now)
        for step in _steps(self.log.entries):
            entries.write(step, report)
            self.give_way()
        for item in self.log.items:
            item_id = items[item.identity]
            if item_id and (item_id in touched or self._has_dosages_to_write(item)):
                self._write_dosages(item_id, item, report)
        self._finish()

    def _write_doses(
        self, writer: DoseWriter, report: ImportReport, progress: Progress | None
    ) -> None:
        total, done = len(self.log.doses), 0
        for step in _steps(self.log.doses):
            writer.write(step, self.now, report)
            self.give_way()
            done += len(step)
            if progress and writer.touched and done % ROWS_A_REPORT == 0:
                progress(done, total)

    def _move_first_day(self, medicines: Sequence[MedicineInFile]) -> None:
        """Move the diary's first day to the first day of the file."""
        days = [each.first_on for each in medicines] + [each.on for each in self.log.entries]
        user, first = self.user, min(days)
        if first < user.began_on:
            before, state = {"began_on": user.began_on}, {"began_on": first}
            record_state_before(self.session, self.run, "settings", FIRST_DAY, before)
            append_version(self.session, self.run, kind="settings", subject=FIRST_DAY, state=state)
            user.began_on = first
            self.session.add(user)
            self.session.flush()

    def _has_dosages_to_write(self, item: ImportedItem) -> bool:
        return self.is_resumed or bool(item.dosages and not self.batch.is_finished)

    def _write_dosages(self, item_id: UUID, imported: ImportedItem, report: ImportReport) -> None:
        """Write an item's dosages as the file states them, or as they repeat in its slots."""
        slots = slots_of(self.session, item_id)
        self.give_way(at_once=True)
        dosages = imported.dosages or infer_dosages([slot for _id, slot in slots])
        lock_user(self.session, self.user.id)
        item = self.session.get(RegimenItem, item_id, populate_existing=True)
        if item is None:
            return
        set_windows(self.session, slots)
        written, proposal = write_inferred_dosages(self.session, item, dosages, self.run)
        report.dosages += written
        report.proposals += [proposal] if proposal else []
        bump_regimen_version(self.session, self.user)
        self.session.flush()
        self.give_way()

    def _finish(self) -> None:
        if not self.batch.is_finished:
            self.batch.is_finished = True
            self.session.add(self.batch)
            self.session.flush()


def _report_of(log: ImportedLog) -> ImportReport:
    return ImportReport(rows=log.rows, doubled=log.doubled, refusals=list(log.refusals))


def _steps(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    return (parts[start : start + ROWS_A_STEP] for start in range(0, len(parts), ROWS_A_STEP))


def _items(targets: Sequence[Target]) -> dict[str, UUID | None]:
    return {target.medicine.identity: target.item_id for target in targets}


def _plans(session: Session, user: User) -> dict[UUID, Plan]:
    return {item.id: item.plan for item in load_regimen(session, user.id).items}


def _offers(targets: Sequence[Target], report: ImportReport) -> list[str]:
    """Return the catalogue entries to offer for new items."""
    return [
        f"{target.medicine.name}: {offer(target)}"
        for target in targets
        if target.medicine.name in report.items and target.offered is not None
    ]
