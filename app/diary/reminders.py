"""Compute which open doses a person is called for now, and when to look again.

A reminder knows no schedule of its own: it asks the same agenda as Today.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.diary.agenda import AgendaDose, agenda_on
from app.diary.diary import Diary
from app.domain.logical_dates import instant_of
from app.domain.reminders import (
    Calls,
    PartReminder,
    is_missed,
    next_call,
    part_reminders,
    quiet_hours,
)

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PartCall:
    """A call for the doses of one part of the day that are due and open.

    `number` is 1 for the first call for these doses. `again_at` is when the next one follows if
    nothing is answered; None if this is the last.
    """

    part: str
    doses: tuple[AgendaDose, ...]
    number: int
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class Look:
    """What to send now, and when to look again.

    `missed` could not be sent in time, so all of it is told at once. `calls` is what was sent for
    each part once this is.
    """

    now: tuple[PartCall, ...]
    missed: tuple[PartCall, ...]
    calls: Mapping[str, Calls]
    next_at: datetime


@dataclass(frozen=True, slots=True)
class _OpenPart:
    """The open doses of a part, each with the instant at which it is called for first."""

    reminder: PartReminder
    doses: tuple[tuple[datetime, AgendaDose], ...]

    def planned(self, calls: Calls) -> datetime | None:
        return next_call([at for at, _dose in self.doses], self.reminder, calls)


def look_at(diary: Diary, sent: Mapping[str, Calls], since: datetime) -> Look:
    """Return what to send at `diary.now`, for the doses of today.

    `sent` has what was sent today already, by part. Doses that were to be called for before `since`
    are left alone. The next look is at the next call, and at the latest when the day is over.
    """
    owner, now = diary.owner, diary.now
    quiet = quiet_hours(owner.preferences.quiet_hours)

    def heard(at: datetime) -> datetime:
        return quiet.after(at, owner.zone) if quiet else at

    def allowed(at: datetime) -> datetime:
        # A late call that was planned before quiet hours waits until they end.
        return heard(max(at, now))

    due: list[PartCall] = []
    missed: list[PartCall] = []
    calls = dict(sent)
    next_at = owner.day_turns_at(diary.today)
    for part in open_parts(diary, since):
        slug, before = part.reminder.part, calls.get(part.reminder.part, Calls())
        planned = part.planned(before)
        if planned is None:
            continue
        if allowed(planned) <= now:
            is_new = any(not before.was_called(at) and at <= now for at, _dose in part.doses)
            if is_missed(heard(planned), now):
                after, told = before.silenced(part.reminder, now), missed
            else:
                after, told = before.after(now, is_new=is_new), due
            calls[slug] = after
            planned = part.planned(after)
            doses = tuple(dose for at, dose in part.doses if at <= now)
            told.append(PartCall(slug, doses, after.sent, planned and allowed(planned)))
        if planned is not None:
            next_at = min(next_at, allowed(planned))
    return Look(tuple(due), tuple(missed), calls, next_at)


def open_parts(diary: Diary, since: datetime) -> Iterator[_OpenPart]:
    """Yield the parts of today that are called for and have open doses."""
    owner = diary.owner
    groups = agenda_on(diary, diary.today).groups
    # A time that a clock change skips may lie after its own day.
    latest = owner.day_turns_at(diary.today) - A_MINUTE
    reminders = part_reminders(owner.preferences.reminder_times)
    for group in groups:
        reminder = reminders.get(group.part.slug)
        if reminder is None or not reminder.is_on:
            continue
        at = reminder.at and instant_of(diary.today, reminder.at, owner.zone, owner.day_starts_time)
        doses = tuple(
            (min(at or dose.due_at, latest), dose)
            for dose in group.doses
            if dose.is_waiting and dose.due_at is not None and dose.waiting_period is None
        )
        wanted = tuple((at, dose) for at, dose in doses if at >= since)
        if wanted:
            yield _OpenPart(reminder, wanted)
