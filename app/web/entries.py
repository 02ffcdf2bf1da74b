"""Answer a logging form: to the outbox with an echo, to a bare form with a page."""

from typing import Any

from fastapi import Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from app.web.forms import ENTRY_HEADER, Submission
from app.web.templating import render


def accepted(request: Request, address: str) -> Response:
    """Saved: 204 with the entry's id to the outbox, 303 to a person."""
    entry_id = request.headers.get(ENTRY_HEADER)
    if entry_id is not None:
        return Response(status_code=204, headers={ENTRY_HEADER: entry_id})
    return RedirectResponse(address, status_code=303)


def refused(
    request: Request, submission: Submission[Any], template: str, context: dict[str, Any]
) -> Response:
    """Not saved: one plain sentence to the outbox, the same page again to a person."""
    if ENTRY_HEADER in request.headers:
        echo = {ENTRY_HEADER: request.headers[ENTRY_HEADER]}
        return PlainTextResponse(submission.sentence, status_code=422, headers=echo)
    return render(request, template, {**context, "submission": submission}, status_code=422)
