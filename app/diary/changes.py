"""List what changed in a regimen, and when: starts, doses, pauses and stops, past and planned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from itertools import pairwise

from app.diary.diary import Diary
from app.diary.regimen import Item
from app.domain.ledger import ScheduledDosage


class ChangeKind(Enum):
    """What happened to an item. `PAUSED` may last part of a day; `RESUMED` ends a pause."""

    STARTED = auto()
    DOSAGE = auto()
    PAUSED = auto()
    RESUMED = auto()
    STOPPED = auto()
    RESTARTED = auto()


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one item, on the first day that it applies.

    `before` and `after` are the dosages before and after a start or a change of dosage. `until` is
    the last day of a pause: None while it is open, and the day before `on` for a pause that covers
    no whole day.
    """

    on: date
    item: Item
    kind: ChangeKind
    before: ScheduledDosage | None = None
    after: ScheduledDosage | None = None
    until: date | None = None


def changes(diary: Diary) -> list[Change]:
    """List every change of every item, oldest first; within a day in the order of items."""
    found = [change for item in diary.regimen.items for change in _changes(item)]
    return sorted(found, key=lambda change: change.on)


def days_of_change(diary: Diary) -> list[date]:
    """List the days up to today on which an item started, stopped or changed its dosage.

    Leaves out pauses: after a pause the regimen is the same as before.
    """
    pauses = {ChangeKind.PAUSED, ChangeKind.RESUMED}
    found = {each.on for each in changes(diary) if each.kind not in pauses}
    return sorted(on for on in found if on <= diary.today)


def _changes(item: Item) -> Iterator[Change]:
    dosages = item.plan.dosages
    first = dosages[0] if dosages else None
    yield Change(item.starts_on, item, ChangeKind.STARTED, after=first)
    for before, after in pairwise(dosages):
        yield Change(after.timing.starts_on, item, ChangeKind.DOSAGE, before, after)
    for pause in item.pauses:
        is_break = pause.is_break and pause.ends_on is not None
        kind = ChangeKind.STOPPED if is_break else ChangeKind.PAUSED
        yield Change(pause.starts_on, item, kind, until=pause.ends_on)
        if pause.ends_on is not None:
            kind = ChangeKind.RESTARTED if is_break else ChangeKind.RESUMED
            yield Change(pause.ends_on + timedelta(days=1), item, kind)
    if item.ends_on is not None:
        yield Change(item.ends_on + timedelta(days=1), item, ChangeKind.STOPPED)
