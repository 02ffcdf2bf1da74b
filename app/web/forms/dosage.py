"""The part of a form with an item's dosage: how much is taken, and when."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Annotated, Any

from pydantic import Field

from app.diary.regimen import Regimen
from app.domain.clock_times import parse_clock
from app.domain.quantities import LONGEST_UNIT, UNITS, parse_amount, typed_number, unit_word
from app.domain.text import in_ascii_digits
from app.domain.timing import EVERY_WEEKDAY, DoseTime, Timing, TimingKind, times_every
from app.errors import Refused
from app.i18n import _, lazy
from app.language.words import clock
from app.services.dosages import MOST_TIMES, DosageInput
from app.web.http.reading import Amount, EntryForm, Number, OneLine, WholeNumber

RHYTHMS = {
    "daily": lazy("Daily or by weekday"),
    "every_days": lazy("Every few days or weeks"),
    "days_of_month": lazy("Days of the month"),
    "cycle": lazy("Days on, days off"),
    "every_hours": lazy("Every few hours"),
    "flexible": lazy("A few times a week"),
    "as_needed": lazy("As needed"),
}


# The value in the list of units for a unit typed beside it.
OTHER_UNIT = "other"
Unit = Annotated[OneLine, Field(max_length=LONGEST_UNIT)]


class DosageForm(EntryForm):
    """Amounts and times as typed: `times`, `amounts` and `line_days` are parallel lists of lines.

    `amount` and `days` apply to every line without its own. A line's own weekdays are digits in
    `line_days`, or ticks in `line_day` ("2:6" is the Saturday of the third line).
    """

    unit: Unit = "mg"
    own_unit: Unit = ""
    kind: str = "daily"
    amount: str = ""
    times: list[str] = Field(default_factory=list, max_length=MOST_TIMES)
    amounts: list[str] = Field(default_factory=list, max_length=MOST_TIMES)
    line_days: list[str] = Field(default_factory=list, max_length=MOST_TIMES)
    line_day: list[str] = Field(default_factory=list, max_length=7 * MOST_TIMES)
    days: list[str] = Field(default_factory=list, max_length=8)
    usual_amount: Amount | None = None
    every: Annotated[WholeNumber, Field(ge=1, le=366)] = 1
    every_unit: str = "days"
    every_hours: Annotated[WholeNumber, Field(ge=1, le=168)] = 8
    days_of_month: str = Field(default="", max_length=100)
    cycle_on: Annotated[WholeNumber, Field(ge=0, le=366)] = 0
    cycle_off: Annotated[WholeNumber, Field(ge=0, le=366)] = 0
    per_week: Annotated[WholeNumber, Field(ge=0, le=99)] = 0
    per_week_most: Annotated[WholeNumber, Field(ge=0, le=99)] = 0
    gap_hours: Annotated[Number, Field(gt=0, le=720)] | None = None
    daily_maximum: Annotated[WholeNumber, Field(ge=1, le=99)] | None = None

    def dosage(self) -> DosageInput:
        """Return the dosage for the service. Raises `Refused` with the field's name."""
        if self.kind not in READERS:
            raise Refused(_("Choose one from the list."), "kind")
        unit = self.own_unit if self.unit == OTHER_UNIT else self.unit
        if not unit:
            raise Refused(_("Enter the unit, such as puff or patch."), "own_unit")
        return READERS[self.kind](self.model_copy(update={"unit": unit}))

    def lines(self) -> tuple[DoseTime, ...]:
        """Return the times with their amounts and weekdays, in order of the clock.

        A line with its own weekdays takes them from a line at the same time without any.
        """
        typed = [
            (_time(at), _amount(_at(self.amounts, place) or self.amount), self._own_days(place))
            for place, at in enumerate(self.times)
            if at
        ]
        if not typed:
            raise Refused(_("Enter at least one time."), "times")
        own = {(at, digit) for at, _amount_, days in typed for digit in days}
        shared = "".join(sorted(set(self.days) & set(EVERY_WEEKDAY))) or EVERY_WEEKDAY
        lines = [
            DoseTime(at, amount, days or "".join(d for d in shared if (at, d) not in own))
            for at, amount, days in typed
        ]
        lines = [line for line in lines if line.days_of_week]
        falls = [(line.at, digit) for line in lines for digit in line.days_of_week]
        if len(set(falls)) < len(falls):
            sentence = _("The same time appears twice on one day. Choose different days for each.")
            raise Refused(sentence, "times")
        return tuple(sorted(lines, key=lambda line: (line.at, line.days_of_week)))

    def _own_days(self, place: int) -> str:
        ticked = [each.partition(":")[2] for each in self.line_day if each.startswith(f"{place}:")]
        return _days(_at(self.line_days, place) or "".join(ticked))


def _daily(form: DosageForm) -> DosageInput:
    if form.days and not set(form.days) & set(EVERY_WEEKDAY):
        raise Refused(_("Choose at least one weekday."), "days")
    lines = form.lines()
    is_every_day = all(line.days_of_week == EVERY_WEEKDAY for line in lines)
    kind = TimingKind.DAILY if is_every_day else TimingKind.WEEKDAYS
    return DosageInput(unit=form.unit, kind=kind, times=lines)


def _weekdays(form: DosageForm) -> DosageInput:
    if not set(form.days) & set(EVERY_WEEKDAY) and not any([*form.line_days, *form.line_day]):
        raise Refused(_("Choose at least one weekday."), "days")
    return DosageInput(unit=form.unit, kind=TimingKind.WEEKDAYS, times=form.lines())


def _every_days(form: DosageForm) -> DosageInput:
    every = form.every * (7 if form.every_unit == "weeks" else 1)
    if every > 366:
        raise Refused(_("Choose at most a year between doses."), "every")
    return _at_times(form, TimingKind.EVERY_DAYS, every_days=every)


def _days_of_month(form: DosageForm) -> DosageInput:
    named = re.findall(r"\d+", in_ascii_digits(form.days_of_month))
    days = tuple(sorted({int(day) for day in named if 1 <= int(day) <= 31}))
    if not days or len(days) != len(set(named)):
        raise Refused(_("Enter days from 1 to 31, such as 1, 15."), "days_of_month")
    return _at_times(form, TimingKind.DAYS_OF_MONTH, days_of_month=days)


def _cycle(form: DosageForm) -> DosageInput:
    if form.cycle_on < 1:
        raise Refused(_("Enter how many days on."), "cycle_on")
    if form.cycle_off < 1:
        raise Refused(_("Enter how many days off."), "cycle_off")
    return _at_times(form, TimingKind.CYCLE, cycle_on=form.cycle_on, cycle_off=form.cycle_off)


def _every_hours(form: DosageForm) -> DosageInput:
    """Return fixed times if the hours divide the day; else as needed, with that gap."""
    filled = [at for at in form.times if at]
    amount = _amount(_at(form.amounts, 0) or form.amount)
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
        raise Refused(_("The second number must be the larger one."), "per_week_most")
    rhythm = {"per_week": form.per_week, "per_week_most": form.per_week_most}
    return _at_no_time(form, TimingKind.FLEXIBLE, **rhythm)


def _as_needed(form: DosageForm) -> DosageInput:
    limits = {"gap_hours": form.gap_hours, "daily_maximum": form.daily_maximum}
    return _at_no_time(form, TimingKind.AS_NEEDED, **limits)


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
    """Fill the form in with a dosage.

    The amount and weekdays that most times share come first and apply to all of them.
    """
    pairs = Counter((line.amount, line.days_of_week) for line in timing.times)
    shared, days = pairs.most_common(1)[0][0] if pairs else (timing.usual_amount, "")
    is_shared = [(line.amount, line.days_of_week) == (shared, days) for line in timing.times]
    lines = [
        *(line for line, is_it in zip(timing.times, is_shared, strict=True) if is_it),
        *(line for line, is_it in zip(timing.times, is_shared, strict=True) if not is_it),
    ]
    own = lines[sum(is_shared) :]
    is_in_weeks = timing.every_days % 7 == 0
    is_weekly = timing.kind in {TimingKind.DAILY, TimingKind.WEEKDAYS}
    return {
        "unit": unit,
        "kind": TimingKind.DAILY.value if is_weekly else timing.kind.value,
        "amount": typed_number(shared),
        "times": [clock(line.at) for line in lines],
        "amounts": [*[""] * sum(is_shared), *(typed_number(line.amount) for line in own)],
        "line_days": ["" if line.days_of_week == days else line.days_of_week for line in lines],
        "days": list(days),
        "usual_amount": typed_number(timing.usual_amount),
        "every": str(timing.every_days // 7 if is_in_weeks else timing.every_days),
        "every_unit": "weeks" if is_in_weeks else "days",
        "days_of_month": ", ".join(str(day) for day in timing.days_of_month),
        "cycle_on": str(timing.cycle_on or ""),
        "cycle_off": str(timing.cycle_off or ""),
        "per_week": str(timing.per_week or ""),
        "per_week_most": str(timing.per_week_most or ""),
        "gap_hours": typed_number(timing.gap_hours),
        "daily_maximum": str(timing.daily_maximum or ""),
    }


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One line of the form as typed; `place` counts all lines, `days` are its own weekdays."""

    place: int
    time: str
    amount: str
    days: str


@dataclass(frozen=True, slots=True)
class TypedLines:
    """The lines of the form: those that share amount and weekdays, and those with their own."""

    shared: tuple[TypedLine, ...]
    own: tuple[TypedLine, ...]
    most: int = MOST_TIMES


# Empty lines requested by a button of the form, for browsers without JavaScript.
MORE_LINES = 3


def typed_lines(values: Mapping[str, Any]) -> TypedLines:
    """Return the lines to show: at least one time and one own line, and any that were requested."""
    times, amounts, digits, ticks = (
        list(values.get(name, [])) for name in ("times", "amounts", "line_days", "line_day")
    )
    lines = []
    for place in range(len(times)):
        ticked = "".join(each.partition(":")[2] for each in ticks if each.startswith(f"{place}:"))
        days = _at(digits, place) or ticked
        lines.append(TypedLine(place, times[place], _at(amounts, place), days))
    lines = [line for line in lines if line.time or line.amount]
    shared = [line for line in lines if not line.amount and not line.days]
    own = [line for line in lines if line.amount or line.days]
    empty = TypedLine(0, "", "", "")
    more = values.get("more")
    wanted = (MORE_LINES if more == "times" else 0, MORE_LINES if more == "lines" else 1)
    shared += [empty] * max(1 - len(shared), min(wanted[0], MOST_TIMES - len(lines)))
    own += [empty] * max(0, min(wanted[1], MOST_TIMES - len(shared) - len(own)))
    numbered = [replace(line, place=place) for place, line in enumerate([*shared, *own])]
    return TypedLines(tuple(numbered[: len(shared)]), tuple(numbered[len(shared) :]))


def dosage_fields(values: Mapping[str, Any], regimen: Regimen) -> dict[str, Any]:
    """Return the template's values: rhythms, units, and the lines as typed."""
    used = {dosage.unit for item in regimen.items for dosage in item.plan.dosages}
    return {
        "rhythms": RHYTHMS,
        "unit_options": unit_options(used, str(values.get("unit") or "")),
        "lines": typed_lines(values),
    }


def unit_options(used: Iterable[str], chosen: str) -> list[tuple[str, str]]:
    """Return the units to choose from: known units, units in use, and one to be typed."""
    known = [(unit, unit_word(unit)) for unit in UNITS]
    others = sorted({unit for unit in [*used, chosen] if unit and unit not in UNITS})
    return [
        *known,
        *((unit, unit) for unit in others if unit != OTHER_UNIT),
        (OTHER_UNIT, _("Another unit")),
    ]


def _at_times(form: DosageForm, kind: TimingKind, **rhythm: Any) -> DosageInput:
    """Return a rhythm of days that knows no weekdays, with its times of day."""
    times = tuple(DoseTime(line.at, line.amount) for line in form.lines())
    return DosageInput(unit=form.unit, kind=kind, times=times, **rhythm)


def _at_no_time(form: DosageForm, kind: TimingKind, **rhythm: Any) -> DosageInput:
    """Return a dosage without times of day, with its usual amount."""
    return DosageInput(unit=form.unit, kind=kind, usual_amount=_usual(form), **rhythm)


def _usual(form: DosageForm) -> float:
    if form.usual_amount is not None:
        return form.usual_amount
    if not form.amount:
        raise Refused(_("Enter how much one dose is."), "usual_amount")
    return _amount(form.amount)


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def _time(text: str) -> time:
    try:
        return parse_clock(text)
    except ValueError as error:
        raise Refused(_("Enter a time such as 08:00."), "times") from error


def _amount(text: str) -> float:
    if not text.strip():
        raise Refused(_("Enter how much one dose is."), "amounts")
    try:
        return parse_amount(text)
    except ValueError as error:
        raise Refused(str(error), "amounts") from error


def _days(text: str) -> str:
    return "".join(sorted(set(text) & set(EVERY_WEEKDAY)))
