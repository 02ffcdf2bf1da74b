"""About Strand: its purpose, and its limits."""

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
    """Show the purpose of Strand, the glossary, and when to see a doctor."""
    context = {"nav": "settings", "grades": GRADES, "red_flags": RED_FLAGS}
    return render(request, "about/show.html", context)


@router.get("/about/sources", name="show_sources")
def show_sources(request: Request, visit: VisitDep) -> Response:
    """List every source of a note once, with the entries that use it."""
    context = {"nav": "settings", "sources": source_lines(), "reviewed_on": REVIEWED_ON}
    return render(request, "about/sources.html", context)
