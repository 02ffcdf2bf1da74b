"""The part of a form that says how much of an item is taken, and when."""

import re
from collections.abc import Callable, Mapping
from datetime import time
from typing import Annotated, Any

from pydantic import Field

from app.domain.quantities import UNITS, parse_amount, plain_number
from app.domain.timing import EVERY_WEEKDAY, DoseTime, Timing, TimingKind, times_every
from app.errors import Refused
from app.services.dosages import MOST_TIMES, DosageInput
from app.web.forms import Amount, EntryForm, Number
from app.web.words import _, clock

RHYTHMS = {
    "daily": _("Every day"),
    "weekdays": _("Some weekdays"),
    "every_days": _("Every few days or weeks"),
    "days_of_month": _("Days of the month"),
    "cycle": _("Days on, days off"),
    "every_hours": _("Every few hours"),
    "flexible": _("A few times a week, any day"),
    "as_needed": _("As needed"),
}


class DosageForm(EntryForm):
    """Amounts and times as typed: `times` and `amounts` are pairs, one line each.

    `days` are the weekdays of every line; a line may have its own in `line_days`, as digits.
    """

    unit: Annotated[str, Field(pattern="^(" + "|".join(UNITS) + ")$")] = "mg"
    kind: str = "daily"
    times: list[str] = Field(default_factory=list, max_length=MOST_TIMES)
    amounts: list[str] = Field(default_factory=list, max_length=MOST_TIMES)
    line_days: list[str] = Field(default_factory=list, max_length=MOST_TIMES)
    days: list[str] = Field(default_factory=list, max_length=7)
    usual_amount: Amount | None = None
    every: int = Field(default=1, ge=1, le=366)
    every_unit: str = "days"
    every_hours: int = Field(default=8, ge=1, le=168)
    days_of_month: str = Field(default="", max_length=100)
    cycle_on: int = Field(default=0, ge=0, le=366)
    cycle_off: int = Field(default=0, ge=0, le=366)
    per_week: int = Field(default=0, ge=0, le=99)
    per_week_most: int = Field(default=0, ge=0, le=99)
    gap_hours: Annotated[Number, Field(gt=0, le=720)] | None = None
    daily_maximum: Annotated[int, Field(ge=1, le=99)] | None = None

    def dosage(self) -> DosageInput:
        """What the form says, for the service; raises `Refused` with the field's name."""
        if self.kind not in READERS:
            raise Refused(_("Choose one of the list."), "kind")
        return READERS[self.kind](self)

    def lines(self) -> tuple[DoseTime, ...]:
        """The pairs of time and amount that were filled in, by the clock."""
        shared = "".join(sorted(set(self.days) & set(EVERY_WEEKDAY))) or EVERY_WEEKDAY
        own = [*self.line_days, *[""] * len(self.times)]
        lines = [
            DoseTime(_time(at), _amount(amount), _days(days) or shared)
            for at, amount, days in zip(
                self.times, [*self.amounts, *[""] * len(self.times)], own, strict=False
            )
            if at
        ]
        if not lines:
            raise Refused(_("Enter at least one time."), "times")
        falls = [(line.at, digit) for line in lines for digit in line.days_of_week]
        if len(set(falls)) < len(falls):
            raise Refused(_("Two lines have the same time on one day: make them one."), "times")
        return tuple(sorted(lines, key=lambda line: line.at))


def _daily(form: DosageForm) -> DosageInput:
    lines = form.lines()
    is_every_day = all(line.days_of_week == EVERY_WEEKDAY for line in lines)
    kind = TimingKind.DAILY if is_every_day else TimingKind.WEEKDAYS
    return DosageInput(unit=form.unit, kind=kind, times=lines)


def _weekdays(form: DosageForm) -> DosageInput:
    if not form.days and not any(form.line_days):
        raise Refused(_("Choose at least one weekday."), "days")
    return DosageInput(unit=form.unit, kind=TimingKind.WEEKDAYS, times=form.lines())


def _every_days(form: DosageForm) -> DosageInput:
    every = form.every * (7 if form.every_unit == "weeks" else 1)
    if every > 366:
        raise Refused(_("At most a year lies between two doses."), "every")
    return DosageInput(
        unit=form.unit, kind=TimingKind.EVERY_DAYS, times=_every_weekday(form), every_days=every
    )


def _days_of_month(form: DosageForm) -> DosageInput:
    named = re.findall(r"\d+", form.days_of_month)
    days = tuple(sorted({int(day) for day in named if 1 <= int(day) <= 31}))
    if not days or len(days) != len(set(named)):
        raise Refused(_("Enter days from 1 to 31, such as 1, 15."), "days_of_month")
    return DosageInput(
        unit=form.unit,
        kind=TimingKind.DAYS_OF_MONTH,
        times=_every_weekday(form),
        days_of_month=days,
    )


def _cycle(form: DosageForm) -> DosageInput:
    if form.cycle_on < 1:
        raise Refused(_("Enter how many days on."), "cycle_on")
    if form.cycle_off < 1:
        raise Refused(_("Enter how many days off."), "cycle_off")
    return DosageInput(
        unit=form.unit,
        kind=TimingKind.CYCLE,
        times=_every_weekday(form),
        cycle_on=form.cycle_on,
        cycle_off=form.cycle_off,
    )


def _every_hours(form: DosageForm) -> DosageInput:
    """Fixed times where the hours divide the day; else as needed, with that gap."""
    filled = [at for at in form.times if at]
    amount = _amount(form.amounts[0] if form.amounts else "")
    times = times_every(form.every_hours, _time(filled[0]) if filled else time(8))
    if not times or len(times) > MOST_TIMES:
        return DosageInput(
            unit=form.unit,
            kind=TimingKind.AS_NEEDED,
            usual_amount=amount,
            gap_hours=form.every_hours,
        )
    lines = tuple(DoseTime(at, amount) for at in sorted(times))
    return DosageInput(unit=form.unit, kind=TimingKind.DAILY, times=lines)


def _flexible(form: DosageForm) -> DosageInput:
    if form.per_week < 1:
        raise Refused(_("Enter how many times a week."), "per_week")
    if form.per_week_most and form.per_week_most < form.per_week:
        raise Refused(_("The second number is the larger one."), "per_week_most")
    return DosageInput(
        unit=form.unit,
        kind=TimingKind.FLEXIBLE,
        usual_amount=_usual(form),
        per_week=form.per_week,
        per_week_most=form.per_week_most,
    )


def _as_needed(form: DosageForm) -> DosageInput:
    return DosageInput(
        unit=form.unit,
        kind=TimingKind.AS_NEEDED,
        usual_amount=_usual(form),
        gap_hours=form.gap_hours,
        daily_maximum=form.daily_maximum,
    )


READERS: Mapping[str, Callable[[DosageForm], DosageInput]] = {
    "daily": _daily,
    "weekdays": _weekdays,
    "every_days": _every_days,
    "days_of_month": _days_of_month,
    "cycle": _cycle,
    "every_hours": _every_hours,
    "flexible": _flexible,
    "as_needed": _as_needed,
}


def typed_values(timing: Timing, unit: str) -> dict[str, Any]:
    """A dosage as the fields of the form hold it."""
    shared = {line.days_of_week for line in timing.times}
    is_shared = len(shared) == 1
    is_in_weeks = timing.every_days % 7 == 0
    return {
        "unit": unit,
        "kind": timing.kind.value,
        "times": [clock(line.at) for line in timing.times],
        "amounts": [plain_number(line.amount) for line in timing.times],
        "line_days": ["" if is_shared else line.days_of_week for line in timing.times],
        "days": list(next(iter(shared))) if is_shared else [],
        "usual_amount": "" if timing.usual_amount is None else plain_number(timing.usual_amount),
        "every": str(timing.every_days // 7 if is_in_weeks else timing.every_days),
        "every_unit": "weeks" if is_in_weeks else "days",
        "days_of_month": ", ".join(str(day) for day in timing.days_of_month),
        "cycle_on": str(timing.cycle_on or ""),
        "cycle_off": str(timing.cycle_off or ""),
        "per_week": str(timing.per_week or ""),
        "per_week_most": str(timing.per_week_most or ""),
        "gap_hours": "" if timing.gap_hours is None else plain_number(timing.gap_hours),
        "daily_maximum": str(timing.daily_maximum or ""),
    }


def _every_weekday(form: DosageForm) -> tuple[DoseTime, ...]:
    """The lines of a rhythm that knows no weekdays."""
    return tuple(DoseTime(line.at, line.amount) for line in form.lines())


def _usual(form: DosageForm) -> float:
    if form.usual_amount is None:
        raise Refused(_("Enter how much one dose is."), "usual_amount")
    return form.usual_amount


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise Refused(_("Enter a time such as 08:00."), "times") from error


def _amount(text: str) -> float:
    try:
        return parse_amount(text)
    except ValueError as error:
        raise Refused(str(error), "amounts") from error


def _days(text: str) -> str:
    return "".join(sorted(set(text) & set(EVERY_WEEKDAY)))
