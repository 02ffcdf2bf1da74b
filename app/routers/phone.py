"""Open Strand on a phone."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.web.http.deps import SessionRoute, SettingsDep, VisitDep
from app.web.http.templating import render
from app.web.pages.settings.phone import phone_page

router = APIRouter(tags=["phone"], route_class=SessionRoute)


@router.get("/phone", name="show_phone")
def show(request: Request, visit: VisitDep, settings: SettingsDep) -> Response:
    """Show this installation's addresses for a phone, and what each allows."""
    context = {"nav": "settings", "page": phone_page(request, settings)}
    return render(request, "phone/show.html", context)
