"""Answer a logging form: to the outbox with an echo, to a bare form with a page."""

from datetime import datetime
from types import TracebackType
from typing import Any, Generic, Self
from uuid import UUID

from fastapi import Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.types import Receive, Scope, Send

from app.errors import Refused
from app.models import ActivityKind
from app.services.history import Decision
from app.web.http.activity import record
from app.web.http.deletions import DELETED
from app.web.http.reading import ENTRY_HEADER, FormModel, Submission
from app.web.http.templating import microseconds, path_for, render
from app.web.http.visit import Visit

# Tells a device which of its pages were read before, and so lack its entry.
SAVED_AT = "strand-saved-at"
# Names the field that a refused entry needs to be accepted.
ASKS = "strand-asks"


class _Unreadable(Refused):
    """The form could not be read; its submission already says why."""


class Saved(Response):
    """Say that an entry is saved, and when: at a time after its commit, as it is sent then."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(status_code=204, headers={ENTRY_HEADER: entry_id})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        now: datetime = scope["app"].state.clock()
        self.headers[SAVED_AT] = str(microseconds(now))
        await super().__call__(scope, receive, send)


class Saving(Generic[FormModel]):
    """Save what a form says, all of it or nothing:

        with Saving(session, submission) as entry:
            end_pause(session, pause, entry.form.ends_on)
            return entry.accepted(request, address)
        return show_again(request, entry.submission)

    The block ends where a rule refuses, or where it asks for the form and that could not be
    read: then the session is rolled back, and `submission` says what is wrong. Else the session
    is committed.
    """

    # The reason why the block ended early, if it did.
    refusal: Refused
    is_saved = False

    def __init__(self, session: Session, submission: Submission[FormModel]) -> None:
        self._session = session
        self.submission = submission

    @property
    def form(self) -> FormModel:
        """The form. Raises `Refused`, which ends the block, if the form could not be read."""
        if self.submission.form is None:
            raise _Unreadable(self.submission.sentence)
        return self.submission.form

    def __enter__(self) -> Self:
        return self

    def accepted(self, request: Request, address: str) -> Response:
        """Commit, then answer with the time: a page read before that lacks the entry."""
        self._session.commit()
        return accepted(request, address)

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        if error is None:
            self._session.commit()
            self.is_saved = True
            return False
        if not isinstance(error, Refused):
            return False
        self._session.rollback()
        self.refusal = error
        if not isinstance(error, _Unreadable):
            self.submission = self.submission.refused(error)
        return True


def accepted(request: Request, address: str) -> Response:
    """Already committed: 204 with the entry's id to the outbox, 303 to a person."""
    entry_id = request.headers.get(ENTRY_HEADER)
    if entry_id is not None:
        return Saved(entry_id)
    return RedirectResponse(address, status_code=303)


def saved_item(request: Request, regimen_item_id: UUID) -> Response:
    """Commit, and redirect to the page of the item."""
    address = path_for(request, "show_regimen_item", regimen_item_id=regimen_item_id)
    return RedirectResponse(address, status_code=303)


def deleted(request: Request, decision: Decision, address: str) -> Response:
    """Redirect to a page that names what was deleted and offers Undo; already committed."""
    visit: Visit = request.state.visit
    record(request, visit, ActivityKind.DELETED)
    visit.diary.session.commit()
    sign = "&" if "?" in address else "?"
    return accepted(request, f"{address}{sign}{DELETED}={decision.entry_id}")


def asked(request: Request, question: str, template: str, context: dict[str, Any]) -> Response:
    """Ask before saving: send the question to the outbox, or a page that asks it."""
    if ENTRY_HEADER in request.headers:
        told = {ENTRY_HEADER: request.headers[ENTRY_HEADER], ASKS: "anyway"}
        return PlainTextResponse(question, status_code=422, headers=told)
    return render(request, template, {**context, "question": question}, status_code=422)


def refused(
    request: Request, submission: Submission[Any], template: str, context: dict[str, Any]
) -> Response:
    """Refuse: send one plain sentence to the outbox, the same page again to a person."""
    if ENTRY_HEADER in request.headers:
        echo = {ENTRY_HEADER: request.headers[ENTRY_HEADER]}
        return PlainTextResponse(submission.sentence, status_code=422, headers=echo)
    return render(request, template, {**context, "submission": submission}, status_code=422)
