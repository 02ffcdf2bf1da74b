"""The records of the regimen: items, dosages, pauses, supplies, other medicines and own rules."""

from typing import Any

from app.domain.applications import Zone
from app.domain.supply import SupplyKind
from app.domain.timing import TimingKind
from app.models import (
    ApartRule,
    Dosage,
    ImportedSlot,
    Ingredient,
    Medicine,
    Pause,
    RegimenItem,
    SupplyEntry,
)
from app.records import cells
from app.records.record import (
    Bumps,
    Column,
    Record,
    Sheet,
    Values,
    by_id,
    column,
    own_id,
    read_on_account_clock,
    worked_out,
)


def _restore_empty_texts(read: Values) -> dict[str, Any]:
    """Tell an empty text from an unknown one, by the column that says which it is."""
    told = {"match_declined": "catalogue_id", "donation_note_hidden": "donation_note"}
    return {stored: "" for name, stored in told.items() if read.get(name)}


ITEM_SHEET = Sheet(
    RegimenItem,
    (
        column("id", cells.uuid),
        column("item", cells.text, "name"),
        column("catalogue_id", cells.text_or_none),
        column("kind", cells.text),
        column("route", cells.text),
        column("starts_on", cells.day),
        column("ends_on", cells.day),
        column("note", cells.text),
        column("icon", cells.text),
        column("tone", cells.text),
        column("instruction", cells.text),
        column("end_reason", cells.text),
        column("slots_from", cells.day),
        column("position", cells.whole),
        column("package_price", cells.number),
        column("package_amount", cells.number),
        column("neutral_name", cells.text),
        column("zones", cells.several(Zone)),
        column("minutes_on", cells.number),
        column("dry_minutes", cells.number),
        column("needle_mm", cells.number),
        column("shut_out_hours", cells.number),
        worked_out("strength", cells.text),
        column("piece_amount", cells.number),
        column("spray_ml", cells.number),
        column("donation_note", cells.text_or_none),
        Column("donation_note_hidden", cells.flag, lambda row, _zone: row.donation_note == ""),
        Column("match_declined", cells.flag, lambda row, _zone: row.catalogue_id == ""),
        column("refill_days", cells.whole),
    ),
    _restore_empty_texts,
)

INGREDIENT_SHEET = Sheet(
    Ingredient,
    (
        column("id", cells.uuid),
        column("regimen_item_id", cells.uuid),
        worked_out("item", cells.text),
        column("substance", cells.text),
        column("mass_ug", cells.number),
        column("per_amount", cells.number),
        column("position", cells.whole),
        column("unit", cells.text),
        column("strength", cells.number),
        column("strength_unit", cells.text),
    ),
)


def _unset(read: Values) -> dict[str, Any]:
    """Return defaults for empty cells whose columns in the table cannot be empty."""
    zero = {
        name: read[name] or 0 for name in ("cycle_on", "cycle_off", "per_week", "per_week_most")
    }
    return {**zero, "every_days": read["every_days"] or 1}


def _positive(name: str) -> Column:
    return Column(name, cells.whole, lambda row, _zone: getattr(row, name) or None, name)


# All dosages of an item form one version in the history, because a change ends one and starts the
# next. So they are a sheet without a record. The times of a dosage are three lists of equal length.
DOSAGE_SHEET = Sheet(
    Dosage,
    (
        column("id", cells.uuid),
        column("regimen_item_id", cells.uuid),
        worked_out("item", cells.text),
        column("starts_on", cells.day),
        column("ends_on", cells.day),
        column("unit", cells.text),
        column("timing", cells.choice(TimingKind), "kind"),
        worked_out("times", cells.several(cells.clock)),
        worked_out("amounts", cells.several(cells.number)),
        worked_out("days_of_week", cells.several(cells.text)),
        Column(
            "every_days",
            cells.whole,
            lambda row, _zone: row.every_days if row.kind is TimingKind.EVERY_DAYS else None,
            "every_days",
        ),
        column("days_of_month", cells.several(int)),
        _positive("cycle_on"),
        _positive("cycle_off"),
        _positive("per_week"),
        column("gap_hours", cells.number),
        column("daily_maximum", cells.whole),
        column("taper_id", cells.uuid),
        _positive("per_week_most"),
        column("usual_amount", cells.number),
        column("rhythm_from", cells.day),
        column("entered_on", cells.day),
        column("entered_time", cells.clock),
    ),
    _unset,
)

# Slots that no dosage computes are written by imports and by changes of dose, never on their own.
SLOT_SHEET = Sheet(
    ImportedSlot,
    (
        column("id", cells.uuid),
        column("regimen_item_id", cells.uuid),
        worked_out("item", cells.text),
        column("due_on", cells.day),
        column("due_time", cells.clock),
        column("amount", cells.number),
        column("unit", cells.text),
        column("window_minutes", cells.whole),
        Column(
            "scheduled_at",
            cells.instant,
            lambda row, zone: row.scheduled_at and row.scheduled_at.astimezone(zone),
            "scheduled_at",
        ),
    ),
)

PAUSE = Record(
    "pause",
    Sheet(
        Pause,
        (
            column("id", cells.uuid),
            column("regimen_item_id", cells.uuid),
            worked_out("item", cells.text),
            column("starts_on", cells.day),
            column("ends_on", cells.day),
            column("note", cells.text),
            column("is_break", cells.flag),
            column("resumed_time", cells.clock),
        ),
    ),
    by_id("pause"),
    own_id,
    Bumps.REGIMEN,
)

SUPPLY = Record(
    "supply",
    Sheet(
        SupplyEntry,
        (
            column("id", cells.uuid),
            column("regimen_item_id", cells.uuid),
            worked_out("item", cells.text),
            column("kind", cells.choice(SupplyKind)),
            column("on", cells.day),
            Column(
                "at",
                cells.instant,
                lambda row, zone: row.at and row.at.astimezone(zone),
                "at",
            ),
            column("packs", cells.whole),
            column("amount", cells.number),
            column("unit", cells.text),
            column("price", cells.number),
            column("ordered_on", cells.day),
            column("opened_on", cells.day),
            column("use_by", cells.day),
            column("note", cells.text),
            read_on_account_clock("logged_at"),
        ),
    ),
    by_id("supply"),
    own_id,
    Bumps.PAGES,
)

MEDICINE = Record(
    "medicine",
    Sheet(
        Medicine,
        (
            column("id", cells.uuid),
            column("name", cells.text),
            column("kind", cells.text),
            column("times", cells.several(cells.clock)),
            column("starts_on", cells.day),
            column("ends_on", cells.day),
            column("note", cells.text),
        ),
    ),
    by_id("medicine"),
    own_id,
    Bumps.PAGES,
)

APART_RULE = Record(
    "apart_rule",
    Sheet(
        ApartRule,
        (
            column("id", cells.uuid),
            column("first_item_id", cells.uuid),
            column("first_medicine_id", cells.uuid),
            column("second_item_id", cells.uuid),
            column("second_medicine_id", cells.uuid),
            column("hours", cells.number),
            column("note", cells.text),
        ),
    ),
    by_id("apart_rule"),
    own_id,
    Bumps.PAGES,
)
