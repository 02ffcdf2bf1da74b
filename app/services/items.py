"""Add, edit, stop and remove items of the regimen."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session, func, select

from app.domain.catalogue import treatment_for
from app.domain.timing import day_before, overlaps
from app.errors import Refused
from app.models import Ingredient, Pause, RegimenItem, User
from app.services.dosages import DosageInput, add_dosage
from app.services.regimen import grow_version

MOST_ITEMS = 200


class IngredientInput(BaseModel):
    """What the label says: `mass_ug` micrograms of a substance in `per_amount` of the dose."""

    substance: str
    mass_ug: float
    per_amount: float = 1


class ItemInput(BaseModel):
    """An item as a person adds it."""

    name: str
    catalogue_id: str | None = None
    kind: str = "supplement"
    route: str = "oral"
    icon: str = "pill"
    tone: str = "mint"
    instruction: str = ""
    note: str = ""
    starts_on: date
    ends_on: date | None = None
    dosage: DosageInput
    ingredients: tuple[IngredientInput, ...] = ()


def add_item(session: Session, user: User, item: ItemInput, now: datetime) -> RegimenItem:
    """Add an item with its first dosage.

    An item started before the log began has no slots from before: nobody could have
    logged them here, so they are not missed either.
    """
    count = session.exec(
        select(func.count()).select_from(RegimenItem).where(RegimenItem.user_id == user.id)
    ).one()
    if count >= MOST_ITEMS:
        raise Refused(f"A regimen holds at most {MOST_ITEMS} items.", "name")
    if item.ends_on is not None and item.ends_on < item.starts_on:
        raise Refused("The end lies before the start.", "ends_on")
    row = RegimenItem(
        user_id=user.id,
        name=item.name,
        catalogue_id=item.catalogue_id,
        kind=item.kind,
        route=item.route,
        icon=item.icon,
        tone=item.tone,
        instruction=item.instruction,
        note=item.note,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        slots_from=max(item.starts_on, user.began_on),
        position=count,
        created_at=now,
    )
    session.add(row)
    session.flush()
    add_dosage(session, row, item.dosage, item.starts_on)
    write_ingredients(session, row, item.ingredients)
    grow_version(session, user)
    return row


def write_ingredients(
    session: Session, item: RegimenItem, ingredients: tuple[IngredientInput, ...]
) -> None:
    """Put an item's label as it is now."""
    for old in session.exec(select(Ingredient).where(Ingredient.regimen_item_id == item.id)).all():
        session.delete(old)
    session.add_all(
        Ingredient(
            user_id=item.user_id,
            regimen_item_id=item.id,
            substance=each.substance,
            mass_ug=each.mass_ug,
            per_amount=each.per_amount,
            position=position,
        )
        for position, each in enumerate(ingredients)
    )
    session.flush()


def label_from_catalogue(catalogue_id: str | None) -> tuple[IngredientInput, ...]:
    """The ingredient that the catalogue's factor gives, per 1 of the item's own unit of mass."""
    treatment = treatment_for(catalogue_id)
    if treatment is None or treatment.elemental is None:
        return ()
    micrograms = {"mg": 1000.0, "ug": 1.0, "g": 1_000_000.0}.get(treatment.unit)
    if micrograms is None:
        return ()
    elemental = treatment.elemental
    return (IngredientInput(substance=elemental.substance, mass_ug=micrograms * elemental.factor),)


def stop_item(item: RegimenItem, ends_on: date, reason: str) -> None:
    """Stop an item: `ends_on` is the last day on which it is taken. History is kept."""
    if ends_on < day_before(item.starts_on):
        raise Refused(f"{item.name} starts on {item.starts_on}: choose a later day.", "ends_on")
    item.ends_on = ends_on
    item.end_reason = reason


def check_pause(
    session: Session,
    item: RegimenItem,
    starts_on: date,
    ends_on: date | None,
    *,
    but: UUID | None = None,
) -> None:
    """Refuse a pause that ends before it starts, or overlaps another of the item."""
    if ends_on is not None and ends_on < starts_on:
        raise Refused("The last day lies before the first.", "ends_on")
    for other in session.exec(Pause.of_item(item.id)):
        if other.id != but and overlaps(starts_on, ends_on, other.starts_on, other.ends_on):
            raise Refused("Another pause of this item covers some of these days.", "starts_on")
