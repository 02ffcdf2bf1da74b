"""The regimen: items from the catalogue, and own ones."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from app.diary import Diary
from app.diary.pairs import is_too_close
from app.domain.applications import asked_of, shut_out_rule
from app.domain.catalogue import (
    CATALOGUE,
    GRADES,
    SETS,
    Treatment,
    find,
    name_in_set,
    search_words,
    treatment_for,
)
from app.domain.matching import match_name
from app.domain.quantities import typed_number
from app.domain.symptoms import DUTASTERIDE_IDS, FINASTERIDE_IDS, mood_note
from app.language.application_words import ZONES
from app.language.donation_words import donation_note, donation_passages
from app.models import RegimenItem
from app.services.deleted_items import deleted_items
from app.services.items import (
    add_item,
    edit_item,
    link_item,
    move_item,
    unlink_item,
)
from app.web.forms.dosage import dosage_fields
from app.web.forms.item import (
    KINDS,
    ROUTES,
    TONES,
    ItemForm,
    LabelForm,
    is_match_news,
    values_of_own,
    values_of_treatment,
)
from app.web.forms.label import label_part, label_values
from app.web.http.deps import SearchDep, SessionRoute, VisitDep
from app.web.http.entries import Saving, saved_item
from app.web.http.reading import (
    EntryForm,
    OneLine,
    Submission,
    asks_for_rows,
    submitted,
)
from app.web.http.templating import path_for, render
from app.web.http.typed_text import shown_at, typed_text
from app.web.pages.item.contents import levels_of
from app.web.pages.item.costs import package_unit
from app.web.pages.item.page import item_page
from app.web.pages.regimen.page import regimen_page
from app.web.pages.regimen.together import together_with

router = APIRouter(prefix="/regimen", tags=["regimen"], route_class=SessionRoute)


class CatalogueForm(BaseModel):
    """The text to search for in the catalogue, or the name of an own item."""

    q: Annotated[OneLine, Field(max_length=80)] = ""
    own: bool = False


class LinkForm(EntryForm):
    """The catalogue entry of an item; "none" if no entry fits, "undo" to unlink."""

    to: OneLine


class MoveForm(EntryForm):
    """The direction of a move."""

    to: Literal["up", "down"] = "up"


CatalogueSubmission = Annotated[Submission[CatalogueForm], Depends(submitted(CatalogueForm))]
ItemSubmission = Annotated[Submission[ItemForm], Depends(submitted(ItemForm))]
EditSubmission = Annotated[Submission[LabelForm], Depends(submitted(LabelForm))]
LinkSubmission = Annotated[Submission[LinkForm], Depends(submitted(LinkForm))]
MoveSubmission = Annotated[Submission[MoveForm], Depends(submitted(MoveForm))]


@router.get("", name="index_regimen")
def index(request: Request, visit: VisitDep) -> Response:
    """List current items, then former ones."""
    context = {
        "nav": "regimen",
        "page": regimen_page(visit),
        "has_deleted": bool(deleted_items(visit.diary.session, visit.diary.owner)),
    }
    return render(request, "regimen_items/index.html", context)


@router.get("/new", name="new_regimen_item")
def new(
    request: Request,
    visit: VisitDep,
    catalogue_id: Annotated[str, Query(max_length=40)] = "",
    own: str = "",
) -> Response:
    """Search the catalogue, choose a set, or fill in an item from the catalogue or an own one."""
    treatment = treatment_for(catalogue_id)
    typed = typed_text(request, visit.diary)
    if treatment is None and own:
        return _show_form(
            request, visit.diary, Submission(values=values_of_own(typed, visit.diary.today))
        )
    if treatment is None:
        return _show_catalogue(request, visit.diary, Submission(CatalogueForm(q=typed)))
    values = values_of_treatment(treatment, visit.diary.today)
    return _show_form(request, visit.diary, Submission(values=values))


@router.post("/search", name="search_catalogue")
def search(request: Request, visit: SearchDep, submission: CatalogueSubmission) -> Response:
    """Search the catalogue, or start an own item. Posted, so that no address contains the text."""
    form = submission.form
    if form is None:
        return _show_catalogue(request, visit.diary, submission)
    address = path_for(request, "new_regimen_item")
    return shown_at(request, visit.diary, f"{address}?own=1" if form.own else address, form.q)


@router.post("", name="create_regimen_item")
def create(request: Request, visit: VisitDep, submission: ItemSubmission) -> Response:
    """Add an item; it is on Today at once. Its page shows times that are too close."""
    if asks_for_rows(submission):
        return _show_form(request, visit.diary, submission.unchecked())
    with Saving(visit.diary.session, submission) as entry:
        form, decision = entry.form, visit.decision(entry.form)
        row = add_item(visit.diary.session, visit.diary.owner, form.item(), decision, form.id)
        if is_too_close(visit.diary, row.id) or is_match_news(form):
            return saved_item(request, row.id)
        return RedirectResponse(path_for(request, "show_today"), status_code=303)
    return _show_form(request, visit.diary, entry.submission, status_code=422)


@router.get("/order", name="edit_order")
def edit_order(request: Request, visit: VisitDep) -> Response:
    """Show the items in their order, with buttons to move each."""
    return render(
        request, "regimen_items/order.html", {"nav": "regimen", "items": visit.diary.regimen.items}
    )


@router.post("/{regimen_item_id}/move", name="move_regimen_item")
def move(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: MoveSubmission
) -> Response:
    """Move an item up or down, in every list and on Today."""
    row = visit.diary.own(RegimenItem, regimen_item_id)
    form = submission.form
    if form is not None:
        decision = visit.decision(form)
        move_item(
            visit.diary.session, visit.diary.owner, row, up=form.to == "up", decision=decision
        )
        visit.diary.session.commit()
    address = path_for(request, "edit_order")
    return RedirectResponse(f"{address}#item-{regimen_item_id}", status_code=303)


@router.get("/{regimen_item_id}", name="show_regimen_item")
def show(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Show an item: its dosage, its history and the facts about it."""
    item = visit.diary.item(regimen_item_id)
    context = {"nav": "regimen", "page": item_page(visit, item), "item": item, "grades": GRADES}
    return render(request, "regimen_items/show.html", context)


@router.get("/{regimen_item_id}/edit", name="edit_regimen_item")
def edit(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Show the form for an item's name, colour, note, package and label."""
    item = visit.diary.item(regimen_item_id)
    values: dict[str, object] = {
        "name": item.own_name,
        "tone": item.tone,
        "instruction": item.instruction,
        "note": item.note,
        "neutral_name": item.neutral_name,
        "zones": [zone.value for zone in item.application.zones],
        "minutes_on": typed_number(item.application.minutes_on),
        "needle_mm": typed_number(item.application.needle_mm),
        "dry_minutes": typed_number(item.dry_minutes),
        "shut_out_hours": typed_number(item.shut_out_hours),
        "donation_note": " ".join(str(each.text) for each in donation_note(item)),
        **label_values(item),
    }
    return _show_edit(request, visit.diary, regimen_item_id, Submission(values=values))


@router.post("/{regimen_item_id}", name="update_regimen_item")
def update(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: EditSubmission
) -> Response:
    """Save an item's name, colour, note, package and label."""
    row = visit.diary.own(RegimenItem, regimen_item_id)
    if asks_for_rows(submission):
        return _show_edit(request, visit.diary, regimen_item_id, submission.unchecked())
    with Saving(visit.diary.session, submission) as entry:
        form, item = entry.form, visit.diary.item(regimen_item_id)
        edit = form.edit(item, package_unit(item, visit.diary.today))
        edit_item(visit.diary.session, row, edit, visit.decision(form))
        return saved_item(request, row.id)
    return _show_edit(request, visit.diary, regimen_item_id, entry.submission, status_code=422)


@router.post("/{regimen_item_id}/link", name="link_regimen_item")
def link(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: LinkSubmission
) -> Response:
    """Link an item to its catalogue entry, or unlink it."""
    row = visit.diary.own(RegimenItem, regimen_item_id)
    form = submission.form
    if form is not None:
        treatment = treatment_for(form.to)
        decision = visit.decision(form)
        if form.to == "undo":
            unlink_item(visit.diary.session, row, decision)
        elif treatment is not None or form.to == "none":
            unit = package_unit(visit.diary.item(regimen_item_id), visit.diary.today)
            link_item(visit.diary.session, row, treatment, unit, decision)
        visit.diary.session.commit()
    return saved_item(request, row.id)


def _search(text: str) -> list[Treatment]:
    """Return the entries that a text may mean, those that fit the whole name first.

    The name includes a strength: "Minoxidil 2.5 mg" means tablets before the solution.
    """
    matches = match_name(text)
    return [*matches, *(each for each in find(text) if each not in matches)]


def _show_catalogue(
    request: Request, diary: Diary, submission: Submission[CatalogueForm]
) -> Response:
    q = submission.form.q if submission.form else ""
    current = diary.regimen.current_on(diary.today)
    context = {
        "nav": "regimen",
        "q": q or submission.values.get("q", ""),
        "sentence": submission.sentence,
        "found": _search(q),
        "search_words": search_words,
        "name_in_set": name_in_set,
        "taken": {item.catalogue_id for item in current},
        "sets": SETS,
        "grades": GRADES,
        "treatments": CATALOGUE,
        "is_first": not diary.regimen.items,
    }
    status_code = 200 if submission.form else 422
    return render(request, "regimen_items/search.html", context, status_code=status_code)


def _show_form(
    request: Request, diary: Diary, submission: Submission[ItemForm], status_code: int = 200
) -> Response:
    treatment = treatment_for(str(submission.values.get("catalogue_id") or ""))
    context = {
        "nav": "regimen",
        "submission": submission,
        "treatment": treatment,
        "safety": _mood_note(diary, treatment),
        "levels": levels_of(treatment) if treatment else [],
        "grades": GRADES,
        **dosage_fields(submission.values, diary.regimen),
        "together": together_with(diary, treatment),
        "kinds": KINDS,
        "routes": ROUTES,
        "tones": TONES,
        "label": label_part(submission.values, treatment, ""),
        "matches": () if treatment else match_name(str(submission.values.get("name") or "")),
        "began_on": diary.owner.began_on,
        **_application(treatment, *((treatment.route, treatment.unit) if treatment else ("", ""))),
    }
    return render(request, "regimen_items/new.html", context, status_code=status_code)


def _application(treatment: Treatment | None, route: str, unit: str) -> dict[str, object]:
    """Return the form's fields for how an item is used."""
    return {
        "asked": asked_of(route, unit),
        "zones": ZONES,
        "shut_out": shut_out_rule(treatment, route),
    }


def _mood_note(diary: Diary, treatment: Treatment | None) -> list[str]:
    """Return the note on mood for a person who begins finasteride or dutasteride."""
    if treatment is None or treatment.id not in FINASTERIDE_IDS + DUTASTERIDE_IDS:
        return []
    return mood_note([treatment.id], emergency_line=diary.owner.preferences.emergency_line)


def _show_edit(
    request: Request,
    diary: Diary,
    regimen_item_id: UUID,
    submission: Submission[LabelForm],
    status_code: int = 200,
) -> Response:
    item = diary.item(regimen_item_id)
    unit = package_unit(item, diary.today)
    context = {
        "nav": "regimen",
        "item": item,
        "submission": submission,
        "tones": TONES,
        "label": label_part(submission.values, None, unit),
        "unit": unit,
        "asks_donation": bool(donation_passages(item)),
        **_application(item.treatment, item.route, unit),
    }
    return render(request, "regimen_items/edit.html", context, status_code=status_code)
