"""Photos as pages show them: by view, with the day, the week and what is said of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fastapi import Request

from app.db.direct import fetch
from app.domain.photo_views import GLOBAL_CHANGES, WEEKS_BETWEEN_SETS, HairState, PhotoView
from app.models import ProgressPhoto
from app.services.photo_pixels import SIZES
from app.services.photo_store import PhotoStore
from app.web import words
from app.web.deps import Visit
from app.web.marks import Mark, marks_of
from app.web.photo_forms import field_of
from app.web.words import _

VIEW_NAMES = {
    PhotoView.FRONTAL: _("Frontal"),
    PhotoView.MID_SCALP: _("Mid-scalp"),
    PhotoView.VERTEX: _("Vertex"),
    PhotoView.LEFT_TEMPLE: _("Left temple"),
    PhotoView.RIGHT_TEMPLE: _("Right temple"),
}
SHORT_NAMES = {
    **VIEW_NAMES,
    PhotoView.LEFT_TEMPLE: _("Left"),
    PhotoView.RIGHT_TEMPLE: _("Right"),
}
# How to hold the head for each.
POSES = {
    PhotoView.FRONTAL: _("The hairline from the front, eyes level"),
    PhotoView.MID_SCALP: _("The centre part from above, head bent halfway"),
    PhotoView.VERTEX: _("The crown, chin on the chest"),
    PhotoView.LEFT_TEMPLE: _("From the left side, hair off the temple"),
    PhotoView.RIGHT_TEMPLE: _("From the right side, hair off the temple"),
}
HAIR_NAMES = {HairState.DRY: _("Dry"), HairState.WET: _("Wet")}
CHECKLIST = (
    _("Same place and same lamp; flash always or never; no sun on the hair."),
    _("Hair washed and fully dry. Wet or oily hair clumps, and shows more scalp than there is."),
    _("Same length, colour and parting; no fibres, no gel."),
    _("Same distance, an arm’s length; same lens, no zoom, no beauty filter."),
    _("Something plain behind you. Take three, keep the best one."),
)


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo with its words and the addresses of its files."""

    photo: ProgressPhoto
    name: str
    day: str
    week: str
    hair: str
    url: str
    large: str
    medium: str
    small: str
    since: tuple[Mark, ...] = ()

    @property
    def alt(self) -> str:
        """What a picture says to those who do not see it."""
        return _("{view}, {day}").format(view=self.name, day=self.day)

    @property
    def is_wet(self) -> bool:
        """Whether it differs from what photos are compared with."""
        return self.photo.hair is HairState.WET


@dataclass(frozen=True, slots=True)
class ViewTab:
    """One of the five views, with the photos there are of it."""

    view: PhotoView
    name: str
    short_name: str
    pose: str
    field: str
    url: str
    count: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def icon(self) -> str:
        """Its drawing in the sprite."""
        return f"view-{self.view.value.replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class NextSet:
    """When photos are worth taking again."""

    on: date
    days: int
    headline: str


def store_of(request: Request) -> PhotoStore:
    """The photos of this installation."""
    return PhotoStore(request.app.state.settings.photo_dir)


def shown(visit: Visit, photos: Iterable[ProgressPhoto]) -> list[ShownPhoto]:
    """Photos in the order they come."""
    return [_shown(visit, photo) for photo in photos]


def with_marks(visit: Visit, photos: Sequence[ProgressPhoto]) -> list[ShownPhoto]:
    """Photos of one view, newest first, each with what happened since the one before."""
    marks = marks_of(visit) if len(photos) > 1 else []
    before = [*(photo.on for photo in photos[1:]), None]
    return [
        replace(
            _shown(visit, photo),
            since=tuple(mark for mark in marks if older and older < mark.on <= photo.on),
        )
        for photo, older in zip(photos, before, strict=False)
    ]


def photos_on(visit: Visit, on: date) -> list[ShownPhoto]:
    """The photos of one day."""
    return shown(visit, fetch(visit.session, ProgressPhoto.between, visit.user.id, on, on))


def view_tabs(visit: Visit) -> list[ViewTab]:
    """The five views, with how many photos there are of each and since when."""
    series = {row[0]: row[1:] for row in visit.session.exec(ProgressPhoto.series(visit.user.id))}
    return [_tab(visit, view, *series.get(view, (0, None, None))) for view in PhotoView]


def next_set(tabs: Iterable[ViewTab], today: date) -> NextSet | None:
    """Four weeks after the last photo of any view; None before the first."""
    days = [tab.last for tab in tabs if tab.last is not None]
    if not days:
        return None
    on = max(days) + timedelta(weeks=WEEKS_BETWEEN_SETS)
    left = (on - today).days
    if left <= 0:
        return NextSet(on, 0, _("Time for a new set"))
    return NextSet(on, left, _("Next set in {days}").format(days=_days(left)))


def change_options() -> list[tuple[object, str]]:
    """The seven steps for a list, most hair first, and the one that says nothing."""
    steps = sorted(GLOBAL_CHANGES.items(), reverse=True)
    return [("", _("Not said")), *((step, f"{_signed(step)}  {word}") for step, word in steps)]


def _shown(visit: Visit, photo: ProgressPhoto) -> ShownPhoto:
    large, medium, small = (
        visit.paths("show_photo_file", photo_id=photo.id, size=size) for size in SIZES
    )
    return ShownPhoto(
        photo=photo,
        name=VIEW_NAMES[photo.view],
        day=words.dated(photo.on, visit.today),
        week=_("Week {number}").format(number=photo.iso_week % 100),
        hair=HAIR_NAMES[photo.hair] if photo.hair else "",
        url=visit.paths("show_photo", photo_id=photo.id),
        large=large,
        medium=medium,
        small=small,
    )


def _tab(
    visit: Visit, view: PhotoView, count: int, first: date | None, last: date | None
) -> ViewTab:
    return ViewTab(
        view=view,
        name=VIEW_NAMES[view],
        short_name=SHORT_NAMES[view],
        pose=POSES[view],
        field=field_of(view),
        url=f"{visit.paths('index_photos')}?view={view.value}",
        count=count,
        first=first,
        last=last,
    )


def _days(number: int) -> str:
    return words.plural(number, _("day"), _("days"))


def _signed(step: int) -> str:
    return f"{step:+d}".replace("-", "\N{MINUS SIGN}") if step else "0"
