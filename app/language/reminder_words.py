"""Word reminders: what a notification says, and what is known about it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.diary.agenda import AgendaDose
from app.diary.reminders import PartCall
from app.diary.supply import Supply
from app.domain.day_parts import DayPart, day_parts
from app.domain.reminders import ReminderText
from app.i18n import _, lazy, ngettext
from app.language import words
from app.language.dosage_words import amount_words
from app.language.supply_words import days_left_words, runs_out_words
from app.language.words import capitalize_first
from app.models import User

ROUTINES: Mapping[str, lazy] = MappingProxyType(
    {
        "morning": lazy("Time for your morning routine"),
        "midday": lazy("Time for your midday routine"),
        "evening": lazy("Time for your evening routine"),
        "night": lazy("Time for your night routine"),
    }
)
STILL_OPEN: Mapping[str, lazy] = MappingProxyType(
    {
        "morning": lazy("Still open: your morning routine"),
        "midday": lazy("Still open: your midday routine"),
        "evening": lazy("Still open: your evening routine"),
        "night": lazy("Still open: your night routine"),
    }
)
FAILURES: Mapping[str, lazy] = MappingProxyType(
    {
        "gone": lazy("This browser no longer accepts notifications. Turn them on there again."),
        "refused": lazy("The browser’s push service refused the notification."),
        "busy": lazy("The browser’s push service was too busy."),
        "unreachable": lazy("The server could not reach the browser’s push service."),
        "not_allowed": lazy("The address of this browser’s push service is not allowed."),
    }
)
# More names would not fit into a notification.
MOST_NAMES = 8


def part_named(user: User, slug: str) -> DayPart:
    """Return a part of the day with the person's own name for it."""
    return next(part for part in day_parts(user.preferences.day_parts) if part.slug == slug)


def call_title(user: User, call: PartCall) -> str:
    """Return the first line of a notification."""
    part = part_named(user, call.part)
    if shown_text(user) is not ReminderText.QUIET:
        return _("{part}: {n} due", part=part.name, n=len(call.doses))
    if part.own_name:
        name = part.own_name
        return (
            _("Time for: {name}", name=name)
            if call.number == 1
            else _("Still open: {name}", name=name)
        )
    return str((ROUTINES if call.number == 1 else STILL_OPEN)[call.part])


def call_body(user: User, call: PartCall) -> str:
    """Return the text below the title: the names if chosen, and when Strand calls again."""
    lines = [] if shown_text(user) is ReminderText.QUIET else _names(user, call.doses)
    if call.number > 1:
        lines.append(_later(user, call))
    return "\n".join(lines) or _("Tap to answer.")


def missed_title() -> str:
    """Return the title of the notification about calls that could not be sent in time."""
    return _("Some doses are still open")


def missed_body(user: User, calls: Sequence[PartCall]) -> str:
    """Say which parts of the day they belong to."""
    names = words.joined(part_named(user, call.part).name for call in calls)
    return _("{parts}. The server was off at their time.", parts=names)


def refill_title(user: User, supplies: Sequence[Supply]) -> str:
    """Return the title of the notification about items that run low."""
    first = supplies[0]
    if shown_text(user) is ReminderText.QUIET or len(supplies) > 1:
        return _("Something is running low")
    left = days_left_words(first.days_left or 0)
    return _("{item}: {left}", item=first.item.name, left=left)


def refill_body(user: User, supplies: Sequence[Supply]) -> str:
    """Name the items and the days on which they run out, if the person chose names."""
    if shown_text(user) is ReminderText.QUIET:
        return _("See what in Strand.")
    if len(supplies) == 1:
        return capitalize_first(runs_out_words(supplies[0]))
    return words.joined(supply.item.name for supply in supplies)


def shown_text(user: User) -> ReminderText:
    """Return how much a notification may say: nothing but the time of day in discreet mode."""
    preferences = user.preferences
    return ReminderText.QUIET if preferences.is_discreet else preferences.reminder_text


def _names(user: User, doses: Sequence[AgendaDose]) -> list[str]:
    lines = [_name(user, dose) for dose in doses[:MOST_NAMES]]
    more = len(doses) - len(lines)
    return [*lines, ngettext("{n} more", "{n} more", more, n=more)] if more else lines


def _name(user: User, dose: AgendaDose) -> str:
    if shown_text(user) is ReminderText.NAMES:
        return dose.item.name
    amount = amount_words(dose.item, dose.row.amount, dose.row.unit, user)
    return f"{dose.item.name} {amount}".strip()


def _later(user: User, call: PartCall) -> str:
    if call.again_at is None:
        return _("This is the last reminder.")
    return _("One more at {time}.", time=words.clock(user.clock_at(call.again_at)))
