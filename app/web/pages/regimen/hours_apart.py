"""Pairs to take hours apart, in words, with the times that are set."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time

from app.domain.catalogue import Source
from app.domain.hours_apart import (
    MINUTES_A_DAY,
    MINUTES_AN_HOUR,
    Pairs,
    Side,
    SpacedPair,
    TimeGap,
    UntimedInteraction,
)
from app.domain.quantities import format_amount, format_number, with_unit
from app.i18n import _
from app.language import words
from app.web.http.visit import Visit
from app.web.pages.charts.geometry import Label, anchor_at

MOST_MEETINGS = 3
MOST_MARKS = 4


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the day, in percent."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day from midnight to midnight, with the hours around the other side's times."""

    ones: tuple[Label, ...]
    others: tuple[Label, ...]
    windows: tuple[Stretch, ...]
    label: str


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair, its sentence, and how far apart its set times are."""

    key: str
    title: str
    sentence: str
    effect: str
    yours: tuple[str, ...]
    day: DayLine | None
    one: str
    other: str
    sources: tuple[Source, ...]
    edit_url: str


@dataclass(frozen=True, slots=True)
class HoursApart:
    """Pairs in groups: too close, far enough apart, not comparable; and mentions."""

    close: tuple[PairLine, ...]
    kept: tuple[PairLine, ...]
    open: tuple[PairLine, ...]
    mentions: tuple[PairLine, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is no pair to list."""
        return not (self.close or self.kept or self.open or self.mentions)


def hours_apart(visit: Visit, pairs: Pairs) -> HoursApart:
    """Lay out the pairs."""
    lines = [(pair.is_enough, _pair_line(visit, pair)) for pair in pairs.spaced]
    return HoursApart(
        close=tuple(line for is_enough, line in lines if is_enough is False),
        kept=tuple(line for is_enough, line in lines if is_enough),
        open=tuple(line for is_enough, line in lines if is_enough is None),
        mentions=tuple(_mention_line(mention) for mention in pairs.mentions),
    )


def apart_words(pairs: Pairs) -> str:
    """Summarize the pairs, for the line that leads to the page; "" if there are none."""
    close = len(pairs.too_close)
    if close:
        nearer = words.counted(
            "{n} pair is too close together", "{n} pairs are too close together", close
        )
        return nearer
    if any(pair.is_enough for pair in pairs.spaced):
        return _("Your times are far enough apart")
    return _("No times to compare") if pairs.spaced else ""


def gap_words(minutes: int) -> str:
    """1 hour apart; 1 h 30 min apart; at the same time."""
    hours, rest = divmod(minutes, MINUTES_AN_HOUR)
    if not minutes:
        return _("at the same time")
    if not hours:
        return _("{rest} apart", rest=format_amount(rest, "min"))
    if rest:
        return _(
            "{hours} {rest} apart", hours=with_unit(hours, "h"), rest=format_amount(rest, "min")
        )
    return _("{hours} apart", hours=words.counted("{n} hour", "{n} hours", hours))


def _pair_line(visit: Visit, pair: SpacedPair) -> PairLine:
    said = pair.interaction
    sentence, effect, edit_url = "", "", ""
    if said is not None:
        sentence, effect = str(said.sentence), str(said.effect)
    elif pair.rule is not None:
        hours = (
            _("1 hour")
            if pair.rule.hours == 1
            else _("{n} hours", n=format_number(pair.rule.hours))
        )
        sentence = _("Your own rule: {hours} apart.", hours=hours)
        effect = pair.rule.note
        edit_url = visit.paths("edit_apart_rule", apart_rule_id=pair.rule.id)
    return PairLine(
        key=f"{pair.one.id.hex[:8]}-{pair.other.id.hex[:8]}-{'own' if pair.rule else 'known'}",
        title=_title(pair.one, pair.other),
        sentence=sentence,
        effect=effect,
        yours=tuple(_yours(pair)),
        day=_day_line(pair),
        one=pair.one.name,
        other=pair.other.name,
        sources=said.sources if said is not None else (),
        edit_url=edit_url,
    )


def _mention_line(mention: UntimedInteraction) -> PairLine:
    return PairLine(
        key=f"{mention.one.id.hex[:8]}-{mention.other.id.hex[:8]}-mention",
        title=_title(mention.one, mention.other),
        sentence=str(mention.interaction.sentence),
        effect=str(mention.interaction.effect),
        yours=(),
        day=None,
        one=mention.one.name,
        other=mention.other.name,
        sources=mention.interaction.sources,
        edit_url="",
    )


def _title(one: Side, other: Side) -> str:
    return _("{one} and {other}", one=words.unbroken(one.name), other=words.unbroken(other.name))


def _yours(pair: SpacedPair) -> Iterator[str]:
    if pair.tightest is None:
        without = [side.name for side in (pair.one, pair.other) if not side.moments]
        names = words.joined(without or [pair.one.name, pair.other.name])
        yield _("No times to compare: {names}.", names=names)
    elif pair.is_enough:
        nearest = _meeting_words(pair, pair.tightest)
        yield _("Yours are far enough apart. The closest: {nearest}.", nearest=nearest)
    else:
        for meeting in pair.too_close[:MOST_MEETINGS]:
            yield _meeting_words(pair, meeting) + "."


def _meeting_words(pair: SpacedPair, meeting: TimeGap) -> str:
    """Magnesium at 08:00 and levothyroxine at 07:00, 1 hour apart."""
    return _(
        "{one} at {one_at} and {other} at {other_at}, {gap}",
        one=pair.one.name,
        one_at=words.clock(meeting.one_at),
        other=pair.other.name,
        other_at=words.clock(meeting.other_at),
        gap=gap_words(meeting.minutes),
    )


def _day_line(pair: SpacedPair) -> DayLine | None:
    """Return the clock of both sides; None if a day cannot show it."""
    ones, others = _clock(pair.one), _clock(pair.other)
    span = (pair.hours_before + pair.hours_after) * MINUTES_AN_HOUR
    if not (0 < len(ones) <= MOST_MARKS and 0 < len(others) <= MOST_MARKS):
        return None
    if span >= MINUTES_A_DAY:
        return None
    windows: list[Stretch] = []
    for at in others:
        begin = _minute(at) - round(pair.hours_after * MINUTES_AN_HOUR)
        windows += _wrapped(begin, begin + round(span))
    return DayLine(
        ones=tuple(_marks(ones)),
        others=tuple(_marks(others)),
        windows=tuple(windows),
        label=_(
            "From midnight to midnight: {one} at {ones}, {other} at {others}.",
            one=pair.one.name,
            ones=words.joined([words.clock(at) for at in ones]),
            other=pair.other.name,
            others=words.joined([words.clock(at) for at in others]),
        ),
    )


def _clock(side: Side) -> list[time]:
    return sorted({moment.at for moment in side.moments})


def _minute(at: time) -> int:
    return at.hour * MINUTES_AN_HOUR + at.minute


def _marks(times: Iterable[time]) -> Iterator[Label]:
    for at in times:
        x = _percent(_minute(at))
        yield Label(x, 0, words.clock(at), anchor_at(x))


def _wrapped(begin: int, end: int) -> Iterator[Stretch]:
    """Return a stretch of the clock, in two parts if it crosses midnight."""
    for shift in (-MINUTES_A_DAY, 0, MINUTES_A_DAY):
        left, right = max(0, begin + shift), min(MINUTES_A_DAY, end + shift)
        if left < right:
            yield Stretch(_percent(left), round(_percent(right) - _percent(left), 2))


def _percent(minute: int) -> float:
    return round(100 * minute / MINUTES_A_DAY, 2)
