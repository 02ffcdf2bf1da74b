"""What was counted so far: beside one's own range, as a chart, and set by set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.shedding import (
    FEWEST_SETS,
    CountMethod,
    CountSet,
    Noise,
    OwnRange,
    baseline_ends,
    noise_of,
    own_range,
    sets_of,
)
from app.models import SheddingCount
from app.web import words
from app.web.deps import Visit
from app.web.marks import changes_of
from app.web.shedding_chart import SetChart, set_chart
from app.web.shedding_words import METHODS, MethodWords, figure, number_word
from app.web.words import _

SHOWN = timedelta(days=365)
MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Comparison:
    """The latest set beside the sets before: a sentence in three parts, the middle one strong."""

    before: str
    strong: str
    after: str
    meanwhile: str
    noise: str


@dataclass(frozen=True, slots=True)
class ReadingLink:
    """A reading in the list, and where it can be changed; `more` is said and not shown."""

    day: str
    value: str
    url: str
    more: str


@dataclass(frozen=True, slots=True)
class SetLine:
    """A set in the list and the table."""

    week: str
    mean: str
    size: str
    washed: str
    readings: tuple[ReadingLink, ...]


@dataclass(frozen=True, slots=True)
class SheddingPage:
    """Everything the overview shows. `lines` are newest first."""

    words: MethodWords
    used: tuple[MethodWords, ...]
    latest: str
    latest_words: str
    comparison: Comparison
    chart: SetChart
    sentence: str
    lines: tuple[SetLine, ...]
    has_earlier: bool


def shedding_page(
    visit: Visit, method: CountMethod | None, *, is_everything: bool
) -> SheddingPage | None:
    """Read every count once; None where nothing was counted yet."""
    rows = visit.session.exec(SheddingCount.between(visit.user.id, date.min, date.max)).all()
    if not rows:
        return None
    newest = max(rows, key=lambda row: (row.on, row.logged_at))
    used = {row.method for row in rows}
    shown = method if method in used else newest.method
    own_rows = [row for row in rows if row.method is shown]
    every = sets_of(row.reading for row in own_rows)
    sets = [each for each in every if is_everything or each.last_on > visit.today - SHOWN]
    sets = sets or list(every[-1:])
    ends = baseline_ends(every, list(changes_of(visit, with_pauses=False)))
    own = own_range(every, ends) if ends else None
    return SheddingPage(
        words=METHODS[shown],
        used=tuple(each for each in METHODS.values() if each.method in used),
        latest=figure(every[-1].mean),
        latest_words=_latest_words(visit, METHODS[shown], every[-1]),
        comparison=_comparison(visit, METHODS[shown], every, own),
        chart=set_chart(visit, shown, sets, own),
        sentence=_sentence(visit, METHODS[shown], sets, own),
        lines=tuple(_set_lines(visit, METHODS[shown], sets[::-1], own_rows)),
        has_earlier=len(sets) < len(every),
    )


def _latest_words(visit: Visit, said: MethodWords, latest: CountSet) -> str:
    size = len(latest.readings)
    day = words.dated(latest.last_on, visit.today)
    if size == 1:
        return _("{unit} · {day}").format(unit=said.unit, day=day)
    return _("{unit} · mean of {size} {readings} · {day}").format(
        unit=said.unit, size=number_word(size), readings=said.readings, day=day
    )


def _comparison(
    visit: Visit, said: MethodWords, sets: Sequence[CountSet], own: OwnRange | None
) -> Comparison:
    noise = _noise_words(said, noise_of(sets))
    if own is None:
        return Comparison(
            _("Not enough sets yet for a range of your own. It needs "),
            _("{count} sets").format(count=number_word(FEWEST_SETS)),
            _(" after two weeks of practice and before the one it is compared with."),
            "",
            noise,
        )
    latest = sets[-1]
    places = {
        "below": _("{mean} lies below your own range of "),
        "within": _("{mean} lies within your own range of "),
        "above": _("{mean} lies above your own range of "),
    }
    return Comparison(
        places[own.place(latest.mean)].format(mean=figure(latest.mean)),
        _("{lowest} to {highest}").format(lowest=own.lowest, highest=own.highest),
        _(", from your {count} sets before {day}.").format(
            count=number_word(own.sets), day=_long_day(own.before, visit.today)
        ),
        _meanwhile(visit, own),
        noise,
    )


def _meanwhile(visit: Visit, own: OwnRange) -> str:
    """What changed while the range was counted: it may have moved it."""
    changes = [
        what
        for on, what in changes_of(visit, with_pauses=False).items()
        if own.since < on < own.before
    ]
    if not changes:
        return ""
    more = len(changes) - MOST_NAMED
    named = changes[:MOST_NAMED] + ([_("{count} more").format(count=more)] if more > 0 else [])
    return _("In that time also: {changes}.").format(changes=words.joined(named))


def _noise_words(said: MethodWords, noise: Noise | None) -> str:
    """How far readings differ by chance, where they are taken alike."""
    match said.method:
        case CountMethod.DAILY:
            return _("A free count jumps on wash days: look at whole weeks, not at single days.")
        case CountMethod.PICTURE:
            return _("A picture is a rough measure: one step up or down may be chance.")
    if noise is None:
        return _(
            "With two or three {readings} a set, this page will say how far they differ."
        ).format(readings=said.readings)
    differ = max(1, round(noise.sem))
    least = max(1, -(-round(noise.of_means * 100) // 100))
    return _(
        "Your {readings} differ by about {hairs}, so a change of less than {least} between sets "
        "may be chance."
    ).format(readings=said.readings, hairs=words.plural(differ, _("hair"), _("hairs")), least=least)


def _sentence(
    visit: Visit, said: MethodWords, sets: Sequence[CountSet], own: OwnRange | None
) -> str:
    """What the chart shows, for those who cannot see it, and how to read it."""
    highest = max(sets, key=lambda each: each.mean)
    parts = [
        _("{sets} since {month}.").format(
            sets=words.plural(len(sets), _("set"), _("sets")), month=words.month(sets[0].first_on)
        )
    ]
    if len(sets) > 1:
        parts.append(
            _("Highest {mean} in the week of {day}.").format(
                mean=figure(highest.mean), day=_long_day(highest.week, visit.today)
            )
        )
    if any(len(each.readings) > 1 for each in sets):
        parts.append(
            _("Dot: mean; bar: lowest to highest of the {readings}.").format(readings=said.readings)
        )
    if own is not None:
        parts.append(_("Band: your range before."))
    return " ".join(parts)


def _set_lines(
    visit: Visit, said: MethodWords, sets: Sequence[CountSet], rows: Sequence[SheddingCount]
) -> list[SetLine]:
    washed = {(row.on, row.run): row.days_since_wash for row in rows}
    lines = []
    for each in sets:
        links = tuple(
            ReadingLink(
                day=f"{words.WEEKDAYS[reading.on.weekday()][:3]} {reading.on.day}",
                value=str(reading.value),
                url=visit.paths("edit_count", on=reading.on, method=said.method)
                + (f"?run={reading.run}" if reading.run > 1 else ""),
                more=_("{unit} on {day}, change").format(
                    unit=said.unit, day=_long_day(reading.on, visit.today)
                ),
            )
            for reading in each.readings
        )
        days = [washed[reading.on, reading.run] for reading in each.readings]
        lines.append(
            SetLine(
                week=_("Week of {day}").format(day=words.dated(each.week, visit.today)),
                mean=figure(each.mean),
                size=words.plural(len(each.readings), said.reading.lower(), said.readings),
                washed=", ".join("\N{EN DASH}" if day is None else str(day) for day in days),
                readings=links,
            )
        )
    return lines


def _long_day(on: date, today: date) -> str:
    """10 September, with the year where it is another one."""
    day = f"{on.day} {words.MONTHS[on.month - 1]}"
    return day if on.year == today.year else f"{day} {on.year}"
