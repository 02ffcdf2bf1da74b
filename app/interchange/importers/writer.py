"""Write the facts of a file into the log, a few at a time.

* A slot exists where the file has one. From the day on that an item has a plan of its own
  (`slots_from`), its plan says what is due: a scheduled dose of the file answers the nearest
  free slot of that day, or is extra.
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
from sqlmodel import Session, col, select

from app.db import inserting, upsert_all
from app.domain.ledger import DoseStatus, Plan
from app.domain.logical_dates import iso_week
from app.interchange.importers.facts import DOSE, UNANSWERED, Answer, Fact, answer_stated, due_on
from app.interchange.importers.known_days import Known, answer_of
from app.interchange.importers.merging import Verdict, merge
from app.interchange.importers.outcome import ImportReport
from app.interchange.importers.places import Place, Places
from app.models import DoseEvent, ImportBatch, ImportedRow, User, dose_subject
from app.services.history import Decision, append_versions, lock_user
from app.services.versions import bump_regimen_version

ONE_TICK = timedelta(microseconds=1)
# How far a dose without a schedule may move and still be taken for the same one, in a file that
# says nothing of the time around it.
NEAR = timedelta(hours=1)


class FactWriter:
    """Writes the facts of one file for one person; the caller commits.

    `items` maps each medicine to its item, or to None if the person removed that.
    """

    def __init__(
        self,
        session: Session,
        user: User,
        batch: ImportBatch,
        items: Mapping[str, UUID | None],
        facts: Sequence[Fact],
    ) -> None:
        self.session = session
        self.user = user
        self.batch = batch
        self.items = items
        self.in_file = {fact.key for fact in facts}
        instants = [fact.instant for fact in facts]
        self.first, self.last = min(instants), max(instants)
        scheduled = (fact for fact in facts if fact.scheduled_at is not None)
        self.slots_a_day = Counter((fact.medicine, due_on(user, fact)) for fact in scheduled)
        batches = session.exec(select(ImportBatch).where(ImportBatch.user_id == user.id))
        self.imported_at = {each.id: each.imported_at for each in batches}
        self.touched: set[UUID] = set()

    def write(
        self,
        facts: Sequence[Fact],
        plans: Mapping[UUID, Plan],
        now: datetime,
        outcome: ImportReport,
    ) -> None:
        """Write a few facts in one go, and count what became of them."""
        lock_user(self.session, self.user.id)
        self.known = Known(self.session, self.user, self.batch.source, facts, self.items)
        self.places = Places(
            self.session, self.user, self.batch, self.known, plans, self.slots_a_day
        )
        self.rows: list[dict[str, Any]] = []
        self.replaced: list[str] = []
        self.decided: list[tuple[Decision, str, dict[str, Any] | None]] = []
        self.put: dict[UUID, dict[str, Any] | None] = {}
        verdicts = [self._write(fact, now, outcome) for fact in facts]
        outcome.changed += verdicts.count(Verdict.CHANGED)
        outcome.already_there += verdicts.count(Verdict.UNCHANGED)
        outcome.kept += verdicts.count(Verdict.KEPT)
        self.session.flush()
        self.places.write_slots()
        append_versions(self.session, "dose_event", self.decided)
        self._write_events()
        self._write_rows()
        if {Verdict.NEW, Verdict.CHANGED} & set(verdicts):
            bump_regimen_version(self.session, self.user)

    def _write(self, fact: Fact, now: datetime, outcome: ImportReport) -> Verdict:
        item_id = self.items[fact.medicine]
        if item_id is None:
            return Verdict.KEPT
        row = self._row_of(fact, item_id)
        if row is not None and self._is_superseded(row):
            return Verdict.UNCHANGED
        place = self.places.place_of(fact, item_id, row)
        verdict = self._decide(fact, row, place, now)
        if verdict is Verdict.NEW:
            _count(fact, place, outcome)
        if verdict in {Verdict.NEW, Verdict.CHANGED}:
            self.touched.add(item_id)
        is_stated = row is not None and row.source_key == fact.key and row.stated == fact.stated
        if not is_stated:
            self._state(fact, row, place)
        return verdict

    def _decide(self, fact: Fact, row: ImportedRow | None, place: Place, now: datetime) -> Verdict:
        event = self.known.events.get(place.event_id) if place.event_id else None
        stated = self._stated_before(row, place, event)
        if stated is None:
            if self._is_by_hand(place):
                return Verdict.UNCHANGED if answer_of(event) == fact.answer else Verdict.KEPT
            self._put(fact, place, event, fact.answer, now)
            return Verdict.NEW
        is_replanned = self.places.replan(fact, row, place)
        verdict, answer = merge(stated, answer_of(event), fact.answer)
        if verdict is Verdict.CHANGED:
            self._put(fact, place, event, answer, now)
        return Verdict.CHANGED if is_replanned else verdict

    def _row_of(self, fact: Fact, item_id: UUID) -> ImportedRow | None:
        """What an earlier file said of this dose, also one that an older release read."""
        row = self.known.rows.get(fact.key)
        if row is not None:
            return row if row.regimen_item_id == item_id else None
        if fact.row_key in self.known.rows:
            return self._row_of_older_release(fact, item_id)
        return self._corrected(fact, item_id) if fact.scheduled_at is None else None

    def _row_of_older_release(self, fact: Fact, item_id: UUID) -> ImportedRow:
        """A row that is known by all it said, and so has not changed since."""
        event_id = uuid5(self.user.id, f"{self.batch.source} dose {fact.row_key}")
        return ImportedRow(
            user_id=self.user.id,
            source=self.batch.source,
            source_key=fact.row_key,
            import_batch_id=self.known.rows[fact.row_key].import_batch_id,
            regimen_item_id=item_id,
            due_on=due_on(self.user, fact),
            event_id=event_id if fact.scheduled_at is None else None,
            stated=fact.stated,
        )

    def _corrected(self, fact: Fact, item_id: UUID) -> ImportedRow | None:
        """The dose without a schedule that stood in an earlier file in place of this one."""
        on = due_on(self.user, fact)
        gone = [
            (abs(at - fact.at), row)
            for key, row in self.known.rows.items()
            if key.startswith(DOSE) and key not in self.in_file and key not in self.replaced
            if (row.regimen_item_id, row.due_on) == (item_id, on)
            if (at := answer_stated(row.stated or fact.stated).at) is not None
            if self.first <= at <= self.last or abs(at - fact.at) <= NEAR
        ]
        return min(gone, key=lambda each: each[0])[1] if gone else None

    def _is_superseded(self, row: ImportedRow) -> bool:
        return self.imported_at[row.import_batch_id] > self.batch.imported_at

    def _stated_before(
        self, row: ImportedRow | None, place: Place, event: Mapping[str, Any] | None
    ) -> Answer | None:
        """The answer of the last file; None for a dose that no file has stated."""
        if row is not None and row.stated is not None:
            return answer_stated(row.stated)
        if self._device_of(place) == self.batch.source:
            return answer_of(event)
        is_unanswered = place.is_known_slot and self._device_of(place) is None
        return UNANSWERED if is_unanswered else None

    def _device_of(self, place: Place) -> str | None:
        """The device that last decided a dose."""
        version = self.known.versions.get(_subject(place))
        return version[1] if version else None

    def _is_by_hand(self, place: Place) -> bool:
        return self._device_of(place) not in {None, self.batch.source}

    def _put(
        self,
        fact: Fact,
        place: Place,
        event: Mapping[str, Any] | None,
        answer: Answer,
        now: datetime,
    ) -> None:
        """Bring a dose into the state `answer`; its note and all else that it has stay."""
        if event is None and answer.status is None:
            return
        assert place.event_id is not None
        subject = _subject(place)
        values = None
        if answer.status is not None and answer.at is not None:
            values = {**(event or self._blank(fact, place)), **_said(answer, answer.at)}
            values.pop("id", None)
        version = self.known.versions.get(subject)
        changed_at = min(fact.at, now)
        if version is not None:
            changed_at = max(changed_at, version[0] + ONE_TICK)
        decision = Decision(
            user_id=self.user.id,
            entry_id=uuid5(self.batch.id, f"entry {fact.key}"),
            changed_at=changed_at,
            received_at=now,
            device=self.batch.source,
        )
        self.decided.append((decision, subject, values))
        self.put[place.event_id] = values
        self.known.versions[subject] = (changed_at, self.batch.source)
        self.known.events.pop(place.event_id, None)
        if values is not None:
            self.known.events[place.event_id] = {"id": place.event_id, **values}

    def _blank(self, fact: Fact, place: Place) -> dict[str, Any]:
        return {
            "user_id": self.user.id,
            "regimen_item_id": place.item_id,
            "due_on": place.due_on,
            "due_time": place.due_time,
            "iso_week": iso_week(place.due_on),
            "time_zone": _zone_name(self.user, fact.instant),
            "reason": None,
            "note": "",
            "day_starts_time": self.user.day_starts_time,
        }

    def _state(self, fact: Fact, row: ImportedRow | None, place: Place) -> None:
        """Remember what the file said."""
        if row is not None and row.source_key != fact.key:
            self.replaced.append(row.source_key)
        has_event = place.event_id is not None and fact.answer.status is not None
        event_id = place.event_id if has_event or fact.scheduled_at is None else None
        self.rows.append(
            {
                "user_id": self.user.id,
                "source": self.batch.source,
                "source_key": fact.key,
                "import_batch_id": self.batch.id,
                "regimen_item_id": place.item_id,
                "due_on": place.due_on,
                "event_id": event_id,
                "stated": fact.stated,
            }
        )

    def _write_events(self) -> None:
        gone = [event_id for event_id, values in self.put.items() if values is None]
        if gone:
            self.session.execute(delete(DoseEvent).where(col(DoseEvent.id).in_(gone)))
        rows = [{"id": event_id, **values} for event_id, values in self.put.items() if values]
        upsert_all(self.session, DoseEvent, rows)

    def _write_rows(self) -> None:
        if self.replaced:
            gone = delete(ImportedRow).where(
                col(ImportedRow.user_id) == self.user.id,
                col(ImportedRow.source) == self.batch.source,
                col(ImportedRow.source_key).in_(self.replaced),
            )
            self.session.execute(gone)
        if self.rows:
            statement = inserting(self.session.get_bind().dialect.name, ImportedRow)
            new = statement.excluded
            changing = ("import_batch_id", "regimen_item_id", "due_on", "event_id", "stated")
            statement = statement.on_conflict_do_update(
                index_elements=["user_id", "source", "source_key"],
                set_={name: new[name] for name in changing},
            )
            self.session.execute(statement, self.rows)


def _said(answer: Answer, at: datetime) -> dict[str, Any]:
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


def _count(fact: Fact, place: Place, outcome: ImportReport) -> None:
    if fact.answer.status is None:
        outcome.missed += 1
    elif fact.answer.status is DoseStatus.SKIPPED:
        outcome.skipped += 1
    elif place.due_time is None:
        outcome.extra += 1
    else:
        outcome.taken += 1


def _zone_name(user: User, instant: datetime) -> str:
    """The account's zone if the row was written by its clock, else the offset alone."""
    is_at_home = instant.astimezone(user.zone).utcoffset() == instant.utcoffset()
    return user.time_zone if is_at_home else instant.isoformat()[-6:]
