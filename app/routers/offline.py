"""The files of the installed app: manifest, service worker, and the offline pages."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.installing import manifest, worker_source
from app.web.http.templating import render
from app.web.pages.offline_plan import offline_plan

router = APIRouter(tags=["offline"], route_class=SessionRoute)


@router.get("/manifest.webmanifest", name="manifest")
def show_manifest(request: Request) -> Response:
    """Send the name, icons and start page of the installed app."""
    return JSONResponse(
        manifest(request.app.state.assets, request.app.state.paths),
        media_type="application/manifest+json",
        headers={"cache-control": "no-cache"},
    )


@router.get("/service-worker.js", name="service_worker")
def show_worker(request: Request) -> Response:
    """Send the worker with the addresses of everything it caches: any change makes a new one."""
    source = worker_source(request.app.state.assets, request.app.state.paths)
    return Response(source, media_type="text/javascript", headers={"cache-control": "no-cache"})


@router.get("/offline", name="show_offline")
def show_offline(request: Request) -> Response:
    """Show the page for an address that is not cached."""
    return render(request, "offline/show.html", {})


@router.get("/waiting", name="show_waiting")
def show_waiting(request: Request, visit: VisitDep) -> Response:
    """Show the entries that wait on this device."""
    return render(request, "offline/waiting.html", {"nav": "none"})


@router.get("/offline/plan", name="show_offline_plan")
def show_plan(visit: VisitDep) -> Response:
    """List the pages that a device caches."""
    return JSONResponse(offline_plan(visit))
