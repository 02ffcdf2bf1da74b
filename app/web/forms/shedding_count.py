"""The form of a count of shed hairs: the readings of a set, and details of one of them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends
from pydantic import ConfigDict, Field

from app.domain.shedding import (
    MOST_DAYS_UNWASHED,
    MOST_RUNS,
    ChemicalTreatment,
    HairLength,
)
from app.models import SheddingCount
from app.records import SHEDDING_COUNT
from app.web.forms.rows import shown_columns, typed_columns
from app.web.http.reading import EntryForm, OneLine, Submission, Text, WholeNumber, submitted

Run = Annotated[WholeNumber, Field(ge=1, le=MOST_RUNS)]


class CountForm(EntryForm):
    """The readings of a set, by fields such as `hairs-2026-11-23-1` or `score-2026-11-23-1`.

    All other fields belong to the reading of the address's day with this `run`; of the other
    readings only the number is changed.
    """

    model_config = ConfigDict(extra="allow")

    run: Run = 1
    days_since_wash: Annotated[WholeNumber, Field(ge=0, le=MOST_DAYS_UNWASHED)] | None = None
    hair_length: HairLength | None = None
    chemical_treatment: ChemicalTreatment | None = None
    comb: Annotated[OneLine, Field(max_length=40)] = ""
    note: Text = ""

    def details(self) -> SheddingCount:
        """Return the details of one reading, without its day, method and number."""
        return SHEDDING_COUNT.row(**typed_columns(self, SHEDDING_COUNT))


def values_of_count(count: SheddingCount | None, *, is_saved: bool) -> Mapping[str, Any]:
    """Fill the form in with a reading, or with an earlier reading's details that seldom change.

    A note belongs to one reading.
    """
    if count is None:
        return {}
    values = shown_columns(CountForm, SHEDDING_COUNT, count)
    return values if is_saved else {**values, "note": ""}


CountSubmission = Annotated[Submission[CountForm], Depends(submitted(CountForm))]
