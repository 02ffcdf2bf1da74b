"""When a time of day is called for, how often it is called for again, and when Strand stays silent.

All instants are in UTC. A reminder belongs to one part of one logical day: a clock that jumps or a
person who flies changes its instant, and never how often it is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from app.domain.day_parts import NAMES

# Minutes between two calls for the same doses, and how many calls follow the first.
AGAIN_AFTER = (5, 15, 30)
AGAIN_TIMES = (0, 1, 2, 3)
USUALLY_AFTER, USUALLY_TIMES = 15, 3
# A call that is later than this was missed: several of them become one summary.
LATE_AFTER = timedelta(minutes=30)
# Doses without a time of their own are never called for.
PARTS = tuple(slug for slug in NAMES if slug != "any")
SNOOZES = (10, 30, 60)
SEPARATOR = "|"


class ReminderText(StrEnum):
    """How much a notification says: the time of day, the names, or the doses too."""

    QUIET = "quiet"
    NAMES = "names"
    DOSES = "doses"


@dataclass(frozen=True, slots=True)
class PartReminder:
    """How a person wants to be reminded of one part of the day.

    `at` is the wall-clock time of the first call; None means the time of the part's first dose.
    `again_after` is in minutes.
    """

    part: str
    is_on: bool = True
    at: time | None = None
    again_after: int = USUALLY_AFTER
    again_times: int = USUALLY_TIMES

    @property
    def written(self) -> str:
        """The text that is stored: "evening|on|21:00|15|3"."""
        at = self.at.isoformat("minutes") if self.at else ""
        state = "on" if self.is_on else "off"
        return SEPARATOR.join((self.part, state, at, str(self.again_after), str(self.again_times)))


def part_reminders(kept: Sequence[str]) -> dict[str, PartReminder]:
    """Return the reminder of every part, from the stored texts; others are as usual.

    A text that another release wrote and that cannot be read counts as not stored.
    """
    chosen = {part: PartReminder(part) for part in PARTS}
    for text in kept:
        reminder = _read(text)
        if reminder is not None:
            chosen[reminder.part] = reminder
    return chosen


def with_reminder(kept: Sequence[str], reminder: PartReminder) -> tuple[str, ...]:
    """Return the texts to store after one part was changed, in the order of the day."""
    chosen = {**part_reminders(kept), reminder.part: reminder}
    return tuple(each.written for each in chosen.values() if each != PartReminder(each.part))


def _read(text: str) -> PartReminder | None:
    try:
        part, state, at, after, times = text.split(SEPARATOR)
        found = PartReminder(
            part,
            is_on=state == "on",
            at=time.fromisoformat(at) if at else None,
            again_after=int(after),
            again_times=int(times),
        )
    except ValueError:
        return None
    is_known = part in PARTS and found.again_after in AGAIN_AFTER
    return found if is_known and found.again_times in AGAIN_TIMES else None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The wall-clock hours in which nothing is sent; what comes up waits until they end."""

    begins: time
    ends: time

    def after(self, instant: datetime, zone: tzinfo) -> datetime:
        """Return the first instant from `instant` on that is not in the quiet hours."""
        local = instant.astimezone(zone)
        at = local.time().replace(tzinfo=None)
        if self.begins <= self.ends:
            is_quiet, is_next_day = self.begins <= at < self.ends, False
        else:
            is_quiet, is_next_day = at >= self.begins or at < self.ends, at >= self.begins
        if not is_quiet:
            return instant
        on = local.date() + timedelta(days=1 if is_next_day else 0)
        # In an hour that a clock change repeats, quiet hours hold both times.
        local_end = datetime.combine(on, self.ends, tzinfo=zone).replace(fold=local.fold)
        end = local_end.astimezone(instant.tzinfo)
        # An end that a clock change skips would lie before its own beginning.
        return max(end, instant)


def quiet_hours(kept: Sequence[str]) -> QuietHours | None:
    """Return the quiet hours of the stored pair of times; None if there are none."""
    try:
        begins, ends = (time.fromisoformat(each) for each in kept)
    except ValueError:
        return None
    return QuietHours(begins, ends) if begins != ends else None


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls sent for one part of one day: how many for the doses due last, and when."""

    sent: int = 0
    last_at: datetime | None = None
    snoozed_until: datetime | None = None

    def was_called(self, at: datetime) -> bool:
        """Whether doses that are called for at `at` were called for already."""
        return self.last_at is not None and at <= self.last_at

    def after(self, now: datetime, *, is_new: bool) -> "Calls":
        """Return the calls after one more; doses not called for before count from one again."""
        return Calls(1 if is_new or self.snoozed_until else self.sent + 1, now)

    def silenced(self, reminder: PartReminder, now: datetime) -> "Calls":
        """Return the calls after a last one: nothing follows for these doses."""
        return Calls(reminder.again_times + 1, now)


def next_call(open_at: Sequence[datetime], reminder: PartReminder, calls: Calls) -> datetime | None:
    """Return when the open doses of a part are called for next; None if never again.

    `open_at` has the instant at which each open dose is called for first.
    """
    new = [at for at in open_at if not calls.was_called(at)]
    planned = [min(new)] if new else []
    if calls.last_at is not None and len(new) < len(open_at):
        if calls.snoozed_until is not None:
            return calls.snoozed_until
        if calls.sent <= reminder.again_times:
            planned.append(calls.last_at + timedelta(minutes=reminder.again_after))
    if not planned:
        return None
    return max(min(planned), calls.snoozed_until or min(planned))


def is_missed(planned: datetime, now: datetime) -> bool:
    """Whether a call is too late to be sent by itself: the server was off meanwhile."""
    return now - planned > LATE_AFTER
