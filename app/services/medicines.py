"""Save other medicines and own rules of hours apart; each is a decision of its own."""

from uuid import UUID

from sqlmodel import Session, func, select

from app.domain.hours_apart import OTHER_KINDS
from app.errors import Refused
from app.i18n import _
from app.models import ApartRule, Medicine, RegimenItem, User
from app.records import APART_RULE, MEDICINE
from app.services.deletions import delete_row, record_row_deletions
from app.services.history import Decision, lock_user, record_row

MOST_MEDICINES = 100
MOST_RULES = 100


def save_medicine(session: Session, user: User, medicine: Medicine, decision: Decision) -> None:
    """Save another medicine, new or not. The caller commits."""
    lock_user(session, user.id)
    if medicine.kind and medicine.kind not in OTHER_KINDS:
        raise Refused(_("Choose one from the list."), "kind")
    if medicine.starts_on and medicine.ends_on and medicine.ends_on < medicine.starts_on:
        raise Refused(_("The last day is before the first day."), "ends_on")
    _check_room(session, user, Medicine, medicine.id, MOST_MEDICINES, "name")
    record_row(session, decision, MEDICINE, medicine)


def remove_medicine(session: Session, user: User, medicine: Medicine, decision: Decision) -> None:
    """Delete another medicine with the own rules that name it."""
    lock_user(session, user.id)
    record_rule_deletions(session, medicine.id, decision)
    delete_row(session, MEDICINE, medicine.id, decision)


def save_rule(
    session: Session,
    user: User,
    rule: ApartRule,
    sides: tuple[UUID, UUID],
    decision: Decision,
) -> None:
    """Save an own rule, new or not. The caller commits.

    `sides` are the ids of the two that it keeps apart, each an item or another medicine.
    """
    lock_user(session, user.id)
    first, second = sides
    if first == second:
        raise Refused(_("Choose two different ones."), "second")
    _check_room(session, user, ApartRule, rule.id, MOST_RULES, "first")
    columns = {**_side(session, user, "first", first), **_side(session, user, "second", second)}
    record_row(session, decision, APART_RULE, APART_RULE.like(rule, **columns))


def remove_rule(session: Session, rule: ApartRule, decision: Decision) -> None:
    """Delete an own rule."""
    delete_row(session, APART_RULE, rule.id, decision)


def record_rule_deletions(session: Session, side_id: UUID, decision: Decision) -> None:
    """Write the end of the rules that go with an item or medicine."""
    record_row_deletions(session, APART_RULE, session.exec(ApartRule.naming(side_id)), decision)


def _side(session: Session, user: User, name: str, side_id: UUID) -> dict[str, UUID | None]:
    """Return the two columns of a side. Raises `Refused` if the id is not the person's own."""
    item, medicine = session.get(RegimenItem, side_id), session.get(Medicine, side_id)
    if not any(row is not None and row.user_id == user.id for row in (item, medicine)):
        raise Refused(_("Choose one from the list."), name)
    return {
        f"{name}_item_id": side_id if item is not None else None,
        f"{name}_medicine_id": side_id if item is None else None,
    }


def _check_room(
    session: Session,
    user: User,
    table: type[Medicine] | type[ApartRule],
    row_id: UUID,
    most: int,
    field: str,
) -> None:
    count = session.exec(
        select(func.count()).select_from(table).where(table.user_id == user.id, table.id != row_id)
    ).one()
    if count >= most:
        raise Refused(_("You can list at most {n}.", n=most), field)
