"""Open Strand on a phone."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.web.deps import Route, SettingsDep, VisitDep
from app.web.phone_page import phone_page
from app.web.templating import render

router = APIRouter(tags=["phone"], route_class=Route)


@router.get("/phone", name="show_phone")
def show(request: Request, visit: VisitDep, settings: SettingsDep) -> Response:
    """Show where a phone finds this installation, and what that address lets it do."""
    context = {"nav": "settings", "page": phone_page(request, settings)}
    return render(request, "phone/show.html", context)
