"""Undo an import as a whole, for as long as history keeps what it replaced.

* Every decision of the import is undone in history, so each subject returns to the state that
  counts without it: what an earlier file or the person said, or nothing.
* What was changed since, by hand or by a later file, stays as it is. So does an item on which
  something else depends.
* The rows and slots of the file are forgotten, so the same file can be imported again.

The work is done in short transactions, as an import is. One that was interrupted is finished by
undoing the import again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID, uuid5

from sqlalchemy import Table, delete, exists, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, select

from app.errors import Refused
from app.i18n import _
from app.interchange.writer.batches import FIRST_DAY
from app.interchange.writer.inferred_dosages import set_windows, slots_of
from app.interchange.writer.report import GiveWay, go_on
from app.models import (
    DoseEvent,
    EntryVersion,
    ImportBatch,
    ImportedMedicine,
    ImportedRow,
    ImportedSlot,
    Ingredient,
    RegimenItem,
    User,
    slot_event_id,
)
from app.models.check_in import symptom_report_id
from app.records import DELETABLE, DOSE_EVENT, SYMPTOM_REPORT, Record
from app.services.check_ins import put_measure
from app.services.first_day import first_logged_on
from app.services.history import (
    CONTENTS_ARE_KEPT_FOR,
    Decision,
    append_versions,
    lock_user,
    standing_version,
    values_of,
    write_row,
)
from app.services.regimen_writes import planned_from, put_item, put_plan
from app.services.versions import bump_regimen_version

SUBJECTS_A_STEP = 25
ROWS_A_STEP = 200
TAKEN_BACK = "Took back {taken_back:,} doses and other entries, and {slots:,} scheduled times."
KEPT = "{kept:,} stay as they are, because they were changed since."
# An item can only go after all that depends on it.
ITEMS_LAST = {"dosages": 1, "regimen_item": 2, "settings": 3}


@dataclass(slots=True)
class UndoReport:
    """What an undo did: doses and other entries that were taken back, and slots that are gone.

    `kept` counts what stays, items and dosages too; `items` names the items that are gone.
    """

    taken_back: int = 0
    slots: int = 0
    kept: int = 0
    items: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = TAKEN_BACK.format(taken_back=self.taken_back, slots=self.slots)
        return " ".join([told, KEPT.format(kept=self.kept)]) if self.kept else told


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject that an import decided, and the entries by which it did."""

    kind: str
    name: str
    entries: Sequence[UUID]

    @property
    def parts(self) -> list[str]:
        """What the name consists of, without its first word."""
        return self.name.split("/")[1:]


def imports_to_undo(session: Session, user: User, now: datetime) -> list[ImportBatch]:
    """The imports that can be undone, the newest first."""
    return [each for each in session.exec(ImportBatch.of_user(user.id)) if _is_in_time(each, now)]


def undo_import(
    session: Session, user: User, batch: ImportBatch, now: datetime, give_way: GiveWay = go_on
) -> UndoReport:
    """Take back what an import wrote; the caller commits, also whenever `give_way` is called.

    Raises `Refused` if history may have dropped what the import replaced.
    """
    if not _is_in_time(batch, now):
        raise Refused(_("This import is more than 90 days old, so it can no longer be undone."))
    report = UndoReport()
    lock_user(session, user.id)
    batch.undone_at = batch.undone_at or now
    session.add(batch)
    session.flush()
    give_way(at_once=True)
    undo = _Undo(session, user, batch, now)
    subjects = undo.subjects()
    for steps in (
        undo.revert_all(_of_kinds(subjects, first=True), report),
        undo.forget(report),
        undo.revert_all(_of_kinds(subjects, first=False), report),
    ):
        for _step in steps:
            bump_regimen_version(session, user)
            session.flush()
            give_way()
            lock_user(session, user.id)
    undo.tidy()
    report.items.sort()
    bump_regimen_version(session, user)
    return report


def _is_in_time(batch: ImportBatch, now: datetime) -> bool:
    return batch.imported_at >= now - CONTENTS_ARE_KEPT_FOR


def _of_kinds(subjects: Sequence[Subject], *, first: bool) -> list[Subject]:
    """The subjects of the log, or those of the regimen in the order in which they can go."""
    found = [each for each in subjects if (each.kind not in ITEMS_LAST) is first]
    return sorted(found, key=lambda each: ITEMS_LAST.get(each.kind, 0))


class _Undo:
    """Undoes one import, step by step; each step is ready for a commit."""

    def __init__(self, session: Session, user: User, batch: ImportBatch, now: datetime) -> None:
        self.session = session
        self.user = user
        self.batch = batch
        self.now = now
        self.put: Mapping[str, Callable[[Subject, EntryVersion | None], None]] = {
            "dose_event": self._put_dose,
            "check_in": self._put_measure,
            "symptom_report": self._put_symptom,
            "imported_slot": self._put_slot,
            "dosages": self._put_plan,
            "regimen_item": self._put_item,
            "settings": self._put_first_day,
        }

    def subjects(self) -> list[Subject]:
        """What the import decided, as far as it is not undone yet."""
        undo = aliased(EntryVersion)
        is_undone = exists().where(
            col(undo.user_id) == self.user.id,
            col(undo.subject) == EntryVersion.subject,
            col(undo.undoes) == EntryVersion.entry_id,
        )
        decided = self.session.exec(
            select(EntryVersion.kind, EntryVersion.subject, EntryVersion.entry_id)
            .where(EntryVersion.user_id == self.user.id)
            .where(EntryVersion.import_batch_id == self.batch.id)
            .where(~is_undone)
            .order_by(EntryVersion.subject)
        )
        entries: dict[tuple[str, str], list[UUID]] = {}
        for kind, subject, entry_id in decided:
            entries.setdefault((kind, subject), []).append(entry_id)
        return [Subject(kind, name, found) for (kind, name), found in entries.items()]

    def revert_all(self, subjects: Sequence[Subject], report: UndoReport) -> Iterator[None]:
        """Bring subjects back to what counts without the import, a few at a time."""
        for start in range(0, len(subjects), SUBJECTS_A_STEP):
            for subject in subjects[start : start + SUBJECTS_A_STEP]:
                self._revert(subject, report)
            yield

    def forget(self, report: UndoReport) -> Iterator[None]:
        """Forget the slots and rows of the file; a slot that has an answer stays."""
        answered = exists().where(
            col(DoseEvent.regimen_item_id) == ImportedSlot.regimen_item_id,
            col(DoseEvent.due_on) == ImportedSlot.due_on,
            col(DoseEvent.due_time) == ImportedSlot.due_time,
        )
        of_batch = select_columns(col(ImportedSlot.id), answered).where(
            col(ImportedSlot.import_batch_id) == self.batch.id
        )
        while found := self.session.execute(of_batch.limit(ROWS_A_STEP)).all():
            gone = [slot_id for slot_id, is_answered in found if not is_answered]
            kept = [slot_id for slot_id, is_answered in found if is_answered]
            self.session.execute(delete(ImportedSlot).where(col(ImportedSlot.id).in_(gone)))
            keeping = update(ImportedSlot).where(col(ImportedSlot.id).in_(kept))
            self.session.execute(keeping.values(import_batch_id=None))
            report.slots += len(gone)
            yield
        self.session.execute(
            update(ImportedRow)
            .where(col(ImportedRow.user_id) == self.user.id)
            .where(col(ImportedRow.batch_before) == self.batch.id)
            .values(batch_before=None, stated_before=None)
        )
        rows = select(ImportedRow.source_key).where(ImportedRow.import_batch_id == self.batch.id)
        while keys := self.session.exec(rows.limit(ROWS_A_STEP)).all():
            self._forget_rows(keys)
            yield

    def _forget_rows(self, keys: Sequence[str]) -> None:
        """Forget what the file said of some rows; what an earlier file said of them counts."""
        found = (
            col(ImportedRow.user_id) == self.user.id,
            col(ImportedRow.source) == self.batch.source,
            col(ImportedRow.source_key).in_(keys),
        )
        before = col(ImportedRow.batch_before)
        self.session.execute(delete(ImportedRow).where(*found, before.is_(None)))
        self.session.execute(
            update(ImportedRow)
            .where(*found)
            .values(
                import_batch_id=before,
                stated=col(ImportedRow.stated_before),
                batch_before=None,
                stated_before=None,
            )
        )

    def tidy(self) -> None:
        """Forget where the import sent its medicines; widen the slots of their items."""
        self.session.execute(
            delete(ImportedMedicine).where(
                col(ImportedMedicine.user_id) == self.user.id,
                col(ImportedMedicine.import_batch_id) == self.batch.id,
            )
        )
        for item in self.session.exec(RegimenItem.owned_by(self.user.id)).all():
            set_windows(self.session, slots_of(self.session, item.id))

    def _revert(self, subject: Subject, report: UndoReport) -> None:
        versions = self.session.exec(EntryVersion.of_subject(self.user.id, subject.name)).all()
        before = standing_version(versions)
        others = [each for each in versions if each.entry_id not in subject.entries]
        after = standing_version(others)
        if subject.kind == "regimen_item" and after is None and self._is_needed(subject):
            report.kept += 1
            return
        undoing = [(decision, subject.name, None) for decision in self._undoing(subject)]
        append_versions(self.session, subject.kind, undoing)
        if after is before:
            report.kept += 1
            return
        self._count(subject, after, report)
        self.put.get(subject.kind, self._put_row)(subject, after)

    def _count(self, subject: Subject, after: EntryVersion | None, report: UndoReport) -> None:
        if subject.kind == "regimen_item" and after is None:
            item = self.session.get(RegimenItem, UUID(subject.parts[0]))
            report.items += [item.name] if item else []
        elif subject.kind not in {*ITEMS_LAST, "imported_slot"}:
            report.taken_back += 1

    def _undoing(self, subject: Subject) -> Iterator[Decision]:
        for entry_id in subject.entries:
            yield Decision(
                self.user.id,
                uuid5(entry_id, "undo import"),
                self.now,
                self.now,
                device=self.batch.source,
                undoes=entry_id,
            )

    def _is_needed(self, subject: Subject) -> bool:
        """Whether anything but the label still depends on an item."""
        item_id = UUID(subject.parts[0])
        columns = (
            key.parent
            for table in SQLModel.metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name == RegimenItem.__tablename__
            and table.name != Ingredient.__tablename__
        )
        return any(
            self.session.execute(select_columns(each).where(each == item_id).limit(1)).first()
            for each in columns
        )

    def _put_dose(self, subject: Subject, version: EntryVersion | None) -> None:
        self._write(DOSE_EVENT, _event_id(subject), version)

    def _put_row(self, subject: Subject, version: EntryVersion | None) -> None:
        self._write(DELETABLE[subject.kind], UUID(subject.parts[0]), version)

    def _put_symptom(self, subject: Subject, version: EntryVersion | None) -> None:
        on, slug = subject.parts
        row_id = symptom_report_id(self.user.id, date.fromisoformat(on), slug)
        self._write(SYMPTOM_REPORT, row_id, version)

    def _put_measure(self, subject: Subject, version: EntryVersion | None) -> None:
        on, question = subject.parts
        state = version.state if version else None
        value = state["value"] if state else None
        logged_at = version.changed_at if version else self.now
        put_measure(self.session, self.user.id, date.fromisoformat(on), question, value, logged_at)

    def _put_slot(self, subject: Subject, version: EntryVersion | None) -> None:
        if version is not None and version.state is not None:
            of_slot = update(ImportedSlot).where(col(ImportedSlot.id) == UUID(subject.parts[0]))
            self.session.execute(of_slot.values(**version.state))

    def _put_plan(self, subject: Subject, version: EntryVersion | None) -> None:
        state = version.state if version else None
        plan = [planned_from(each) for each in state["dosages"]] if state else []
        put_plan(self.session, self.user.id, UUID(subject.parts[0]), plan)

    def _put_item(self, subject: Subject, version: EntryVersion | None) -> None:
        item_id = UUID(subject.parts[0])
        if version is None or version.state is None:
            self._delete(RegimenItem, item_id)
            return
        columns = {name: each for name, each in version.state.items() if name != "ingredients"}
        values = RegimenItem.model_validate({**columns, "id": item_id}).model_dump(
            include=set(columns)
        )
        label = version.state["ingredients"]
        put_item(self.session, self.user.id, item_id, values, label)

    def _put_first_day(self, subject: Subject, version: EntryVersion | None) -> None:
        if subject.name != FIRST_DAY or version is None or version.state is None:
            return
        before = date.fromisoformat(version.state["began_on"])
        logged = first_logged_on(self.session, self.user)
        self.user.began_on = min(before, logged or before)
        self.session.add(self.user)

    def _write(self, record: Record, row_id: UUID, version: EntryVersion | None) -> None:
        values = values_of(record, row_id, version)
        if values is None:
            self._delete(record.table, row_id)
        else:
            write_row(self.session, record.table, row_id, values)

    def _delete(self, table: type[SQLModel], row_id: UUID) -> None:
        rows: Table = table.__table__  # type: ignore[attr-defined]
        self.session.execute(
            delete(table).where(rows.c.id == row_id, rows.c.user_id == self.user.id)
        )


def _event_id(subject: Subject) -> UUID:
    """The id of the event that a subject names (`dose_subject`)."""
    if len(subject.parts) == 1:
        return UUID(subject.parts[0])
    item_id, on, at = subject.parts
    return slot_event_id(UUID(item_id), date.fromisoformat(on), time.fromisoformat(at))
