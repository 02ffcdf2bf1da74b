"""The form of a ready-made set."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from uuid import UUID, uuid4

from pydantic import Field

from app.domain.catalogue import CATALOGUE, ReadyMadeSet
from app.domain.clock_times import parse_clock
from app.domain.quantities import parse_amount
from app.errors import Refused
from app.i18n import _
from app.services.ready_made_sets import ChosenTreatment
from app.web.http.reading import EntryForm

MOST_SET_TIMES = 240


class SetForm(EntryForm):
    """The ticked treatments; `amounts` are in the order of the set, `times` parallel to `times_of`.

    `times_of` names the treatment of each time; without it, there is one text per treatment. The
    page names `id`, from which the ids of the items follow: a set sent twice is added once.
    """

    id: UUID = Field(default_factory=uuid4)

    chosen: list[str] = Field(default_factory=list, max_length=20)
    amounts: list[str] = Field(default_factory=list, max_length=20)
    times: list[str] = Field(default_factory=list, max_length=MOST_SET_TIMES)
    times_of: list[str] = Field(default_factory=list, max_length=MOST_SET_TIMES)

    def chosen_treatments(self, ready_made: ReadyMadeSet) -> list[ChosenTreatment]:
        """Return what is ticked, for the service; raise `Refused` with the field of its line."""
        times = times_typed(ready_made, self.times, self.times_of)
        amounts = dict(zip(times, self.amounts, strict=False))
        return [
            ChosenTreatment(
                treatment_id,
                _amount(treatment_id, amounts.get(treatment_id, "")),
                tuple(_time(treatment_id, text) for text in texts),
            )
            for treatment_id, texts in times.items()
            if treatment_id in self.chosen
        ]


def times_typed(
    ready_made: ReadyMadeSet, times: Sequence[str], times_of: Sequence[str]
) -> Mapping[str, list[str]]:
    """Return the times typed for each treatment; one text may hold several ("08:00, 21:00")."""
    typed: dict[str, list[str]] = {each.catalogue_id: [] for each in ready_made.items}
    for catalogue_id, text in zip(times_of or typed, times, strict=False):
        joined = re.sub(r"\s+(?=[ap]\.?\s?m)", "", text, flags=re.IGNORECASE)
        if catalogue_id in typed:
            typed[catalogue_id] += [at for at in re.split(r"[\s,;]+", joined) if at]
    return typed


def _amount(treatment_id: str, text: str) -> float | None:
    try:
        return parse_amount(text) if text else None
    except ValueError as error:
        item = CATALOGUE[treatment_id].short_name
        sentence = _("{item}: enter an amount such as 0.5.", item=item)
        raise Refused(sentence, f"amounts-{treatment_id}") from error


def _time(treatment_id: str, text: str) -> time:
    try:
        return parse_clock(text)
    except ValueError as error:
        raise Refused(_("Enter a time such as 08:00."), f"times-{treatment_id}") from error
