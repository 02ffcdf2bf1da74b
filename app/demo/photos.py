"""Draw the photos of the demo's year: a head, not a person.

Each is drawn from numbers alone, the same for the same day: strokes of hair over a scalp that shows
less as the months go by.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from math import atan2, cos, pi, sin
from random import Random
from typing import Any
from uuid import uuid5

from sqlmodel import Session

from app.domain.logical_dates import instant_of, iso_week
from app.domain.photo_views import HairState, PhotoView
from app.models import HairReview, ProgressPhoto, User
from app.models.progress_photo import hair_review_id
from app.photos.store import PhotoStore

WIDTH, HEIGHT = 720, 900
SMALL_SIDE = 400
STROKES = 1300
WALL, CLOTH = (170, 183, 174), (71, 101, 105)
SKIN, EAR, SCALP = (186, 147, 121), (222, 178, 152), (190, 146, 120)
HAIR = ((62, 43, 32), (78, 54, 39), (112, 80, 56))
TAKEN_AT = time(8, 20)


@dataclass(frozen=True, slots=True)
class Shot:
    """One photo of the story: how long ago, of what, and how dense the hair is (0 to 1)."""

    days_ago: int
    view: PhotoView
    density: float
    hair: HairState = HairState.DRY
    note: str = ""


PHOTOS = (
    Shot(358, PhotoView.VERTEX, 0.42, note="The first one"),
    Shot(121, PhotoView.FRONTAL, 0.55),
    Shot(121, PhotoView.MID_SCALP, 0.5),
    Shot(121, PhotoView.VERTEX, 0.48),
    Shot(93, PhotoView.VERTEX, 0.38, HairState.WET, "Straight from the shower: not comparable"),
    Shot(65, PhotoView.FRONTAL, 0.63),
    Shot(65, PhotoView.MID_SCALP, 0.62),
    Shot(65, PhotoView.VERTEX, 0.6),
    Shot(37, PhotoView.VERTEX, 0.68),
    Shot(9, PhotoView.FRONTAL, 0.7),
    Shot(9, PhotoView.MID_SCALP, 0.74),
    Shot(9, PhotoView.VERTEX, 0.78, note="Bathroom lamp, a day after washing"),
)
# Days ago, part width in mm, compared with the first photos.
REVIEWS = ((358, 8.0, None), (121, 7.5, 0), (65, 7.0, 0), (37, 7.0, None), (9, 6.5, 1))


def make_demo_photos(session: Session, user: User, now: datetime, store: PhotoStore) -> None:
    """Draw and save the photos of the year that ends now; the caller commits."""
    today = user.today(now)
    for number, told in enumerate(PHOTOS):
        on = today - timedelta(days=told.days_ago)
        photo_id = uuid5(user.id, f"demo photo {number}")
        files = _draw(told, Random(f"Strand photo {number}"))
        with store.staged(user.id, photo_id, files) as staged:
            staged.put_in_place()
        session.add(
            ProgressPhoto(
                id=photo_id,
                **_day_row(user, on),
                view=told.view,
                hair=told.hair,
                note=told.note,
                width=WIDTH,
                height=HEIGHT,
                size_bytes=sum(len(file) for file in files),
            )
        )
    for days_ago, width, change in REVIEWS:
        on = today - timedelta(days=days_ago)
        session.add(
            HairReview(
                id=hair_review_id(user.id, on),
                **_day_row(user, on),
                part_width_mm=width,
                global_change=change,
            )
        )
    session.flush()


def _day_row(user: User, on: date) -> dict[str, Any]:
    taken_at = instant_of(on, TAKEN_AT, user.zone, user.day_starts_time)
    return {"user_id": user.id, "on": on, "iso_week": iso_week(on), "logged_at": taken_at}


def _draw(told: Shot, rng: Random) -> tuple[bytes, bytes, bytes]:
    """The drawing in the store's three sizes; the two larger ones are the same."""
    from PIL import Image, ImageChops, ImageDraw, ImageFilter

    scale = 2  # drawn at twice the size, for smooth edges
    unit = WIDTH * scale / 960
    middle, top = WIDTH * scale // 2, HEIGHT * scale * 43 // 100
    wide, high = WIDTH * scale * 33 // 100, HEIGHT * scale * 34 // 100
    picture = Image.new("RGB", (WIDTH * scale, HEIGHT * scale), WALL)
    draw = ImageDraw.Draw(picture)
    draw.ellipse(
        (middle - wide * 1.7, top + high * 1.12, middle + wide * 1.7, top + high * 3), CLOTH
    )
    draw.rectangle((middle - wide * 0.4, top, middle + wide * 0.4, top + high * 1.22), SKIN)
    for side in (-1, 1):
        ear = middle + side * wide
        draw.ellipse((ear - 26 * unit, top + high * 0.05, ear + 26 * unit, top + high * 0.42), EAR)
    draw.ellipse((middle - wide, top - high, middle + wide, top + high), HAIR[0])

    thin = Image.new("L", picture.size, 0)
    spot = ImageDraw.Draw(thin)
    strength = round(235 * (1 - told.density))
    match told.view:
        case PhotoView.FRONTAL:
            spot.ellipse(
                (middle - wide * 0.8, top, middle + wide * 0.8, top + high * 1.2), strength
            )
        case PhotoView.MID_SCALP:
            spot.rectangle(
                (middle - 34 * unit, top - high * 0.95, middle + 34 * unit, top + high * 0.5),
                strength,
            )
        case _:
            spot.ellipse(
                (middle - 150 * unit, top - high * 0.6, middle + 170 * unit, top + high * 0.1),
                strength,
            )
    softened = thin.reduce(8).filter(ImageFilter.GaussianBlur(7 * unit)).resize(thin.size)
    head = Image.new("L", picture.size, 0)
    ImageDraw.Draw(head).ellipse((middle - wide, top - high, middle + wide, top + high), 255)
    picture.paste(SCALP, mask=ImageChops.darker(softened, head))

    for _stroke in range(round(STROKES * (0.45 + 0.55 * told.density))):
        angle, far = rng.uniform(0, 2 * pi), rng.random() ** 0.5
        x, y = middle + wide * far * cos(angle), top + high * far * sin(angle)
        bend = _direction(told.view, (x - middle) / wide, (y - top) / high) + rng.gauss(0, 0.14)
        long = rng.uniform(20, 40) * unit
        ends = [(x + step * long * cos(bend + step * 0.5), y + step * long * sin(bend + step * 0.5))
                for step in (0.0, 0.5, 1.0)]  # fmt: skip
        wide_line = round((3 if told.hair is HairState.DRY else 6) * unit)
        draw.line(ends, rng.choice(HAIR), wide_line)
    clean = picture.reduce(scale)

    small = clean.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    files = []
    for image in (clean, small):
        file = BytesIO()
        image.save(file, "JPEG", quality=82)
        files.append(file.getvalue())
    return files[0], files[0], files[1]


def _direction(view: PhotoView, across: float, down: float) -> float:
    """Return which way hair lies at a point: from the part or hairline, or round the crown."""
    if view is PhotoView.MID_SCALP:
        return pi * 0.2 if across > 0 else pi * 0.8
    if view is PhotoView.FRONTAL:
        return -pi / 2 + 0.7 * across
    return atan2(down + 0.28, across) + 0.6
