"""A day as the page shows it: doses by time of day, current notices, the week."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from app.diary import Diary
from app.diary.agenda import Agenda, AgendaDose, AgendaGroup, agenda_on, taken_of_due
from app.diary.log_age import DAYS_FOR_A_SHARE, days_of_log
from app.diary.regimen import counts_between
from app.domain.adherence import ratio
from app.domain.ledger import NOTHING_ASKED, DayCount
from app.domain.logical_dates import week_start
from app.domain.spans import week_of
from app.i18n import _, lazy
from app.language import words
from app.models import Hint, Preferences
from app.web.http.visit import Visit
from app.web.pages.day.as_needed import AsNeeded, as_needed_line
from app.web.pages.day.dose_lines import DoseLine, dose_line, subject_of
from app.web.pages.day.holding import holds_until
from app.web.pages.supply.low import LowLine, low_lines

DAYS_SHOWN = 7
DAYS_BEFORE_REMINDERS = 2


@dataclass(frozen=True, slots=True)
class DoseGroup:
    """The doses of one time of day."""

    slug: str
    title: str
    time_text: str
    rows: tuple[DoseLine, ...]
    is_folded: bool = False

    @property
    def done_text(self) -> str:
        """The text of a folded group: 4 of 4, 08:06."""
        taken = [line for line in self.answered if line.row.is_taken]
        said = _("{taken} of {all}", taken=len(taken), all=len(self.answered))
        times = sorted({line.taken_time for line in taken})
        if not times:
            return said
        span = times[0] if len(times) == 1 else f"{times[0]}\N{EN DASH}{times[-1]}"
        return f"{said}, {span}"

    @property
    def answered(self) -> list[DoseLine]:
        """The doses that count; a dose due before the item was added does not."""
        return [line for line in self.rows if line.dose.is_answered]

    @property
    def waiting(self) -> list[DoseLine]:
        """The doses that Take all answers."""
        return [line for line in self.rows if line.is_open and line.is_editable]


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of the strip: the share of doses taken, or None if nothing was due.

    `less`: how many of these doses were smaller than planned.
    """

    on: date
    share: float | None
    less: int
    is_current: bool
    is_future: bool
    is_before: bool
    url: str

    @property
    def number(self) -> int:
        """The day of the month."""
        return self.on.day

    @property
    def label(self) -> str:
        """The day in words, for people who cannot see the ring."""
        if self.share is None or self.is_future:
            return words.day(self.on)
        said = _("{day}, {share} taken", day=words.day(self.on), share=words.percent(self.share))
        return f"{said}, {words.less_words(self.less)}" if self.less else said

    @property
    def is_quiet(self) -> bool:
        """Whether the day is before the log began, or in the future."""
        return self.is_future or self.is_before

    @property
    def letter(self) -> str:
        """The weekday's first letter."""
        return words.weekday_letter(self.on.weekday())


class Said(NamedTuple):
    """A sentence of the summary, and the subject of the dose that it is about, if any."""

    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class DayPage:
    """Everything the page of a day shows about doses.

    Before `holds_until`, the clock alone changes none of it.
    """

    on: date
    title: str
    eyebrow: str
    groups: tuple[DoseGroup, ...]
    as_needed: tuple[AsNeeded, ...]
    strip: tuple[WeekDay, ...]
    taken: int
    asked: int
    waiting: int
    headline: str
    sentences: tuple[Said, ...]
    is_editable: bool
    is_today: bool
    is_future: bool
    has_items: bool
    item_count: int
    earlier_url: str
    later_url: str | None
    hint: str
    low: tuple[LowLine, ...]
    holds_until: datetime


def day_page(visit: Visit, on: date) -> DayPage:
    """Read the agenda of the day, and lay the day out."""
    return agenda_page(visit, agenda_on(visit.diary, on))


def agenda_page(visit: Visit, agenda: Agenda) -> DayPage:
    """Read the counts of the week round a day, and lay the day out."""
    diary, on, today = visit.diary, agenda.on, visit.diary.today
    strip_last = on if on > today else min(today, on + timedelta(days=3))
    if today - on < timedelta(days=DAYS_SHOWN) and on <= today:
        strip_last = today
    strip_first = strip_last - timedelta(days=DAYS_SHOWN - 1)
    week = week_of(on)
    first, last = min(strip_first, week.first), max(strip_last, week.last)
    counts = counts_between(diary.session, diary.owner, first, last, today=today)
    current = diary.regimen.current_on(on)
    low = low_lines(visit, agenda) if on == today else ()
    texts = {each.item.id: each.dose_text for each in low}
    return DayPage(
        on=on,
        title=day_title(on, today),
        eyebrow=day_eyebrow(on, today),
        groups=tuple(_group(visit, group, texts, folds=on == today) for group in agenda.groups),
        as_needed=tuple(as_needed_line(visit, each, on) for each in agenda.as_needed),
        strip=tuple(_strip(visit, counts, strip_first, on)),
        taken=agenda.count.taken,
        asked=agenda.count.asked,
        waiting=len(agenda.waiting),
        headline=_headline(agenda, today),
        sentences=tuple(_sentences(diary, agenda, taken_of_due(counts, week))),
        is_editable=diary.may_edit(on),
        is_today=on == today,
        is_future=on > today,
        has_items=bool(current),
        item_count=len(current),
        earlier_url=visit.paths("show_day", on=on - timedelta(days=1)),
        later_url=visit.paths("show_day", on=on + timedelta(days=1)),
        hint=_hint(diary, agenda) if current else "",
        low=low,
        holds_until=holds_until(diary, agenda),
    )


def _hint(diary: Diary, agenda: Agenda) -> str:
    """Return the one hint of today: how a dose is logged, until one was; how to install, from the
    second day on; reminders, from the third.
    """
    if agenda.on != diary.today:
        return ""
    is_logged = any(dose.row.event is not None for dose in agenda.doses)
    days = days_of_log(diary)
    if days > DAYS_BEFORE_REMINDERS and is_logged and _may_want_reminders(diary.owner.preferences):
        return "reminders"
    if days > 1:
        return "install" if is_logged else ""
    return "" if is_logged else "today"


def _may_want_reminders(preferences: Preferences) -> bool:
    return not preferences.reminds and Hint.REMINDERS.value not in preferences.hints_seen


def day_title(on: date, today: date) -> str:
    """Today, Yesterday, Tomorrow, or the day itself."""
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    return near.get((on - today).days) or words.day(on)


def day_eyebrow(on: date, today: date) -> str:
    """Return the text above the title: the day, its distance from today, or another year."""
    away = (on - today).days
    if abs(away) <= 1:
        return words.day(on)
    if on.year != today.year:
        return str(on.year)
    said = lazy("In {n} days") if away > 0 else lazy("{n} days ago")
    return said.of(n=abs(away))


def _group(visit: Visit, group: AgendaGroup, low: Mapping[UUID, str], *, folds: bool) -> DoseGroup:
    times = [dose.row.at for dose in group.doses if dose.row.at is not None]
    return DoseGroup(
        slug=group.part.slug,
        title=_(group.part.name),
        time_text=_span(times),
        rows=tuple(dose_line(visit, dose, low.get(dose.item.id, "")) for dose in group.doses),
        is_folded=folds and group.is_done,
    )


def _span(times: Sequence[time]) -> str:
    if not times:
        return ""
    first, last = words.clock(times[0]), words.clock(times[-1])
    return first if first == last else _("{first} to {last}", first=first, last=last)


def _strip(
    visit: Visit, counts: Mapping[date, DayCount], first: date, shown: date
) -> Iterable[WeekDay]:
    for offset in range(DAYS_SHOWN):
        on = first + timedelta(days=offset)
        count = counts.get(on, NOTHING_ASKED)
        yield WeekDay(
            on=on,
            share=ratio(count.taken, count.asked),
            less=count.less,
            is_current=on == shown,
            is_future=on > visit.diary.today,
            is_before=on < visit.diary.owner.began_on,
            url=visit.paths("show_day", on=on),
        )


def _headline(agenda: Agenda, today: date) -> str:
    count, missed = agenda.count, agenda.missed
    if not count.asked:
        return _("Nothing due")
    if agenda.on > today:
        return _("{count} planned", count=words.count(count.asked))
    if agenda.on == today:
        return words.to_go(len(agenda.waiting))
    if not missed:
        return _("All answered")
    return words.not_logged(len(missed))


def _sentences(diary: Diary, agenda: Agenda, taken_of_week: float | None) -> list[Said]:
    """Name overdue doses, the next one, and the share of the week."""
    parts = _open_sentences(agenda.waiting, diary.now) if agenda.on == diary.today else []
    parts.append(Said(_week_sentence(diary, agenda.on, taken_of_week)))
    return [part for part in parts if part.text]


def _open_sentences(waiting: Sequence[AgendaDose], now: datetime) -> list[Said]:
    """Finasteride was due at 08:00. Next: Minoxidil at 21:00."""
    overdue = [dose for dose in waiting if dose.is_late]
    ahead = [dose for dose in waiting if not dose.is_late]
    said = []
    if len(overdue) == 1:
        said.append(_timed(lazy("{item} was due at {time}."), overdue[0]))
    elif overdue:
        doses = lazy("{count} doses are overdue, the first since {time}.")
        said.append(_timed(doses, overdue[0], count=words.count(len(overdue))))
    if ahead:
        is_now = ahead[0].due_at is not None and ahead[0].due_at <= now
        next_words = lazy("{item} is due now.") if is_now else lazy("Next: {item} at {time}.")
        said.append(_timed(next_words, ahead[0]))
    return said


def _timed(sentence: lazy, dose: AgendaDose, count: str = "") -> Said:
    at = words.clock(dose.row.at or time())
    return Said(sentence.of(item=dose.item.name, time=at, count=count), subject_of(dose.row))


def _week_sentence(diary: Diary, on: date, taken_of_due: float | None) -> str:
    """97% taken this week; in the first week of a log, how many days are left instead."""
    today = diary.today
    days = days_of_log(diary)
    if days < DAYS_FOR_A_SHARE:
        is_begun = on == today and days > 0
        if not is_begun:
            return ""
        return _(
            "Your week begins to show after {most} days ({days} of {most}).",
            days=days,
            most=DAYS_FOR_A_SHARE,
        )
    if taken_of_due is None:
        return ""
    is_this_week = week_start(on) == week_start(today)
    said = lazy("{share} taken this week.") if is_this_week else lazy("{share} taken that week.")
    return said.of(share=words.percent(taken_of_due))
