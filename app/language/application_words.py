"""Describe where and how an item is applied, the wait after needling, and the drying time."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.diary.regimen import Item
from app.diary.waiting_periods import WaitingPeriod
from app.domain.applications import Application, Zone
from app.domain.quantities import format_amount, format_number, with_unit
from app.i18n import _, lazy
from app.language import words
from app.models import User

ZONES: Mapping[Zone, lazy] = {
    Zone.HAIRLINE: lazy("Hairline"),
    Zone.TEMPLES: lazy("Temples"),
    Zone.MID_SCALP: lazy("Top"),
    Zone.CROWN: lazy("Crown"),
    Zone.WHOLE_SCALP: lazy("Whole scalp"),
}


def zone_words(zones: Iterable[Zone]) -> str:
    """Temples and crown, inside a sentence."""
    return words.joined([words.noun(ZONES[zone]) for zone in zones])


def application_words(application: Application) -> str:
    """Crown and temples, 5 min on, 0.5 mm."""
    parts = [zone_words(application.zones)]
    if application.minutes_on:
        parts.append(_("{minutes} on", minutes=format_amount(application.minutes_on, "min")))
    if application.needle_mm:
        parts.append(with_unit(format_number(application.needle_mm), "mm"))
    return ", ".join(part for part in parts if part)


def usual_words(item: Item) -> str:
    """How an item is usually applied, and when it is dry, for its page."""
    parts = [application_words(item.application)]
    if item.dry_minutes:
        parts.append(_("dry after {minutes}", minutes=format_amount(item.dry_minutes, "min")))
    return ", ".join(part for part in parts if part)


def shut_out_words(shut_out: WaitingPeriod, user: User, now: datetime) -> str:
    """After Microneedling: wait until 20:10, or until Thursday 20:10."""
    until = shut_out.until.astimezone(user.zone)
    at = f"{until:%H:%M}"
    if until.date() != now.astimezone(user.zone).date():
        at = f"{words.weekday(until.weekday())} {at}"
    return _("after {item}: wait until {time}", item=shut_out.caused_by.name, time=at)


def shut_out_sentence(shut_out: WaitingPeriod) -> str:
    """Return the catalogue's sentence, or say that the hours are the person's own."""
    if shut_out.hours == shut_out.rule.hours_after:
        return str(shut_out.rule.sentence)
    hours = format_number(shut_out.hours)
    return _(
        "Your own rule: wait {hours} hours after {item}.", hours=hours, item=shut_out.caused_by.name
    )
