"""Write the regimen: an item with its label, and its dosages as one plan.

Each is one decision (`history`): the newest counts, and the history keeps earlier ones. The dosages
of an item are decided together, because a change ends one and starts the next: decided one by one,
two devices could leave them overlapping.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, insert
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.db.tables import table_of
from app.domain.date_range import DateRange
from app.domain.ledger import Plan, ScheduledDosage
from app.domain.timing import DoseTime, Slot, Timing
from app.models import Dosage, DosageTime, Ingredient, RegimenItem
from app.records import Bumps
from app.services.history import Decision, append_version, lock_user, plain, write_row
from app.services.versions import bump

TIMING_COLUMNS = (
    *("kind", "starts_on", "ends_on", "usual_amount", "every_days", "cycle_on", "cycle_off"),
    *("per_week", "per_week_most", "gap_hours", "daily_maximum", "rhythm_from", "days_of_month"),
)
EMPTY_LABEL: dict[str, Any] = {"per_amount": 1, "unit": "", "strength": None, "strength_unit": ""}
LABEL_COLUMNS = {"substance", "mass_ug", *EMPTY_LABEL}

# The columns of an item that affect the days on which doses are due.
DAYS_OF_ITEM = {"starts_on", "ends_on", "slots_from"}
# Columns that came after the first release.
LATER_COLUMNS = {"rhythm_from", "entered_on", "entered_time"}


@dataclass(frozen=True, slots=True)
class PlannedDosage:
    """One dosage of a plan: the columns of its row, with its id, and its times."""

    values: dict[str, Any]
    times: tuple[DoseTime, ...]

    @property
    def days(self) -> DateRange:
        """The days that the dosage covers."""
        return DateRange(self.values["starts_on"], self.values["ends_on"])

    @property
    def timing(self) -> Timing:
        """The rule, as the domain defines it."""
        named = {name: self.values[name] for name in TIMING_COLUMNS}
        return Timing(**named, times=self.times)

    @property
    def state(self) -> dict[str, Any]:
        """The state for the history; columns of later releases only if they are set.

        So a dosage written by an earlier release compares equal to its state in the history.
        """
        times = [
            {"at": each.at, "amount": each.amount, "days_of_week": each.days_of_week}
            for each in self.times
        ]
        values = {
            name: value
            for name, value in self.values.items()
            if value is not None or name not in LATER_COLUMNS
        }
        return plain({**values, "times": times})


def planned_from(state: Mapping[str, Any]) -> PlannedDosage:
    """Make a dosage from its state in the history (`PlannedDosage.state`)."""
    row = Dosage.model_validate({name: state[name] for name in state if name != "times"})
    times = tuple(
        DoseTime(time.fromisoformat(each["at"]), each["amount"], each["days_of_week"])
        for each in state["times"]
    )
    return PlannedDosage(row.model_dump(), times)


def item_subject(regimen_item_id: UUID) -> str:
    """Return the history's subject of an item."""
    return f"item/{regimen_item_id}"


def plan_subject(regimen_item_id: UUID) -> str:
    """Return the history's subject of an item's dosages."""
    return f"dosages/{regimen_item_id}"


def label_of(session: Session, regimen_item_id: UUID) -> list[dict[str, Any]]:
    """Return the ingredients of an item, as the history stores them."""
    ingredients = session.exec(
        select(Ingredient)
        .where(Ingredient.regimen_item_id == regimen_item_id)
        .order_by(col(Ingredient.position))
    )
    return [each.model_dump(include=LABEL_COLUMNS) for each in ingredients]


def write_item(
    session: Session,
    decision: Decision,
    regimen_item_id: UUID,
    values: dict[str, Any],
    label: Sequence[dict[str, Any]],
    bumps: Bumps = Bumps.REGIMEN,
) -> bool:
    """Save an item and its label, unless a later decision counts; return whether it was saved.

    `bumps`: the cached version to bump. An item and the rows of its label are one version of the
    history, so they are not a record.
    """
    state = {**values, "ingredients": list(label)}
    subject = item_subject(regimen_item_id)
    if not append_version(session, decision, kind="regimen_item", subject=subject, state=state):
        return False
    write_item_rows(session, decision.user_id, regimen_item_id, values, label)
    bump(session, bumps, decision.user_id, (), decision.received_at)
    return True


def write_item_rows(
    session: Session,
    user_id: UUID,
    regimen_item_id: UUID,
    values: dict[str, Any],
    label: Sequence[dict[str, Any]],
) -> None:
    """Write the rows of an item and its label that the history has already."""
    write_row(session, RegimenItem, regimen_item_id, values)
    session.execute(delete(Ingredient).where(col(Ingredient.regimen_item_id) == regimen_item_id))
    if label:
        owned = {"user_id": user_id, "regimen_item_id": regimen_item_id}
        rows = [
            {
                **EMPTY_LABEL,
                **each,
                **owned,
                "id": uuid5(regimen_item_id, f"ingredient {position}"),
                "position": position,
            }
            for position, each in enumerate(label)
        ]
        session.execute(insert(Ingredient), rows)


def change_item(session: Session, item: RegimenItem, decision: Decision, **changes: Any) -> bool:
    """Change some columns of an item, and its `label` if it is among them.

    Only its first and last day affect what was due.
    """
    lock_user(session, decision.user_id)
    session.refresh(item)
    label = changes.pop("label", None)
    if label is None:
        label = label_of(session, item.id)
    values = {**item.model_dump(exclude={"id"}), **changes}
    bumps = Bumps.REGIMEN if changes.keys() & DAYS_OF_ITEM else Bumps.PAGES
    has_stood = write_item(session, decision, item.id, values, label, bumps)
    session.refresh(item)
    return has_stood


def plan_of(session: Session, item: RegimenItem) -> list[PlannedDosage]:
    """Read the dosages of an item, oldest first, and lock them against other decisions."""
    lock_user(session, item.user_id)
    columns = table_of(Dosage).c
    of_item = columns.regimen_item_id == item.id
    rows = session.execute(select_columns(*columns).where(of_item).order_by(columns.starts_on))
    return [
        PlannedDosage(
            dict(row._mapping),
            tuple(
                DoseTime(each.at, each.amount, each.days_of_week)
                for each in session.exec(DosageTime.of_dosage(row.id))
            ),
        )
        for row in rows
    ]


def plan_value(
    item: RegimenItem,
    plan: Sequence[PlannedDosage],
    slots_from: date | None,
    stored: Sequence[Slot] = (),
) -> Plan:
    """Return the dosages of an item as the ledger reads them, with the stored slots."""
    return Plan(
        regimen_item_id=item.id,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        slots_from=slots_from,
        dosages=tuple(
            ScheduledDosage(each.values["id"], each.values["unit"], each.timing) for each in plan
        ),
        imported_slots=tuple(stored),
    )


def write_plan(
    session: Session, item: RegimenItem, plan: Sequence[PlannedDosage], decision: Decision
) -> bool:
    """Save an item's dosages, unless a later decision counts; return whether they are saved."""
    state = {"dosages": [each.state for each in plan]}
    subject = plan_subject(item.id)
    if not append_version(session, decision, kind="dosages", subject=subject, state=state):
        return False
    write_plan_rows(session, item.user_id, item.id, plan)
    bump(session, Bumps.REGIMEN, item.user_id, (), decision.received_at)
    return True


def write_plan_rows(
    session: Session, user_id: UUID, regimen_item_id: UUID, plan: Sequence[PlannedDosage]
) -> None:
    """Write the rows of an item's dosages that the history has already."""
    kept = [each.values["id"] for each in plan]
    of_item = col(Dosage.regimen_item_id) == regimen_item_id
    ids = select(Dosage.id).where(of_item)
    session.execute(delete(DosageTime).where(col(DosageTime.dosage_id).in_(ids)))
    session.execute(delete(Dosage).where(of_item, col(Dosage.id).not_in(kept)))
    for each in plan:
        columns = {name: value for name, value in each.values.items() if name != "id"}
        write_row(session, Dosage, each.values["id"], columns)
    times = [
        {
            "user_id": user_id,
            "dosage_id": each.values["id"],
            "at": dose_time.at,
            "amount": dose_time.amount,
            "days_of_week": dose_time.days_of_week,
        }
        for each in plan
        for dose_time in each.times
    ]
    if times:
        session.execute(insert(DosageTime), times)
