"""Undo an import as a whole, for as long as history keeps what it replaced.

* Every decision of the import is undone in history, so each subject returns to the state that
  counts without it: what an earlier file or the person said, or nothing.
* What was changed since, by hand or by a later file, stays as it is. So does an item on which
  something else depends.
* The rows and slots of the file are forgotten, so the same file can be imported again.

The work is done in short transactions, as an import is. One that was interrupted is finished by
undoing the import again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, delete, exists, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from app.db.tables import table_of
from app.errors import Refused
from app.i18n import _
from app.interchange.writer.batches import FIRST_DAY
from app.interchange.writer.inferred_dosages import set_windows, slots_of
from app.interchange.writer.report import GiveWay, go_on
from app.language.words import counted
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
    dose_subject,
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
# In this order: an item can only be deleted after everything that depends on it.
REGIMEN_KINDS = ("dosages", "regimen_item", "settings")


@dataclass(slots=True)
class UndoReport:
    """The results of an undo: doses and other entries reverted, and slots deleted.

    `kept` counts what stays, items and dosages too; `items` names the deleted items.
    """

    taken_back: int = 0
    slots: int = 0
    kept: int = 0
    items: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = _(
            "Took back {entries}, and {times}.",
            entries=counted(
                "{n} dose or other entry", "{n} doses and other entries", self.taken_back
            ),
            times=counted("{n} scheduled time", "{n} scheduled times", self.slots),
        )
        kept = counted(
            "{n} stays as it is, because it was changed since.",
            "{n} stay as they are, because they were changed since.",
            self.kept,
        )
        return f"{told} {kept}" if self.kept else told


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject that an import decided."""

    kind: str
    name: str

    @property
    def parts(self) -> list[str]:
        """The parts of the subject after its first word."""
        return self.name.split("/")[1:]


def imports_to_undo(session: Session, user: User, now: datetime) -> list[ImportBatch]:
    """Read the imports that can be undone, newest first."""
    return [
        each
        for each in session.exec(ImportBatch.of_user(user.id))
        if _is_in_time(each, now) and not _is_of_older_release(session, each)
    ]


def undo_import(
    session: Session, user: User, batch: ImportBatch, now: datetime, give_way: GiveWay = go_on
) -> UndoReport:
    """Revert what an import wrote; the caller commits, also whenever `give_way` is called.

    Raises `Refused` if the history may have dropped values that the import replaced, or does not
    record what the import decided.
    """
    if not _is_in_time(batch, now):
        raise Refused(_("This import is more than 90 days old, so it can no longer be undone."))
    if _is_of_older_release(session, batch):
        raise Refused(
            _("This import was made by an older version of Strand, so it can’t be undone.")
        )
    report = UndoReport()
    lock_user(session, user.id)
    batch.undone_at = batch.undone_at or now
    session.add(batch)
    session.flush()
    give_way(at_once=True)
    undo = _Undo(session, user, batch, now, report)
    for _step in undo.steps():
        bump_regimen_version(session, user)
        session.flush()
        give_way()
        lock_user(session, user.id)
    report.items.sort()
    return report


def _is_in_time(batch: ImportBatch, now: datetime) -> bool:
    return batch.imported_at >= now - CONTENTS_ARE_KEPT_FOR


def _is_of_older_release(session: Session, batch: ImportBatch) -> bool:
    """Whether decisions of an import do not name it, as before migration 0022.

    An undo would take back the rest and leave these.
    """
    nameless = (
        select(EntryVersion.entry_id)
        .where(EntryVersion.user_id == batch.user_id, EntryVersion.device == batch.source)
        .where(EntryVersion.received_at == batch.imported_at)
        .where(col(EntryVersion.import_batch_id).is_(None), col(EntryVersion.undoes).is_(None))
    )
    return session.exec(nameless.limit(1)).first() is not None


class _Undo:
    """Undoes one import, step by step; each step is ready for a commit."""

    def __init__(
        self,
        session: Session,
        user: User,
        batch: ImportBatch,
        now: datetime,
        report: UndoReport,
    ) -> None:
        self.session = session
        self.user = user
        self.batch = batch
        self.now = now
        self.report = report
        self.touched: set[UUID] = set()
        self.put: Mapping[str, Callable[[Subject, EntryVersion | None], None]] = {
            "dose_event": self._put_dose,
            "check_in": self._put_measure,
            "symptom_report": self._put_symptom,
            "imported_slot": self._put_slot,
            "dosages": self._put_plan,
            "regimen_item": self._put_item,
            "settings": self._put_first_day,
        }

    def steps(self) -> Iterator[None]:
        """Undo everything: the log, the slots and rows of the file, then the regimen."""
        yield from self._revert_kinds(col(EntryVersion.kind).not_in(REGIMEN_KINDS))
        yield from self._forget_slots()
        yield from self._forget_statements()
        for kind in REGIMEN_KINDS:
            yield from self._revert_kinds(col(EntryVersion.kind) == kind)
        yield from self._widen_slots()

    def _revert_kinds(self, of_kinds: ColumnElement[bool]) -> Iterator[None]:
        """Revert subjects to the state that counts without the import, a few at a time."""
        subjects = (
            select(EntryVersion.kind, EntryVersion.subject)
            .where(EntryVersion.user_id == self.user.id)
            .where(EntryVersion.import_batch_id == self.batch.id, of_kinds)
            .order_by(EntryVersion.subject)
            .distinct()
            .limit(SUBJECTS_A_STEP)
        )
        last = ""
        while found := self.session.exec(subjects.where(EntryVersion.subject > last)).all():
            versions = self._versions([subject for _kind, subject in found])
            for kind, subject in found:
                self._revert(Subject(kind, subject), versions[subject])
            last = found[-1][1]
            yield

    def _versions(self, subjects: Sequence[str]) -> Mapping[str, Sequence[EntryVersion]]:
        """All versions of some subjects, the oldest decision first."""
        versions = self.session.exec(
            select(EntryVersion)
            .where(EntryVersion.user_id == self.user.id, col(EntryVersion.subject).in_(subjects))
            .order_by(col(EntryVersion.changed_at), col(EntryVersion.entry_id))
        )
        found: defaultdict[str, list[EntryVersion]] = defaultdict(list)
        for version in versions:
            found[version.subject].append(version)
        return found

    def _forget_slots(self) -> Iterator[None]:
        """Delete the slots of the file; a slot that was answered since stays."""
        slot, event = table_of(ImportedSlot).c, table_of(DoseEvent).c
        named = (slot.regimen_item_id, slot.due_on, slot.due_time)
        is_answered = exists().where(*(each == event[each.name] for each in named))
        slots = (
            select_columns(slot.id, *named, is_answered)
            .where(slot.user_id == self.user.id, slot.import_batch_id == self.batch.id)
            .order_by(slot.due_on)
            .limit(ROWS_A_STEP)
        )
        last = date.min
        while found := self.session.execute(slots.where(slot.due_on >= last)).all():
            kept = {
                slot_id
                for slot_id, *name, has_answer in found
                if has_answer and self._was_answered_since(*name)
            }
            gone = [slot_id for slot_id, *_rest in found if slot_id not in kept]
            self.session.execute(delete(ImportedSlot).where(slot.id.in_(gone)))
            keeping = update(ImportedSlot).where(slot.id.in_(kept))
            self.session.execute(keeping.values(import_batch_id=None))
            self.report.slots += len(gone)
            self.touched |= {item_id for _id, item_id, *_rest in found}
            last = found[-1].due_on
            yield

    def _was_answered_since(self, item_id: UUID, on: date, at: time) -> bool:
        """Whether a slot got its answer after the import: then that counts as due."""
        subject = dose_subject(slot_event_id(item_id, on, at), item_id, on, at)
        versions = self.session.exec(EntryVersion.of_subject(self.user.id, subject))
        standing = standing_version(versions)
        return standing is not None and standing.received_at >= self.batch.imported_at

    def _forget_statements(self) -> Iterator[None]:
        """Delete the file's statements, and the items that its medicines went to."""
        self.session.execute(
            delete(ImportedMedicine).where(
                col(ImportedMedicine.user_id) == self.user.id,
                col(ImportedMedicine.import_batch_id) == self.batch.id,
            )
        )
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
        """Delete the statements of some rows; an earlier file's statements count again."""
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

    def _widen_slots(self) -> Iterator[None]:
        """Recompute how far off a dose is on time, by the doses that its day still has."""
        for item_id in self.touched:
            slots = slots_of(self.session, item_id)
            yield
            set_windows(self.session, slots)
            yield

    def _revert(self, subject: Subject, versions: Sequence[EntryVersion]) -> None:
        undone = {version.undoes for version in versions}
        entries = [
            version.entry_id
            for version in versions
            if version.import_batch_id == self.batch.id and version.entry_id not in undone
        ]
        before = standing_version(versions)
        after = standing_version(each for each in versions if each.entry_id not in entries)
        if not entries:
            return
        if subject.kind == "regimen_item" and after is None and self._is_needed(subject):
            self.report.kept += 1
            return
        undoing = [(self._undoing(each), subject.name, None) for each in entries]
        append_versions(self.session, subject.kind, undoing)
        if after is before:
            self.report.kept += 1
            return
        self._count(subject, after)
        self.put.get(subject.kind, self._put_row)(subject, after)

    def _count(self, subject: Subject, after: EntryVersion | None) -> None:
        if subject.kind == "regimen_item" and after is None:
            item = self.session.get(RegimenItem, UUID(subject.parts[0]))
            self.report.items += [item.name] if item else []
        elif subject.kind not in {*REGIMEN_KINDS, "imported_slot"}:
            self.report.taken_back += 1

    def _undoing(self, entry_id: UUID) -> Decision:
        return Decision(
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

    def _write(self, record: Record[Any], row_id: UUID, version: EntryVersion | None) -> None:
        values = values_of(record, row_id, version)
        if values is None:
            self._delete(record.table, row_id)
        else:
            write_row(self.session, record.table, row_id, values)

    def _delete(self, table: type[SQLModel], row_id: UUID) -> None:
        rows = table_of(table)
        self.session.execute(
            delete(table).where(rows.c.id == row_id, rows.c.user_id == self.user.id)
        )


def _event_id(subject: Subject) -> UUID:
    """Return the id of the event that a subject names (`dose_subject`)."""
    if len(subject.parts) == 1:
        return UUID(subject.parts[0])
    item_id, on, at = subject.parts
    return slot_event_id(UUID(item_id), date.fromisoformat(on), time.fromisoformat(at))
