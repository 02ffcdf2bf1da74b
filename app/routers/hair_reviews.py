"""A day's part width, and the hair compared with the first photos."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.services.photos import record_review, review_on
from app.web.forms.photo import ReviewForm, ReviewSubmission, values_of_review
from app.web.http.deps import SessionRoute, VisitDep
from app.web.http.entries import Saving, refused
from app.web.http.reading import Day, Submission
from app.web.http.templating import path_for, render
from app.web.pages.photos.page import change_options

router = APIRouter(prefix="/days/{on}/hair-review", tags=["photos"], route_class=SessionRoute)


@router.get("", name="edit_hair_review")
def edit(request: Request, visit: VisitDep, on: Day) -> Response:
    """Show the part width and comparison of a day."""
    review = review_on(visit.diary.session, visit.diary.owner, on)
    submission: Submission[ReviewForm] = Submission(values=values_of_review(review))
    return render(request, "hair_reviews/edit.html", _context(on, submission))


@router.post("", name="update_hair_review")
def update(request: Request, visit: VisitDep, on: Day, submission: ReviewSubmission) -> Response:
    """Save both answers; an empty one is deleted."""
    with Saving(visit.diary.session, submission) as entry:
        review, decision = entry.form.review(on), visit.decision(entry.form)
        record_review(visit.diary.session, visit.diary.owner, review, decision)
        return entry.accepted(request, path_for(request, "show_day", on=on))
    context = _context(on, entry.submission)
    return refused(request, entry.submission, "hair_reviews/edit.html", context)


def _context(on: date, submission: Submission[ReviewForm]) -> dict[str, object]:
    return {
        "nav": "photos",
        "on": on,
        "change_options": change_options(),
        "submission": submission,
    }
