"""About Strand: what it is for, and what it is not."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.domain.catalogue import GRADES, REVIEWED_ON
from app.domain.symptoms import RED_FLAGS
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.templating import render
from app.web.pages.settings.sources import source_lines

router = APIRouter(tags=["about"], route_class=SessionRoute)


@router.get("/about", name="show_about")
def show(request: Request, visit: VisitDep) -> Response:
    """Say what Strand is for, what the words mean, and when to see a doctor."""
    context = {"nav": "settings", "grades": GRADES, "red_flags": RED_FLAGS}
    return render(request, "about/show.html", context)


@router.get("/about/sources", name="show_sources")
def show_sources(request: Request, visit: VisitDep) -> Response:
    """List every source that a note rests on, each once, with what it is used for."""
    context = {"nav": "settings", "sources": source_lines(), "reviewed_on": REVIEWED_ON}
    return render(request, "about/sources.html", context)
