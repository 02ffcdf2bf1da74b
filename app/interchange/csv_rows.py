"""The rows of each CSV file, read from the database a span at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session, func, select

from app.diary.regimen import Item, first_day_of, ledger_between, regimen_of
from app.domain.catalogue import SUBSTANCES
from app.domain.ledger import DoseStatus, Row, Standing
from app.domain.logical_dates import time_order, zone_named
from app.domain.timing import Timing, TimingKind, overlaps
from app.interchange.csv_cells import Cell
from app.models import (
    Activity,
    ApartRule,
    CheckIn,
    Dosage,
    DosageTime,
    DoseEvent,
    HairReview,
    Ingredient,
    Measurement,
    Medicine,
    Note,
    Pause,
    ProgressPhoto,
    RegimenItem,
    SheddingCount,
    SymptomReport,
    TrackedSymptom,
    User,
)
from app.photos.pixels import SIZES
from app.photos.store import file_name
from app.services.check_ins import questions_of

DAYS_AT_FIRST, DAYS_AT_MOST = 7, 91
DOSES_AT_A_TIME = 1_000
ROWS_AT_A_TIME = 1_000
NEVER = datetime.min.replace(tzinfo=UTC)
STATUSES = {
    Standing.TAKEN: "taken",
    Standing.SKIPPED: "skipped",
    Standing.MISSED: "missed",
    Standing.EXTRA: "extra",
}

CsvRow = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """Whose rows, of which days, seen from when; an end that is None is open."""

    session: Session
    user: User
    now: datetime
    first: date | None = None
    last: date | None = None

    def meets(self, starts_on: date, ends_on: date | None) -> bool:
        """Whether a span of days shares one with those wanted."""
        return overlaps(starts_on, ends_on, self.first or date.min, self.last)

    @property
    def days(self) -> tuple[date, date]:
        """The wanted days, with ends where they are open."""
        return self.first or date.min, self.last or date.max

    def names(self) -> dict[UUID, str]:
        """The items' names by their ids, those of the wanted days or not."""
        return {item.id: item.own_name for item in regimen_of(self.session, self.user).items}


def dose_rows(extract: Extract) -> Iterator[CsvRow]:
    """What became of every dose, by the one ledger; open and paused slots are no facts yet.

    As many days are read at a time as hold about a thousand doses, by those just read: a quarter
    of a year for most, and little is held at once whatever a person logs.
    """
    user = extract.user
    today = user.today(extract.now)
    items = regimen_of(extract.session, user).by_id
    order = {item_id: place for place, item_id in enumerate(items)}
    first, end = _days_with_doses(extract)
    days = DAYS_AT_FIRST
    while first <= end:
        last = min(first + timedelta(days=days - 1), end)
        rows = ledger_between(extract.session, user, first, last, today=today)
        rows.sort(key=lambda row: _place(row, order, user.day_starts_time))
        for row in rows:
            if row.standing in STATUSES:
                yield _dose(row, items[row.regimen_item_id])
        first = last + timedelta(days=1)
        days = max(1, min(DAYS_AT_MOST, days * DOSES_AT_A_TIME // max(1, len(rows))))


def regimen_rows(extract: Extract) -> Iterator[CsvRow]:
    """The items, in the person's own order."""
    items = regimen_of(extract.session, extract.user).by_id
    for item in extract.session.exec(RegimenItem.owned_by(extract.user.id)):
        if extract.meets(item.starts_on, item.ends_on):
            yield (
                *(item.id, item.name, item.catalogue_id, item.kind, item.route),
                *(item.starts_on, item.ends_on, item.note),
                *(item.icon, item.tone, item.instruction, item.end_reason),
                *(item.slots_from, item.position, item.package_price, item.package_amount),
                *(item.neutral_name, item.zones, item.minutes_on, item.dry_minutes),
                *(item.needle_mm, item.shut_out_hours),
                " + ".join(map(str, items[item.id].strengths)),
                *(item.piece_amount, item.spray_ml, item.donation_note),
                *(item.donation_note == "", item.catalogue_id == ""),
            )


def dosage_rows(extract: Extract) -> Iterator[CsvRow]:
    """The dosages of each item, oldest first."""
    session, user_id = extract.session, extract.user.id
    times: dict[UUID, list[DosageTime]] = {}
    for each in session.exec(DosageTime.owned_by(user_id)):
        times.setdefault(each.dosage_id, []).append(each)
    names = extract.names()
    for dosage in session.exec(Dosage.owned_by(user_id)):
        if extract.meets(dosage.starts_on, dosage.ends_on):
            of_dosage = sorted(times.get(dosage.id, []), key=_time_key)
            yield _dosage(dosage, dosage.timing(of_dosage), names[dosage.regimen_item_id])


def activity_rows(extract: Extract) -> Iterator[CsvRow]:
    """Return the security log, newest first, by the day on which each line was last repeated."""
    for each in extract.session.exec(Activity.newest_first(extract.user.id)):
        on = each.last_at.astimezone(extract.user.zone).date()
        if extract.meets(on, on):
            instants = [at.astimezone(extract.user.zone) for at in (each.first_at, each.last_at)]
            yield (*instants, each.kind, each.times, each.device_label, each.network, each.detail)


def medicine_rows(extract: Extract) -> Iterator[CsvRow]:
    """The other medicines, by name; `times` are joined by ";"."""
    for each in extract.session.exec(Medicine.owned_by(extract.user.id)):
        if extract.meets(each.starts_on or date.min, each.ends_on):
            days = (each.starts_on, each.ends_on)
            yield (each.id, each.name, each.kind, each.times, *days, each.note)


def apart_rule_rows(extract: Extract) -> Iterator[CsvRow]:
    """The own rules of hours apart; each side is an item or another medicine."""
    for each in extract.session.exec(ApartRule.owned_by(extract.user.id)):
        first = (each.first_item_id, each.first_medicine_id)
        second = (each.second_item_id, each.second_medicine_id)
        yield (each.id, *first, *second, each.hours, each.note)


def pause_rows(extract: Extract) -> Iterator[CsvRow]:
    """The pauses of each item, oldest first."""
    names = extract.names()
    for pause in extract.session.exec(Pause.owned_by(extract.user.id)):
        if extract.meets(pause.starts_on, pause.last_day):
            item = names[pause.regimen_item_id]
            span = (pause.starts_on, pause.ends_on)
            yield (
                *(pause.id, pause.regimen_item_id, item, *span, pause.note),
                *(pause.is_break, pause.resumed_time),
            )


def ingredient_rows(extract: Extract) -> Iterator[CsvRow]:
    """What one dose of each item holds, by its label."""
    items = regimen_of(extract.session, extract.user).by_id
    for each in extract.session.exec(Ingredient.owned_by(extract.user.id)):
        item = items[each.regimen_item_id]
        if extract.meets(item.starts_on, item.ends_on):
            label = (each.substance, each.mass_ug, each.per_amount, each.position)
            strength = (each.unit, each.strength, each.strength_unit)
            yield (each.id, item.id, item.own_name, *label, *strength)


def check_in_rows(extract: Extract) -> Iterator[CsvRow]:
    """The check-ins, oldest first."""
    statement = CheckIn.between(extract.user.id, *extract.days)
    for each in extract.session.exec(statement.execution_options(yield_per=ROWS_AT_A_TIME)):
        scales = (each.mood, each.energy, each.sleep, each.stress, each.focus)
        yield (each.id, each.on, *scales, each.note, _logged_at(each.logged_at, extract))


def symptom_rows(extract: Extract) -> Iterator[CsvRow]:
    """The symptom reports, by day and symptom; with a suspected item its planned dose that day."""
    items = regimen_of(extract.session, extract.user).by_id
    called = {each.slug: each.name for each in questions_of(extract.session, extract.user)}
    statement = SymptomReport.between(extract.user.id, *extract.days)
    for each in extract.session.exec(statement.execution_options(yield_per=ROWS_AT_A_TIME)):
        item = items.get(each.regimen_item_id) if each.regimen_item_id else None
        dosage = item.dosage_on(each.on) if item else None
        yield (
            *(each.id, each.on, each.symptom, each.severity, each.interference),
            *(item.name if item else None, each.note, each.regimen_item_id),
            *(_logged_at(each.logged_at, extract), called.get(each.symptom)),
            dosage.timing.amount_on(each.on) if dosage else None,
            dosage.unit if dosage else None,
        )


def symptom_list_rows(extract: Extract) -> Iterator[CsvRow]:
    """What the person chose for the check-in, in their order: symptoms, own ones, and scales."""
    called = {each.slug: each.name for each in questions_of(extract.session, extract.user)}
    for each in extract.session.exec(TrackedSymptom.of_user(extract.user.id)):
        yield (each.slug, called.get(each.slug, each.name), each.position, each.is_asked)


def shedding_rows(extract: Extract) -> Iterator[CsvRow]:
    """The counts of shed hairs, by day, method and run; 0 is a count, an empty cell is none."""
    statement = SheddingCount.between(extract.user.id, *extract.days)
    for each in extract.session.exec(statement.execution_options(yield_per=ROWS_AT_A_TIME)):
        length, treatment = each.hair_length, each.chemical_treatment
        yield (
            *(each.id, each.on, each.method.value, each.hairs, each.score, each.run),
            *(each.days_since_wash, length.value if length else None, each.note),
            *(treatment.value if treatment else None, each.comb),
            _logged_at(each.logged_at, extract),
        )


def note_rows(extract: Extract) -> Iterator[CsvRow]:
    """The notes and life events, oldest first."""
    statement = Note.between(extract.user.id, *extract.days)
    for each in extract.session.exec(statement.execution_options(yield_per=ROWS_AT_A_TIME)):
        words = (each.kind.value, each.label, each.text)
        yield (each.id, each.on, *words, _logged_at(each.logged_at, extract))


def photo_file(photo: ProgressPhoto) -> str:
    """Where the largest file of a photo is, below the data folder and in the archive."""
    return f"photos/{photo.user_id}/{file_name(photo.id, SIZES[0])}"


def photo_rows(extract: Extract) -> Iterator[CsvRow]:
    """The photos, oldest first, each with the name of its largest file."""
    statement = ProgressPhoto.between(extract.user.id, *extract.days)
    for each in extract.session.exec(statement.execution_options(yield_per=ROWS_AT_A_TIME)):
        file = photo_file(each)
        hair = each.hair.value if each.hair else None
        yield (
            *(each.id, each.on, each.view.value, file, hair, each.note),
            *(each.width, each.height, _logged_at(each.logged_at, extract)),
        )


def hair_review_rows(extract: Extract) -> Iterator[CsvRow]:
    """Part widths and comparisons, oldest first."""
    for each in extract.session.exec(HairReview.between(extract.user.id, *extract.days)):
        measured = (each.part_width_mm, each.global_change)
        yield (each.id, each.on, *measured, _logged_at(each.logged_at, extract))


def measurement_rows(extract: Extract) -> Iterator[CsvRow]:
    """Blood pressure, pulse and weight, oldest first; `measured_at` in the reading's own zone."""
    statement = Measurement.between(extract.user.id, *extract.days)
    for each in extract.session.exec(statement.execution_options(yield_per=ROWS_AT_A_TIME)):
        measured_at = each.measured_at and each.measured_at.astimezone(zone_named(each.time_zone))
        yield (
            *(each.id, each.on, measured_at, each.time_zone),
            *(each.systolic_mmhg, each.diastolic_mmhg, each.pulse_bpm, _kg(each.weight_kg)),
            *(each.note, _logged_at(each.logged_at, extract)),
        )


def _kg(weight: float | None) -> float | None:
    return None if weight is None else round(weight, 4)


def _days_with_doses(extract: Extract) -> tuple[date, date]:
    """The wanted days, no further than the ledger has anything to say."""
    user = extract.user
    first, last = extract.session.exec(
        select(func.min(DoseEvent.due_on), func.max(DoseEvent.due_on)).where(
            DoseEvent.user_id == user.id
        )
    ).one()
    begins = min(first_day_of(extract.session, user, extract.now), first or date.max)
    ends = max(user.today(extract.now), last or date.min)
    wanted_first, wanted_last = extract.days
    return max(begins, wanted_first), min(ends, wanted_last)


def _place(
    row: Row, order: dict[UUID, int], day_starts: time
) -> tuple[date, tuple[int, time], int, datetime, int]:
    """Where a dose stands in the file: an order that no two exports read differently."""
    event = row.event
    occurred_at, number = (NEVER, 0) if event is None else (event.occurred_at, event.id.int)
    clock = time_order(row.at, day_starts)
    return (row.on, clock, order[row.regimen_item_id], occurred_at, number)


def _dose(row: Row, item: Item) -> CsvRow:
    event = row.event
    status = STATUSES[row.standing]
    if event is None:
        times: CsvRow = (None, None, None)
    else:
        zone = zone_named(event.time_zone)
        logged_at = event.logged_at.astimezone(zone)
        times = (event.occurred_at.astimezone(zone), logged_at, event.time_zone)
    is_in_the_body = event is not None and event.status is DoseStatus.TAKEN
    return (
        *(event.id if event else None, item.id, item.own_name, row.on, row.at, status),
        *times,
        *(row.amount, row.unit),
        _elemental_mg(item, row.amount, row.unit) if is_in_the_body else None,
        row.is_backfilled,
        *((event.reason, event.note, event.day_starts_time) if event else (None, None, None)),
        *((event.zones, event.minutes_on, event.needle_mm) if event else (None, None, None)),
        row.is_due,
        item.active_mg(row.amount, row.unit) if is_in_the_body else None,
    )


def _elemental_mg(item: Item, amount: float | None, unit: str) -> float | None:
    """Milligrams of the item's first mineral in a dose, from the person's own label."""
    mineral = next((each for each in item.label if _is_mineral(each.substance)), None)
    if amount is None or mineral is None:
        return None
    mass = mineral.micrograms_in(amount, unit)
    return None if mass is None else round(mass / 1000, 4)


def _is_mineral(slug: str) -> bool:
    substance = SUBSTANCES.get(slug)
    return substance is not None and substance.is_mineral


def _dosage(dosage: Dosage, timing: Timing, item: str) -> CsvRow:
    return (
        *(dosage.id, dosage.regimen_item_id, item, dosage.starts_on, dosage.ends_on),
        *(dosage.unit, timing.kind.value),
        tuple(each.at for each in timing.times),
        tuple(each.amount for each in timing.times),
        ";".join(each.days_of_week for each in timing.times),
        timing.every_days if timing.kind is TimingKind.EVERY_DAYS else None,
        dosage.days_of_month,
        *(timing.cycle_on or None, timing.cycle_off or None, timing.per_week or None),
        *(timing.gap_hours, timing.daily_maximum, dosage.taper_id),
        *(timing.per_week_most or None, timing.usual_amount, timing.rhythm_from),
        *(dosage.entered_on, dosage.entered_time),
    )


def _time_key(each: DosageTime) -> tuple[time, str, float]:
    return (each.at, each.days_of_week, each.amount)


def _logged_at(instant: datetime, extract: Extract) -> datetime:
    return instant.astimezone(extract.user.zone)
