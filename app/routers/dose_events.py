"""Doses: log one, a whole group, or change what was logged."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Annotated, Literal
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from app.diary import Diary
from app.diary.agenda import (
    Agenda,
    agenda_on,
    dose_in_slot,
    dose_of_event,
    items_for_an_extra_dose,
)
from app.diary.regimen import Item
from app.domain.applications import Application, Zone, in_order
from app.domain.quantities import LONGEST_UNIT
from app.errors import NotFound, Refused
from app.i18n import _
from app.language.application_words import ZONES
from app.language.dosage_words import notice_words
from app.language.dose_standing_words import REASONS
from app.models import DoseEvent, GivesWay, SkipReason
from app.services.dose_events import Limit, limit_broken, record_dose
from app.services.dose_input import Answer, DoseInput, FirstLogged
from app.services.history import Decision
from app.web.http.deps import SessionRoute, TapDep, VisitDep
from app.web.http.entries import Saving, asked, refused
from app.web.http.reading import (
    ENTRY_HEADER,
    Amount,
    ClockTime,
    Day,
    EntryForm,
    Instant,
    Minutes,
    NeedleLength,
    OneLine,
    Submission,
    Text,
    ZoneName,
    submitted,
)
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit
from app.web.pages.day.as_needed import limit_question
from app.web.pages.day.dose_lines import DoseLine, dose_line
from app.web.pages.day.page import agenda_page, day_page

router = APIRouter(tags=["dose events"], route_class=SessionRoute)
# After a tap this recent, the person can still be asked.
STILL_THERE = timedelta(seconds=30)


class DoseForm(EntryForm):
    """A dose as logged: with one tap, or from its sheet."""

    due_on: Day
    due_time: ClockTime | None = None
    status: Answer = Answer.TAKEN
    id: UUID | None = None
    occurred_at: Instant | None = None
    first_logged_at: Instant | None = None
    first_time_zone: ZoneName | None = None
    first_day_starts_time: ClockTime | None = None
    without_time: bool = False
    taken_now: bool = False
    time_choice: Literal["now", "on_time", "other", "kept"] = "now"
    occurred_time: ClockTime | None = None
    amount_choice: Literal["planned", "half", "double", "other", "kept"] = "planned"
    amount: Amount | None = None
    planned_amount: Amount | None = None
    unit: Annotated[OneLine, Field(max_length=LONGEST_UNIT)] | None = None
    reason: SkipReason | None = None
    note: Text = ""
    applied: Literal["told", "usual"] = "usual"
    zones: list[Zone] = Field(default_factory=list, max_length=20)
    minutes_on: Minutes | None = None
    needle_mm: NeedleLength | None = None
    only_if_open: bool = False
    tap: bool = False
    undoes: UUID | None = None
    anyway: bool = False

    def dose(self) -> DoseInput:
        """Return the dose for the service."""
        if self.amount_choice == "other" and self.amount is None:
            raise Refused(_("Enter how much."), "amount")
        if self.time_choice == "other" and self.occurred_time is None:
            raise Refused(_("Enter when."), "occurred_time")
        factor = {"half": 0.5, "double": 2}.get(self.amount_choice, 1)
        planned = None if self.planned_amount is None else self.planned_amount * factor
        return DoseInput(
            due_on=self.due_on,
            due_time=self.due_time,
            status=self.status,
            id=self.id,
            amount=self.amount if self.amount_choice in {"other", "kept"} else planned,
            unit=self.unit,
            occurred_at=self.occurred_at if self.time_choice in {"now", "kept"} else None,
            occurred_time=self.occurred_time if self.time_choice == "other" else None,
            on_time=self.time_choice == "on_time",
            taken_now=self.taken_now,
            reason=self.reason if self.status is Answer.SKIPPED else None,
            note=self.note,
            time_zone=self.time_zone,
            first_logged=self._first_logged(),
            application=self._application(),
            near=None if self.without_time else self.occurred_at,
            gives_way=self._gives_way,
            is_plain=self._is_plain,
            undoes=self.undoes if self.status is Answer.NOTHING else None,
        )

    @property
    def _gives_way(self) -> GivesWay:
        """Return which answers, unknown to the page that sent it, this one gives way to."""
        if self.only_if_open:
            return GivesWay.TO_ANY
        return GivesWay.TO_MORE if self.tap else GivesWay.NEVER

    @property
    def _is_plain(self) -> bool:
        """Whether it only says "taken" or "skipped", as planned and now."""
        is_as_planned = self.amount_choice == "planned" and self.time_choice == "now"
        return is_as_planned and self.applied == "usual" and not (self.note or self.reason)

    def _application(self) -> Application | None:
        """Return where and how, from the sheet; a tap on Today does not say."""
        if self.applied == "usual":
            return None
        return Application(in_order(self.zones), self.minutes_on or None, self.needle_mm or None)

    def _first_logged(self) -> FirstLogged | None:
        """Keep when and where a taken dose was first logged, if only its details change."""
        logged_at, zone, begins = (
            self.first_logged_at,
            self.first_time_zone,
            self.first_day_starts_time,
        )
        is_kept = self.status is Answer.TAKEN and self.time_choice == "kept"
        if not is_kept or logged_at is None or zone is None or begins is None:
            return None
        return FirstLogged(logged_at=logged_at, time_zone=zone, day_starts_time=begins)


class TakeAllForm(EntryForm):
    """Every open dose of a group, with one time for all if wanted."""

    slot: list[str] = Field(default_factory=list, max_length=200)
    occurred_time: ClockTime | None = None


DoseSubmission = Annotated[Submission[DoseForm], Depends(submitted(DoseForm))]
TakeAllSubmission = Annotated[Submission[TakeAllForm], Depends(submitted(TakeAllForm))]


@router.get("/days/{on}/doses/{regimen_item_id}/{due_time}", name="show_dose")
def show(
    request: Request, visit: VisitDep, on: Day, regimen_item_id: UUID, due_time: ClockTime
) -> Response:
    """Show one dose: when, how much, skip with a reason, a note, undo."""
    item = visit.diary.item(regimen_item_id)
    line = _line_of(visit, item, on, due_time)
    return _show_sheet(request, line, Submission())


@router.get("/doses/{dose_event_id}", name="edit_dose_event")
def edit(request: Request, visit: VisitDep, dose_event_id: UUID) -> Response:
    """Show one dose that has no slot."""
    line = _line_of_event(visit, visit.diary.own(DoseEvent, dose_event_id))
    return _show_sheet(request, line, Submission())


@router.post("/regimen/{regimen_item_id}/doses", name="create_dose_event")
def create(
    request: Request, visit: TapDep, regimen_item_id: UUID, submission: DoseSubmission
) -> Response:
    """Log a dose, change it or take it back; doing it again changes nothing."""
    item = visit.diary.item(regimen_item_id)
    with Saving(visit.diary.session, submission) as entry:
        form, decision = entry.form, visit.decision(entry.form)
        dose = form.dose()
        limit = (
            None if form.anyway else _limit_to_ask_about(request, visit.diary, item, dose, decision)
        )
        if limit is not None:
            return _ask_about(request, visit.diary, item, submission, limit)
        record_dose(visit.diary.session, visit.diary.owner, item, dose, decision)
        return entry.accepted(request, path_for(request, "show_day", on=form.due_on))
    line = _typed_line(visit, item, submission)
    return refused(request, entry.submission, "doses/show.html", _sheet_context(line))


def _limit_to_ask_about(
    request: Request, diary: Diary, item: Item, dose: DoseInput, decision: Decision
) -> Limit | None:
    """Return the limit that a dose would exceed, if the person can still be asked.

    A phone without a network has decided already when it sends the dose later.
    """
    age = decision.received_at - decision.changed_at
    if ENTRY_HEADER in request.headers and age > STILL_THERE:
        return None
    return limit_broken(diary.session, diary.owner, item, dose, decision)


def _ask_about(
    request: Request, diary: Diary, item: Item, submission: DoseSubmission, limit: Limit
) -> Response:
    context = {"nav": "today", "item": item, "on": diary.today, "submission": submission}
    if submission.form is not None:
        context["on"] = submission.form.due_on
    return asked(request, limit_question(diary, limit), "doses/anyway.html", context)


@router.post("/days/{on}/take-all", name="take_all")
def take_all(request: Request, visit: TapDep, on: Day, submission: TakeAllSubmission) -> Response:
    """Log as taken every named slot that is still open; each is an entry of its own."""
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        for slot in form.slot:
            item, due_time = _slot(visit.diary, slot)
            dose = DoseInput(
                due_on=on,
                due_time=due_time,
                status=Answer.TAKEN,
                occurred_time=form.occurred_time,
                time_zone=form.time_zone,
                gives_way=GivesWay.TO_ANY,
                is_plain=form.occurred_time is None,
            )
            decision = replace(visit.decision(form), entry_id=uuid5(form.entry_id, slot))
            record_dose(visit.diary.session, visit.diary.owner, item, dose, decision)
        return entry.accepted(request, path_for(request, "show_day", on=on))
    context = {"page": day_page(visit, on), "on": on}
    return refused(request, entry.submission, "doses/take_all.html", context)


@router.get("/days/{on}/take-all/{group}", name="choose_time_for_all")
def choose_time_for_all(request: Request, visit: VisitDep, on: Day, group: str) -> Response:
    """Ask for one time for a whole group."""
    page = day_page(visit, on)
    chosen = next((each for each in page.groups if each.slug == group), None)
    if chosen is None:
        raise NotFound
    context = {"page": page, "on": on, "group": chosen, "submission": Submission()}
    return render(request, "doses/take_all.html", context)


@router.get("/days/{on}/as-needed", name="choose_as_needed")
def choose_as_needed(request: Request, visit: VisitDep, on: Day) -> Response:
    """Offer every item, for a dose that has no slot."""
    agenda = agenda_on(visit.diary, on)
    others = [
        (item, _nearest_open(visit, agenda, item), notice_words(item, "", visit.diary.owner))
        for item in items_for_an_extra_dose(visit.diary, agenda)
    ]
    page = agenda_page(visit, agenda)
    context = {"page": page, "on": on, "others": others, "submission": Submission()}
    return render(request, "doses/as_needed.html", context)


def _nearest_open(visit: Visit, agenda: Agenda, item: Item) -> DoseLine | None:
    dose = agenda.nearest_open(item, visit.diary.now)
    return dose_line(visit, dose) if dose else None


def _line_of(visit: Visit, item: Item, on: date, due_time: time) -> DoseLine:
    return dose_line(visit, dose_in_slot(visit.diary, item, on, due_time))


def _line_of_event(visit: Visit, event: DoseEvent) -> DoseLine:
    return dose_line(visit, dose_of_event(visit.diary, event.id, event.due_on))


def _typed_line(visit: Visit, item: Item, submission: Submission[DoseForm]) -> DoseLine | None:
    """Return the dose that a refused form is about, if it can be found."""
    try:
        on = date.fromisoformat(str(submission.values["due_on"]))
        if submission.values.get("id"):
            return _line_of_event(
                visit, visit.diary.own(DoseEvent, UUID(str(submission.values["id"])))
            )
        at = time.fromisoformat(str(submission.values["due_time"]))
        return _line_of(visit, item, on, at)
    except (KeyError, ValueError, OverflowError, NotFound):
        return None


def _show_sheet(request: Request, line: DoseLine, submission: Submission[DoseForm]) -> Response:
    return render(request, "doses/show.html", {**_sheet_context(line), "submission": submission})


def _sheet_context(line: DoseLine | None) -> dict[str, object]:
    return {"nav": "today", "line": line, "reasons": REASONS, "zones": ZONES}


def _slot(diary: Diary, text: str) -> tuple[Item, time]:
    try:
        regimen_item_id, at = text.split(" ")
        return diary.item(UUID(regimen_item_id)), time.fromisoformat(at).replace(tzinfo=None)
    except ValueError as error:
        raise Refused(_("That dose no longer exists."), "slot") from error
