"""Find the slot that a dose of a file belongs to, and the event that answers it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import insert, update
from sqlmodel import Session, col

from app.domain.ledger import Plan
from app.domain.timing import window_minutes
from app.interchange.imported_log import ImportedDose, answer_stated
from app.interchange.writer.batches import decided_by_batch
from app.interchange.writer.clocks import due_on, wall_time
from app.interchange.writer.known_days import Known
from app.models import ImportBatch, ImportedRow, ImportedSlot, User, slot_event_id
from app.services.history import append_versions, record_state_before


class Place(NamedTuple):
    """The slot and event of a dose. `event_id` None: nothing is written for it."""

    item_id: UUID
    due_on: date
    due_time: time | None
    event_id: UUID | None
    slot: ImportedSlot | None = None
    is_known_slot: bool = False


class Places:
    """Finds the places of a few doses, and stores new slots."""

    def __init__(
        self,
        user: User,
        batch: ImportBatch,
        known: Known,
        plans: Mapping[UUID, Plan],
        slots_a_day: Mapping[tuple[str, date], int],
    ) -> None:
        self.user = user
        self.batch = batch
        self.known = known
        self.plans = plans
        self.slots_a_day = slots_a_day
        self.added: list[ImportedSlot] = []
        self.recognised: list[ImportedSlot] = []
        self.replanned: list[tuple[ImportedSlot, dict[str, Any]]] = []

    def place_of(self, dose: ImportedDose, item_id: UUID, row: ImportedRow | None) -> Place:
        """Return the place of a dose; `row` is its row from an earlier file."""
        on = row.due_on if row and row.due_on else due_on(self.user, dose)
        if dose.scheduled_at is None:
            event_id = row.event_id if row else None
            return Place(item_id, on, None, event_id or self._loose_id(dose, item_id))
        place = self._stored(dose, item_id, on) or self._written(item_id, on, row)
        if place is None:
            place = self._planned(dose, item_id, on) or self._added(dose, item_id, on, row)
        return self._where_it_moved(place, row)

    def replan(self, dose: ImportedDose, row: ImportedRow | None, place: Place) -> bool:
        """Update a slot's planned amount from the file, unless it was corrected by hand."""
        if place.slot is None or row is None or row.stated is None:
            return False
        planned = (place.slot.amount, place.slot.unit)
        if planned != tuple(row.stated["planned"]) or planned == (dose.planned, dose.unit):
            return False
        self.replanned.append((place.slot, planned_state(place.slot)))
        place.slot.amount, place.slot.unit = dose.planned, dose.unit
        return True

    def write_slots(self, session: Session, now: datetime) -> None:
        """Store new and changed slots; the history keeps earlier planned amounts."""
        if self.added:
            session.execute(insert(ImportedSlot), [slot.model_dump() for slot in self.added])
        for slot in self.recognised:
            _update(session, slot, scheduled_at=slot.scheduled_at)
        for slot, before in self.replanned:
            _update(session, slot, **planned_state(slot))
            decision = decided_by_batch(self.batch, f"slot {slot.id}", now)
            subject, state = slot_subject(slot.id), planned_state(slot)
            record_state_before(session, decision, "imported_slot", subject, before)
            append_versions(session, "imported_slot", [(decision, subject, state)])

    def _stored(self, dose: ImportedDose, item_id: UUID, on: date) -> Place | None:
        """Return the slot that a file brought, even if a correction moved it."""
        assert dose.scheduled_at is not None
        slot = self.known.slot_scheduled(item_id, on, dose.scheduled_at)
        if slot is None:
            there = self.known.slot_at(item_id, on, wall_time(dose.scheduled_at))
            if there is None or there.scheduled_at is not None:
                return None
            slot = there
            slot.scheduled_at = dose.scheduled_at
            self.recognised.append(slot)
        event_id = slot_event_id(item_id, on, slot.due_time)
        return Place(item_id, on, slot.due_time, event_id, slot, is_known_slot=True)

    def _written(self, item_id: UUID, on: date, row: ImportedRow | None) -> Place | None:
        """Return the event that a row was written to, if no slot of the file is left."""
        if row is None or row.event_id is None:
            return None
        event = self.known.events.get(row.event_id)
        return Place(item_id, on, event["due_time"] if event else None, row.event_id)

    def _planned(self, dose: ImportedDose, item_id: UUID, on: date) -> Place | None:
        """Return the nearest free slot of the item's own plan; None if that day has none."""
        assert dose.scheduled_at is not None
        plan = self.plans.get(item_id)
        if plan is None or plan.slots_from is None or on < plan.slots_from:
            return None
        if plan.dosage_on(on) is None:
            return None
        if dose.answer.status is None:
            return Place(item_id, on, None, None)
        wanted = wall_time(dose.scheduled_at)
        times = [slot.at for slot in plan.slots_by_key(on, on).values()]
        free = [at for at in times if slot_event_id(item_id, on, at) not in self.known.used]
        if not free:
            return Place(item_id, on, None, self._loose_id(dose, item_id))
        at = min(free, key=lambda each: abs(_minutes(each) - _minutes(wanted)))
        event_id = slot_event_id(item_id, on, at)
        self.known.used.add(event_id)
        return Place(item_id, on, at, event_id)

    def _added(self, dose: ImportedDose, item_id: UUID, on: date, row: ImportedRow | None) -> Place:
        """Add a new slot; if a correction removed the slot, the dose has none.

        Two doses can be due at one wall clock time of a day, after a flight over the date line: the
        second slot is a minute later.
        """
        if row is not None or dose.scheduled_at is None:
            return Place(item_id, on, None, self._loose_id(dose, item_id))
        at = wall_time(dose.scheduled_at)
        while self.known.slot_at(item_id, on, at) is not None:
            at = (datetime.combine(on, at) + timedelta(minutes=1)).time()
        slot = ImportedSlot(
            id=uuid5(item_id, f"imported slot {dose.scheduled_at.astimezone(UTC).isoformat()}"),
            user_id=self.user.id,
            regimen_item_id=item_id,
            import_batch_id=self.batch.id,
            due_on=on,
            due_time=at,
            amount=dose.planned,
            unit=dose.unit,
            window_minutes=window_minutes(self.slots_a_day[dose.item, on]),
            scheduled_at=dose.scheduled_at,
        )
        self.added.append(slot)
        self.known.add_slot(slot)
        return Place(item_id, on, at, slot_event_id(item_id, on, at), slot)

    def _loose_id(self, dose: ImportedDose, item_id: UUID) -> UUID:
        """Return the id of the event of a dose without a slot."""
        return uuid5(item_id, f"{self.batch.source} {dose.key}")

    def _where_it_moved(self, place: Place, row: ImportedRow | None) -> Place:
        """Return the place of an event that a correction moved away from its slot."""
        if row is None or row.stated is None or place.event_id in self.known.events:
            return place
        answer = answer_stated(row.stated)
        event = self.known.moved_event(place.item_id, place.due_on, answer)
        if answer.status is None or event is None:
            return place
        return place._replace(event_id=event["id"], due_time=event["due_time"])


def slot_subject(slot_id: UUID) -> str:
    """Return the history's subject for the planned amount of a stored slot."""
    return f"slot/{slot_id}"


def planned_state(slot: ImportedSlot) -> dict[str, Any]:
    """Return the planned amount of a slot, as the history stores it."""
    return {"amount": slot.amount, "unit": slot.unit}


def _update(session: Session, slot: ImportedSlot, **values: Any) -> None:
    session.execute(update(ImportedSlot).where(col(ImportedSlot.id) == slot.id).values(**values))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
