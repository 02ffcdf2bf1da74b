"""The page of a ready-made set: its treatments, with typed or usual values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.catalogue import CATALOGUE, ReadyMadeSet, Treatment, name_in_set
from app.domain.quantities import typed_number
from app.domain.timing import DoseTime
from app.language.words import clock
from app.web.forms.ready_made_set import times_typed


@dataclass(frozen=True, slots=True)
class ReadyMadeLine:
    """One treatment of a set, with typed or usual values; `name` has the strength."""

    treatment: Treatment
    name: str
    note: str
    is_ticked: bool
    amount: str
    times: tuple[str, ...]
    is_slotted: bool


def lines_of_set(ready_made: ReadyMadeSet, typed: Mapping[str, Any]) -> list[ReadyMadeLine]:
    """Return the treatments of a set as typed; with nothing typed, as usual."""
    amounts = list(typed.get("amounts", []))
    typed_times = times_typed(ready_made, typed.get("times", []), typed.get("times_of", []))
    lines = []
    for position, each in enumerate(ready_made.items):
        treatment = CATALOGUE[each.catalogue_id]
        usual_times: tuple[DoseTime, ...] = each.usual.times
        usual_amount = usual_times[0].amount if usual_times else each.usual.amount
        times = typed_times[treatment.id] if typed else [clock(line.at) for line in usual_times]
        asked = typed.get("more") == treatment.id
        lines.append(
            ReadyMadeLine(
                treatment=treatment,
                name=name_in_set(each),
                note=str(each.note),
                is_ticked=(each.catalogue_id in typed.get("chosen", []) if typed else each.ticked),
                amount=amounts[position] if position < len(amounts) else typed_number(usual_amount),
                times=(*times, *[""] * max(1 - len(times), int(asked))),
                is_slotted=bool(usual_times),
            )
        )
    return lines
