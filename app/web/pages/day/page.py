"""A day as the page shows it: doses by time of day, what is needed now and then, the week."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from app.diary import Diary
from app.diary.regimen import Item, counts_between, ledger_between
from app.domain.adherence import ratio
from app.domain.day_parts import day_parts, part_of
from app.domain.ledger import NOTHING_ASKED, DayCount, Standing
from app.domain.logical_dates import days_between, week_start
from app.domain.spans import Span, week_of
from app.language import words
from app.language.words import _
from app.models import User
from app.web.http.deps import Visit
from app.web.pages.day.as_needed import AsNeeded, as_needed_on
from app.web.pages.day.dose_lines import DoseLine, dose_line
from app.web.pages.day.log_age import DAYS_FOR_A_SHARE, days_of_log

DAYS_SHOWN = 7
ANSWERED = frozenset({Standing.TAKEN, Standing.SKIPPED, Standing.EXTRA})
NOT_ASKED = frozenset({Standing.PAUSED, Standing.BEFORE})


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
        """What a folded group says: 4 of 4, 08:06."""
        taken = [line for line in self.answered if line.row.is_taken]
        said = _("{taken} of {all}").format(taken=len(taken), all=len(self.answered))
        times = sorted({line.taken_time for line in taken})
        if not times:
            return said
        span = times[0] if len(times) == 1 else f"{times[0]}\N{EN DASH}{times[-1]}"
        return f"{said}, {span}"

    @property
    def answered(self) -> list[DoseLine]:
        """The doses that count; one that was due before the item was added is none of them."""
        return [line for line in self.rows if line.row.standing in ANSWERED]

    @property
    def waiting(self) -> list[DoseLine]:
        """Those that Take all answers."""
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
        """The day in words, for those who cannot see the ring."""
        if self.share is None or self.is_future:
            return words.day(self.on)
        said = _("{day}, {share} taken").format(
            day=words.day(self.on), share=words.percent(self.share)
        )
        return f"{said}, {words.less_words(self.less)}" if self.less else said

    @property
    def is_quiet(self) -> bool:
        """Before the log began, or still to come."""
        return self.is_future or self.is_before

    @property
    def letter(self) -> str:
        """The weekday's first letter."""
        return words.WEEKDAYS[self.on.weekday()][0]


class Said(NamedTuple):
    """A sentence of the summary, and the subject of the dose it is about, if of one."""

    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class DayPage:
    """Everything the page of a day shows about doses."""

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


def day_page(visit: Visit, on: date) -> DayPage:
    """Read the ledger of the day and the counts of its week, and lay the day out."""
    user, today = visit.diary.owner, visit.diary.today
    strip_last = on if on > today else min(today, on + timedelta(days=3))
    if today - on < timedelta(days=DAYS_SHOWN) and on <= today:
        strip_last = today
    strip_first = strip_last - timedelta(days=DAYS_SHOWN - 1)
    week = week_of(on)
    first, last = min(strip_first, week.first), max(strip_last, week.last)
    counts = counts_between(visit.diary.session, user, first, last, today=today)
    rows = ledger_between(visit.diary.session, user, on, on, today=today)
    lines = [dose_line(visit, row) for row in rows]
    needed = tuple(as_needed_on(visit.diary, on, lines))
    in_groups = [line for line in lines if not any(line in each.logged for each in needed)]
    current = [item for item in visit.diary.regimen.items if item.is_current(on)]
    asked = [line for line in lines if line.row.planned_amount is not None]
    due = [line for line in asked if line.row.standing not in NOT_ASKED]
    waiting = [line for line in due if line.row.standing is Standing.WAITING]
    missed = [line for line in due if line.row.standing is Standing.MISSED]
    return DayPage(
        on=on,
        title=day_title(on, today),
        eyebrow=day_eyebrow(on, today),
        groups=tuple(_groups(in_groups, user, folds=on == today)),
        as_needed=needed,
        strip=tuple(_strip(visit, counts, strip_first, on)),
        taken=sum(line.row.is_taken for line in due),
        asked=len(due),
        waiting=len(waiting),
        headline=_headline(on, today, due, waiting, missed),
        sentences=tuple(_sentences(visit.diary, on, waiting, _share_of_week(counts, week))),
        is_editable=visit.diary.may_edit(on),
        is_today=on == today,
        is_future=on > today,
        has_items=bool(current),
        item_count=len(current),
        earlier_url=visit.paths("show_day", on=on - timedelta(days=1)),
        later_url=visit.paths("show_day", on=on + timedelta(days=1)),
        hint=_hint(visit.diary, on, lines) if current else "",
    )


def _hint(diary: Diary, on: date, lines: Sequence[DoseLine]) -> str:
    """How a dose is logged, until one was; from the second day on how to install. Never both."""
    if on != diary.today:
        return ""
    is_logged = any(line.row.event is not None for line in lines)
    if days_of_log(diary) > 1:
        return "install" if is_logged else ""
    return "" if is_logged else "today"


def nearest_open_line(diary: Diary, page: DayPage, item: Item) -> DoseLine | None:
    """The item's open slot of the day that lies nearest to now: proposed, never assumed."""
    lines = [
        line
        for group in page.groups
        for line in group.waiting
        if line.item.id == item.id and line.row.at is not None
    ]
    return min(lines, key=lambda line: line.distance_to(diary.now), default=None)


def day_title(on: date, today: date) -> str:
    """Today, Yesterday, Tomorrow, or the day itself."""
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    return near.get((on - today).days) or words.day(on)


def day_eyebrow(on: date, today: date) -> str:
    """What stands above the title: the day, or how far it lies from today; the year if another."""
    away = (on - today).days
    if abs(away) <= 1:
        return words.day(on)
    if on.year != today.year:
        return str(on.year)
    said = _("In {n} days") if away > 0 else _("{n} days ago")
    return said.format(n=abs(away))


def _groups(lines: Sequence[DoseLine], user: User, *, folds: bool) -> Iterable[DoseGroup]:
    groups: dict[str, list[DoseLine]] = {}
    for line in lines:
        slug = part_of(line.row.at, user.day_starts_time)
        groups.setdefault(slug, []).append(line)
    for part in day_parts(user.preferences.day_parts):
        rows = groups.get(part.slug)
        if rows:
            times = [line.row.at for line in rows if line.row.at is not None]
            yield DoseGroup(
                part.slug, _(part.name), _span(times), tuple(rows), folds and _is_done(rows)
            )


def _is_done(rows: Sequence[DoseLine]) -> bool:
    """Whether something was answered, and nothing is left to answer."""
    is_answered = any(line.row.standing in ANSWERED for line in rows)
    return is_answered and not any(line.is_open for line in rows)


def _span(times: Sequence[time]) -> str:
    if not times:
        return ""
    first, last = words.clock(times[0]), words.clock(times[-1])
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


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


def _share_of_week(counts: Mapping[date, DayCount], week: Span) -> float | None:
    """Taken of due in a whole ISO week, as its trend page says."""
    days = [counts.get(day, NOTHING_ASKED) for day in days_between(week.first, week.last)]
    return ratio(sum(day.taken for day in days), sum(day.due for day in days))


def _headline(
    on: date,
    today: date,
    due: Sequence[DoseLine],
    waiting: Sequence[DoseLine],
    missed: Sequence[DoseLine],
) -> str:
    if not due:
        return _("Nothing due")
    if on > today:
        return _("{count} planned").format(count=words.count(len(due)))
    if on == today:
        return words.to_go(len(waiting))
    if not missed:
        return _("All answered")
    return _("{count} not logged").format(count=words.count(len(missed)))


def _sentences(
    diary: Diary, on: date, waiting: Sequence[DoseLine], taken_of_due: float | None
) -> list[Said]:
    """What is overdue, what comes next, and the share of the week."""
    parts = _open_sentences(waiting, diary.now) if on == diary.today else []
    parts.append(Said(_week_sentence(diary, on, taken_of_due)))
    return [part for part in parts if part.text]


def _open_sentences(waiting: Sequence[DoseLine], now: datetime) -> list[Said]:
    """Finasteride was due at 08:00. Next: Minoxidil at 21:00."""
    overdue = [line for line in waiting if line.is_late]
    ahead = [line for line in waiting if not line.is_late]
    said = []
    if len(overdue) == 1:
        said.append(_timed(_("{item} was due at {time}."), overdue[0]))
    elif overdue:
        doses = _("{count} doses are overdue, the first since {time}.")
        said.append(_timed(doses, overdue[0], count=words.count(len(overdue))))
    if ahead:
        is_now = ahead[0].falls_due_at is not None and ahead[0].falls_due_at <= now
        next_words = _("{item} is due now.") if is_now else _("Next: {item} at {time}.")
        said.append(_timed(next_words, ahead[0]))
    return said


def _timed(sentence: str, line: DoseLine, count: str = "") -> Said:
    at = words.clock(line.row.at or time())
    return Said(sentence.format(item=line.item.name, time=at, count=count), line.subject)


def _week_sentence(diary: Diary, on: date, taken_of_due: float | None) -> str:
    """97% taken this week; nothing of a log that is younger than a week but how long to wait."""
    today = diary.today
    days = days_of_log(diary)
    if days < DAYS_FOR_A_SHARE:
        is_begun = on == today and days > 0
        soon = _("Your week begins to show after {most} days ({days} of {most}).")
        return soon.format(days=days, most=DAYS_FOR_A_SHARE) if is_begun else ""
    if taken_of_due is None:
        return ""
    is_this_week = week_start(on) == week_start(today)
    said = _("{share} taken this week.") if is_this_week else _("{share} taken that week.")
    return said.format(share=words.percent(taken_of_due))
