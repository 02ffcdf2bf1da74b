"""Add the chosen treatments of a ready-made set, all of them or nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from uuid import UUID, uuid5

from sqlmodel import Session

from app.domain.catalogue import (
    CATALOGUE,
    SETS,
    ReadyMadeSet,
    SetItem,
    Treatment,
    UsualDose,
)
from app.domain.labels import parse_strength
from app.domain.timing import DoseTime
from app.errors import NotFound, Refused
from app.i18n import _
from app.models import RegimenItem, User
from app.services.dosages import MOST_TIMES, DosageInput
from app.services.history import Decision
from app.services.items import (
    IngredientInput,
    ItemInput,
    add_item,
    label_from_catalogue,
    strength_on_label,
)


@dataclass(frozen=True, slots=True)
class ChosenTreatment:
    """A chosen treatment of a set. A missing amount or missing times are the usual ones."""

    catalogue_id: str
    amount: float | None = None
    times: tuple[time, ...] = ()


def set_named(set_id: str) -> ReadyMadeSet:
    """Return a ready-made set; raise `NotFound` for an unknown one."""
    found = next((each for each in SETS if each.id == set_id), None)
    if found is None:
        raise NotFound
    return found


def add_set(
    session: Session,
    user: User,
    ready_made: ReadyMadeSet,
    chosen: Sequence[ChosenTreatment],
    decision: Decision,
    set_id: UUID,
) -> list[RegimenItem]:
    """Add the chosen treatments, from today on, in the order of the set.

    The ids of the items follow from `set_id`, so a set that is sent twice is added once. Raises
    `Refused` with the field of the treatment, such as "times-iron". The caller commits.
    """
    wanted = {each.catalogue_id: each for each in chosen}
    items = [each for each in ready_made.items if each.catalogue_id in wanted]
    if not items:
        raise Refused(_("Tick at least one."), "chosen")
    return [
        add_item(
            session,
            user,
            _item(user, each, wanted[each.catalogue_id], decision),
            decision,
            uuid5(set_id, each.catalogue_id),
        )
        for each in items
    ]


def _item(user: User, item: SetItem, chosen: ChosenTreatment, decision: Decision) -> ItemInput:
    treatment = CATALOGUE[item.catalogue_id]
    return ItemInput(
        name=str(item.name or treatment.short_name),
        catalogue_id=treatment.id,
        kind=treatment.kind.value,
        route=treatment.route.value,
        icon=treatment.icon,
        tone=treatment.tone,
        instruction=str(item.usual.instruction),
        starts_on=user.today(decision.received_at),
        dosage=_dosage(treatment, item.usual, chosen),
        ingredients=_label(treatment, item),
    )


def _dosage(treatment: Treatment, usual: UsualDose, chosen: ChosenTreatment) -> DosageInput:
    field = f"times-{treatment.id}"
    if len(chosen.times) > MOST_TIMES:
        name = treatment.short_name
        raise Refused(_("{item}: at most {most} times.", item=name, most=MOST_TIMES), field)
    if len(set(chosen.times)) < len(chosen.times):
        sentence = _("The same time appears twice on one day. Choose different days for each.")
        raise Refused(sentence, field)
    return DosageInput(
        unit=usual.unit,
        kind=usual.timing,
        times=_lines(usual, chosen),
        usual_amount=None if usual.times else chosen.amount or usual.amount,
        every_days=usual.every_days,
        per_week=usual.per_week,
        per_week_most=usual.per_week_most,
    )


def _lines(usual: UsualDose, chosen: ChosenTreatment) -> tuple[DoseTime, ...]:
    """Return the chosen times, else the usual ones; a dose without set times has none."""
    amount = chosen.amount
    if not usual.times or not chosen.times:
        return tuple(
            DoseTime(line.at, amount or line.amount, line.days_of_week) for line in usual.times
        )
    ((most_usual, _n),) = Counter(line.amount for line in usual.times).most_common(1)
    return tuple(DoseTime(at, amount or most_usual) for at in sorted(chosen.times))


def _label(treatment: Treatment, item: SetItem) -> tuple[IngredientInput, ...]:
    unit = item.usual.unit
    if not item.strength:
        return label_from_catalogue(treatment.id, unit)
    return (strength_on_label(treatment.substance, parse_strength(item.strength), unit),)
