"""Notes and life events: on any day, with a text search."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from app.diary import Diary
from app.domain.life_events import LIFE_EVENTS, MOST_DAYS_AHEAD
from app.models import Note, NoteKind
from app.records import NOTE
from app.services.deletions import delete_row
from app.services.notes import find_notes, save_note
from app.web.forms.note import NoteForm, NoteSubmission, values_of_note
from app.web.http.deps import SearchDep, SessionRoute, TapDep, VisitDep
from app.web.http.entries import Saving, deleted, refused
from app.web.http.reading import Day, OneLine, Submission, WholeNumber, submitted
from app.web.http.templating import path_for, render
from app.web.http.typed_text import shown_at, typed_text
from app.web.http.visit import Visit
from app.web.pages.day.notes import month_links, note_months

router = APIRouter(tags=["notes"], route_class=SessionRoute)

NOTES_A_PAGE = 50
LAST_PAGE = 100_000


class SearchForm(BaseModel):
    """The words to look for, and the page of results."""

    q: Annotated[OneLine, Field(max_length=200)] = ""
    page: Annotated[WholeNumber, Field(ge=1, le=LAST_PAGE)] = 1


SearchSubmission = Annotated[Submission[SearchForm], Depends(submitted(SearchForm))]


@router.get("/notes", name="index_notes")
def index(
    request: Request,
    visit: VisitDep,
    page: Annotated[WholeNumber, Query(ge=1, le=LAST_PAGE)] = 1,
) -> Response:
    """List notes and events, newest first; after a search, only those that match."""
    form = SearchForm(q=typed_text(request, visit.diary), page=page)
    return _list(request, visit, Submission(form))


@router.post("/notes/search", name="search_notes")
def search(request: Request, visit: SearchDep, submission: SearchSubmission) -> Response:
    """Search notes and events. Posted, so that the search text is in no address."""
    form = submission.form
    if form is None:
        return _list(request, visit, submission)
    address = path_for(request, "index_notes")
    if form.page > 1:
        address = f"{address}?page={form.page}"
    if not form.q:
        return RedirectResponse(address, status_code=303)
    return shown_at(request, visit.diary, address, form.q)


@router.get("/days/{on}/notes/new", name="new_note")
def new(
    request: Request,
    visit: VisitDep,
    on: Day,
    kind: NoteKind = NoteKind.NOTE,
    label: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Show an empty note, or the list of life events with one chosen."""
    chosen = label if label in LIFE_EVENTS else ""
    values = {"kind": kind.value, "id": str(uuid4()), "on": str(on), "label": chosen}
    return render(
        request, "notes/edit.html", _context(visit.diary, on, None, Submission(values=values))
    )


@router.post("/days/{on}/notes", name="create_note")
def create(request: Request, visit: TapDep, on: Day, submission: NoteSubmission) -> Response:
    """Save a note."""
    return _save(request, visit, on, None, submission)


@router.get("/notes/{note_id}/edit", name="edit_note")
def edit(request: Request, visit: VisitDep, note_id: UUID) -> Response:
    """Show a note to edit."""
    note = visit.diary.own(Note, note_id)
    context = _context(visit.diary, note.on, note, Submission(values=values_of_note(note)))
    return render(request, "notes/edit.html", context)


@router.post("/notes/{note_id}", name="update_note")
def update(request: Request, visit: TapDep, note_id: UUID, submission: NoteSubmission) -> Response:
    """Save an edited note, on another day if asked."""
    note = visit.diary.own(Note, note_id)
    return _save(request, visit, note.on, note, submission)


@router.post("/notes/{note_id}/delete", name="destroy_note")
def destroy(
    request: Request, visit: VisitDep, note_id: UUID, submission: NoteSubmission
) -> Response:
    """Delete a note."""
    note = visit.diary.own(Note, note_id)
    on, decision = note.on, visit.decision(submission.form or NoteForm())
    delete_row(visit.diary.session, NOTE, note.id, decision)
    return deleted(request, decision, path_for(request, "show_day", on=on))


def _list(request: Request, visit: Visit, submission: Submission[SearchForm]) -> Response:
    form = submission.form or SearchForm()
    start = (form.page - 1) * NOTES_A_PAGE
    found = find_notes(
        visit.diary.session, visit.diary.owner, form.q, start=start, most=NOTES_A_PAGE + 1
    )
    context = {
        "nav": "notes",
        "q": form.q or submission.values.get("q", ""),
        "sentence": submission.sentence,
        "months": note_months(found[:NOTES_A_PAGE]),
        "links": [] if form.q else month_links(visit, _days(visit.diary), NOTES_A_PAGE),
        "page": form.page,
        "has_more": len(found) > NOTES_A_PAGE,
    }
    status_code = 200 if submission.form else 422
    return render(request, "notes/index.html", context, status_code=status_code)


def _days(diary: Diary) -> list[date]:
    return [on for (on,) in diary.session.execute(Note.days_of(diary.owner.id))]


def _save(
    request: Request,
    visit: Visit,
    on: date,
    note: Note | None,
    submission: Submission[NoteForm],
) -> Response:
    with Saving(visit.diary.session, submission) as entry:
        decision = visit.decision(entry.form)
        note_id = note.id if note else entry.form.id or decision.entry_id
        said = entry.form.note(note_id, on)
        save_note(visit.diary.session, visit.diary.owner, said, decision)
        return entry.accepted(request, path_for(request, "show_day", on=said.on))
    context = _context(visit.diary, on, note, entry.submission)
    return refused(request, entry.submission, "notes/edit.html", context)


def _context(
    diary: Diary, on: date, note: Note | None, submission: Submission[NoteForm]
) -> dict[str, object]:
    return {
        "nav": "notes",
        "on": on,
        "latest": diary.today + timedelta(days=MOST_DAYS_AHEAD),
        "note": note,
        "events": LIFE_EVENTS,
        "submission": submission,
    }
