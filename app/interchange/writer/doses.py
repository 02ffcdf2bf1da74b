"""Write the doses of a file into the log, a few at a time.

* A slot exists where the file has one. From the day on that an item has a plan of its own
  (`slots_from`), its plan says what is due: a scheduled dose of the file answers the nearest
  free slot of that day, or is extra.
* A dose's own wall clock counts: it gives the logical date and the due time. An event keeps the
  account's zone where that had the very offset at the scheduled instant (without one, at the
  dose's own), else the offset.
* A later file wins over an earlier one, never over what the person changed by hand (`merging`).
  A file that was imported before does not undo what a later one corrected.
* A dose without a schedule has no lasting name: if it is gone from the file, and another one of
  that day is there instead, it was corrected.
* Doses of an item that the person removed stay away.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete
from sqlmodel import Session, col

from app.db import upsert_all
from app.domain.ledger import DoseStatus, Plan
from app.domain.logical_dates import iso_week
from app.interchange.imported_log import DOSE, UNANSWERED, Answer, ImportedDose, answer_stated
from app.interchange.writer.batches import decided_by_batch
from app.interchange.writer.clocks import due_on, zone_name
from app.interchange.writer.known_days import Known, answer_of
from app.interchange.writer.merging import Verdict, merge
from app.interchange.writer.places import Place, Places
from app.interchange.writer.report import ImportReport
from app.interchange.writer.statements import Statements
from app.models import DoseEvent, ImportBatch, ImportedRow, User, dose_subject
from app.services.history import Decision, append_versions, lock_user
from app.services.versions import bump_regimen_version

ONE_TICK = timedelta(microseconds=1)
# How far a dose without a schedule may move and still count as the same one, in a file that does
# not cover the time around it.
NEAR = timedelta(hours=1)


class DoseWriter:
    """Decides what happens to the doses of one file, and writes them; the caller commits.

    `items` maps each identity to its item, or to None if the person removed that item. `decide`
    writes nothing, so a dry run does not call `write`.
    """

    def __init__(
        self,
        session: Session,
        user: User,
        statements: Statements,
        items: Mapping[str, UUID | None],
        plans: Mapping[UUID, Plan],
        doses: Sequence[ImportedDose],
    ) -> None:
        self.session = session
        self.user = user
        self.batch: ImportBatch = statements.batch
        self.statements = statements
        self.items = items
        self.plans = plans
        self.in_file = {dose.key for dose in doses}
        instants = [dose.instant for dose in doses]
        self.first, self.last = min(instants), max(instants)
        scheduled = (dose for dose in doses if dose.scheduled_at is not None)
        self.slots_a_day = Counter((dose.item, due_on(user, dose)) for dose in scheduled)
        self.touched: set[UUID] = set()
        self.begin()

    def begin(self) -> None:
        """Begin a transaction: rows read before may have changed."""
        self.known = Known(self.session, self.user, self.batch.source, self.items)
        self.places = Places(self.user, self.batch, self.known, self.plans, self.slots_a_day)
        self.decided: list[tuple[Decision, str, dict[str, Any] | None]] = []
        self.put: dict[UUID, dict[str, Any] | None] = {}
        self.statements.begin()

    def write(self, doses: Sequence[ImportedDose], now: datetime, report: ImportReport) -> None:
        """Write a few doses at once, and count the results."""
        lock_user(self.session, self.user.id)
        self.begin()
        verdicts = self.decide(doses, now, report)
        self.places.write_slots(self.session, now)
        append_versions(self.session, "dose_event", self.decided)
        self._write_events()
        self.statements.write()
        if {Verdict.NEW, Verdict.CHANGED} & set(verdicts):
            bump_regimen_version(self.session, self.user)

    def decide(
        self, doses: Sequence[ImportedDose], now: datetime, report: ImportReport
    ) -> list[Verdict]:
        """Decide what happens to a few doses, and count the results."""
        self.known.read(doses)
        verdicts = [self._decide(dose, now, report) for dose in doses]
        report.count(verdicts)
        return verdicts

    def _decide(self, dose: ImportedDose, now: datetime, report: ImportReport) -> Verdict:
        item_id = self.items[dose.item]
        if item_id is None:
            return Verdict.KEPT
        row = self._row_of(dose, item_id)
        if row is not None and self.statements.is_superseded(row):
            return Verdict.UNCHANGED
        place = self.places.place_of(dose, item_id, row)
        verdict = self._merge(dose, row, place, now)
        if verdict is Verdict.NEW:
            _count(dose, place, report)
        if verdict in {Verdict.NEW, Verdict.CHANGED}:
            self.touched.add(item_id)
        is_stated = row is not None and row.source_key == dose.key and row.stated == dose.stated
        if not is_stated:
            self._state(dose, row, place)
        return verdict

    def _merge(
        self, dose: ImportedDose, row: ImportedRow | None, place: Place, now: datetime
    ) -> Verdict:
        event = self.known.events.get(place.event_id) if place.event_id else None
        stated = self._stated_before(row, place, event)
        if stated is None:
            if self._is_by_hand(place):
                return Verdict.UNCHANGED if answer_of(event) == dose.answer else Verdict.KEPT
            self._put(dose, place, event, dose.answer, now)
            return Verdict.NEW
        is_replanned = self.places.replan(dose, row, place)
        verdict, answer = merge(stated, answer_of(event), dose.answer)
        if verdict is Verdict.CHANGED:
            self._put(dose, place, event, answer, now)
        return Verdict.CHANGED if is_replanned else verdict

    def _row_of(self, dose: ImportedDose, item_id: UUID) -> ImportedRow | None:
        """Return the row of an earlier file about this dose, also one from an older release."""
        row = self.known.rows.get(dose.key)
        if row is not None:
            return row if row.regimen_item_id == item_id else None
        if dose.older_key in self.known.rows:
            return self._row_of_older_release(dose, item_id)
        return self._corrected(dose, item_id) if dose.scheduled_at is None else None

    def _row_of_older_release(self, dose: ImportedDose, item_id: UUID) -> ImportedRow:
        """Return a row that is identified by all of its values, and so has not changed since."""
        event_id = uuid5(self.user.id, f"{self.batch.source} dose {dose.older_key}")
        return ImportedRow(
            user_id=self.user.id,
            source=self.batch.source,
            source_key=dose.older_key,
            import_batch_id=self.known.rows[dose.older_key].import_batch_id,
            regimen_item_id=item_id,
            due_on=due_on(self.user, dose),
            event_id=event_id if dose.scheduled_at is None else None,
            stated=dose.stated,
        )

    def _corrected(self, dose: ImportedDose, item_id: UUID) -> ImportedRow | None:
        """Return the dose without a schedule that this one replaces in the newer file."""
        on = due_on(self.user, dose)
        gone = [
            (abs(at - dose.at), row)
            for key, row in self.known.rows.items()
            if key.startswith(DOSE)
            if key not in self.in_file and key not in self.statements.replaced
            if (row.regimen_item_id, row.due_on) == (item_id, on)
            if (at := answer_stated(row.stated or dose.stated).at) is not None
            if self.first <= at <= self.last or abs(at - dose.at) <= NEAR
        ]
        return min(gone, key=lambda each: each[0])[1] if gone else None

    def _stated_before(
        self, row: ImportedRow | None, place: Place, event: Mapping[str, Any] | None
    ) -> Answer | None:
        """Return the last file's answer; None for a dose that no file has stated."""
        if row is not None and row.stated is not None:
            return answer_stated(row.stated)
        if self._device_of(place) == self.batch.source:
            return answer_of(event)
        is_unanswered = place.is_known_slot and self._device_of(place) is None
        return UNANSWERED if is_unanswered else None

    def _device_of(self, place: Place) -> str | None:
        """Return the device that last decided a dose."""
        version = self.known.versions.get(_subject(place))
        return version[1] if version else None

    def _is_by_hand(self, place: Place) -> bool:
        return self._device_of(place) not in {None, self.batch.source}

    def _put(
        self,
        dose: ImportedDose,
        place: Place,
        event: Mapping[str, Any] | None,
        answer: Answer,
        now: datetime,
    ) -> None:
        """Write the state `answer` to a dose; its note and other values stay."""
        if event is None and answer.status is None:
            return
        assert place.event_id is not None
        subject = _subject(place)
        values = None
        if answer.status is not None and answer.at is not None:
            values = {**(event or self._blank(dose, place)), **_state_of(answer, answer.at)}
            values.pop("id", None)
        version = self.known.versions.get(subject)
        changed_at = min(dose.at, now)
        if version is not None:
            changed_at = max(changed_at, version[0] + ONE_TICK)
        decision = decided_by_batch(self.batch, f"entry {dose.key}", now, changed_at)
        if event is not None and version is None:
            self._remember(decision, subject, event)
        self.decided.append((decision, subject, values))
        self.put[place.event_id] = values
        self.known.versions[subject] = (changed_at, self.batch.source)
        self.known.events.pop(place.event_id, None)
        if values is not None:
            self.known.events[place.event_id] = {"id": place.event_id, **values}

    def _remember(self, decision: Decision, subject: str, event: Mapping[str, Any]) -> None:
        """Add an event of an earlier release to the history, so that undoing restores it."""
        before = Decision(
            self.user.id,
            uuid5(decision.entry_id, "before"),
            decision.changed_at - ONE_TICK,
            decision.received_at,
        )
        state = {name: value for name, value in event.items() if name != "id"}
        self.decided.append((before, subject, state))

    def _blank(self, dose: ImportedDose, place: Place) -> dict[str, Any]:
        return {
            "user_id": self.user.id,
            "regimen_item_id": place.item_id,
            "due_on": place.due_on,
            "due_time": place.due_time,
            "iso_week": iso_week(place.due_on),
            "time_zone": zone_name(self.user, dose.instant),
            "reason": None,
            "note": "",
            "day_starts_time": self.user.day_starts_time,
        }

    def _state(self, dose: ImportedDose, row: ImportedRow | None, place: Place) -> None:
        """Store the values from the file."""
        if row is not None and row.source_key != dose.key:
            self.statements.replaced.add(row.source_key)
        has_event = place.event_id is not None and dose.answer.status is not None
        event_id = place.event_id if has_event or dose.scheduled_at is None else None
        self.statements.add(
            dose.key,
            dose.stated,
            regimen_item_id=place.item_id,
            due_on=place.due_on,
            event_id=event_id,
        )

    def _write_events(self) -> None:
        gone = [event_id for event_id, values in self.put.items() if values is None]
        if gone:
            self.session.execute(delete(DoseEvent).where(col(DoseEvent.id).in_(gone)))
        rows = [{"id": event_id, **values} for event_id, values in self.put.items() if values]
        upsert_all(self.session, DoseEvent, rows)


def _state_of(answer: Answer, at: datetime) -> dict[str, Any]:
    return {
        "status": answer.status,
        "occurred_at": at,
        "logged_at": at,
        "amount": answer.amount,
        "unit": answer.unit,
    }


def _subject(place: Place) -> str:
    if place.event_id is None:
        return ""
    return dose_subject(place.event_id, place.item_id, place.due_on, place.due_time)


def _count(dose: ImportedDose, place: Place, report: ImportReport) -> None:
    if dose.answer.status is None:
        report.missed += 1
    elif dose.answer.status is DoseStatus.SKIPPED:
        report.skipped += 1
    elif place.due_time is None:
        report.extra += 1
    else:
        report.taken += 1
