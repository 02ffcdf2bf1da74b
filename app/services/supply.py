"""Save packs, counts and losses of an item's supply; each is a decision of its own."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.diary.regimen import Item
from app.domain.conversions import PIECES
from app.domain.logical_dates import instant_of
from app.domain.supply import SupplyKind
from app.errors import Refused
from app.i18n import _
from app.language.supply_words import cannot_convert
from app.models import RegimenItem, SupplyEntry, User
from app.records import SUPPLY
from app.services.deletions import delete_row
from app.services.history import Decision, lock_user, record_row
from app.services.regimen_writes import change_item

MOST_ENTRIES = 1_000
MOST_REFILL_DAYS = 120


def save_supply(
    session: Session,
    user: User,
    item: Item,
    entry: SupplyEntry,
    decision: Decision,
    piece_amount: float | None = None,
) -> None:
    """Save an entry of an item's supply, new or not. The caller commits.

    Packs that came today, and counts, apply from the instant of the decision: earlier doses of the
    day came from what there was before. Packs of an earlier day apply from its beginning. An entry
    whose day does not change keeps its instant. `entry.on` is empty for packs on their way.
    `piece_amount` is how much one capsule or tablet holds, if the item does not say it yet: it is
    saved with the item.
    """
    lock_user(session, user.id)
    today = user.today(decision.changed_at)
    if entry.on is not None and entry.on > today:
        raise Refused(_("Choose today or an earlier day."), "on")
    _check_amount(item, entry, piece_amount, today)
    if piece_amount is not None and item.piece_amount is None:
        row = session.get_one(RegimenItem, item.id)
        change_item(session, row, decision, piece_amount=piece_amount)
    others = [each for each in item.supplies if each.id != entry.id]
    if len(others) >= MOST_ENTRIES:
        raise Refused(_("You can list at most {n}.", n=MOST_ENTRIES), "amount")
    is_first = not any(each.at for each in others)
    if entry.kind in {SupplyKind.LOST, SupplyKind.GIVEN_AWAY} and is_first:
        raise Refused(_("Count what you have first, or add a pack."), "amount")
    entry.at = _counts_from(session, user, entry, decision)
    record_row(session, decision, SUPPLY, entry)


def remove_supply(session: Session, entry: SupplyEntry, decision: Decision) -> None:
    """Delete an entry: the supply is what it would be without it."""
    delete_row(session, SUPPLY, entry.id, decision)


def receive_supply(session: Session, user: User, entry: SupplyEntry, decision: Decision) -> None:
    """Note that ordered packs came now; packs that came before stay as they are."""
    lock_user(session, user.id)
    if entry.at is None:
        came = {"on": user.today(decision.changed_at), "at": decision.changed_at}
        record_row(session, decision, SUPPLY, SUPPLY.like(entry, **came))


def change_refill_days(session: Session, item: RegimenItem, days: int, decision: Decision) -> None:
    """Choose how many days before an item runs out it is to be bought again."""
    change_item(session, item, decision, refill_days=days)


def _check_amount(item: Item, entry: SupplyEntry, piece_amount: float | None, today: date) -> None:
    """Refuse a pack of nothing, and a unit that the dose cannot be converted to."""
    if entry.amount == 0 and entry.kind is not SupplyKind.RECOUNT:
        raise Refused(_("Enter an amount above 0."), "amount")
    before = next((each for each in item.supplies if each.id == entry.id), None)
    if before is not None and before.unit == entry.unit:
        return
    measures = item.measures_on(today)
    measures = replace(measures, piece_amount=item.piece_amount or piece_amount)
    if measures.dose_unit and measures.convert(1, entry.unit, measures.dose_unit) is None:
        field = "piece_amount" if entry.unit in PIECES else "unit"
        raise Refused(cannot_convert(measures.dose_unit, entry.unit), field)


def _counts_from(
    session: Session, user: User, entry: SupplyEntry, decision: Decision
) -> datetime | None:
    if entry.on is None:
        return None
    before = _stored(session, user, entry.id)
    if before is not None and before.on == entry.on:
        return before.at
    if entry.on == user.today(decision.changed_at):
        return decision.changed_at
    return instant_of(entry.on, user.day_starts_time, user.zone, user.day_starts_time)


def _stored(session: Session, user: User, entry_id: UUID) -> SupplyEntry | None:
    found = session.get(SupplyEntry, entry_id)
    return found if found is not None and found.user_id == user.id else None
