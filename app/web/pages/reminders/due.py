"""The page that a notification opens: what is due now, in the largest type."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.diary.agenda import Agenda, AgendaDose, agenda_on
from app.domain.day_parts import EVENING
from app.domain.logical_dates import instant_of
from app.domain.reminders import SNOOZES
from app.i18n import _, ngettext
from app.language import words
from app.language.reminder_words import part_named
from app.models import Reminder
from app.web.http.visit import Visit
from app.web.pages.day.dose_lines import DoseLine, dose_line

TONIGHT = time(21)


@dataclass(frozen=True, slots=True)
class Snooze:
    """A time to be asked again: its name, and the instant."""

    name: str
    until: datetime
    time_text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class DuePage:
    """The doses of one part of a day. `later` says what is still to come today."""

    on: date
    part: str
    title: str
    eyebrow: str
    rows: tuple[DoseLine, ...]
    waiting: tuple[DoseLine, ...]
    snoozes: tuple[Snooze, ...]
    snoozed_until: str
    taken: int
    asked: int
    later: str

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to answer."""
        return not self.waiting


def due_page(visit: Visit, on: date, part: str) -> DuePage:
    """Read the doses of a part of a day, and when to ask again."""
    diary = visit.diary
    agenda = agenda_on(diary, on)
    group = next((each for each in agenda.groups if each.part.slug == part), None)
    doses = group.doses if group else ()
    rows = tuple(dose_line(visit, dose) for dose in doses)
    waiting = tuple(row for row in rows if row.is_open and row.is_editable)
    answered = sum(row.dose.is_answered for row in rows)
    name = part_named(diary.owner, part).name
    snoozed = diary.session.get(Reminder, (diary.owner.id, on, part))
    until = snoozed.snoozed_until if snoozed and on == diary.today else None
    until = until if until and until > diary.now else None
    return DuePage(
        on=on,
        part=part,
        title=_title(waiting, answered, name, diary.now),
        eyebrow=f"{words.day(on)} · {words.clock(diary.owner.clock_at(diary.now))}",
        rows=rows,
        waiting=waiting,
        snoozes=tuple(_snoozes(visit, on, until)) if on == diary.today else (),
        snoozed_until=words.clock(diary.owner.clock_at(until)) if until else "",
        taken=agenda.count.taken,
        asked=agenda.count.asked,
        later=_later(agenda, part),
    )


def _title(waiting: Sequence[DoseLine], answered: int, part_name: str, now: datetime) -> str:
    if not waiting:
        return _("{part} done", part=part_name) if answered else _("Nothing due")
    count = words.capitalize_first(words.count(len(waiting)))
    if answered:
        return words.to_go(len(waiting))
    first = waiting[0]
    if first.dose.due_at is not None and first.dose.due_at > now:
        return _("{count} due at {time}", count=count, time=words.clock(first.row.at or time()))
    return _("{count} due now", count=count)


def _later(agenda: Agenda, part: str) -> str:
    """Say what is still open today in other parts, and when the next of it is due."""
    left = [dose for dose in agenda.waiting if dose.part != part and dose.row.at is not None]
    if not left:
        return _("That was all for today.")
    first: AgendaDose = left[0]
    return ngettext(
        "{count} more today, at {time}.",
        "{count} more today, the next at {time}.",
        len(left),
        count=words.capitalize_first(words.count(len(left))),
        time=words.clock(first.row.at or time()),
    )


def _snoozes(visit: Visit, on: date, chosen: datetime | None) -> list[Snooze]:
    diary = visit.diary
    owner, now = diary.owner, diary.now.replace(second=0, microsecond=0)
    names = {10: _("10 min"), 30: _("30 min"), 60: _("1 h")}
    offered = [(names[minutes], now + timedelta(minutes=minutes)) for minutes in SNOOZES]
    tonight = instant_of(on, TONIGHT, owner.zone, owner.day_starts_time)
    if owner.clock_at(now) < EVENING and tonight > offered[-1][1]:
        offered.append((_("Tonight"), tonight))
    ends_at = owner.day_turns_at(on)
    return [
        Snooze(
            name=name,
            until=until,
            time_text=words.clock(owner.clock_at(until)),
            is_chosen=chosen is not None and abs(until - chosen) < timedelta(minutes=1),
        )
        for name, until in offered
        if until < ends_at
    ]
