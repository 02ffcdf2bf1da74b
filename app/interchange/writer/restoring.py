"""Restore a subject of the history to the state of one of its versions.

Most kinds are one row, which their record restores. The others are an answer of a check-in, a slot
of a file, an item with its label, the dosages of an item, and the first day of a diary.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from app.interchange.writer.batches import FIRST_DAY
from app.models import EntryVersion, ImportedSlot, RegimenItem, User
from app.records import RECORDS, parts_of
from app.services.check_ins import write_measure
from app.services.first_day import first_logged_on
from app.services.history import typed, values_of, write_or_delete_row
from app.services.regimen_writes import planned_from, write_item_rows, write_plan_rows


class Restorer:
    """Restores what belongs to one person; the history has each state already."""

    def __init__(self, session: Session, user: User, now: datetime) -> None:
        self.session = session
        self.user = user
        self.now = now
        self.others: Mapping[str, Callable[[str, EntryVersion | None], None]] = {
            "check_in": self._measure,
            "imported_slot": self._slot,
            "dosages": self._plan,
            "regimen_item": self._item,
            "settings": self._first_day,
        }

    def restore(self, kind: str, subject: str, version: EntryVersion | None) -> None:
        """Write the state of a version; delete the subject if there is none."""
        record = RECORDS.get(kind)
        if record is None:
            self.others[kind](subject, version)
            return
        row_id = record.id_of(subject, self.user.id)
        values = values_of(record, row_id, version)
        write_or_delete_row(self.session, self.user.id, record.table, row_id, values)

    def _measure(self, subject: str, version: EntryVersion | None) -> None:
        on, question = parts_of(subject)
        state = _state_of(version)
        logged_at = version.changed_at if version else self.now
        value = state["value"] if state else None
        write_measure(
            self.session, self.user.id, date.fromisoformat(on), question, value, logged_at
        )

    def _slot(self, subject: str, version: EntryVersion | None) -> None:
        state = _state_of(version)
        if state is not None:
            of_slot = update(ImportedSlot).where(col(ImportedSlot.id) == _id_in(subject))
            self.session.execute(of_slot.values(**state))

    def _plan(self, subject: str, version: EntryVersion | None) -> None:
        state = _state_of(version)
        plan = [planned_from(each) for each in state["dosages"]] if state else []
        write_plan_rows(self.session, self.user.id, _id_in(subject), plan)

    def _item(self, subject: str, version: EntryVersion | None) -> None:
        item_id, state = _id_in(subject), _state_of(version)
        if state is None:
            write_or_delete_row(self.session, self.user.id, RegimenItem, item_id, None)
            return
        columns = {name: each for name, each in state.items() if name != "ingredients"}
        values = typed(RegimenItem, {**columns, "id": item_id})
        del values["id"]
        write_item_rows(self.session, self.user.id, item_id, values, state["ingredients"])

    def _first_day(self, subject: str, version: EntryVersion | None) -> None:
        state = _state_of(version)
        if subject != FIRST_DAY or state is None:
            return
        before = date.fromisoformat(state["began_on"])
        logged = first_logged_on(self.session, self.user)
        self.user.began_on = min(before, logged or before)
        self.session.add(self.user)


def _state_of(version: EntryVersion | None) -> dict[str, Any] | None:
    return version.state if version else None


def _id_in(subject: str) -> UUID:
    return UUID(parts_of(subject)[0])
