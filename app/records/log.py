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
    named_by_id,
    number,
    own_id,
    parts_of,
    read_on_account_clock,
    several,
    text,
    text_or_none,
    uuid,
    whole,
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
            column("id", uuid),
            column("on", day),
            column("kind", choice(NoteKind)),
            column("label", text),
            column("text", text),
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
            column("id", uuid),
            column("on", day),
            Column(
                "measured_at",
                instant,
                lambda row, _zone: (
                    row.measured_at and row.measured_at.astimezone(zone_named(row.time_zone))
                ),
                "measured_at",
            ),
            column("time_zone", text),
            column("systolic_mmhg", whole),
            column("diastolic_mmhg", whole),
            column("pulse_bpm", whole),
            # Pounds become kilograms with many decimals.
            Column(
                "weight_kg",
                number,
                lambda row, _zone: None if row.weight_kg is None else round(row.weight_kg, 4),
                "weight_kg",
            ),
            column("note", text),
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
            column("id", uuid),
            column("on", day),
            column("method", choice(CountMethod)),
            column("hairs", whole),
            column("score", whole),
            column("run", whole),
            column("days_since_wash", whole),
            column("hair_length", choice(HairLength)),
            column("note", text),
            column("chemical_treatment", choice(ChemicalTreatment)),
            column("comb", text),
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
            column("id", uuid),
            column("on", day),
            column("view", choice(PhotoView)),
            worked_out("file", text),
            column("hair", choice(HairState)),
            column("note", text),
            column("width", whole),
            column("height", whole),
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
            column("id", uuid),
            column("on", day),
            column("part_width_mm", number),
            column("global_change", whole),
            read_on_account_clock("logged_at"),
        ),
        _week_of("on"),
    ),
    lambda named: f"hair-review/{named['on']}",
    lambda named: hair_review_id(named["user_id"], named["on"]),
    key=("on",),
    named=lambda subject: {"on": day(parts_of(subject)[0])},
)


def _named_symptom(subject: str) -> Values:
    on, symptom = parts_of(subject)
    return {"on": day(on), "symptom": symptom}


SYMPTOM_REPORT = Record(
    "symptom_report",
    Sheet(
        SymptomReport,
        (
            column("id", uuid),
            column("on", day),
            column("symptom", text),
            column("severity", whole),
            column("interference", whole),
            worked_out("item", text_or_none),
            column("note", text),
            column("regimen_item_id", uuid),
            read_on_account_clock("logged_at"),
            worked_out("name", text_or_none),
            worked_out("dose_a_day", number),
            worked_out("dose_unit", text_or_none),
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
            column("id", uuid),
            column("on", day),
            column("mood", whole),
            column("energy", whole),
            column("sleep", whole),
            column("stress", whole),
            column("focus", whole),
            column("note", text),
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
            column("id", uuid),
            column("regimen_item_id", uuid),
            worked_out("item", text),
            column("due_on", day),
            column("due_time", clock),
            worked_out("status", text),
            column("occurred_at", instant),
            column("logged_at", instant),
            column("time_zone", text),
            column("amount", number),
            column("unit", text),
            worked_out("elemental_mg", number),
            worked_out("backfilled", flag),
            column("reason", text_or_none),
            column("note", text),
            column("day_starts_time", clock),
            column("zones", several(Zone)),
            column("minutes_on", number),
            column("needle_mm", number),
            worked_out("is_due", flag),
            worked_out("active_mg", number),
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
