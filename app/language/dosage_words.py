"""Describe how much of an item is taken, and when."""

from datetime import date, timedelta

from app.diary.regimen import Item
from app.domain.catalogue import SUBSTANCES
from app.domain.ledger import ScheduledDosage
from app.domain.quantities import (
    format_amount,
    format_number,
    from_micrograms,
    to_micrograms,
    unit_word,
    with_unit,
    with_units_of_vitamin_d,
)
from app.domain.timing import EVERY_WEEKDAY, Timing, TimingKind
from app.i18n import _, cached_per_language, ngettext, pgettext
from app.language import words
from app.models import User, VitaminUnit

YEAR = timedelta(days=366)


def amount_words(item: Item, amount: float | None, unit: str, user: User) -> str:
    """667 mg; 25 µg (1,000 IU) for vitamin D, with the person's preferred unit first."""
    return _amount_words(item, amount, unit, user.preferences.vitamin_unit)


def _amount_words(item: Item, amount: float | None, unit: str, first: VitaminUnit) -> str:
    if amount is None:
        return ""
    treatment = item.treatment
    if treatment is None or treatment.substance != "vitamin_d" or unit not in {"ug", "IU"}:
        return format_amount(amount, unit)
    return with_units_of_vitamin_d(amount, unit, leading=first.value)


def amounts_of(item: Item, planned: float | None, unit: str, user: User) -> str:
    """Return the amounts that a phone can log and their unit, joined by bars."""
    return _amounts_of(item, planned, unit, user.preferences.vitamin_unit)


# Today writes forty amounts, the same ones at each view: both caches together save 2 % of its time.
@cached_per_language(1_024)
def _amounts_of(item: Item, planned: float | None, unit: str, first: VitaminUnit) -> str:
    if planned is None:
        return f"|||{unit_word(unit)}"
    offered = (planned, round(planned / 2, 4), planned * 2)
    said = [_dose_words(item, amount, unit, first) for amount in offered]
    return "|".join([*said, unit_word(unit)])


def dose_words(item: Item, amount: float | None, unit: str, user: User) -> str:
    """Write an amount with its contents, if labelled: 1 mL (50 mg), 2 tablets (10 mg)."""
    return _dose_words(item, amount, unit, user.preferences.vitamin_unit)


@cached_per_language(2_048)
def _dose_words(item: Item, amount: float | None, unit: str, first: VitaminUnit) -> str:
    said = _amount_words(item, amount, unit, first)
    held = item.active_ug(amount, unit) if _holds_one(item, unit) else None
    if not said or not held:
        return said
    active = mass_words(item.label[0].substance, held)
    return _("{amount} ({active})", amount=said, active=active)


def mass_words(slug: str, micrograms: float) -> str:
    """Write a mass in the usual unit for the substance."""
    substance = SUBSTANCES.get(slug)
    unit = substance.unit if substance else ("mg" if micrograms >= 1000 else "ug")
    return format_amount(round(from_micrograms(micrograms, unit), 4), unit)


def _holds_one(item: Item, unit: str) -> bool:
    """Whether a dose is not counted in a mass and contains a single substance."""
    if len(item.strengths) == 1 or len(item.label) != 1:
        return len(item.strengths) == 1
    return unit != "IU" and to_micrograms(1, unit) is None


def notice_words(item: Item, amount: str, user: User) -> str:
    """Name a dose in notices ("Minoxidil, 1 mL"), or neutrally in discreet mode."""
    if user.preferences.is_discreet:
        return item.neutral_name or _("A dose")
    return f"{item.name}, {amount}" if amount else item.name


def timing_words(timing: Timing) -> str:
    """Every day; Monday and Thursday; every 2 weeks; 5 days on, 2 off."""
    match timing.kind:
        case TimingKind.FLEXIBLE | TimingKind.AS_NEEDED:
            said = unslotted_rule(timing.kind, timing.per_week, timing.per_week_most)
            return said + _as_needed_limits(timing)
        case TimingKind.EVERY_DAYS if timing.every_days % 7 == 0:
            weeks = timing.every_days // 7
            return _("every week") if weeks == 1 else _("every {n} weeks", n=weeks)
        case TimingKind.EVERY_DAYS if timing.every_days > 1:
            return _("every {n} days", n=timing.every_days)
        case TimingKind.DAYS_OF_MONTH:
            days = [pgettext("day of the month", "{day}", day=day) for day in timing.days_of_month]
            return ngettext(
                "on day {days} of the month",
                "on days {days} of the month",
                len(days),
                days=words.joined(days),
            )
        case TimingKind.CYCLE:
            on = words.counted("{n} day on", "{n} days on", timing.cycle_on)
            off = words.counted("{n} off", "{n} off", timing.cycle_off)
            return _("{on}, {off}", on=on, off=off)
        case TimingKind.WEEKDAYS:
            return days_words(_weekdays_of(timing))
        case _:
            return _("every day")


def _weekdays_of(timing: Timing) -> str:
    return "".join(sorted({digit for line in timing.times for digit in line.days_of_week}))


def days_words(digits: str) -> str:
    """Mon, Wed and Fri; Mon to Fri; every day."""
    if digits == EVERY_WEEKDAY:
        return _("every day")
    names = [words.short_weekday(int(digit) - 1) for digit in digits]
    if len(digits) > 2 and digits in EVERY_WEEKDAY:
        return _("{first} to {last}", first=names[0], last=names[-1])
    return words.joined(names)


def next_due(item: Item, today: date) -> date | None:
    """Return the first day after today, within a year, on which a dose is due."""
    days = (slot.on for slot in item.plan.slots(today + timedelta(days=1), today + YEAR))
    return next((on for on in days if not item.plan.is_paused(on)), None)


def dosage_words(item: Item, dosage: ScheduledDosage, user: User) -> str:
    """667 mg 08:00, 1,333 mg 21:00; 500 mg as needed."""
    timing = dosage.timing
    if not timing.kind.has_slots:
        amount = amount_words(item, timing.usual_amount, dosage.unit, user)
        return f"{amount} {timing_words(timing)}".strip()
    is_by_weekday = len({line.days_of_week for line in timing.times}) > 1
    times = ", ".join(
        f"{amount_words(item, line.amount, dosage.unit, user)} {words.clock(line.at)}"
        + (f" {days_words(line.days_of_week)}" if is_by_weekday else "")
        for line in timing.times
    )
    if is_by_weekday and timing.kind is TimingKind.WEEKDAYS:
        return times
    rule = timing_words(timing)
    return times if rule == _("every day") else f"{times}, {rule}"


def amount_a_day_words(item: Item, dosage: ScheduledDosage, user: User) -> str:
    """2,000 mg a day; 1 session every week; "" if the days differ too much to say."""
    amount = amount_words(item, dosage.timing.amount_a_day, dosage.unit, user)
    if not amount or is_every_day(dosage.timing):
        return amount and _("{amount} a day", amount=amount)
    return f"{amount} {timing_words(dosage.timing)}"


def is_every_day(timing: Timing) -> bool:
    """Whether the rule leaves out no day."""
    match timing.kind:
        case TimingKind.EVERY_DAYS:
            return timing.every_days == 1
        case TimingKind.WEEKDAYS:
            return _weekdays_of(timing) == EVERY_WEEKDAY
        case kind:
            return kind is TimingKind.DAILY


def unplanned_words(item: Item, today: date) -> str:
    """Describe an item whose last dosage has ended: its history comes from a file."""
    ends = [each.timing.ends_on for each in item.plan.dosages if each.timing.ends_on]
    if not ends:
        return _("No times set")
    return _("No times set since {day}", day=words.dated(max(ends), today))


def unslotted_rule(kind: TimingKind, per_week: int, per_week_most: int) -> str:
    """2 to 3 times a week; as needed."""
    if kind is not TimingKind.FLEXIBLE:
        return _("as needed")
    if per_week_most > per_week:
        return _("{low} to {high} times a week", low=per_week, high=per_week_most)
    if per_week == 1:
        return _("once a week")
    return _("{times} times a week", times=per_week)


def _as_needed_limits(timing: Timing) -> str:
    parts = []
    if timing.gap_hours is not None:
        hours = format_number(timing.gap_hours)
        parts.append(_("at least {hours} apart", hours=with_unit(hours, "h")))
    if timing.daily_maximum is not None:
        parts.append(_("up to {most} a day", most=timing.daily_maximum))
    return "".join(f", {part}" for part in parts)
