"""Photos by view, with day, week and details."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fastapi import Request

from app.diary.photo_sets import (
    NextSet,
    ViewSeries,
    first_photo_to_compare,
    hair_reviews,
    photos_on,
    view_series,
)
from app.domain.photo_views import GLOBAL_CHANGES, HairState, PhotoView
from app.domain.quantities import format_amount
from app.i18n import _, lazy
from app.language import words
from app.models import HairReview, ProgressPhoto
from app.photos.pixels import SIZES
from app.photos.store import PhotoStore
from app.web.forms.photo import field_of
from app.web.http.visit import Visit
from app.web.pages.charts.marks import Mark, marks_of
from app.web.pages.charts.series import SeriesChart, SeriesPoint, series_chart

VIEW_NAMES = {
    PhotoView.FRONTAL: lazy("Hairline"),
    PhotoView.MID_SCALP: lazy("Top"),
    PhotoView.VERTEX: lazy("Crown"),
    PhotoView.LEFT_TEMPLE: lazy("Left temple"),
    PhotoView.RIGHT_TEMPLE: lazy("Right temple"),
}
SHORT_NAMES = {
    **VIEW_NAMES,
    PhotoView.LEFT_TEMPLE: lazy("Left"),
    PhotoView.RIGHT_TEMPLE: lazy("Right"),
}
# How to hold the head for each view.
POSES = {
    PhotoView.FRONTAL: lazy("From the front, looking straight ahead"),
    PhotoView.MID_SCALP: lazy("The parting from above, head tilted forward"),
    PhotoView.VERTEX: lazy("From behind, chin on the chest"),
    PhotoView.LEFT_TEMPLE: lazy("From the left, hair pulled back"),
    PhotoView.RIGHT_TEMPLE: lazy("From the right, hair pulled back"),
}
FEWEST_FOR_A_CHART = 4
WEEK = 7
HAIR_NAMES = {HairState.DRY: lazy("Dry"), HairState.WET: lazy("Wet")}
CHECKLIST = (
    lazy("Same place, same light. Use the flash every time or never. No direct sun."),
    lazy("Wash your hair and let it dry fully. Wet or oily hair clumps and shows more scalp."),
    lazy("Same hair length, colour and parting. No fibres, no gel."),
    lazy("Hold the camera at arm’s length. Same lens, no zoom, no filter."),
    lazy("Plain background. Take three and save the best one."),
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
        """The alternative text."""
        return _("{view}, {day}", view=self.name, day=self.day)

    @property
    def is_wet(self) -> bool:
        """Whether the hair was wet, which makes photos hard to compare."""
        return self.photo.hair is HairState.WET


@dataclass(frozen=True, slots=True)
class ViewTab:
    """One of the five views, with its photos."""

    series: ViewSeries
    name: str
    short_name: str
    pose: str
    field: str
    url: str

    @property
    def view(self) -> PhotoView:
        """The view."""
        return self.series.view

    @property
    def count(self) -> int:
        """The number of its photos."""
        return self.series.count

    @property
    def first(self) -> date | None:
        """The day of the first photo."""
        return self.series.first

    @property
    def last(self) -> date | None:
        """The day of the last photo."""
        return self.series.last

    @property
    def icon(self) -> str:
        """Its drawing in the sprite."""
        return f"view-{self.view.value.replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class AllPhotos:
    """The number of photos of all views, and the first day."""

    count: int
    first: date | None


@dataclass(frozen=True, slots=True)
class SavedSet:
    """The notice after photos were saved: the next set, and the photos to compare with."""

    sentence: str
    compare_words: str
    compare_url: str


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A day's part width and overall change in words; a missing value is empty."""

    day: str
    part_width: str
    change: str
    url: str


@dataclass(frozen=True, slots=True)
class Reviews:
    """Every part width and overall change, newest first, with a chart for four widths or more."""

    lines: tuple[ReviewLine, ...]
    chart: SeriesChart | None
    sentence: str


@dataclass(frozen=True, slots=True)
class NextSetLine:
    """When the next set is due, in words."""

    on: date
    headline: str


def store_of(request: Request) -> PhotoStore:
    """Return the photo store of this installation."""
    return PhotoStore(request.app.state.settings.photo_dir)


def shown(visit: Visit, photos: Iterable[ProgressPhoto]) -> list[ShownPhoto]:
    """Return photos for display, in the given order."""
    return [_shown(visit, photo) for photo in photos]


def with_marks(visit: Visit, photos: Sequence[ProgressPhoto]) -> list[ShownPhoto]:
    """Return photos of one view, newest first, each with the changes since the previous one."""
    marks = marks_of(visit.diary) if len(photos) > 1 else []
    before = [*(photo.on for photo in photos[1:]), None]
    return [
        replace(
            _shown(visit, photo),
            since=tuple(mark for mark in marks if older and older < mark.on <= photo.on),
        )
        for photo, older in zip(photos, before, strict=False)
    ]


def shown_on(visit: Visit, on: date) -> list[ShownPhoto]:
    """Return the photos of one day."""
    return shown(visit, photos_on(visit.diary, on))


def view_tabs(visit: Visit) -> list[ViewTab]:
    """Return the five views, with the number of photos and the first day of each."""
    return [_tab(visit, each) for each in view_series(visit.diary)]


def next_set_line(following: NextSet | None) -> NextSetLine | None:
    """Describe the next set; None before the first."""
    if following is None:
        return None
    if not following.days:
        return NextSetLine(following.on, _("Time for a new set"))
    headline = _("Next set in {days}", days=_days(following.days))
    return NextSetLine(following.on, headline)


def all_photos(tabs: Iterable[ViewTab]) -> AllPhotos:
    """Count the photos of all views together."""
    taken = [tab for tab in tabs if tab.first is not None]
    first = min((tab.first for tab in taken if tab.first), default=None)
    return AllPhotos(sum(tab.count for tab in taken), first)


def saved_set(visit: Visit, tab: ViewTab, following: NextSet | None) -> SavedSet:
    """Return the notice after a set was saved."""
    sentence = _("Saved.")
    if following is not None and following.days > 0:
        on = words.day_of_month(following.on)
        sentence = _saved_words(following.days, on)
    first = first_photo_to_compare(visit.diary, tab.series)
    if first is None:
        return SavedSet(sentence, "", "")
    return SavedSet(
        sentence,
        _("Compare with {day}", day=words.dated(first.on, visit.diary.today)),
        visit.paths("show_photo", photo_id=first.id),
    )


def reviews_of(visit: Visit) -> Reviews | None:
    """Return every part width and overall change; None if there are none."""
    rows = hair_reviews(visit.diary)
    if not rows:
        return None
    widths = [
        SeriesPoint(
            row.on, row.part_width_mm, f"{words.dated(row.on, visit.diary.today)}: {_width(row)}"
        )
        for row in rows
        if row.part_width_mm is not None
    ]
    has_chart = len(widths) >= FEWEST_FOR_A_CHART
    return Reviews(
        lines=tuple(review_line(visit, row) for row in reversed(rows)),
        chart=series_chart(widths, visit.diary.today, is_joined=True) if has_chart else None,
        sentence=_(
            "Part width in millimetres. {first}; {last}.",
            first=widths[0].text,
            last=widths[-1].text,
        )
        if has_chart
        else "",
    )


def review_line(visit: Visit, row: HairReview) -> ReviewLine:
    """Describe one day's part width and overall change."""
    change = row.global_change
    return ReviewLine(
        day=words.dated(row.on, visit.diary.today),
        part_width=_width(row) if row.part_width_mm is not None else "",
        change=f"{_signed(change)}, {words.uncapitalized(GLOBAL_CHANGES[change])}"
        if change is not None
        else "",
        url=visit.paths("edit_hair_review", on=row.on),
    )


def change_options() -> list[tuple[object, str]]:
    """Return the seven steps for a select, most hair first, after an empty option."""
    steps = sorted(GLOBAL_CHANGES.items(), reverse=True)
    return [("", "\N{EN DASH}"), *((step, f"{_signed(step)}  {word}") for step, word in steps)]


def _shown(visit: Visit, photo: ProgressPhoto) -> ShownPhoto:
    large, medium, small = (
        visit.paths("show_photo_file", photo_id=photo.id, size=size) for size in SIZES
    )
    return ShownPhoto(
        photo=photo,
        name=str(VIEW_NAMES[photo.view]),
        day=words.dated(photo.on, visit.diary.today),
        week=_("Week {number}", number=photo.iso_week % 100),
        hair=str(HAIR_NAMES[photo.hair]) if photo.hair else "",
        url=visit.paths("show_photo", photo_id=photo.id),
        large=large,
        medium=medium,
        small=small,
    )


def _tab(visit: Visit, series: ViewSeries) -> ViewTab:
    view = series.view
    return ViewTab(
        series=series,
        name=str(VIEW_NAMES[view]),
        short_name=str(SHORT_NAMES[view]),
        pose=str(POSES[view]),
        field=field_of(view),
        url=f"{visit.paths('index_photos')}?view={view.value}",
    )


def _width(row: HairReview) -> str:
    return format_amount(row.part_width_mm or 0, "mm")


def _saved_words(days: int, on: str) -> str:
    """Say when the next set is due: in four weeks; below two weeks, in days."""
    if days < 2 * WEEK:
        return words.counted(
            "Saved. Next set in {n} day, about {day}.",
            "Saved. Next set in {n} days, about {day}.",
            days,
            day=on,
        )
    return words.counted(
        "Saved. Next set in {n} week, about {day}.",
        "Saved. Next set in {n} weeks, about {day}.",
        round(days / WEEK),
        day=on,
    )


def _days(number: int) -> str:
    return words.counted("{n} day", "{n} days", number)


def _signed(step: int) -> str:
    return f"{step:+d}".replace("-", "\N{MINUS SIGN}") if step else "0"
