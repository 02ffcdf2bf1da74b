"""Describe the state of a dose: taken 07:52, due in 20 min, not logged."""

from datetime import datetime, timedelta

from app.diary.agenda import AgendaDose
from app.diary.regimen import Item
from app.domain.ledger import Event, Row, Standing
from app.i18n import _, lazy
from app.language import words
from app.language.shared_messages import FILLED_IN_LATER, NOT_LOGGED, SKIPPED, TAKEN_AT

REASONS = {
    "forgot": lazy("forgot"),
    "side_effect": lazy("side effect"),
    "ran_out": lazy("ran out"),
    "blood_test": lazy("blood test"),
    "doctors_advice": lazy("doctor\N{RIGHT SINGLE QUOTATION MARK}s advice"),
    "travel": lazy("travel"),
    "other": lazy("other"),
}


def when_words(dose: AgendaDose, now: datetime) -> str:
    """Describe a dose at a glance: taken 07:52, due now, skipped: travel."""
    item, row, event = dose.item, dose.row, dose.row.event
    match row.standing:
        case Standing.TAKEN | Standing.EXTRA if event is not None:
            return _taken_words(row, event, item, dose.dry_at)
        case Standing.SKIPPED:
            reason = REASONS.get(event.reason or "") if event else None
            return _("skipped: {reason}", reason=reason) if reason else str(SKIPPED)
        case Standing.MISSED:
            return str(NOT_LOGGED)
        case Standing.PAUSED:
            return _("paused")
        case Standing.BEFORE:
            return _before_words(row, item)
        case _:
            assert dose.due_at is not None
            assert row.at is not None
            return words.due_words(dose.due_at, now, row.at)


def _before_words(row: Row, item: Item) -> str:
    """Say why a slot was too early: a pause ended later that day, or the item was added then."""
    is_resumed = any(
        pause.resumed_time and pause.ends_on == row.on - timedelta(days=1) for pause in item.pauses
    )
    return _("before you resumed") if is_resumed else _("before you started")


def _taken_words(row: Row, event: Event, item: Item, dry: datetime | None) -> str:
    """Taken 07:52, dry 08:12. "Extra" is added only if the item has set times."""
    if row.is_backfilled:
        return str(FILLED_IN_LATER)
    at = words.clock_in(event.occurred_at, event.time_zone)
    said = TAKEN_AT.of(time=at)
    if dry is not None:
        time_dry = words.clock_in(dry, event.time_zone)
        said = _("{said}, dry {time}", said=said, time=time_dry)
    dosage = item.dosage_on(row.on)
    is_extra = row.standing is Standing.EXTRA and (dosage is None or dosage.timing.kind.has_slots)
    return _("extra, {said}", said=said) if is_extra else said
