"""The records of the log: entries of a day."""

from datetime import date, time
from typing import Any
from uuid import UUID

from app.domain.applications import Zone
from app.domain.ledger import DoseStatus
from app.domain.logical_dates import iso_week, zone_named
from app.domain.photo_views import HairState, PhotoView
from app.domain.shedding import ChemicalTreatment, CountMethod, HairLength
from app.models import (
    CheckIn,
    DoseEvent,
    HairReview,
    Measurement,
    Note,
    NoteKind,
    ProgressPhoto,
    SheddingCount,
    SymptomReport,
    dose_subject,
    slot_event_id,
)
from app.models.check_in import check_in_id, symptom_report_id
from app.models.progress_photo import hair_review_id
from app.records import cells
from app.records.record import (
    Bumps,
    Column,
    Record,
    Sheet,
    Values,
    by_id,
    column,
    named_by_id,
    own_id,
    parts_of,
    read_on_account_clock,
    worked_out,
)

SLOT = ("regimen_item_id", "due_on", "due_time")


def _week_of(name: str) -> Any:
    return lambda read: {"iso_week": iso_week(read[name])}


NOTE = Record(
    "note",
    Sheet(
        Note,
        (
            column("id", cells.uuid),
            column("on", cells.day),
            column("kind", cells.choice(NoteKind)),
            column("label", cells.text),
            column("text", cells.text),
            read_on_account_clock("logged_at"),
        ),
        _week_of("on"),
    ),
    by_id("note"),
    own_id,
)

MEASUREMENT = Record(
    "measurement",
    Sheet(
        Measurement,
        (
            column("id", cells.uuid),
            column("on", cells.day),
            Column(
                "measured_at",
                cells.instant,
                lambda row, _zone: (
                    row.measured_at and row.measured_at.astimezone(zone_named(row.time_zone))
                ),
                "measured_at",
            ),
            column("time_zone", cells.text),
            column("systolic_mmhg", cells.whole),
            column("diastolic_mmhg", cells.whole),
            column("pulse_bpm", cells.whole),
            # Pounds become kilograms with many decimals.
            Column(
                "weight_kg",
                cells.number,
                lambda row, _zone: None if row.weight_kg is None else round(row.weight_kg, 4),
                "weight_kg",
            ),
            column("note", cells.text),
            read_on_account_clock("logged_at"),
        ),
        _week_of("on"),
    ),
    by_id("measurement"),
    own_id,
    Bumps.DAY,
)

SHEDDING_COUNT = Record(
    "shedding_count",
    Sheet(
        SheddingCount,
        (
            column("id", cells.uuid),
            column("on", cells.day),
            column("method", cells.choice(CountMethod)),
            column("hairs", cells.whole),
            column("score", cells.whole),
            column("run", cells.whole),
            column("days_since_wash", cells.whole),
            column("hair_length", cells.choice(HairLength)),
            column("note", cells.text),
            column("chemical_treatment", cells.choice(ChemicalTreatment)),
            column("comb", cells.text),
            read_on_account_clock("logged_at"),
        ),
        _week_of("on"),
    ),
    by_id("shedding"),
    own_id,
    Bumps.DAY,
    key=("id", "on"),
)

PHOTO = Record(
    "photo",
    # `width` and `height` are those of the file in the archive.
    Sheet(
        ProgressPhoto,
        (
            column("id", cells.uuid),
            column("on", cells.day),
            column("view", cells.choice(PhotoView)),
            worked_out("file", cells.text),
            column("hair", cells.choice(HairState)),
            column("note", cells.text),
            column("width", cells.whole),
            column("height", cells.whole),
            read_on_account_clock("logged_at"),
        ),
        _week_of("on"),
    ),
    by_id("photo"),
    own_id,
)

HAIR_REVIEW = Record(
    "hair_review",
    Sheet(
        HairReview,
        (
            column("id", cells.uuid),
            column("on", cells.day),
            column("part_width_mm", cells.number),
            column("global_change", cells.whole),
            read_on_account_clock("logged_at"),
        ),
        _week_of("on"),
    ),
    lambda named: f"hair-review/{named['on']}",
    lambda named: hair_review_id(named["user_id"], named["on"]),
    key=("on",),
    named=lambda subject: {"on": cells.day(parts_of(subject)[0])},
)


def _named_symptom(subject: str) -> Values:
    on, symptom = parts_of(subject)
    return {"on": cells.day(on), "symptom": symptom}


SYMPTOM_REPORT = Record(
    "symptom_report",
    Sheet(
        SymptomReport,
        (
            column("id", cells.uuid),
            column("on", cells.day),
            column("symptom", cells.text),
            column("severity", cells.whole),
            column("interference", cells.whole),
            worked_out("item", cells.text_or_none),
            column("note", cells.text),
            column("regimen_item_id", cells.uuid),
            read_on_account_clock("logged_at"),
            worked_out("name", cells.text_or_none),
            worked_out("dose_a_day", cells.number),
            worked_out("dose_unit", cells.text_or_none),
        ),
        _week_of("on"),
    ),
    lambda named: f"symptom/{named['on']}/{named['symptom']}",
    lambda named: symptom_report_id(named["user_id"], named["on"], named["symptom"]),
    Bumps.DAY,
    key=("on", "symptom"),
    named=_named_symptom,
)

# Each answer of a check-in is a decision of its own, so that two devices can answer two questions.
# Its subject is one answer, and its state is that answer's value. `services/check_ins.py` writes
# the row.
CHECK_IN = Record(
    "check_in",
    Sheet(
        CheckIn,
        (
            column("id", cells.uuid),
            column("on", cells.day),
            column("mood", cells.whole),
            column("energy", cells.whole),
            column("sleep", cells.whole),
            column("stress", cells.whole),
            column("focus", cells.whole),
            column("note", cells.text),
            read_on_account_clock("logged_at"),
        ),
        _week_of("on"),
    ),
    lambda named: f"check-in/{named['on']}/{named['field']}",
    lambda named: check_in_id(named["user_id"], named["on"]),
    Bumps.DAY,
)


def _dose_columns(read: Values) -> dict[str, Any]:
    """Derive the other columns from the cells of an answered dose; an extra dose was taken."""
    is_skipped = read["status"] == DoseStatus.SKIPPED
    status = DoseStatus.SKIPPED if is_skipped else DoseStatus.TAKEN
    return {"status": status, "iso_week": iso_week(read["due_on"])}


def _named_dose(subject: str) -> Values:
    """Read the slot of a dose, and the id that follows from it (`dose_subject`)."""
    if len(parts_of(subject)) == 1:
        return named_by_id(subject)
    item_id, on, at = parts_of(subject)
    slot = (UUID(item_id), date.fromisoformat(on), time.fromisoformat(at))
    return dict(zip(("id", *SLOT), (slot_event_id(*slot), *slot), strict=True))


# The ledger makes the rows of doses.csv, because it adds missed doses: it passes every cell by
# name.
DOSE_EVENT = Record(
    "dose_event",
    Sheet(
        DoseEvent,
        (
            column("id", cells.uuid),
            column("regimen_item_id", cells.uuid),
            worked_out("item", cells.text),
            column("due_on", cells.day),
            column("due_time", cells.clock),
            worked_out("status", cells.text),
            column("occurred_at", cells.instant),
            column("logged_at", cells.instant),
            column("time_zone", cells.text),
            column("amount", cells.number),
            column("unit", cells.text),
            worked_out("elemental_mg", cells.number),
            worked_out("backfilled", cells.flag),
            column("reason", cells.text_or_none),
            column("note", cells.text),
            column("day_starts_time", cells.clock),
            column("zones", cells.several(Zone)),
            column("minutes_on", cells.number),
            column("needle_mm", cells.number),
            worked_out("is_due", cells.flag),
            worked_out("active_mg", cells.number),
        ),
        _dose_columns,
    ),
    lambda named: dose_subject(
        named["id"], named["regimen_item_id"], named["due_on"], named["due_time"]
    ),
    own_id,
    Bumps.DAY,
    day="due_on",
    key=("id", *SLOT),
    named=_named_dose,
)
