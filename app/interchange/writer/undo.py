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
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from app.errors import Refused
from app.i18n import _
from app.interchange.writer.forgetting import forget_slots, forget_statements
from app.interchange.writer.inferred_dosages import set_windows, slots_of
from app.interchange.writer.report import GiveWay, UndoReport, go_on
from app.interchange.writer.restoring import Restorer
from app.models import EntryVersion, ImportBatch, Ingredient, RegimenItem, User
from app.records import parts_of
from app.services.history import (
    CONTENTS_ARE_KEPT_FOR,
    Decision,
    append_versions,
    current_version,
    lock_user,
)
from app.services.versions import bump_regimen_version

SUBJECTS_A_STEP = 25
# In this order: an item can only be deleted after everything that depends on it.
REGIMEN_KINDS = ("dosages", "regimen_item", "settings")


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
        self.restorer = Restorer(session, user, now)

    def steps(self) -> Iterator[None]:
        """Undo everything: the log, the slots and rows of the file, then the regimen."""
        touched: set[UUID] = set()
        yield from self._revert_kinds(col(EntryVersion.kind).not_in(REGIMEN_KINDS))
        for step in forget_slots(self.session, self.batch):
            self.report.slots += step.deleted
            touched |= step.item_ids
            yield
        yield from forget_statements(self.session, self.batch)
        for kind in REGIMEN_KINDS:
            yield from self._revert_kinds(col(EntryVersion.kind) == kind)
        yield from self._widen_slots(touched)

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
                self._revert(kind, subject, versions[subject])
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

    def _widen_slots(self, touched: set[UUID]) -> Iterator[None]:
        """Recompute how far off a dose is on time, by the doses that its day still has."""
        for item_id in touched:
            slots = slots_of(self.session, item_id)
            yield
            set_windows(self.session, slots)
            yield

    def _revert(self, kind: str, subject: str, versions: Sequence[EntryVersion]) -> None:
        undone = {version.undoes for version in versions}
        entries = [
            version.entry_id
            for version in versions
            if version.import_batch_id == self.batch.id and version.entry_id not in undone
        ]
        before = current_version(versions)
        after = current_version(each for each in versions if each.entry_id not in entries)
        if not entries:
            return
        if kind == "regimen_item" and after is None and self._is_needed(subject):
            self.report.kept += 1
            return
        undoing = [(self._undoing(each), subject, None) for each in entries]
        append_versions(self.session, kind, undoing)
        if after is before:
            self.report.kept += 1
            return
        self._count(kind, subject, after)
        self.restorer.restore(kind, subject, after)

    def _count(self, kind: str, subject: str, after: EntryVersion | None) -> None:
        if kind == "regimen_item" and after is None:
            item = self.session.get(RegimenItem, UUID(parts_of(subject)[0]))
            self.report.items += [item.name] if item else []
        elif kind not in {*REGIMEN_KINDS, "imported_slot"}:
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

    def _is_needed(self, subject: str) -> bool:
        """Whether anything but the label still depends on an item."""
        item_id = UUID(parts_of(subject)[0])
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
