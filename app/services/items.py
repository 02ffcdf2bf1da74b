"""Add, edit, pause, stop and remove items of the regimen; each is a decision of its own."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from pydantic import BaseModel
from sqlmodel import Session, func, select

from app.domain.applications import Zone
from app.domain.catalogue import Treatment, elemental_amount, treatment_for
from app.domain.labels import (
    MICROGRAMS_PER_MILLIGRAM,
    LabelStrength,
    strength_in,
)
from app.domain.quantities import to_micrograms
from app.domain.timing import day_before
from app.errors import Refused
from app.i18n import _
from app.models import DoseEvent, Pause, RegimenItem, SupplyEntry, User
from app.records import DOSE_EVENT, PAUSE, SUPPLY
from app.services.deleted_items import archive_item
from app.services.dosages import (
    DosageInput,
    check_not_before_start,
    entered_at,
    new_dosage,
)
from app.services.history import (
    Decision,
    append_version,
    lock_user,
    record_deletions,
    record_row,
)
from app.services.medicines import record_rule_deletions
from app.services.pauses import end_pause
from app.services.regimen_writes import (
    change_item,
    item_subject,
    label_of,
    plan_subject,
    write_item,
    write_plan,
)
from app.services.versions import bump_regimen_version

MOST_ITEMS = 200


class IngredientInput(BaseModel):
    """One ingredient on a label: `mass_ug` micrograms in `per_amount` of the dose, in `unit`.

    A `strength` in `strength_unit` takes precedence; `mass_ug` is then computed for `unit`.
    """

    substance: str
    mass_ug: float
    per_amount: float = 1
    unit: str = ""
    strength: float | None = None
    strength_unit: str = ""


class ItemEdit(BaseModel):
    """Fields of an item that can be edited at any time."""

    name: str
    tone: str = "mint"
    instruction: str = ""
    note: str = ""
    neutral_name: str = ""
    package_price: float | None = None
    package_amount: float | None = None
    piece_amount: float | None = None
    spray_ml: float | None = None
    donation_note: str | None = None
    zones: tuple[Zone, ...] = ()
    minutes_on: float | None = None
    dry_minutes: float | None = None
    needle_mm: float | None = None
    shut_out_hours: float | None = None
    ingredients: tuple[IngredientInput, ...] = ()


class ItemInput(ItemEdit):
    """A new item, as a person adds it."""

    catalogue_id: str | None = None
    kind: str = "supplement"
    route: str = "oral"
    icon: str = "pill"
    starts_on: date
    ends_on: date | None = None
    dosage: DosageInput


def add_item(
    session: Session,
    user: User,
    item: ItemInput,
    decision: Decision,
    regimen_item_id: UUID | None = None,
) -> RegimenItem:
    """Add an item with its first dosage; if the id exists, update that item.

    An item started before the log began has no slots from before: nobody could have logged them
    here, so they are not missed either. The same holds for slots of its first day that were over
    when it was added. Raises `NotFound` for another person's id.
    """
    lock_user(session, user.id)
    found = session.get(RegimenItem, regimen_item_id) if regimen_item_id else None
    position = _end_of_list(session, user) if found is None else found.position
    if item.ends_on is not None and item.ends_on < item.starts_on:
        raise Refused(_("The last day is before the first day."), "ends_on")
    new_id = regimen_item_id or uuid4()
    slots_from = max(item.starts_on, user.began_on)
    created_at = decision.changed_at if found is None else found.created_at
    values = {
        "user_id": user.id,
        **item.model_dump(exclude={"dosage", "ingredients"}),
        "end_reason": "",
        "slots_from": slots_from,
        "position": position,
        "created_at": created_at,
    }
    write_item(session, decision, new_id, values, label_rows(item.ingredients))
    row = session.get_one(RegimenItem, new_id, populate_existing=True)
    first = new_dosage(
        row,
        item.dosage,
        item.starts_on,
        dosage_id=uuid5(new_id, "first dosage"),
        entered=entered_at(user, slots_from, created_at),
    )
    write_plan(session, row, [first], decision)
    return row


def edit_item(session: Session, item: RegimenItem, edit: ItemEdit, decision: Decision) -> None:
    """Save an item's name, colour, note, package, label and use."""
    changes = edit.model_dump(exclude={"ingredients"})
    label = label_rows(edit.ingredients)
    change_item(session, item, decision, **changes, label=label)


def stop_item(
    session: Session,
    item: RegimenItem,
    ends_on: date,
    reason: str,
    decision: Decision,
) -> None:
    """Stop an item; `ends_on` is the last day on which it is taken. Its history stays."""
    check_not_before_start(item, ends_on + timedelta(days=1), "ends_on")
    change_item(session, item, decision, ends_on=ends_on, end_reason=reason)


def restart_item(
    session: Session, user: User, item: RegimenItem, restarts_on: date, decision: Decision
) -> None:
    """Take a stopped item again from `restarts_on` on; the days between are a break.

    Nothing is due in a break, so nothing is missed. An open pause that covers the day ends, and so
    does an earlier break. An item that was not stopped stays unchanged.
    """
    lock_user(session, user.id)
    session.refresh(item)
    ended_on, reason = item.ends_on, item.end_reason
    if ended_on is None:
        return
    check_not_before_start(item, restarts_on, "restarts_on")
    if not change_item(session, item, decision, ends_on=None, end_reason=""):
        return
    last = day_before(restarts_on)
    for pause in session.exec(Pause.of_item(item.id)).all():
        is_over = pause.ends_on is None or pause.is_break
        if is_over and pause.span.covers(restarts_on):
            end_pause(session, user, pause, restarts_on, decision)
    if ended_on < last:
        is_today = user.today(decision.changed_at) == restarts_on
        pause = PAUSE.row(
            id=uuid5(decision.entry_id, f"break of {item.id}"),
            regimen_item_id=item.id,
            starts_on=ended_on + timedelta(days=1),
            ends_on=last,
            note=reason,
            is_break=True,
            resumed_time=user.clock_at(decision.changed_at) if is_today else None,
        )
        record_row(session, decision, PAUSE, pause)


def move_item(
    session: Session, user: User, item: RegimenItem, *, up: bool, decision: Decision
) -> None:
    """Swap an item with its neighbour above or below; at either end nothing moves."""
    lock_user(session, user.id)
    rows = session.exec(RegimenItem.owned_by(user.id)).all()
    at = next(place for place, row in enumerate(rows) if row.id == item.id)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return
    wanted = [row.id for row in rows]
    wanted[at], wanted[to] = wanted[to], wanted[at]
    # Positions may be equal in an old regimen: all that change are written.
    for row in rows:
        if row.position != wanted.index(row.id):
            change_item(session, row, decision, position=wanted.index(row.id))


def remove_item(session: Session, user: User, item: RegimenItem, decision: Decision) -> None:
    """Delete an item with everything logged for it; `restore_item` restores it.

    Each dose, pause and supply gets a tombstone.
    """
    lock_user(session, user.id)
    if not append_version(
        session, decision, kind="regimen_item", subject=item_subject(item.id), state=None
    ):
        return
    archive_item(session, item, decision)
    record_deletions(session, decision, "dosages", [plan_subject(item.id)])
    pauses = session.exec(Pause.of_item(item.id))
    subjects = [PAUSE.subject({"id": each.id}) for each in pauses]
    record_deletions(session, decision, PAUSE.kind, subjects)
    supplies = session.exec(select(SupplyEntry.id).where(SupplyEntry.regimen_item_id == item.id))
    subjects = [SUPPLY.subject({"id": each}) for each in supplies]
    record_deletions(session, decision, SUPPLY.kind, subjects)
    doses = session.execute(DoseEvent.keys_of_item(item.id))
    subjects = [DOSE_EVENT.subject(each._asdict()) for each in doses]
    record_deletions(session, decision, DOSE_EVENT.kind, subjects)
    record_rule_deletions(session, item.id, decision)
    session.delete(item)
    session.flush()
    bump_regimen_version(session, user)


def label_rows(ingredients: tuple[IngredientInput, ...]) -> list[dict[str, Any]]:
    """Return the rows of a label, for the table and the history."""
    return [each.model_dump() for each in ingredients]


def label_from_catalogue(catalogue_id: str | None, unit: str) -> tuple[IngredientInput, ...]:
    """Return the ingredient by the catalogue's factor, per 1 of the dose's unit.

    None if the unit does not say: only the label knows how much is in a capsule.
    """
    treatment = treatment_for(catalogue_id)
    if treatment is None or treatment.elemental is None:
        return ()
    held = elemental_amount(treatment, 1, unit)
    micrograms = to_micrograms(held.value, held.unit) if held else None
    if micrograms is None:
        return ()
    substance = treatment.elemental.substance
    return (IngredientInput(substance=substance, mass_ug=micrograms, unit=unit),)


def strength_on_label(
    substance: str, strength: LabelStrength, unit: str, spray_ml: float | None = None
) -> IngredientInput:
    """Return an ingredient by its strength, for a dose counted in `unit`."""
    milligrams = strength.milligrams_in(1, unit, spray_ml)
    return IngredientInput(
        substance=substance,
        mass_ug=(milligrams or 0) * MICROGRAMS_PER_MILLIGRAM,
        unit=unit,
        strength=strength.value,
        strength_unit=strength.unit.value,
    )


def link_item(
    session: Session,
    item: RegimenItem,
    treatment: Treatment | None,
    unit: str,
    decision: Decision,
) -> None:
    """Link an item to a catalogue entry; None records that no entry fits.

    The item takes the entry's kind and route. An item without a label gets the strength in its
    name, else the amount by the catalogue's factor for a dose counted in `unit`.
    """
    if treatment is None:
        change_item(session, item, decision, catalogue_id="")
    else:
        changes = {
            "catalogue_id": treatment.id,
            "kind": treatment.kind.value,
            "route": treatment.route.value,
            "icon": treatment.icon,
        }
        label = label_of(session, item.id) or label_rows(_label_for(treatment, item.name, unit))
        change_item(session, item, decision, **changes, label=label)


def unlink_item(session: Session, item: RegimenItem, decision: Decision) -> None:
    """Remove an item's link to the catalogue; its label stays."""
    change_item(session, item, decision, catalogue_id=None)


def _label_for(treatment: Treatment, name: str, unit: str) -> tuple[IngredientInput, ...]:
    strength = strength_in(name)
    if strength is not None and strength.milligrams_in(1, unit) is not None:
        return (strength_on_label(treatment.substance, strength, unit),)
    return label_from_catalogue(treatment.id, unit)


def _end_of_list(session: Session, user: User) -> int:
    count = session.exec(
        select(func.count()).select_from(RegimenItem).where(RegimenItem.user_id == user.id)
    ).one()
    if count >= MOST_ITEMS:
        raise Refused(_("You can have at most {n} items.", n=MOST_ITEMS), "name")
    return count
