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
* slots: the slots that no dosage computes, because a file brought them or because they were
  answered before a change of dose; `window_minutes` is how long each was open;
* settings and times-of-day: what a person chose; times-of-day is empty where nothing was;
* supply: `amount` and `price` are those of one pack, `amount` in `unit`; `at` is the instant from
  which it counts, empty while it is on its way;
* photos: width, height, logged_at. `file` is the largest file's place below the data folder.

Descriptions in `app/records` give header, cells and readers of the files that hold what a person
entered; days, weeks and activity follow from it.

Names of items are as they were typed, without the strength: `strength` has it in regimen, and
with each ingredient `strength` and `strength_unit`; `unit` there is what `per_amount` counts in.
`active_mg` in doses is milligrams of the item's first ingredient in a dose taken.
In regimen an empty `donation_note` is the catalogue's own note, or none if
`donation_note_hidden`; `match_declined` says that an item without a catalogue_id is not to be
offered one.

In doses a missed or skipped row carries the amount that was planned; `elemental_mg` is given
with doses taken only, so that its sum is what was taken in.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from types import MappingProxyType

from sqlalchemy import Engine

from app.i18n import lazy
from app.interchange import csv_figures, csv_rows
from app.interchange.csv_cells import csv_line, csv_lines
from app.interchange.csv_doses import dose_rows
from app.interchange.csv_rows import CsvRow, Extract
from app.records import (
    APART_RULE,
    CHECK_IN,
    DAY_PART_SHEET,
    DOSAGE_SHEET,
    DOSE_EVENT,
    HAIR_REVIEW,
    INGREDIENT_SHEET,
    ITEM_SHEET,
    MEASUREMENT,
    MEDICINE,
    NOTE,
    PAUSE,
    PHOTO,
    SETTING_HEADER,
    SHEDDING_COUNT,
    SLOT_SHEET,
    SUPPLY,
    SYMPTOM_REPORT,
    TRACKED_SYMPTOM_SHEET,
)

ROWS_A_CHUNK = 1_000
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Flavour(StrEnum):
    """Exactly as stored, or safe to open in a spreadsheet, with decimal points or commas."""

    PLAIN = "plain"
    SPREADSHEET = "spreadsheet"
    DECIMAL_COMMA = "decimal-comma"


@dataclass(frozen=True, slots=True)
class CsvFile:
    """One file: its description, its columns in order, and the source of its rows."""

    name: str
    contents: lazy
    columns: tuple[str, ...]
    rows: Callable[[Extract], Iterator[CsvRow]]
    more_columns: Callable[[Extract], tuple[str, ...]] | None = None

    def header(self, extract: Extract) -> tuple[str, ...]:
        """The columns, with those that depend on what a person follows."""
        return self.columns + (self.more_columns(extract) if self.more_columns else ())


DOSES_BY_STATUS = ("doses_due", "doses_taken", "doses_skipped", "doses_missed")

# In the order of the page and of the archive.
FILES: Mapping[str, CsvFile] = MappingProxyType(
    {
        file.name: file
        for file in (
            CsvFile(
                "doses",
                lazy("Every dose: due, taken, skipped, missed and extra."),
                DOSE_EVENT.sheet.header,
                dose_rows,
            ),
            CsvFile(
                "regimen",
                lazy("What you take and took, with dates."),
                ITEM_SHEET.header,
                csv_rows.regimen_rows,
            ),
            CsvFile(
                "dosages",
                lazy("How much and how often, with every change."),
                DOSAGE_SHEET.header,
                csv_rows.dosage_rows,
            ),
            CsvFile(
                "pauses",
                lazy("When an item was paused."),
                PAUSE.sheet.header,
                csv_rows.pause_rows,
            ),
            CsvFile(
                "slots",
                lazy("Times of doses from an imported file, or kept after a change of dose."),
                SLOT_SHEET.header,
                csv_rows.slot_rows,
            ),
            CsvFile(
                "ingredients",
                lazy("What one dose of an item contains, as its label says."),
                INGREDIENT_SHEET.header,
                csv_rows.ingredient_rows,
            ),
            CsvFile(
                "medicines",
                lazy("Other medicines you take, for hours apart and your lab list."),
                MEDICINE.sheet.header,
                csv_rows.medicine_rows,
            ),
            CsvFile(
                "hours-apart",
                lazy("Your own rules for hours apart."),
                APART_RULE.sheet.header,
                csv_rows.apart_rule_rows,
            ),
            CsvFile(
                "check-ins",
                lazy("Mood, energy, sleep, stress, focus and the note of the day."),
                CHECK_IN.sheet.header,
                csv_rows.check_in_rows,
            ),
            CsvFile(
                "symptoms",
                lazy("Symptoms by day, each at its worst."),
                SYMPTOM_REPORT.sheet.header,
                csv_rows.symptom_rows,
            ),
            CsvFile(
                "symptom-list",
                lazy("What your check-in asks, with the names of your own symptoms."),
                TRACKED_SYMPTOM_SHEET.header,
                csv_rows.symptom_list_rows,
            ),
            CsvFile(
                "settings",
                lazy("What you chose in the settings, one row per setting."),
                SETTING_HEADER,
                csv_rows.setting_rows,
            ),
            CsvFile(
                "times-of-day",
                lazy("Your own names for the times of day, in your order."),
                DAY_PART_SHEET.header,
                csv_rows.day_part_rows,
            ),
            CsvFile(
                "shedding",
                lazy("Hair counts, one row per reading."),
                SHEDDING_COUNT.sheet.header,
                csv_rows.shedding_rows,
            ),
            CsvFile(
                "notes",
                lazy("Notes and life events."),
                NOTE.sheet.header,
                csv_rows.note_rows,
            ),
            CsvFile(
                "days",
                lazy("One row per day: doses, answers and counts side by side."),
                ("on", *DOSES_BY_STATUS),
                csv_figures.day_rows,
                csv_figures.day_columns,
            ),
            CsvFile(
                "weeks",
                lazy("The same by week, with the number of values behind each mean."),
                ("iso_week", "starts_on", *DOSES_BY_STATUS, "taken_of_due"),
                csv_figures.week_rows,
                csv_figures.week_columns,
            ),
            CsvFile(
                "photos",
                lazy("Details of each photo, and the name of its file."),
                PHOTO.sheet.header,
                csv_rows.photo_rows,
            ),
            CsvFile(
                "measures",
                lazy("Blood pressure, pulse and weight, one row per reading."),
                MEASUREMENT.sheet.header,
                csv_rows.measurement_rows,
            ),
            CsvFile(
                "hair-reviews",
                lazy("Part width, and hair compared with your first photos, from -3 to 3."),
                HAIR_REVIEW.sheet.header,
                csv_rows.hair_review_rows,
            ),
            CsvFile(
                "supply",
                lazy("Packs, counts of what is left, and what was lost or given away."),
                SUPPLY.sheet.header,
                csv_rows.supply_rows,
            ),
            CsvFile(
                "activity",
                lazy("Sign-ins, downloads and account changes. Not included in the ZIP."),
                ("first_at", "last_at", "event", "times", "device", "network", "detail"),
                csv_rows.activity_rows,
            ),
        )
    }
)


def csv_chunks(file: CsvFile, extract: Extract, flavour: Flavour) -> Iterator[bytes]:
    """Yield the file in pieces: the header at once, then a thousand rows at a time."""
    has_commas = flavour is Flavour.DECIMAL_COMMA
    is_guarded = flavour is not Flavour.PLAIN
    header = csv_line(file.header(extract), is_guarded=is_guarded, has_commas=has_commas)
    yield ((BYTE_ORDER_MARK if is_guarded else "") + header).encode()
    rows = file.rows(extract)
    while chunk := list(islice(rows, ROWS_A_CHUNK)):
        yield csv_lines(chunk, is_guarded=is_guarded, has_commas=has_commas).encode()


def snapshot(engine: Engine) -> Engine:
    """Return an engine whose sessions all see one state of the database.

    SQLite's readers do so anyway; a long download from PostgreSQL has to request it.
    """
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")
