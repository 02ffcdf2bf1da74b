"""Ready-made sets: several items at once, edited before they are saved."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field, ValidationError

from app.diary import Diary
from app.domain.catalogue import (
    CATALOGUE,
    GRADES,
    SETS,
    ReadyMadeSet,
    SetItem,
    Treatment,
    name_in_set,
)
from app.domain.labels import parse_strength
from app.domain.quantities import plain_number
from app.domain.timing import DoseTime
from app.errors import NotFound, Refused
from app.i18n import _
from app.language.words import clock
from app.services.dosages import MOST_TIMES, DosageInput
from app.services.items import (
    IngredientInput,
    ItemInput,
    add_item,
    label_from_catalogue,
    strength_on_label,
)
from app.web.forms.dosage import DosageForm
from app.web.forms.item import usual_values
from app.web.forms.reading import EntryForm, Submission, asks_for_rows, submitted
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit

MOST_SET_TIMES = 240
router = APIRouter(prefix="/regimen/sets", tags=["regimen"], route_class=SessionRoute)


@dataclass(frozen=True, slots=True)
class ReadyMadeLine:
    """One treatment of a set, with what was typed or is usual; `name` has the strength."""

    treatment: Treatment
    name: str
    note: str
    is_ticked: bool
    amount: str
    times: tuple[str, ...]
    is_slotted: bool


class SetForm(EntryForm):
    """The ticked treatments; `amounts` are in the order of the set, `times` parallel to `times_of`.

    `times_of` names the treatment of each time; without it, there is one text per treatment. The
    ids of the items are derived from `id`, which the page names: a set sent twice is added once.
    """

    id: UUID = Field(default_factory=uuid4)

    chosen: list[str] = Field(default_factory=list, max_length=20)
    amounts: list[str] = Field(default_factory=list, max_length=20)
    times: list[str] = Field(default_factory=list, max_length=MOST_SET_TIMES)
    times_of: list[str] = Field(default_factory=list, max_length=MOST_SET_TIMES)


SetSubmission = Annotated[Submission[SetForm], Depends(submitted(SetForm))]


@router.get("/{set_id}", name="new_set")
def new(request: Request, visit: VisitDep, set_id: str) -> Response:
    """Show a set with its grades, to be edited."""
    return _show(request, visit.diary, _set(set_id), Submission())


@router.post("/{set_id}", name="create_set")
def create(request: Request, visit: VisitDep, set_id: str, submission: SetSubmission) -> Response:
    """Add what is ticked, all of it or nothing."""
    ready_made = _set(set_id)
    if asks_for_rows(submission):
        return _show(request, visit.diary, ready_made, submission.unchecked())
    with Saving(visit.diary.session, submission) as entry:
        _add(visit, ready_made, entry.form)
        return RedirectResponse(path_for(request, "show_today"), status_code=303)
    return _show(request, visit.diary, ready_made, entry.submission, status_code=422)


def _set(set_id: str) -> ReadyMadeSet:
    found = next((each for each in SETS if each.id == set_id), None)
    if found is None:
        raise NotFound
    return found


def _add(visit: Visit, ready_made: ReadyMadeSet, form: SetForm) -> None:
    if not form.chosen:
        raise Refused(_("Tick at least one."), "chosen")
    decision = visit.decision(form)
    times = _times_typed(ready_made, form.times, form.times_of)
    for position, each in enumerate(ready_made.items):
        if each.catalogue_id not in form.chosen:
            continue
        treatment = CATALOGUE[each.catalogue_id]
        amount = form.amounts[position] if position < len(form.amounts) else ""
        item = ItemInput(
            name=str(each.name or treatment.short_name),
            catalogue_id=treatment.id,
            kind=treatment.kind.value,
            route=treatment.route.value,
            icon=treatment.icon,
            tone=treatment.tone,
            instruction=str(treatment.usual.instruction),
            starts_on=visit.diary.today,
            dosage=_dosage(visit.diary, treatment, amount, times[treatment.id]),
            ingredients=_label(treatment, each),
        )
        item_id = uuid5(form.id, each.catalogue_id)
        add_item(visit.diary.session, visit.diary.owner, item, decision, item_id)


def _label(treatment: Treatment, item: SetItem) -> tuple[IngredientInput, ...]:
    unit = treatment.usual.unit
    if not item.strength:
        return label_from_catalogue(treatment.id, unit)
    return (strength_on_label(treatment.substance, parse_strength(item.strength), unit),)


def _times_typed(
    ready_made: ReadyMadeSet, times: Sequence[str], times_of: Sequence[str]
) -> Mapping[str, list[str]]:
    """The times typed for each treatment; one text may hold several ("08:00, 21:00")."""
    typed: dict[str, list[str]] = {each.catalogue_id: [] for each in ready_made.items}
    for catalogue_id, text in zip(times_of or typed, times, strict=False):
        joined = re.sub(r"\s+(?=[ap]\.?\s?m)", "", text, flags=re.IGNORECASE)
        if catalogue_id in typed:
            typed[catalogue_id] += [at for at in re.split(r"[\s,;]+", joined) if at]
    return typed


def _dosage(diary: Diary, treatment: Treatment, amount: str, typed_times: list[str]) -> DosageInput:
    """The usual dosage with the amount and times typed.

    Raises `Refused` with the name of the line's own field.
    """
    usual: dict[str, Any] = {
        name: value
        for name, value in usual_values(treatment, diary.today).items()
        if value not in ("", None)
    }
    if len(typed_times) > MOST_TIMES:
        sentence = _("{item}: at most {most} times.").format(
            item=treatment.short_name, most=MOST_TIMES
        )
        raise Refused(sentence, f"times-{treatment.id}")
    if usual["times"] and typed_times:
        usual["times"] = typed_times
        usual["line_days"] = []
    if amount:
        usual["amounts"] = [amount] * len(usual["times"])
        usual["usual_amount"] = amount
    try:
        return DosageForm.model_validate(usual).dosage()
    except ValidationError as error:
        sentence = _("{item}: enter an amount such as 0.5.").format(item=treatment.short_name)
        raise Refused(sentence, f"amounts-{treatment.id}") from error
    except Refused as refusal:
        name = "times" if refusal.field == "times" else "amounts"
        raise Refused(str(refusal), f"{name}-{treatment.id}") from refusal


def _show(
    request: Request,
    diary: Diary,
    ready_made: ReadyMadeSet,
    submission: Submission[SetForm],
    status_code: int = 200,
) -> Response:
    context = {
        "nav": "regimen",
        "id": submission.values.get("id") or uuid4(),
        "set": ready_made,
        "lines": _lines(ready_made, submission),
        "most_times": MOST_TIMES,
        "grades": GRADES,
        "submission": submission,
        "is_first": not diary.regimen.items,
    }
    return render(request, "ready_made_sets/new.html", context, status_code=status_code)


def _lines(ready_made: ReadyMadeSet, submission: Submission[SetForm]) -> list[ReadyMadeLine]:
    typed = submission.values
    amounts = list(typed.get("amounts", []))
    typed_times = _times_typed(ready_made, typed.get("times", []), typed.get("times_of", []))
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
                amount=amounts[position] if position < len(amounts) else plain_number(usual_amount),
                times=(*times, *[""] * max(1 - len(times), int(asked))),
                is_slotted=bool(usual_times),
            )
        )
    return lines
