"""The supply of an item: packs, counts, losses, the reminder; the shopping and packing lists."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.diary.regimen import Item
from app.diary.supply import supply_of
from app.domain.quantities import typed_number
from app.domain.supply import SupplyKind
from app.errors import Refused
from app.i18n import _
from app.models import RegimenItem, SupplyEntry
from app.models.supply_entry import MOST_PACKS
from app.records import SUPPLY
from app.services.supply import change_refill_days, receive_supply, remove_supply, save_supply
from app.web.forms.supply import (
    HERE,
    RefillForm,
    RefillSubmission,
    SupplyForm,
    SupplySubmission,
    typed_price,
    values_of_supply,
)
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving, accepted, deleted, refused
from app.web.http.reading import BareSubmission, Day, EntryForm, Submission
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit
from app.web.pages.supply.lists import SPANS, default_trip, packing_lines, shopping_page
from app.web.pages.supply.sheet import supply_sheet

router = APIRouter(tags=["supply"], route_class=SessionRoute)

LONGEST_TRIP = timedelta(days=366)


@router.get("/regimen/shopping", name="show_shopping")
def show_shopping(request: Request, visit: VisitDep, days: int = SPANS[0]) -> Response:
    """List what is to be bought for the next 30, 60 or 90 days."""
    chosen = days if days in SPANS else SPANS[0]
    context = {"nav": "regimen", "page": shopping_page(visit, chosen)}
    return render(request, "supply/shopping.html", context)


@router.get("/regimen/packing", name="show_packing")
def show_packing(
    request: Request,
    visit: VisitDep,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
) -> Response:
    """List what to take on a trip."""
    today = visit.diary.today
    proposed = default_trip(today)
    trip = (first or proposed[0], last or max(proposed[1], first or proposed[1]))
    values = {"from": str(trip[0]), "to": str(trip[1])}
    submission: Submission[EntryForm] = Submission(values=values)
    problem = _problem_of_trip(*trip, today)
    if problem is not None:
        submission = submission.refused(problem)
    context = {
        "nav": "regimen",
        "submission": submission,
        "lines": [] if problem else packing_lines(visit, *trip),
        "days": (trip[1] - trip[0]).days + 1,
    }
    return render(request, "supply/packing.html", context, status_code=422 if problem else 200)


@router.get("/regimen/{regimen_item_id}/supply/new", name="new_pack")
def new_pack(
    request: Request,
    visit: VisitDep,
    regimen_item_id: UUID,
    packs: Annotated[int, Query(ge=1, le=MOST_PACKS)] = 1,
    back: str = "",
) -> Response:
    """Ask how much came, with the last pack filled in."""
    item = visit.diary.item(regimen_item_id)
    pack = item.latest_pack
    values = {
        "id": str(uuid4()),
        "kind": SupplyKind.PACK.value,
        "amount": typed_number(round(pack.amount, 4)) if pack else "",
        "unit": pack.unit if pack else item.measures_on(visit.diary.today).dose_unit,
        "packs": str(packs),
        "price": typed_price(pack.price) if pack else "",
        "where": HERE,
        "back": "shopping" if back == "shopping" else "",
    }
    return render(
        request, "supply/pack.html", _context(visit, item, None, Submission(values=values))
    )


@router.get("/regimen/{regimen_item_id}/supply/count", name="new_count_of_supply")
def new_count(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Ask how much is left, or what was lost or given away."""
    item = visit.diary.item(regimen_item_id)
    supply, pack = supply_of(visit.diary, item), item.latest_pack
    unit = supply.stock.unit if supply else pack.unit if pack else ""
    values = {
        "id": str(uuid4()),
        "kind": SupplyKind.RECOUNT.value,
        "unit": unit or item.measures_on(visit.diary.today).dose_unit,
    }
    context = _context(visit, item, None, Submission(values=values))
    return render(request, "supply/count.html", context)


@router.get("/regimen/{regimen_item_id}/supply/reminder", name="edit_refill")
def edit_refill(request: Request, visit: VisitDep, regimen_item_id: UUID) -> Response:
    """Ask how many days before it runs out to buy again."""
    item = visit.diary.item(regimen_item_id)
    submission: Submission[RefillForm] = Submission(values={"days": str(item.refill_days)})
    return render(request, "supply/reminder.html", _refill_context(item, submission))


@router.post("/regimen/{regimen_item_id}/supply/reminder", name="update_refill")
def update_refill(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: RefillSubmission
) -> Response:
    """Save how many days before it runs out to buy again."""
    row = visit.diary.own(RegimenItem, regimen_item_id)
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        change_refill_days(visit.diary.session, row, form.days, visit.decision(form))
        return entry.accepted(request, _item_path(request, regimen_item_id))
    context = _refill_context(visit.diary.item(regimen_item_id), entry.submission)
    return refused(request, entry.submission, "supply/reminder.html", context)


@router.post("/regimen/{regimen_item_id}/supply", name="create_supply")
def create(
    request: Request, visit: VisitDep, regimen_item_id: UUID, submission: SupplySubmission
) -> Response:
    """Add packs, a count or a loss."""
    return _save(request, visit, visit.diary.item(regimen_item_id), None, submission)


@router.get("/supply/{supply_id}/edit", name="edit_supply")
def edit(request: Request, visit: VisitDep, supply_id: UUID) -> Response:
    """Show the form of a pack, a count or a loss."""
    row = visit.diary.own(SupplyEntry, supply_id)
    item = visit.diary.item(row.regimen_item_id)
    submission: Submission[SupplyForm] = Submission(values=values_of_supply(row))
    return render(request, _template_of(row.kind), _context(visit, item, row, submission))


@router.post("/supply/{supply_id}", name="update_supply")
def update(
    request: Request, visit: VisitDep, supply_id: UUID, submission: SupplySubmission
) -> Response:
    """Save a changed pack, count or loss."""
    row = visit.diary.own(SupplyEntry, supply_id)
    return _save(request, visit, visit.diary.item(row.regimen_item_id), row, submission)


@router.post("/supply/{supply_id}/arrived", name="receive_supply")
def receive(
    request: Request, visit: VisitDep, supply_id: UUID, submission: BareSubmission
) -> Response:
    """Note that ordered packs have come."""
    row = visit.diary.own(SupplyEntry, supply_id)
    address = _item_path(request, row.regimen_item_id)
    decision = visit.decision(submission.form or EntryForm())
    receive_supply(visit.diary.session, visit.diary.owner, row, decision)
    visit.diary.session.commit()
    return accepted(request, address)


@router.post("/supply/{supply_id}/delete", name="destroy_supply")
def destroy(
    request: Request, visit: VisitDep, supply_id: UUID, submission: BareSubmission
) -> Response:
    """Delete a pack, a count or a loss."""
    row = visit.diary.own(SupplyEntry, supply_id)
    address = _item_path(request, row.regimen_item_id)
    decision = visit.decision(submission.form or EntryForm())
    remove_supply(visit.diary.session, row, decision)
    return deleted(request, decision, address)


def _save(
    request: Request,
    visit: Visit,
    item: Item,
    row: SupplyEntry | None,
    submission: Submission[SupplyForm],
) -> Response:
    diary = visit.diary
    with Saving(diary.session, submission) as entry:
        form, decision = entry.form, visit.decision(entry.form)
        entry_id = row.id if row else form.id or form.entry_id
        typed = form.entry(entry_id, item.id, diary.owner.today(decision.changed_at))
        typed.unit = typed.unit or item.measures_on(diary.today).dose_unit
        save_supply(diary.session, diary.owner, item, typed, decision, form.piece_amount)
        address = path_for(request, "show_shopping") if form.back else None
        return entry.accepted(request, address or _item_path(request, item.id))
    kind = _kind_of(row, entry.submission)
    context = _context(visit, item, row, entry.submission)
    return refused(request, entry.submission, _template_of(kind), context)


def _item_path(request: Request, regimen_item_id: UUID) -> str:
    return path_for(request, "show_regimen_item", regimen_item_id=regimen_item_id)


def _kind_of(row: SupplyEntry | None, submission: Submission[SupplyForm]) -> SupplyKind:
    """Return the kind of an entry; that of a stored one stays as it is."""
    typed = str(submission.values.get("kind") or "")
    if row is not None:
        return row.kind
    return SupplyKind(typed) if typed in set(SupplyKind) else SupplyKind.PACK


def _template_of(kind: SupplyKind) -> str:
    return "supply/pack.html" if kind is SupplyKind.PACK else "supply/count.html"


def _context(
    visit: Visit, item: Item, row: SupplyEntry | None, submission: Submission[SupplyForm]
) -> dict[str, object]:
    return {
        "nav": "regimen",
        "item": item,
        "row": row,
        "subject": SUPPLY.subject({"id": row.id}) if row else None,
        "submission": submission,
        "sheet": supply_sheet(visit, item, row, str(submission.values.get("unit") or "")),
    }


def _refill_context(item: Item, submission: Submission[RefillForm]) -> dict[str, object]:
    subject = f"item/{item.id}"
    return {"nav": "regimen", "item": item, "subject": subject, "submission": submission}


def _problem_of_trip(first: date, last: date, today: date) -> Refused | None:
    if first < today:
        return Refused(_("Choose today or a later day."), "from")
    if last < first:
        return Refused(_("The last day is before the first day."), "to")
    if last - first > LONGEST_TRIP:
        return Refused(_("A trip can last at most a year."), "to")
    return None
