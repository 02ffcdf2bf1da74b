"""The records of the regimen: items, dosages, pauses, other medicines and own rules."""

from typing import Any

from app.domain.applications import Zone
from app.domain.timing import TimingKind
from app.models import (
    ApartRule,
    Dosage,
    ImportedSlot,
    Ingredient,
    Medicine,
    Pause,
    RegimenItem,
)
from app.records.record import (
    Bumps,
    Column,
    Record,
    Sheet,
    Values,
    by_id,
    choice,
    clock,
    column,
    day,
    flag,
    instant,
    number,
    own_id,
    several,
    text,
    text_or_none,
    uuid,
    whole,
    worked_out,
)


def _restore_empty_texts(read: Values) -> dict[str, Any]:
    """Tell an empty text from an unknown one, by the column that says which it is."""
    told = {"match_declined": "catalogue_id", "donation_note_hidden": "donation_note"}
    return {stored: "" for name, stored in told.items() if read.get(name)}


ITEM_SHEET = Sheet(
    RegimenItem,
    (
        column("id", uuid),
        column("item", text, "name"),
        column("catalogue_id", text_or_none),
        column("kind", text),
        column("route", text),
        column("starts_on", day),
        column("ends_on", day),
        column("note", text),
        column("icon", text),
        column("tone", text),
        column("instruction", text),
        column("end_reason", text),
        column("slots_from", day),
        column("position", whole),
        column("package_price", number),
        column("package_amount", number),
        column("neutral_name", text),
        column("zones", several(Zone)),
        column("minutes_on", number),
        column("dry_minutes", number),
        column("needle_mm", number),
        column("shut_out_hours", number),
        worked_out("strength", text),
        column("piece_amount", number),
        column("spray_ml", number),
        column("donation_note", text_or_none),
        Column("donation_note_hidden", flag, lambda row, _zone: row.donation_note == ""),
        Column("match_declined", flag, lambda row, _zone: row.catalogue_id == ""),
    ),
    _restore_empty_texts,
)

INGREDIENT_SHEET = Sheet(
    Ingredient,
    (
        column("id", uuid),
        column("regimen_item_id", uuid),
        worked_out("item", text),
        column("substance", text),
        column("mass_ug", number),
        column("per_amount", number),
        column("position", whole),
        column("unit", text),
        column("strength", number),
        column("strength_unit", text),
    ),
)


def _unset(read: Values) -> dict[str, Any]:
    """Return defaults for empty cells whose columns in the table cannot be empty."""
    zero = {
        name: read[name] or 0 for name in ("cycle_on", "cycle_off", "per_week", "per_week_most")
    }
    return {**zero, "every_days": read["every_days"] or 1}


def _positive(name: str) -> Column:
    return Column(name, whole, lambda row, _zone: getattr(row, name) or None, name)


# All dosages of an item form one version in the history, because a change ends one and starts the
# next. So they are a sheet without a record. The times of a dosage are three lists of equal length.
DOSAGE_SHEET = Sheet(
    Dosage,
    (
        column("id", uuid),
        column("regimen_item_id", uuid),
        worked_out("item", text),
        column("starts_on", day),
        column("ends_on", day),
        column("unit", text),
        column("timing", choice(TimingKind), "kind"),
        worked_out("times", several(clock)),
        worked_out("amounts", several(number)),
        worked_out("days_of_week", several(text)),
        Column(
            "every_days",
            whole,
            lambda row, _zone: row.every_days if row.kind is TimingKind.EVERY_DAYS else None,
            "every_days",
        ),
        column("days_of_month", several(int)),
        _positive("cycle_on"),
        _positive("cycle_off"),
        _positive("per_week"),
        column("gap_hours", number),
        column("daily_maximum", whole),
        column("taper_id", uuid),
        _positive("per_week_most"),
        column("usual_amount", number),
        column("rhythm_from", day),
        column("entered_on", day),
        column("entered_time", clock),
    ),
    _unset,
)

# Slots that no dosage computes are written by imports and by changes of dose, never on their own.
SLOT_SHEET = Sheet(
    ImportedSlot,
    (
        column("id", uuid),
        column("regimen_item_id", uuid),
        worked_out("item", text),
        column("due_on", day),
        column("due_time", clock),
        column("amount", number),
        column("unit", text),
        column("window_minutes", whole),
        Column(
            "scheduled_at",
            instant,
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
            column("id", uuid),
            column("regimen_item_id", uuid),
            worked_out("item", text),
            column("starts_on", day),
            column("ends_on", day),
            column("note", text),
            column("is_break", flag),
            column("resumed_time", clock),
        ),
    ),
    by_id("pause"),
    own_id,
    Bumps.REGIMEN,
)

MEDICINE = Record(
    "medicine",
    Sheet(
        Medicine,
        (
            column("id", uuid),
            column("name", text),
            column("kind", text),
            column("times", several(clock)),
            column("starts_on", day),
            column("ends_on", day),
            column("note", text),
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
            column("id", uuid),
            column("first_item_id", uuid),
            column("first_medicine_id", uuid),
            column("second_item_id", uuid),
            column("second_medicine_id", uuid),
            column("hours", number),
            column("note", text),
        ),
    ),
    by_id("apart_rule"),
    own_id,
    Bumps.PAGES,
)
