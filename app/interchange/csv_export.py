"""Export a person's data as CSV files, while it is being read.

One fact per row, ids as UUID, dates and instants in ISO format (instants with the offset of
the entry's own zone), numbers with a decimal point; an empty cell means unknown. Columns are
only ever added, at the end, and the header is never translated. Beyond the columns that
every release keeps, these make it possible to read a file back without loss:

* regimen: icon, tone, instruction, end_reason, slots_from, position, package_price and
  package_amount (in the unit of the dose);
* dosages: per_week_most, usual_amount (flexible and as-needed dosages have no times).
  `times`, `amounts` and `days_of_week` are parallel lists joined by ";"; the days of each
  time are one string of ISO digits ("12345;67");
* doses: day_starts_time, when the day began at the time of logging, so that an early slot
  stays with its night; is_due, whether the dose counts as due: taken of due is the rows with
  status "taken" among those with is_due "true", and every taken, missed and (outside a pause)
  skipped slot is due;
* dosages: entered_on and entered_time, pauses: resumed_time: slots before that minute of the
  day are not due;
* symptoms: regimen_item_id, logged_at; name, as the person reads it; dose_a_day and dose_unit,
  how much of the suspected item was planned for that day;
* days and weeks: doses_extra, doses_backfilled, at the very end;
* notes: logged_at;
* shedding: chemical_treatment, comb, logged_at;
* photos: width, height, logged_at. `file` is the largest file's place below the data folder.

Names of items are as they were typed, without the strength: `strength` has it in regimen, and
with each ingredient `strength` and `strength_unit`; `unit` there is what `per_amount` counts in.
`active_mg` in doses is milligrams of the item's first ingredient in a dose taken.
In regimen an empty `donation_note` is the catalogue's own note, or none if
`donation_note_hidden`; `match_declined` says that an item without a catalogue_id is not to be
offered one.

In doses a missed or skipped row carries the amount that was planned; `elemental_mg` stands
with doses taken only, so that its sum is what was taken in.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import chain, islice
from types import MappingProxyType

from sqlalchemy import Engine

from app.interchange import csv_figures, csv_rows
from app.interchange.csv_cells import csv_line
from app.interchange.csv_rows import CsvRow, Extract

ROWS_A_CHUNK = 1_000
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Flavour(StrEnum):
    """Exactly as stored, or safe to open in a spreadsheet, with decimal points or commas."""

    PLAIN = "plain"
    SPREADSHEET = "spreadsheet"
    DECIMAL_COMMA = "decimal-comma"


@dataclass(frozen=True, slots=True)
class CsvFile:
    """One file: its columns in their order, and where its rows come from."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Extract], Iterator[CsvRow]]
    more_columns: Callable[[Extract], tuple[str, ...]] | None = None

    def header(self, extract: Extract) -> tuple[str, ...]:
        """The columns, with those that depend on what a person follows."""
        return self.columns + (self.more_columns(extract) if self.more_columns else ())


def _file(
    name: str,
    rows: Callable[[Extract], Iterator[CsvRow]],
    columns: str,
    more_columns: Callable[[Extract], tuple[str, ...]] | None = None,
) -> CsvFile:
    return CsvFile(name, tuple(columns.split()), rows, more_columns)


FILES: Mapping[str, CsvFile] = MappingProxyType(
    {
        file.name: file
        for file in (
            _file(
                "doses",
                csv_rows.dose_rows,
                "id regimen_item_id item due_on due_time status occurred_at logged_at time_zone"
                " amount unit elemental_mg backfilled reason note day_starts_time"
                " zones minutes_on needle_mm is_due active_mg",
            ),
            _file(
                "regimen",
                csv_rows.regimen_rows,
                "id item catalogue_id kind route starts_on ends_on note"
                " icon tone instruction end_reason slots_from position"
                " package_price package_amount neutral_name zones minutes_on dry_minutes"
                " needle_mm shut_out_hours strength piece_amount spray_ml donation_note"
                " donation_note_hidden match_declined",
            ),
            _file(
                "dosages",
                csv_rows.dosage_rows,
                "id regimen_item_id item starts_on ends_on unit timing times amounts"
                " days_of_week every_days days_of_month cycle_on cycle_off per_week gap_hours"
                " daily_maximum taper_id per_week_most usual_amount rhythm_from"
                " entered_on entered_time",
            ),
            _file(
                "pauses",
                csv_rows.pause_rows,
                "id regimen_item_id item starts_on ends_on note is_break resumed_time",
            ),
            _file(
                "ingredients",
                csv_rows.ingredient_rows,
                "id regimen_item_id item substance mass_ug per_amount position"
                " unit strength strength_unit",
            ),
            _file(
                "medicines",
                csv_rows.medicine_rows,
                "id name kind times starts_on ends_on note",
            ),
            _file(
                "hours-apart",
                csv_rows.apart_rule_rows,
                "id first_item_id first_medicine_id second_item_id second_medicine_id hours note",
            ),
            _file(
                "check-ins",
                csv_rows.check_in_rows,
                "id on mood energy sleep stress focus note logged_at",
            ),
            _file(
                "symptoms",
                csv_rows.symptom_rows,
                "id on symptom severity interference item note regimen_item_id logged_at"
                " name dose_a_day dose_unit",
            ),
            _file(
                "symptom-list",
                csv_rows.symptom_list_rows,
                "slug name position is_asked",
            ),
            _file(
                "shedding",
                csv_rows.shedding_rows,
                "id on method hairs score run days_since_wash hair_length note"
                " chemical_treatment comb logged_at",
            ),
            _file("notes", csv_rows.note_rows, "id on kind label text logged_at"),
            _file(
                "days",
                csv_figures.day_rows,
                "on doses_due doses_taken doses_skipped doses_missed",
                csv_figures.day_columns,
            ),
            _file(
                "weeks",
                csv_figures.week_rows,
                "iso_week starts_on doses_due doses_taken doses_skipped doses_missed taken_of_due",
                csv_figures.week_columns,
            ),
            _file(
                "photos",
                csv_rows.photo_rows,
                "id on view file hair note width height logged_at",
            ),
            _file(
                "measures",
                csv_rows.measurement_rows,
                "id on measured_at time_zone systolic_mmhg diastolic_mmhg pulse_bpm weight_kg note"
                " logged_at",
            ),
            _file(
                "hair-reviews",
                csv_rows.hair_review_rows,
                "id on part_width_mm global_change logged_at",
            ),
            _file(
                "activity",
                csv_rows.activity_rows,
                "first_at last_at event times device network detail",
            ),
        )
    }
)


def csv_chunks(file: CsvFile, extract: Extract, flavour: Flavour) -> Iterator[bytes]:
    """The file in pieces: the header at once, then a thousand rows at a time."""
    has_commas = flavour is Flavour.DECIMAL_COMMA
    is_guarded = flavour is not Flavour.PLAIN
    write = partial(csv_line, is_guarded=is_guarded, has_commas=has_commas)
    yield ((BYTE_ORDER_MARK if is_guarded else "") + write(file.header(extract))).encode()
    rows = file.rows(extract)
    for row in rows:
        chunk = chain([row], islice(rows, ROWS_A_CHUNK - 1))
        lines = [write(each) for each in chunk]
        yield "".join(lines).encode()


def snapshot(engine: Engine) -> Engine:
    """An engine whose sessions see one state of the database throughout.

    SQLite's readers do so anyway; a long download from PostgreSQL has to ask for it.
    """
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")
