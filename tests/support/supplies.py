"""Packs and counts, entered through the service."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Session

from app.diary import Diary
from app.diary.regimen import load_regimen
from app.diary.supply import Supply, supply_of
from app.domain.supply import SupplyKind
from app.models import RegimenItem, User
from app.records import SUPPLY
from app.services.supply import save_supply
from tests.support.clock import NOW
from tests.support.regimens import decided


def supply(
    session: Session,
    user: User,
    item: RegimenItem,
    amount: float,
    kind: SupplyKind = SupplyKind.PACK,
    ago: float = 30,
    **more: object,
) -> UUID:
    """Enter mL of a pack, or another change, so many minutes ago, and commit; its id."""
    values = {"id": uuid4(), "on": NOW.date(), "unit": "mL", **more}
    entry = SUPPLY.row(regimen_item_id=item.id, kind=kind, amount=amount, **values)
    session.expire_all()
    known = load_regimen(session, user.id).by_id[item.id]
    save_supply(session, user, known, entry, decided(user, ago))
    session.commit()
    return entry.id


def supply_now(
    session: Session, user: User, item: RegimenItem, now: datetime = NOW
) -> Supply | None:
    """The supply of an item, as a page would read it."""
    session.expire_all()
    diary = Diary(session, user, now)
    return supply_of(diary, diary.item(item.id))


def stock_now(session: Session, user: User, item: RegimenItem, now: datetime = NOW) -> float:
    """How much is left of an item; it must be known."""
    found = supply_now(session, user, item, now)
    assert found is not None
    assert found.stock.is_known
    return found.stock.amount
