"""Changes and life events as marks: the same sign for the same day on every chart.

Signs are assigned over the whole history, oldest first, so that they do not change with the span on
display. Changes of the regimen have letters, life events have numbers.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.diary import Diary
from app.diary.changes import ChangeKind, changes
from app.diary.entries import life_events
from app.diary.regimen import Item
from app.domain.life_events import life_event_name
from app.i18n import _
from app.language import words
from app.language.change_words import change_words

# A wash is noted twice a week: its marks would hide all others.
UNMARKED = frozenset({"wash"})
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONGEST_TEXT = 60
# Signs with centres closer than this, in pixels, are drawn as one.
CLOSEST = 28
MOST_NAMED = 4
# The width from which a plot has separate signs for life events.
WIDER = 1.75


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which the regimen changed, or something happened."""

    on: date
    sign: str
    is_event: bool
    text: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark on a chart: one sign, or the first and last of several that are close together."""

    x: float
    text: str
    is_event: bool

    @property
    def width(self) -> int:
        """The width in pixels."""
        return sign_width(self.text)


@dataclass(frozen=True, slots=True)
class Lanes:
    """The marks above a chart, for a wide plot and for a narrow one."""

    changes: tuple[Flag, ...]
    events: tuple[Flag, ...]
    narrow: tuple[Flag, ...]
    ticks: tuple[float, ...]

    @property
    def rows(self) -> str:
        """The lanes that exist: both, changes, events, or none."""
        if self.changes and self.events:
            return "both"
        return "changes" if self.changes else "events" if self.events else "none"

    @property
    def stems(self) -> tuple[float, ...]:
        """The positions of the lines down through the plot."""
        return tuple(sorted({flag.x for flag in (*self.changes, *self.events)}))


def changes_by_day(diary: Diary) -> dict[date, str]:
    """Describe the changes up to today, by day, oldest first."""
    texts: defaultdict[date, list[str]] = defaultdict(list)
    for change in changes(diary):
        # The end of a pause has no mark of its own.
        if change.on <= diary.today and change.kind is not ChangeKind.RESUMED:
            texts[change.on].append(change_words(change, diary.owner))
    return {on: _sentence(texts[on]) for on in texts}


def changes_named(diary: Diary, first: date, last: date) -> str:
    """Describe the changes from `first` to `last`, both included; "" if there are none."""
    found = [what for on, what in changes_by_day(diary).items() if first <= on <= last]
    return "; ".join(some_of(found))


def some_of(names: Sequence[str]) -> list[str]:
    """Return the first four, and the number of the others."""
    more = len(names) - MOST_NAMED
    return [*names[:MOST_NAMED], *([_("{count} more", count=more)] if more > 0 else [])]


def planned_changes(diary: Diary, first: date, last: date) -> list[tuple[date, Item, str]]:
    """Describe the planned changes, with their items, oldest first.

    Starts, stops, steps of a taper, pauses and the days on which they end.
    """
    return [
        (change.on, change.item, _sentence([change_words(change, diary.owner)]))
        for change in changes(diary)
        if max(first, diary.today + timedelta(days=1)) <= change.on <= last
    ]


def marks_of(diary: Diary) -> list[Mark]:
    """Return every mark of the person's history, oldest first."""
    events: defaultdict[date, list[str]] = defaultdict(list)
    for on, label, text in life_events(diary):
        if label not in UNMARKED and on <= diary.today:
            events[on].append(_event_words(label, text))
    marks = [
        Mark(on, letter(place), is_event=False, text=text)
        for place, (on, text) in enumerate(changes_by_day(diary).items())
    ]
    marks += [
        Mark(on, str(place), is_event=True, text=_sentence(events[on]))
        for place, on in enumerate(sorted(events), 1)
    ]
    return sorted(marks, key=lambda mark: (mark.on, mark.is_event))


def marks_between(marks: Iterable[Mark], first: date, last: date) -> list[Mark]:
    """Return the marks of a span."""
    return [mark for mark in marks if first <= mark.on <= last]


def lanes_of(marks: Iterable[Mark], x: Callable[[date], float], *, narrow: float) -> Lanes:
    """Lay out marks by their positions in percent, for a plot of `narrow` pixels and a wider one.

    Changes of the regimen and life events each have a lane; on a narrow plot, life events are ticks
    without a sign.
    """
    known = list(marks)
    changes = [mark for mark in known if not mark.is_event]
    events = [mark for mark in known if mark.is_event]
    wide = narrow * WIDER
    return Lanes(
        changes=tuple(_flags(changes, x, wide)),
        events=tuple(_flags(events, x, wide)),
        narrow=tuple(_flags(changes, x, narrow)),
        ticks=tuple(sorted({round(x(mark.on), 1) for mark in events})),
    )


def _flags(marks: Iterable[Mark], x: Callable[[date], float], width: float) -> Iterator[Flag]:
    """Make flags that never overlap on a plot of so many pixels: close marks share one."""
    groups: list[list[Mark]] = []
    for mark in marks:
        groups.append([mark])
        while len(groups) > 1 and _overlap(groups[-2], groups[-1], x, width):
            last = groups.pop()
            groups[-1].extend(last)
    for group in groups:
        yield Flag(round(x(group[0].on), 1), signs(group), group[0].is_event)


def _overlap(
    left: Sequence[Mark], right: Sequence[Mark], x: Callable[[date], float], width: float
) -> bool:
    apart = (x(right[0].on) - x(left[0].on)) * width / 100
    return apart < max(CLOSEST, (sign_width(signs(left)) + sign_width(signs(right))) / 2 + 2)


def sign_width(text: str) -> int:
    """Return the drawn width of a mark's sign, in pixels."""
    return 12 + 7 * len(text)


def signs(group: Sequence[Mark]) -> str:
    """B, or B–D for several that share a place."""
    first, last = group[0].sign, group[-1].sign
    return first if len(group) == 1 else f"{first}\N{EN DASH}{last}"


def letter(place: int) -> str:
    """A, B ... Z, AA, AB ..."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, len(LETTERS))
        text = LETTERS[rest] + text
    return text


def _event_words(label: str, text: str) -> str:
    said = " ".join(text.split())
    short = (
        said
        if len(said) <= LONGEST_TEXT
        else f"{said[: LONGEST_TEXT - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    )
    return f"{life_event_name(label)}: {short}" if short else life_event_name(label)


def _sentence(texts: Sequence[str]) -> str:
    said = ", ".join(texts)
    return words.capitalize_first(said)
