"""The logged answer to a dose: taken or skipped."""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Index, String, UniqueConstraint, type_coerce
from sqlalchemy import select as select_columns
from sqlalchemy.sql.base import ExecutableStatement
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.applications import LONGEST_NEEDLE_MM, MOST_MINUTES, Zone
from app.domain.ledger import COUNTED_FIELDS, DoseStatus, Event, SlotAnswer
from app.domain.quantities import LONGEST_UNIT
from app.domain.timing import Slot
from app.models.prepared import prepared
from app.models.types import Listed, StringList, between, str_enum


class SkipReason(StrEnum):
    """The reason for skipping a dose."""

    FORGOT = "forgot"
    SIDE_EFFECT = "side_effect"
    RAN_OUT = "ran_out"
    BLOOD_TEST = "blood_test"
    DOCTORS_ADVICE = "doctors_advice"
    TRAVEL = "travel"
    OTHER = "other"


class DoseEvent(SQLModel, table=True):
    """A dose taken or skipped (FHIR `MedicationAdministration`).

    The row of a slot has the id that `slot_event_id` makes, so that two devices, plain forms and
    replays write the same row; only an event without a slot has an id of its own. The row keeps the
    amount and unit of that day, when that day began, the zones of the scalp (`zones`), the minutes,
    and the needle's length in mm.
    """

    __tablename__ = "dose_event"
    __table_args__ = (
        UniqueConstraint("regimen_item_id", "due_on", "due_time"),
        Index(None, "user_id", "due_on"),
        between("amount", 0, 1_000_000),
        between("minutes_on", 0, MOST_MINUTES),
        between("needle_mm", 0, LONGEST_NEEDLE_MM),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE")
    regimen_item_id: UUID = Field(foreign_key="regimen_item.id", ondelete="CASCADE")
    due_on: date
    due_time: time | None = None
    iso_week: int
    status: DoseStatus = Field(sa_type=str_enum(DoseStatus))
    occurred_at: datetime
    logged_at: datetime
    time_zone: str = Field(max_length=64)
    amount: float | None = None
    unit: str = Field(max_length=LONGEST_UNIT)
    reason: str | None = Field(default=None, max_length=20)
    note: str = Field(default="", max_length=2000)
    day_starts_time: time = time(3)
    zones: Listed[Zone] = Field(default=(), sa_type=StringList(80, Zone))
    minutes_on: float | None = None
    needle_mm: float | None = None

    @classmethod
    @prepared
    def due_between(cls, user_id: UUID, first: date, last: date) -> ExecutableStatement:
        """Select one person's events due from `first` to `last`, inclusive, as `Event` tuples."""
        return cls._as_tuples(
            cls.user_id == user_id,  # type: ignore[arg-type]
            col(cls.due_on).between(first, last),
        )

    @classmethod
    @prepared
    def exported_between(cls, user_id: UUID, first: date, last: date) -> ExecutableStatement:
        """The same in no order, with `occurred_at` and `logged_at` once more, as stored.

        `Event.id` is as stored as well: to read ids and write them again takes as long as the rest.
        """
        columns = {name: getattr(cls, name) for name in Event._fields}
        as_stored = [
            type_coerce(columns[name], String).label(f"stored_{name}")
            for name in ("occurred_at", "logged_at")
        ]
        columns["id"] = type_coerce(cls.id, String).label("stored_id")
        return select_columns(*columns.values(), *as_stored).where(
            col(cls.user_id) == user_id, col(cls.due_on).between(first, last)
        )

    @classmethod
    @prepared
    def counted_between(cls, user_id: UUID, first: date, last: date) -> ExecutableStatement:
        """The same as tuples of `COUNTED_FIELDS`, in no order."""
        columns = [getattr(cls, name) for name in COUNTED_FIELDS]
        return select_columns(*columns).where(
            col(cls.user_id) == user_id, col(cls.due_on).between(first, last)
        )

    @classmethod
    @prepared
    def answers_between(cls, user_id: UUID, first: date, last: date) -> ExecutableStatement:
        """Select one person's answers to slots from `first` to `last`, as `SlotAnswer` tuples."""
        columns = [getattr(cls, name) for name in SlotAnswer._fields]
        return select_columns(*columns).where(
            col(cls.user_id) == user_id,
            col(cls.due_on).between(first, last),
            col(cls.due_time).is_not(None),
        )

    @classmethod
    def of_item(cls, regimen_item_id: UUID) -> ExecutableStatement:
        """Select every event of one item, as `Event` tuples."""
        return cls._as_tuples(col(cls.regimen_item_id) == regimen_item_id)

    @classmethod
    def keys_of_item(cls, regimen_item_id: UUID) -> ExecutableStatement:
        """Select id and slot of every event of one item, which make its subject in the history."""
        key = (cls.id, cls.regimen_item_id, cls.due_on, cls.due_time)
        return select_columns(*key).where(col(cls.regimen_item_id) == regimen_item_id)  # type: ignore[call-overload,no-any-return]

    @classmethod
    def _as_tuples(cls, *where: ColumnElement[bool]) -> ExecutableStatement:
        columns = [getattr(cls, name) for name in Event._fields]
        return (
            select_columns(*columns).where(*where).order_by(col(cls.due_on), col(cls.occurred_at))
        )


class ImportedSlot(SQLModel, table=True):
    """A slot that is stored because no dosage computes it.

    Either an imported file has it, or (without `import_batch_id`) it was answered before a change
    of dose removed its time: the answer still counts. `scheduled_at` is the file's own instant. It
    stays when a correction moves the slot, so that a later import recognises it.
    """

    __tablename__ = "imported_slot"
    __table_args__ = (
        UniqueConstraint("regimen_item_id", "due_on", "due_time"),
        Index(None, "user_id", "due_on"),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE")
    regimen_item_id: UUID = Field(foreign_key="regimen_item.id", ondelete="CASCADE")
    import_batch_id: UUID | None = Field(
        default=None, foreign_key="import_batch.id", ondelete="CASCADE"
    )
    due_on: date
    due_time: time
    amount: float
    unit: str = Field(max_length=LONGEST_UNIT)
    window_minutes: int
    scheduled_at: datetime | None = None

    @property
    def slot(self) -> Slot:
        """The slot, as the domain defines it."""
        return Slot(
            self.regimen_item_id,
            self.due_on,
            self.due_time,
            self.amount,
            self.unit,
            self.window_minutes,
        )

    @classmethod
    def any_of(cls, user_id: UUID) -> SelectOfScalar[UUID]:
        """Select the id of one stored slot of a person, if there is any."""
        return select(cls.id).where(cls.user_id == user_id).limit(1)

    @classmethod
    @prepared
    def due_between(cls, user_id: UUID, first: date, last: date) -> SelectOfScalar["ImportedSlot"]:
        """Select one person's imported slots from `first` to `last`, inclusive, in order."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .where(col(cls.due_on).between(first, last))
            .order_by(col(cls.due_on), col(cls.due_time))
        )


def slot_event_id(regimen_item_id: UUID, due_on: date, due_time: time) -> UUID:
    """Return the id of the event that answers a slot, the same on every device."""
    return uuid5(regimen_item_id, f"{due_on} {due_time:%H:%M}")


def dose_subject(event_id: UUID, regimen_item_id: UUID, due_on: date, due_time: time | None) -> str:
    """Return the history's subject of a dose: its slot, or the event itself without one."""
    if due_time is None:
        return f"dose/{event_id}"
    return f"dose/{regimen_item_id}/{due_on}/{due_time:%H:%M}"
