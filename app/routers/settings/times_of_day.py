"""The names and the order of the times of day."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from app.diary import Diary
from app.domain.day_parts import LONGEST_NAME, NAMES, DayPart, day_parts, moved
from app.services.preferences import save_day_parts
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving
from app.web.http.reading import EntryForm, OneLine, Submission, submitted
from app.web.http.templating import path_for, render

router = APIRouter(prefix="/settings/times-of-day", tags=["settings"], route_class=SessionRoute)


class DayPartsForm(EntryForm):
    """The names of the times of day, in order; a button also moves one of them."""

    slug: list[str] = Field(default_factory=list, max_length=20)
    name: list[Annotated[OneLine, Field(max_length=LONGEST_NAME)]] = Field(
        default_factory=list, max_length=20
    )
    move: Annotated[str, Field(max_length=20)] = ""

    def parts(self) -> tuple[DayPart, ...]:
        """Return the times of day with their names, in the order after the button."""
        slug, _space, way = self.move.partition(" ")
        named = _named(self.slug, self.name)
        return moved(named, slug, up=way == "up") if way else named


DayPartsSubmission = Annotated[Submission[DayPartsForm], Depends(submitted(DayPartsForm))]


@router.get("", name="edit_day_parts")
def edit(request: Request, visit: VisitDep) -> Response:
    """Show the times of day, to name and order them."""
    return _show(request, visit.diary, Submission())


@router.post("", name="update_day_parts")
def update(request: Request, visit: VisitDep, submission: DayPartsSubmission) -> Response:
    """Save names and order; a move button stays on the page."""
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        save_day_parts(visit.diary.session, visit.viewer, form.parts(), visit.decision(form))
        stays = " " in form.move
        page = "edit_day_parts" if stays else "show_settings"
        address = path_for(request, page) + ("" if stays else "?saved=1")
        return RedirectResponse(address, status_code=303)
    return _show(request, visit.diary, entry.submission, status_code=422)


def _show(
    request: Request, diary: Diary, submission: Submission[DayPartsForm], status_code: int = 200
) -> Response:
    typed = submission.values
    parts = day_parts(diary.owner.preferences.day_parts)
    if typed:
        parts = _named(typed.get("slug", []), typed.get("name", []))
    context = {"nav": "settings", "parts": parts, "names": NAMES, "submission": submission}
    return render(request, "settings/day_parts.html", context, status_code=status_code)


def _named(slugs: Sequence[str], names: Sequence[str]) -> tuple[DayPart, ...]:
    """The times of day in the order of a form, with their names."""
    return day_parts(list(zip(slugs, names, strict=False)))
