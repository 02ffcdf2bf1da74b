"""The overview of counts: compared with the person's own range, as a chart, and set by set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from app.diary import Diary
from app.diary.comparisons import CountComparison, Place, compare_counts
from app.domain.shedding import CountMethod, CountSet, OwnRange, is_due, next_due, sets_by
from app.i18n import _, lazy
from app.language import words
from app.language.shedding_words import (
    METHODS,
    MethodWords,
    figure,
    next_words,
    number_word,
    set_days,
)
from app.models import SheddingCount
from app.web.http.visit import Visit
from app.web.pages.charts.marks import changes_named, some_of
from app.web.pages.shedding.chart import SetChart, set_chart

SHOWN = timedelta(days=365)
# A reading saved this recently is confirmed.
JUST_NOW = timedelta(minutes=2)
DAY = timedelta(days=1)
# The position of a mean; outside the range by less than chance, it is about the same.
PLACES: Mapping[Place, lazy] = MappingProxyType(
    {
        Place.UNCERTAIN: lazy("The latest is {mean}. Your own range was "),
        Place.SAME: lazy("{mean} is about the same as your own range of "),
        Place.BELOW: lazy("{mean} is below your own range of "),
        Place.WITHIN: lazy("{mean} is within your own range of "),
        Place.ABOVE: lazy("{mean} is above your own range of "),
    }
)


@dataclass(frozen=True, slots=True)
class SheddingComparison:
    """The latest set compared with earlier ones: a sentence in three parts, the middle one bold.

    `changes` names other possible influences on the counts: since the range, within it, left out of
    it.
    """

    before: str
    strong: str
    after: str
    changes: tuple[str, ...]
    noise: str


@dataclass(frozen=True, slots=True)
class ReadingLink:
    """A reading in the list, and its address; `more` is for screen readers only."""

    day: str
    value: str
    url: str
    more: str


@dataclass(frozen=True, slots=True)
class SetLine:
    """A set in the list and the table."""

    days: str
    mean: str
    size: str
    washed: str
    readings: tuple[ReadingLink, ...]


@dataclass(frozen=True, slots=True)
class SheddingPage:
    """Everything on the overview. `lines` are newest first."""

    words: MethodWords
    used: tuple[MethodWords, ...]
    latest: str
    latest_words: str
    is_saved: bool
    next_words: str
    comparison: SheddingComparison
    chart: SetChart
    sentence: str
    lines: tuple[SetLine, ...]
    has_earlier: bool


def shedding_page(
    visit: Visit, method: CountMethod | None, *, is_everything: bool
) -> SheddingPage | None:
    """Read every count once; None if nothing was counted yet."""
    rows = visit.diary.session.exec(
        SheddingCount.between(visit.diary.owner.id, date.min, date.max)
    ).all()
    if not rows:
        return None
    newest = max(rows, key=lambda row: (row.on, row.logged_at))
    used = {row.method for row in rows}
    shown = method if method in used else newest.method
    own_rows = [row for row in rows if row.method is shown]
    every = sets_by(shown, (row.reading for row in own_rows))
    sets = [each for each in every if is_everything or each.last_on > visit.diary.today - SHOWN]
    sets = sets or list(every[-1:])
    compared = compare_counts(visit.diary, shown, every)
    return SheddingPage(
        words=METHODS[shown],
        used=tuple(each for each in METHODS.values() if each.method in used),
        latest=figure(every[-1].mean),
        latest_words=_latest_words(visit.diary, METHODS[shown], every[-1]),
        is_saved=any(row.logged_at > visit.diary.now - JUST_NOW for row in own_rows),
        next_words=_next(every[-1], shown, visit.diary.today),
        comparison=_comparison(visit.diary, METHODS[shown], compared),
        chart=set_chart(visit.diary, shown, sets, compared.own),
        sentence=_sentence(visit.diary, METHODS[shown], sets, compared.own),
        lines=tuple(_set_lines(visit, METHODS[shown], sets[::-1], own_rows)),
        has_earlier=len(sets) < len(every),
    )


def _latest_words(diary: Diary, said: MethodWords, latest: CountSet) -> str:
    size = len(latest.readings)
    day = words.dated(latest.last_on, diary.today)
    if size == 1:
        return _("{unit} · {day}", unit=said.unit, day=day)
    return _(
        "{unit} · mean of {size} {readings} · {day}",
        unit=said.unit,
        size=number_word(size),
        readings=said.readings,
        day=day,
    )


def _next(latest: CountSet, method: CountMethod, today: date) -> str:
    """Say what comes next: another morning of this set, or the next set and its day."""
    if is_due(latest, method, today):
        return ""
    return next_words(METHODS[method], latest, next_due(latest, method), today)


def _comparison(diary: Diary, said: MethodWords, compared: CountComparison) -> SheddingComparison:
    noise, own, place = _noise_words(said, compared), compared.own, compared.place
    left_out = _left_out_words([item.name for item in compared.left_out])
    if own is None or place is None:
        return SheddingComparison(_no_range_words(compared), "", "", left_out, noise)
    return SheddingComparison(
        PLACES[place].of(mean=figure(compared.latest.mean)),
        _("{lowest} to {highest}", lowest=own.lowest, highest=own.highest),
        _(
            ", from your {count} sets before {day}.",
            count=number_word(own.sets),
            day=_long_day(own.before, diary.today),
        ),
        (
            *_changes(
                lazy("Since then: {changes}."), changes_named(diary, own.before, diary.today)
            ),
            *_changes(
                lazy("While those were counted: {changes}."),
                changes_named(diary, own.since + DAY, own.before - DAY),
            ),
            *left_out,
        ),
        noise,
    )


def _no_range_words(compared: CountComparison) -> str:
    """Say when a range appears: after enough sets, or after enough comparable ones."""
    if not compared.has_enough_sets:
        return _("Your range appears after two practice weeks and four sets.")
    return _("Your range appears after four sets outside the first weeks of a new item or dose.")


def _changes(sentence: lazy, changes: str) -> tuple[str, ...]:
    return (sentence.of(changes=changes),) if changes else ()


def _left_out_words(items: Sequence[str]) -> tuple[str, ...]:
    """Say why some sets are not in the range."""
    if not items:
        return ()
    return (
        _(
            "Left out: counts from the first weeks of {items}, when shedding may differ.",
            items=words.joined(some_of(items)),
        ),
    )


def _noise_words(said: MethodWords, compared: CountComparison) -> str:
    """Say how far readings differ by chance, if they are taken alike."""
    match said.method:
        case CountMethod.DAILY:
            return _("A free count jumps on wash days: look at whole weeks, not at single days.")
        case CountMethod.PICTURE:
            return _("A picture is a rough measure: one step up or down may be chance.")
    if compared.noise is None or compared.least is None:
        return _("Count two or three times to see how much your counts vary.")
    differ = max(1, round(compared.noise.sem))
    return _(
        "Your counts differ by about {hairs}, so a change of less than {least} between sets may be "
        "chance.",
        hairs=words.counted("{n} hair", "{n} hairs", differ),
        least=figure(compared.least),
    )


def _sentence(
    diary: Diary, said: MethodWords, sets: Sequence[CountSet], own: OwnRange | None
) -> str:
    """Describe the chart for people who cannot see it, and how to read it."""
    highest = max(sets, key=lambda each: each.mean)
    parts = [
        _(
            "{sets} since {month}.",
            sets=words.counted("{n} set", "{n} sets", len(sets)),
            month=words.month(sets[0].first_on),
        )
    ]
    if len(sets) > 1:
        parts.append(
            _(
                "Highest: {mean}, {days}.",
                mean=figure(highest.mean),
                days=set_days(highest, diary.today),
            )
        )
    if any(len(each.readings) > 1 for each in sets):
        parts.append(
            _("Dot: mean; bar: lowest to highest of the {readings}.", readings=said.readings)
        )
    if own is not None:
        parts.append(_("Band: your earlier range."))
    return " ".join(parts)


def _set_lines(
    visit: Visit, said: MethodWords, sets: Sequence[CountSet], rows: Sequence[SheddingCount]
) -> list[SetLine]:
    washed = {(row.on, row.run): row.days_since_wash for row in rows}
    lines = []
    for each in sets:
        links = tuple(
            ReadingLink(
                day=words.day_of_week(reading.on),
                value=str(reading.value),
                url=visit.paths("edit_count", on=reading.on, method=said.method)
                + (f"?run={reading.run}" if reading.run > 1 else ""),
                more=_(
                    "{unit} on {day}, change",
                    unit=said.unit,
                    day=_long_day(reading.on, visit.diary.today),
                ),
            )
            for reading in each.readings
        )
        unwashed = [washed[reading.on, reading.run] for reading in each.readings]
        lines.append(
            SetLine(
                days=set_days(each, visit.diary.today),
                mean=figure(each.mean),
                size=said.sized(len(each.readings)),
                washed=", ".join("\N{EN DASH}" if day is None else str(day) for day in unwashed),
                readings=links,
            )
        )
    return lines


def _long_day(on: date, today: date) -> str:
    """10 September, with the year if it is not this year."""
    day = words.day_of_month(on)
    return day if on.year == today.year else f"{day} {on.year}"
