"""Describe changes of a regimen: started Biotin, 5,000 µg a day."""

from app.diary.changes import Change, ChangeKind
from app.diary.regimen import Item
from app.domain.ledger import ScheduledDosage
from app.domain.quantities import format_number
from app.i18n import _
from app.language import words
from app.language.dosage_words import amount_a_day_words, amount_words, timing_words
from app.models import User


def change_words(change: Change, owner: User) -> str:
    """Describe a change within a sentence: started Biotin, 5,000 µg a day."""
    name = change.item.name
    match change.kind:
        case ChangeKind.STARTED:
            return _started(change, owner)
        case ChangeKind.DOSAGE:
            return _changed(change, owner)
        case ChangeKind.PAUSED:
            return _paused(change)
        case ChangeKind.RESUMED:
            return _("pause of {item} ends", item=name)
        case ChangeKind.STOPPED:
            return _("stopped {item}", item=name)
        case ChangeKind.RESTARTED:
            return _("restarted {item}", item=name)


def _started(change: Change, owner: User) -> str:
    started = _("started {item}", item=change.item.name)
    amount = _a_day(change.item, change.after, owner) if change.after else ""
    return f"{started}, {amount}" if amount else started


def _changed(change: Change, owner: User) -> str:
    item, before, after = change.item, change.before, change.after
    assert before is not None, "no dosage before the change"
    assert after is not None, "no dosage after the change"
    old, new = _a_day(item, before, owner), _a_day(item, after, owner)
    if old == new:
        return _("other times for {item}", item=item.name)
    earlier, later = before.timing.amount_a_day, after.timing.amount_a_day
    if earlier is not None and later is not None and before.unit == after.unit:
        old = format_number(earlier)
    return f"{item.name} {old} \N{RIGHTWARDS ARROW} {new}"


def _paused(change: Change) -> str:
    name, first, last = change.item.name, change.on, change.until
    if last is None:
        return _("paused {item}", item=name)
    if last < first:
        return _("paused {item} for part of the day", item=name)
    days = words.counted("{n} day", "{n} days", (last - first).days + 1)
    return _("paused {item} for {days}", item=name, days=days)


def _a_day(item: Item, dosage: ScheduledDosage, owner: User) -> str:
    timing = dosage.timing
    if timing.amount_a_day is not None:
        return amount_a_day_words(item, dosage, owner)
    amount = amount_words(item, timing.usual_amount, dosage.unit, owner)
    return f"{amount} {timing_words(timing)}".strip()
