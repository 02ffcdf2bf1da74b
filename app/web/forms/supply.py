"""The forms of a supply: packs, counts, losses, and how early to buy again."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from app.domain.quantities import LARGEST_AMOUNT, LONGEST_UNIT
from app.domain.supply import SupplyKind
from app.i18n import current
from app.models import SupplyEntry
from app.models.supply_entry import MOST_PACKS
from app.records import SUPPLY
from app.services.supply import MOST_REFILL_DAYS
from app.web.forms.rows import shown_columns, typed_columns
from app.web.http.reading import (
    Amount,
    Day,
    EntryForm,
    Number,
    OneLine,
    Submission,
    WholeNumber,
    submitted,
)

HERE, ORDERED = "here", "ordered"


class SupplyForm(EntryForm):
    """One or more packs, a count, or a loss. The page makes the id of a new one.

    `piece_amount` is how much one capsule or tablet holds, if the item did not say so before.
    """

    id: UUID | None = None
    kind: SupplyKind = SupplyKind.PACK
    amount: Annotated[Number, Field(ge=0, le=LARGEST_AMOUNT)]
    unit: Annotated[OneLine, Field(max_length=LONGEST_UNIT)] = ""
    piece_amount: Amount | None = None
    packs: Annotated[WholeNumber, Field(ge=1, le=MOST_PACKS)] = 1
    price: Annotated[Number, Field(ge=0, le=LARGEST_AMOUNT)] | None = None
    where: Literal["here", "ordered"] = "here"
    on: Day | None = None
    ordered_on: Day | None = None
    opened_on: Day | None = None
    use_by: Day | None = None
    note: Annotated[OneLine, Field(max_length=200)] = ""
    back: Literal["", "shopping"] = ""

    def entry(self, entry_id: UUID, item_id: UUID, today: date) -> SupplyEntry:
        """Return the entry of an item, as of today unless the form names a day."""
        is_ordered = self.where == ORDERED and self.kind is SupplyKind.PACK
        columns = {
            **typed_columns(self, SUPPLY),
            "on": None if is_ordered else self.on or today,
            "ordered_on": self.ordered_on or (today if is_ordered else None),
        }
        return SUPPLY.row(id=entry_id, regimen_item_id=item_id, **columns)


class RefillForm(EntryForm):
    """How many days before an item runs out it is to be bought again."""

    days: Annotated[WholeNumber, Field(ge=0, le=MOST_REFILL_DAYS)]


def values_of_supply(entry: SupplyEntry) -> Mapping[str, Any]:
    """Fill the form in with a stored entry."""
    where = ORDERED if entry.is_on_its_way else HERE
    shown = shown_columns(SupplyForm, SUPPLY, entry)
    return {**shown, "where": where, "price": typed_price(entry.price)}


def typed_price(price: float | None) -> str:
    """Write a price for a text field, with its cents: 24.90; in German 24,90."""
    return "" if price is None else f"{price:.2f}".replace(".", current().decimal)


SupplySubmission = Annotated[Submission[SupplyForm], Depends(submitted(SupplyForm))]
RefillSubmission = Annotated[Submission[RefillForm], Depends(submitted(RefillForm))]
