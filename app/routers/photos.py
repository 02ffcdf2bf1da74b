"""Add, show, change and delete photos, and serve their files to their owner only."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from app.diary import Diary
from app.diary.photo_sets import next_set
from app.domain.photo_views import PhotoView
from app.errors import NotFound, Refused
from app.language.words import joined
from app.models import ProgressPhoto
from app.photos.pixels import SIZES
from app.services.history import was_decided
from app.services.photo_sets import PhotoSet, check_set, clean_photos, saving_set
from app.services.photos import change_photo, review_on, take_photo_back
from app.web.forms.photo import (
    LARGEST_UPLOAD,
    PhotoForm,
    PhotoSubmission,
    SentPhotos,
    SentPhotosDep,
    values_of_photo,
)
from app.web.http.deps import SessionRoute, VisitDep, VisitsDep
from app.web.http.entries import Saving, accepted, deleted, refused
from app.web.http.reading import ENTRY_HEADER, Day, Submission, WholeNumber
from app.web.http.templating import path_for, render
from app.web.http.visit import Visit
from app.web.pages.photos.page import (
    CHECKLIST,
    HAIR_NAMES,
    VIEW_NAMES,
    all_photos,
    change_options,
    next_set_line,
    review_line,
    reviews_of,
    saved_set,
    shown,
    store_of,
    view_tabs,
    with_marks,
)

router = APIRouter(tags=["photos"], route_class=SessionRoute)

PHOTOS_A_PAGE = 41  # the newest is drawn large, then pairs
LAST_PAGE = 100_000
FILE_HEADERS = {
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
}


@router.get("/photos", name="index_photos")
def index(
    request: Request,
    visit: VisitDep,
    view: PhotoView | None = None,
    page: Annotated[WholeNumber, Query(ge=1, le=LAST_PAGE)] = 1,
    saved: str = "",
) -> Response:
    """Show the photos of one view, newest first: by default the view photographed last."""
    tabs = view_tabs(visit)
    newest = max(tabs, key=lambda each: each.last or date.min)
    tab = next((each for each in tabs if each.view is view), newest)
    start = (page - 1) * PHOTOS_A_PAGE
    statement = ProgressPhoto.of_view(visit.diary.owner.id, tab.view)
    found = list(visit.diary.session.exec(statement.offset(start).limit(PHOTOS_A_PAGE + 1)))
    following = next_set((tab.series for tab in tabs), visit.diary.today)
    context = {
        "nav": "photos",
        "tabs": tabs,
        "tab": tab,
        "all_photos": all_photos(tabs),
        "saved": saved_set(visit, tab, following) if saved else None,
        "reviews": reviews_of(visit),
        "photos": with_marks(visit, found)[:PHOTOS_A_PAGE],
        "next_set": next_set_line(following),
        "page": page,
        "has_more": len(found) > PHOTOS_A_PAGE,
    }
    return render(request, "photos/index.html", context)


@router.post("/photos/share", name="share_photo", max_body_size=LARGEST_UPLOAD)
def share(request: Request) -> Response:
    """Receive photos that other apps share; the worker stores them on the device.

    Only a browser without its worker reaches this; nothing is read.
    """
    return RedirectResponse(path_for(request, "index_photos"), status_code=303)


@router.get("/days/{on}/photos/new", name="new_photos")
def new(request: Request, visit: VisitDep, on: Day) -> Response:
    """Show the form: tips, and a field for a photo of each view."""
    values = {"id": str(uuid4()), "on": str(on)}
    return render(request, "photos/new.html", _context(visit, on, Submission(values=values)))


@router.post("/days/{on}/photos", name="create_photos", max_body_size=LARGEST_UPLOAD)
def create(request: Request, visits: VisitsDep, on: Day, sent: SentPhotosDep) -> Response:
    """Save the photos that can be read, and give one sentence for each that cannot."""
    with visits() as visit:
        form = _checked(visit.diary, on, sent)
        if isinstance(form, Submission):
            return _refused(request, visit, on, form)
        is_replay = ENTRY_HEADER in request.headers and was_decided(
            visit.diary.session, visit.diary.owner.id, form.entry_id
        )
    if is_replay:
        return accepted(request, path_for(request, "index_photos"))

    # Between two visits, so that no connection to the database is held meanwhile.
    clean, errors = clean_photos(visit.diary.owner.id, sent.uploads)

    day = form.on or on
    errors |= sent.review.errors
    with visits() as visit:
        decision = visit.decision(form)
        set_id = form.id or decision.entry_id
        photo_set = PhotoSet(set_id, form.of_set(day), sent.day_review(day))
        merged_at = None if form.changed_at else request.app.state.clock()
        session, owner = visit.diary.session, visit.diary.owner
        with saving_set(session, owner, store_of(request), photo_set, clean, decision, merged_at):
            session.commit()
        if errors:
            submission: Submission[PhotoForm] = Submission(values=sent.values, errors=errors)
            return _refused(request, visit, day, submission, [each.view for each in clean])
    if clean:
        view = clean[0].view.value
        return accepted(request, f"{path_for(request, 'index_photos')}?view={view}&saved=1")
    return accepted(request, path_for(request, "show_day", on=day))


@router.get("/photos/{photo_id}", name="show_photo")
def show(request: Request, visit: VisitDep, photo_id: UUID) -> Response:
    """Show one photo large, with a form for its details."""
    photo = visit.diary.own(ProgressPhoto, photo_id)
    submission: Submission[PhotoForm] = Submission(values=values_of_photo(photo))
    return render(request, "photos/show.html", _photo_context(visit, photo, submission))


@router.post("/photos/{photo_id}", name="update_photo")
def update(
    request: Request, visit: VisitDep, photo_id: UUID, submission: PhotoSubmission
) -> Response:
    """Change the view, day, hair state or note of a photo."""
    photo = visit.diary.own(ProgressPhoto, photo_id)
    with Saving(visit.diary.session, submission) as entry:
        changed, decision = entry.form.changed(photo), visit.decision(entry.form)
        change_photo(visit.diary.session, visit.diary.owner, changed, decision)
        return entry.accepted(request, path_for(request, "show_photo", photo_id=photo.id))
    context = _photo_context(visit, photo, entry.submission)
    return refused(request, entry.submission, "photos/show.html", context)


@router.get("/photos/{photo_id}/delete", name="confirm_delete_photo")
def confirm_delete(request: Request, visit: VisitDep, photo_id: UUID) -> Response:
    """Ask before deleting, and say how long it can be undone."""
    photo = visit.diary.own(ProgressPhoto, photo_id)
    context = {"nav": "photos", "shown": shown(visit, [photo])[0]}
    return render(request, "photos/delete.html", context)


@router.post("/photos/{photo_id}/delete", name="destroy_photo")
def destroy(
    request: Request, visit: VisitDep, photo_id: UUID, submission: PhotoSubmission
) -> Response:
    """Delete a photo. Its files stay as long as that can be undone."""
    decision = visit.decision(submission.form or PhotoForm())
    take_photo_back(visit.diary.session, photo_id, decision)
    return deleted(request, decision, path_for(request, "index_photos"))


@router.get("/photos/{photo_id}/{size}.jpg", name="show_photo_file")
def show_file(request: Request, visit: VisitDep, photo_id: UUID, size: int) -> Response:
    """Serve one size of a photo to its owner, as an image only."""
    photo = visit.diary.own(ProgressPhoto, photo_id)
    path = store_of(request).path(photo.user_id, photo.id, size)
    if size not in SIZES or not path.is_file():
        raise NotFound
    name = f"strand-{photo.view.value.replace('_', '-')}-{photo.on}.jpg"
    headers = {**FILE_HEADERS, "content-disposition": f'inline; filename="{name}"'}
    return FileResponse(path, media_type="image/jpeg", headers=headers)


def _checked(diary: Diary, on: date, sent: SentPhotos) -> PhotoForm | Submission[PhotoForm]:
    """Check the form before any of its photos is read."""
    form = sent.photo.form
    if form is None:
        return sent.photo
    try:
        day = form.on or on
        check_set(diary.today, day, sent.uploads, sent.day_review(day))
    except Refused as refusal:
        return sent.photo.refused(refusal)
    return form


def _refused(
    request: Request,
    visit: Visit,
    on: date,
    submission: Submission[PhotoForm],
    saved: Sequence[PhotoView] = (),
) -> Response:
    context = _context(visit, on, submission, saved)
    return refused(request, submission, "photos/new.html", context)


def _context(
    visit: Visit, on: date, submission: Submission[PhotoForm], saved: Sequence[PhotoView] = ()
) -> dict[str, object]:
    return {
        "nav": "photos",
        "on": on,
        "tabs": view_tabs(visit),
        "submission": submission,
        "saved": {view.value for view in saved},
        "saved_names": joined([str(VIEW_NAMES[view]) for view in saved]),
        "checklist": CHECKLIST,
        "hair_names": HAIR_NAMES,
        "change_options": change_options(),
        "review": review_on(visit.diary.session, visit.diary.owner, on),
    }


def _photo_context(
    visit: Visit, photo: ProgressPhoto, submission: Submission[PhotoForm]
) -> dict[str, object]:
    review = review_on(visit.diary.session, visit.diary.owner, photo.on)
    return {
        "nav": "photos",
        "shown": shown(visit, [photo])[0],
        "review": review_line(visit, review) if review else None,
        "submission": submission,
        "views": VIEW_NAMES,
        "hair_names": HAIR_NAMES,
    }
