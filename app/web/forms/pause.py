"""The form of a pause."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from app.models import Pause
from app.records import PAUSE
from app.web.forms.rows import shown, shown_columns, typed_columns
from app.web.http.reading import Day, EntryForm, OneLine, Submission, submitted


class PauseForm(EntryForm):
    """First and last day on hold; the page names a new pause, so that it is one pause however
    often the form is sent.
    """

    starts_on: Day
    ends_on: Day | None = None
    id: UUID | None = None
    note: Annotated[OneLine, Field(max_length=200)] = ""

    def pause(self, pause_id: UUID, item_id: UUID) -> Pause:
        """Return the pause of an item."""
        return PAUSE.row(id=pause_id, regimen_item_id=item_id, **typed_columns(self, PAUSE))


def values_of_pause(pause: Pause) -> Mapping[str, Any]:
    """Fill the form in with a stored pause.

    A pause that ended at once shows the day that it affected.
    """
    return {**shown_columns(PauseForm, PAUSE, pause), "ends_on": shown(pause.last_day)}


PauseSubmission = Annotated[Submission[PauseForm], Depends(submitted(PauseForm))]
