"""The rows of each CSV file, read from the database a span at a time.

`app/records` describes header, cells and readers. Values that a cell needs from outside its row
(the name of an item) are computed here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.diary.regimen import regimen_of
from app.domain.date_range import DateRange
from app.interchange.csv_cells import Cell
from app.models import (
    Activity,
    ApartRule,
    CheckIn,
    Dosage,
    DosageTime,
    HairReview,
    ImportedSlot,
    Ingredient,
    Measurement,
    Medicine,
    Note,
    Pause,
    ProgressPhoto,
    RegimenItem,
    SheddingCount,
    SupplyEntry,
    SymptomReport,
    TrackedSymptom,
    User,
)
from app.photos.pixels import SIZES
from app.photos.store import file_name
from app.records import (
    APART_RULE,
    CHECK_IN,
    DAY_PART_SHEET,
    DOSAGE_SHEET,
    HAIR_REVIEW,
    INGREDIENT_SHEET,
    ITEM_SHEET,
    MEASUREMENT,
    MEDICINE,
    NOTE,
    PAUSE,
    PHOTO,
    SETTINGS,
    SHEDDING_COUNT,
    SLOT_SHEET,
    SUPPLY,
    SYMPTOM_REPORT,
    TRACKED_SYMPTOM_SHEET,
    Sheet,
)
from app.services.check_ins import questions_of

ROWS_AT_A_TIME = 1_000

CsvRow = tuple[Cell, ...]
Rows = Callable[["Extract"], Iterator[CsvRow]]


@dataclass(frozen=True, slots=True)
class Extract:
    """The owner, the wanted days (an end that is None is open), and the current time."""

    session: Session
    user: User
    now: datetime
    first: date | None = None
    last: date | None = None

    def meets(self, starts_on: date, ends_on: date | None) -> bool:
        """Whether a span of days overlaps the wanted days."""
        wanted = DateRange(self.first or date.min, self.last)
        return wanted.overlaps(DateRange(starts_on, ends_on))

    @property
    def zone(self) -> tzinfo:
        """The account's time zone."""
        return self.user.zone

    @property
    def days(self) -> tuple[date, date]:
        """The wanted days, with both ends."""
        return self.first or date.min, self.last or date.max

    def names(self) -> dict[UUID, str]:
        """The items' names by their ids, whatever days are wanted."""
        return {item.id: item.own_name for item in regimen_of(self.session, self.user).items}


def rows_by_day(sheet: Sheet[Any], between: Callable[..., Any]) -> Rows:
    """Write the rows of the wanted days, in the order of the query, each from itself alone."""

    def rows(extract: Extract) -> Iterator[CsvRow]:
        zone = extract.zone
        for each in _read(extract, between):
            yield sheet.cells(each, zone)

    return rows


note_rows = rows_by_day(NOTE.sheet, Note.between)
check_in_rows = rows_by_day(CHECK_IN.sheet, CheckIn.between)
shedding_rows = rows_by_day(SHEDDING_COUNT.sheet, SheddingCount.between)
measurement_rows = rows_by_day(MEASUREMENT.sheet, Measurement.between)
hair_review_rows = rows_by_day(HAIR_REVIEW.sheet, HairReview.between)


def regimen_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the items, in the person's order."""
    items = regimen_of(extract.session, extract.user).by_id
    for item in extract.session.exec(RegimenItem.owned_by(extract.user.id)):
        if extract.meets(item.starts_on, item.ends_on):
            strength = " + ".join(map(str, items[item.id].strengths))
            yield ITEM_SHEET.cells(item, extract.zone, strength=strength)


def dosage_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the dosages of each item, oldest first."""
    session, user_id = extract.session, extract.user.id
    times: dict[UUID, list[DosageTime]] = {}
    for each in session.exec(DosageTime.owned_by(user_id)):
        times.setdefault(each.dosage_id, []).append(each)
    names = extract.names()
    for dosage in session.exec(Dosage.owned_by(user_id)):
        if extract.meets(dosage.starts_on, dosage.ends_on):
            of_dosage = sorted(times.get(dosage.id, []), key=_time_key)
            yield DOSAGE_SHEET.cells(
                dosage,
                extract.zone,
                item=names[dosage.regimen_item_id],
                times=tuple(each.at for each in of_dosage),
                amounts=tuple(each.amount for each in of_dosage),
                days_of_week=";".join(each.days_of_week for each in of_dosage),
            )


def slot_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the stored slots, which no dosage computes, in their order."""
    names = extract.names()
    for each in _read(extract, ImportedSlot.due_between):
        yield SLOT_SHEET.cells(each, extract.zone, item=names[each.regimen_item_id])


def activity_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the security log, newest first, by the day on which each line was last repeated."""
    for each in extract.session.exec(Activity.newest_first(extract.user.id)):
        on = each.last_at.astimezone(extract.zone).date()
        if extract.meets(on, on):
            instants = [at.astimezone(extract.zone) for at in (each.first_at, each.last_at)]
            yield (*instants, each.kind, each.times, each.device_label, each.network, each.detail)


def medicine_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the other medicines, by name; `times` are joined by ";"."""
    for each in extract.session.exec(Medicine.owned_by(extract.user.id)):
        if extract.meets(each.starts_on or date.min, each.ends_on):
            yield MEDICINE.sheet.cells(each, extract.zone)


def apart_rule_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the own rules of hours apart; each side is an item or another medicine."""
    for each in extract.session.exec(ApartRule.owned_by(extract.user.id)):
        yield APART_RULE.sheet.cells(each, extract.zone)


def pause_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the pauses of each item, oldest first."""
    names = extract.names()
    for pause in extract.session.exec(Pause.owned_by(extract.user.id)):
        if extract.meets(pause.starts_on, pause.last_day):
            yield PAUSE.sheet.cells(pause, extract.zone, item=names[pause.regimen_item_id])


def supply_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write packs, counts and losses of each item, oldest first; ordered packs last."""
    names = extract.names()
    for each in extract.session.exec(SupplyEntry.owned_by(extract.user.id)):
        on = each.on or each.ordered_on or each.logged_at.astimezone(extract.zone).date()
        if extract.meets(on, on):
            yield SUPPLY.sheet.cells(each, extract.zone, item=names[each.regimen_item_id])


def ingredient_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the contents of one dose of each item, by its label."""
    items = regimen_of(extract.session, extract.user).by_id
    for each in extract.session.exec(Ingredient.owned_by(extract.user.id)):
        item = items[each.regimen_item_id]
        if extract.meets(item.starts_on, item.ends_on):
            yield INGREDIENT_SHEET.cells(each, extract.zone, item=item.own_name)


def symptom_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the symptom reports, by day and symptom, with the planned dose of a suspected item."""
    items = regimen_of(extract.session, extract.user).by_id
    called = _called(extract)
    zone = extract.zone
    for each in _read(extract, SymptomReport.between):
        item = items.get(each.regimen_item_id) if each.regimen_item_id else None
        dosage = item.dosage_on(each.on) if item else None
        yield SYMPTOM_REPORT.sheet.cells(
            each,
            zone,
            item=item.name if item else None,
            name=called.get(each.symptom),
            dose_a_day=dosage.timing.amount_on(each.on) if dosage else None,
            dose_unit=dosage.unit if dosage else None,
        )


def symptom_list_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the questions of the check-in in the person's order: symptoms, own ones, scales."""
    called = _called(extract)
    for each in extract.session.exec(TrackedSymptom.of_user(extract.user.id)):
        name = called.get(each.slug, each.name)
        yield TRACKED_SYMPTOM_SHEET.cells(each, extract.zone, name=name)


def day_part_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the times of day as the person named and ordered them; none if they never did."""
    chosen = extract.user.preferences.day_parts or []
    for position, (slug, name) in enumerate(chosen):
        given = {"slug": slug, "name": name, "position": position}
        yield DAY_PART_SHEET.cells(None, extract.zone, **given)


def setting_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write every setting with its value."""
    for column in SETTINGS:
        assert column.write is not None
        owner = extract.user if column.stored in User.model_fields else extract.user.preferences
        yield (column.name, column.write(owner, extract.zone))


def photo_file(photo: ProgressPhoto) -> str:
    """Return the path of a photo's largest file, below the data folder and in the archive."""
    return f"photos/{photo.user_id}/{file_name(photo.id, SIZES[0])}"


def photo_rows(extract: Extract) -> Iterator[CsvRow]:
    """Write the photos, oldest first, each with the name of its largest file."""
    for each in _read(extract, ProgressPhoto.between):
        yield PHOTO.sheet.cells(each, extract.zone, file=photo_file(each))


def _read(extract: Extract, between: Callable[..., Any]) -> Iterator[Any]:
    """Read the rows of a query for the wanted days, without holding them all in memory."""
    statement = between(extract.user.id, *extract.days)
    yield from extract.session.exec(statement.execution_options(yield_per=ROWS_AT_A_TIME))


def _called(extract: Extract) -> dict[str, str]:
    """Return the names of symptoms and scales, in the person's language."""
    return {each.slug: each.name for each in questions_of(extract.session, extract.user)}


def _time_key(each: DosageTime) -> tuple[time, str, float]:
    return (each.at, each.days_of_week, each.amount)
