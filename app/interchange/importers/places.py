"""Find where a fact of a file belongs: its slot, and the event that answers it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import insert
from sqlmodel import Session

from app.domain.ledger import Plan
from app.domain.timing import window_minutes
from app.interchange.importers.facts import Fact, answer_stated, due_on, wall_time
from app.interchange.importers.known_days import Known
from app.models import ImportBatch, ImportedRow, ImportedSlot, User, slot_event_id


class Place(NamedTuple):
    """Where a fact belongs. `event_id` None: nothing is written for it."""

    item_id: UUID
    due_on: date
    due_time: time | None
    event_id: UUID | None
    slot: ImportedSlot | None = None
    is_known_slot: bool = False


class Places:
    """Finds the places of a few facts, and stores the slots that are new."""

    def __init__(
        self,
        session: Session,
        user: User,
        batch: ImportBatch,
        known: Known,
        plans: Mapping[UUID, Plan],
        slots_a_day: Mapping[tuple[str, date], int],
    ) -> None:
        self.session = session
        self.user = user
        self.batch = batch
        self.known = known
        self.plans = plans
        self.slots_a_day = slots_a_day
        self.added: list[ImportedSlot] = []
        self.used = {row.event_id for row in known.rows.values() if row.event_id}

    def place_of(self, fact: Fact, item_id: UUID, row: ImportedRow | None) -> Place:
        """Where a fact belongs; `row` is what an earlier file said of it."""
        on = row.due_on if row and row.due_on else due_on(self.user, fact)
        if fact.scheduled_at is None:
            event_id = row.event_id if row else None
            return Place(item_id, on, None, event_id or self._loose_id(fact, item_id))
        place = self._stored(fact, item_id, on) or self._written(item_id, on, row)
        if place is None:
            place = self._planned(fact, item_id, on) or self._added(fact, item_id, on, row)
        return self._where_it_moved(place, row)

    def replan(self, fact: Fact, row: ImportedRow | None, place: Place) -> bool:
        """Let a slot's planned amount follow the file, unless it was corrected by hand."""
        if place.slot is None or row is None or row.stated is None:
            return False
        planned = (place.slot.amount, place.slot.unit)
        if planned != tuple(row.stated["planned"]) or planned == (fact.planned, fact.unit):
            return False
        place.slot.amount, place.slot.unit = fact.planned, fact.unit
        self.session.add(place.slot)
        return True

    def write_slots(self) -> None:
        """Store the slots that are new, all at once."""
        if self.added:
            rows = [slot.model_dump() for slot in self.added]
            self.session.execute(insert(ImportedSlot), rows)

    def _stored(self, fact: Fact, item_id: UUID, on: date) -> Place | None:
        """The slot that a file brought, wherever a correction moved it."""
        assert fact.scheduled_at is not None
        slot = self.known.slot_scheduled(item_id, on, fact.scheduled_at)
        if slot is None:
            there = self.known.slot_at(item_id, on, wall_time(fact.scheduled_at))
            if there is None or there.scheduled_at is not None:
                return None
            slot = there
            slot.scheduled_at = fact.scheduled_at
            self.session.add(slot)
        event_id = slot_event_id(item_id, on, slot.due_time)
        return Place(item_id, on, slot.due_time, event_id, slot, is_known_slot=True)

    def _written(self, item_id: UUID, on: date, row: ImportedRow | None) -> Place | None:
        """The event that a row was written to, where no slot of the file is left."""
        if row is None or row.event_id is None:
            return None
        event = self.known.events.get(row.event_id)
        return Place(item_id, on, event["due_time"] if event else None, row.event_id)

    def _planned(self, fact: Fact, item_id: UUID, on: date) -> Place | None:
        """The nearest free slot of the item's own plan; None where it has none for that day."""
        assert fact.scheduled_at is not None
        plan = self.plans.get(item_id)
        if plan is None or plan.slots_from is None or on < plan.slots_from:
            return None
        if plan.dosage_on(on) is None:
            return None
        if fact.answer.status is None:
            return Place(item_id, on, None, None)
        wanted = wall_time(fact.scheduled_at)
        times = [slot.at for slot in plan.slots_by_key(on, on).values()]
        free = [at for at in times if slot_event_id(item_id, on, at) not in self.used]
        if not free:
            return Place(item_id, on, None, self._loose_id(fact, item_id))
        at = min(free, key=lambda each: abs(_minutes(each) - _minutes(wanted)))
        event_id = slot_event_id(item_id, on, at)
        self.used.add(event_id)
        return Place(item_id, on, at, event_id)

    def _added(self, fact: Fact, item_id: UUID, on: date, row: ImportedRow | None) -> Place:
        """A new slot; where a correction took the slot away, the dose has none.

        Two doses can be due at one wall clock time of a day, after a flight over the date line:
        the second slot is a minute later.
        """
        if row is not None or fact.scheduled_at is None:
            return Place(item_id, on, None, self._loose_id(fact, item_id))
        at = wall_time(fact.scheduled_at)
        while self.known.slot_at(item_id, on, at) is not None:
            at = (datetime.combine(on, at) + timedelta(minutes=1)).time()
        slot = ImportedSlot(
            id=uuid5(item_id, f"imported slot {fact.scheduled_at.astimezone(UTC).isoformat()}"),
            user_id=self.user.id,
            regimen_item_id=item_id,
            import_batch_id=self.batch.id,
            due_on=on,
            due_time=at,
            amount=fact.planned,
            unit=fact.unit,
            window_minutes=window_minutes(self.slots_a_day[fact.medicine, on]),
            scheduled_at=fact.scheduled_at,
        )
        self.added.append(slot)
        self.known.add_slot(slot)
        return Place(item_id, on, at, slot_event_id(item_id, on, at), slot)

    def _loose_id(self, fact: Fact, item_id: UUID) -> UUID:
        """The id of the event of a dose without a slot."""
        return uuid5(item_id, f"{self.batch.source} {fact.key}")

    def _where_it_moved(self, place: Place, row: ImportedRow | None) -> Place:
        """The place of an event that a correction moved away from its slot."""
        if row is None or row.stated is None or place.event_id in self.known.events:
            return place
        answer = answer_stated(row.stated)
        event = self.known.moved_event(place.item_id, place.due_on, answer)
        if answer.status is None or event is None:
            return place
        return place._replace(event_id=event["id"], due_time=event["due_time"])


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
