"""Add, show, change and delete photos, and serve their files to their owner only."""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from app.diary import Diary
from app.diary.photo_sets import next_set
from app.domain.photo_views import PhotoView
from app.errors import NotFound, Refused
from app.i18n import _
from app.language.words import joined
from app.models import HairReview, ProgressPhoto
from app.photos.pixels import PLACES, SIZES, CleanPhoto, clean_photo
from app.services.history import was_decided
from app.services.photos import (
    PhotoInput,
    ReviewInput,
    change_photo,
    check_photo_day,
    record_photo,
    record_review,
    review_on,
    take_photo_back,
)
from app.web.forms.photo import (
    LARGEST_UPLOAD,
    ONE_PHOTO,
    PhotoForm,
    PhotoSubmission,
    ReviewForm,
    SentPhotos,
    SentPhotosDep,
    Upload,
)
from app.web.forms.reading import ENTRY_HEADER, Day, Submission, WholeNumber
from app.web.http.deps import SessionRoute, VisitDep, VisitsDep
from app.web.http.entries import Saving, accepted, deleted, refused
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
    """Where other apps share a photo with Strand: the worker keeps it on the device.

    Only a browser whose worker is gone comes here; nothing is read.
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
    with PLACES.taken(visit.diary.owner.id):
        clean, errors = _cleaned(sent.uploads)

    day = form.on or on
    errors |= sent.review.errors
    with visits() as visit:
        _record(request, visit, day, form, sent.review.form, clean)
        if errors:
            submission: Submission[PhotoForm] = Submission(values=sent.values, errors=errors)
            return _refused(request, visit, day, submission, kept=[each.upload for each in clean])
    if clean and clean[0].upload.view:
        view = clean[0].upload.view.value
        return accepted(request, f"{path_for(request, 'index_photos')}?view={view}&saved=1")
    return accepted(request, path_for(request, "show_day", on=day))


@router.get("/photos/{photo_id}", name="show_photo")
def show(request: Request, visit: VisitDep, photo_id: UUID) -> Response:
    """Show one photo large, with a form for its details."""
    photo = visit.diary.own(ProgressPhoto, photo_id)
    return render(request, "photos/show.html", _photo_context(visit, photo, Submission()))


@router.post("/photos/{photo_id}", name="update_photo")
def update(
    request: Request, visit: VisitDep, photo_id: UUID, submission: PhotoSubmission
) -> Response:
    """Change the view, day, hair state or note of a photo."""
    photo = visit.diary.own(ProgressPhoto, photo_id)
    with Saving(visit.diary.session, submission) as entry:
        form = entry.form
        said = PhotoInput(form.on or photo.on, form.view or photo.view, form.hair, form.note)
        check_photo_day(visit.diary.today, said.on)
        change_photo(visit.diary.session, photo, said, visit.decision(form))
        return accepted(request, path_for(request, "show_photo", photo_id=photo.id))
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


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An upload and the cleaned photo made from it."""

    upload: Upload
    view: PhotoView
    photo: CleanPhoto


def _checked(diary: Diary, on: date, sent: SentPhotos) -> PhotoForm | Submission[PhotoForm]:
    """Check the form before any of its photos is read."""
    form = sent.photo.form
    if form is None:
        return sent.photo
    try:
        check_photo_day(diary.today, form.on or on)
        _check_something_was_sent(sent)
    except Refused as refusal:
        return sent.photo.refused(refusal)
    return form


def _check_something_was_sent(sent: SentPhotos) -> None:
    if sent.uploads:
        return
    review = sent.review.form
    if review is not None and review.is_empty:
        raise Refused(_("Choose a photo first."), ONE_PHOTO)


def _cleaned(uploads: tuple[Upload, ...]) -> tuple[list[Cleaned], dict[str, str]]:
    clean, errors = [], {}
    for upload in uploads:
        try:
            if upload.view is None:
                raise Refused(_("Choose the view of this photo."))
            clean.append(Cleaned(upload, upload.view, clean_photo(upload.read())))
        except Refused as refusal:
            errors[upload.field] = str(refusal)
    return clean, errors


def _record(
    request: Request,
    visit: Visit,
    day: date,
    form: PhotoForm,
    review: ReviewForm | None,
    clean: list[Cleaned],
) -> None:
    """Save everything in one transaction; the files are in place before the commit."""
    decision = visit.decision(form)
    store = store_of(request)
    with ExitStack() as files:
        staged = []
        for each in clean:
            set_id = form.id or decision.entry_id
            photo_id = each.upload.photo_id(set_id, each.photo.files[0])
            held = store.staged(visit.diary.owner.id, photo_id, each.photo.files)
            staged.append((each, photo_id, files.enter_context(held)))
        for each, photo_id, held_files in staged:
            said = PhotoInput(day, each.view, form.hair, form.note)
            record_photo(visit.diary.session, photo_id, said, each.photo, held_files, decision)
        if review is not None and not review.is_empty:
            before = review_on(visit.diary.session, visit.diary.owner, day)
            if form.changed_at is None:
                # The set to merge with may have changed while the photos were read.
                decision = replace(decision, changed_at=request.app.state.clock())
            record_review(visit.diary.session, day, _merged(review, before), decision)
        visit.diary.session.commit()


def _merged(form: ReviewForm, before: HairReview | None) -> ReviewInput:
    """Merge with the review of that day: beside photos, an empty field keeps the old value."""
    width, change = form.part_width_mm, form.global_change
    if before is None:
        return ReviewInput(width, change)
    return ReviewInput(
        before.part_width_mm if width is None else width,
        before.global_change if change is None else change,
    )


def _refused(
    request: Request,
    visit: Visit,
    on: date,
    submission: Submission[PhotoForm],
    kept: list[Upload] | None = None,
) -> Response:
    context = _context(visit, on, submission, kept or [])
    return refused(request, submission, "photos/new.html", context)


def _context(
    visit: Visit, on: date, submission: Submission[PhotoForm], kept: list[Upload] | None = None
) -> dict[str, object]:
    kept_views = [upload.view for upload in kept or [] if upload.view]
    return {
        "nav": "photos",
        "on": on,
        "tabs": view_tabs(visit),
        "submission": submission,
        "saved": {view.value for view in kept_views},
        "saved_names": joined([str(VIEW_NAMES[view]) for view in kept_views]),
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
