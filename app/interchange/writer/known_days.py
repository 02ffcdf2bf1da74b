"""The stored slots, events and decisions of the days that a few imported doses are about."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.db.tables import table_of
from app.interchange.imported_log import UNANSWERED, Answer, ImportedDose
from app.interchange.writer.clocks import due_on, wall_time
from app.models import (
    DoseEvent,
    EntryVersion,
    ImportedRow,
    ImportedSlot,
    User,
    dose_subject,
    slot_event_id,
)

SlotTime = tuple[UUID, date, time]


class Known:
    """The rows imported before, the slots, the events, and who decided each last.

    The writer keeps it up to date, so that reading more days keeps earlier decisions. `versions`
    holds the newest `changed_at` and the device of each subject. `used` are the events that rows of
    files were written to. Slots are copies: changing one writes nothing.
    """

    def __init__(
        self, session: Session, user: User, source: str, items: Mapping[str, UUID | None]
    ) -> None:
        self.session = session
        self.user = user
        self.source = source
        self.items = items
        self.days: set[date] = set()
        self.rows: dict[str, ImportedRow] = {}
        self.slots: defaultdict[tuple[UUID, date], list[ImportedSlot]] = defaultdict(list)
        self.events: dict[UUID, dict[str, Any]] = {}
        self.versions: dict[str, tuple[datetime, str]] = {}
        self.used: set[UUID] = set()

    def read(self, doses: Sequence[ImportedDose]) -> None:
        """Read the days of some doses, except days read before."""
        keys = {key for dose in doses for key in (dose.key, dose.older_key)}
        rows = self._rows(col(ImportedRow.source_key).in_(keys - self.rows.keys()))
        planned = [each for dose in doses if (each := _slot_of(self.user, dose, self.items))]
        days = {on for _item, on, _at in planned}
        days |= {row.due_on for row in rows.values() if row.due_on}
        days -= self.days
        self.days |= days
        rows |= self._rows(col(ImportedRow.due_on).in_(days))
        self.rows = rows | self.rows
        self.used |= {row.event_id for row in rows.values() if row.event_id}
        slots = self._slots(days)
        for slot in slots:
            self.add_slot(slot)
        events = self._events(days)
        self.events |= events
        self.versions = self._versions(planned, slots, events, rows) | self.versions

    def add_slot(self, slot: ImportedSlot) -> None:
        """Add one more slot."""
        self.slots[slot.regimen_item_id, slot.due_on].append(slot)

    def slot_at(self, item_id: UUID, on: date, at: time) -> ImportedSlot | None:
        """Return the stored slot of an item at a time of a day."""
        return next((s for s in self.slots[item_id, on] if s.due_time == at), None)

    def slot_scheduled(
        self, item_id: UUID, on: date, scheduled_at: datetime
    ) -> ImportedSlot | None:
        """Return the slot that a file scheduled at an instant, even if a correction moved it."""
        slots = self.slots[item_id, on]
        return next((s for s in slots if s.scheduled_at == scheduled_at), None)

    def moved_event(self, item_id: UUID, on: date, answer: Answer) -> dict[str, Any] | None:
        """Return the event with `answer` that a correction gave another time of day."""
        return next(
            (
                event
                for event in self.events.values()
                if event["regimen_item_id"] == item_id
                and event["due_on"] == on
                and event["occurred_at"] == answer.at
                and event["status"] == answer.status
            ),
            None,
        )

    def _rows(self, where: Any) -> dict[str, ImportedRow]:
        statement = select(ImportedRow).where(
            ImportedRow.user_id == self.user.id, ImportedRow.source == self.source, where
        )
        rows = self.session.exec(statement.execution_options(populate_existing=True))
        return {row.source_key: row for row in rows}

    def _slots(self, days: Collection[date]) -> list[ImportedSlot]:
        statement = select(ImportedSlot).where(
            ImportedSlot.user_id == self.user.id, col(ImportedSlot.due_on).in_(days)
        )
        slots = list(self.session.exec(statement.execution_options(populate_existing=True)))
        for slot in slots:
            self.session.expunge(slot)
        return slots

    def _events(self, days: Collection[date]) -> dict[UUID, dict[str, Any]]:
        columns = table_of(DoseEvent).c
        events = self.session.execute(
            select_columns(*columns).where(
                columns.user_id == self.user.id, columns.due_on.in_(days)
            )
        )
        return {row.id: dict(row._mapping) for row in events}

    def _versions(
        self,
        planned: Iterable[SlotTime],
        slots: Iterable[ImportedSlot],
        events: Mapping[UUID, Mapping[str, Any]],
        rows: Mapping[str, ImportedRow],
    ) -> dict[str, tuple[datetime, str]]:
        subjects = {_slot_subject(*each) for each in planned}
        subjects |= {_slot_subject(s.regimen_item_id, s.due_on, s.due_time) for s in slots}
        subjects |= {event_subject(event) for event in events.values()}
        subjects |= {f"dose/{row.event_id}" for row in rows.values() if row.event_id}
        columns = table_of(EntryVersion).c
        found = self.session.execute(
            select_columns(
                *(columns.subject, columns.changed_at, columns.device),
                *(columns.entry_id, columns.undoes),
            )
            .where(columns.user_id == self.user.id, columns.subject.in_(subjects))
            .order_by(columns.changed_at, columns.entry_id)
        ).all()
        undone = {(subject, undoes) for subject, _at, _device, _entry, undoes in found if undoes}
        return {
            subject: (changed_at, device)
            for subject, changed_at, device, entry_id, undoes in found
            if undoes is None and (subject, entry_id) not in undone
        }


def answer_of(event: Mapping[str, Any] | None) -> Answer:
    """Return the answer of an event."""
    if event is None:
        return UNANSWERED
    return Answer(event["status"], event["occurred_at"], event["amount"], event["unit"])


def event_subject(event: Mapping[str, Any]) -> str:
    """Return an event's subject in the history."""
    return dose_subject(event["id"], event["regimen_item_id"], event["due_on"], event["due_time"])


def _slot_of(user: User, dose: ImportedDose, items: Mapping[str, UUID | None]) -> SlotTime | None:
    """The slot that a dose would have, by its own clock."""
    item_id = items[dose.item]
    return (item_id, due_on(user, dose), wall_time(dose.instant)) if item_id else None


def _slot_subject(item_id: UUID, on: date, at: time) -> str:
    return dose_subject(slot_event_id(item_id, on, at), item_id, on, at)
