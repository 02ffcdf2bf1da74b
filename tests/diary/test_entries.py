"""The entries of a day besides doses, and what is due there: photos, counts, notes."""

from datetime import date, timedelta
from uuid import uuid4

from sqlmodel import Session

from app.diary import Diary
from app.diary.entries import measurements_on, notes_on
from app.diary.next_count import next_count
from app.diary.photo_sets import (
    NextSet,
    first_photo_to_compare,
    hair_reviews,
    next_set,
    photos_on,
    view_series,
)
from app.domain.life_events import BLOOD_TEST
from app.domain.logical_dates import iso_week
from app.domain.measurements import MeasurementKind
from app.domain.photo_views import PhotoView
from app.domain.shedding import CountMethod
from app.models import (
    HairReview,
    Measurement,
    Note,
    NoteKind,
    ProgressPhoto,
    SheddingCount,
    User,
)
from app.models.progress_photo import hair_review_id
from app.models.shedding_count import shedding_count_id
from tests.support.clock import NOW
from tests.support.people import save

TODAY = NOW.date()
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def diary_of(session: Session, user: User) -> Diary:
    session.commit()
    session.refresh(user)
    return Diary(session, user, NOW)


def photo(session: Session, user: User, view: PhotoView, on: date) -> ProgressPhoto:
    return save(
        session,
        ProgressPhoto(
            id=uuid4(),
            user_id=user.id,
            on=on,
            iso_week=iso_week(on),
            view=view,
            width=1500,
            height=2000,
            size_bytes=300_000,
            logged_at=NOW,
        ),
    )


def note(session: Session, user: User, on: date, label: str = "") -> Note:
    kind = NoteKind.EVENT if label else NoteKind.NOTE
    return save(
        session,
        Note(
            id=uuid4(),
            user_id=user.id,
            on=on,
            iso_week=iso_week(on),
            kind=kind,
            label=label,
            text="",
            logged_at=NOW,
        ),
    )


def count(session: Session, user: User, on: date, method: CountMethod, hairs: int) -> None:
    save(
        session,
        SheddingCount(
            id=shedding_count_id(user.id, on, method, 1),
            user_id=user.id,
            on=on,
            iso_week=iso_week(on),
            method=method,
            run=1,
            hairs=hairs,
            logged_at=NOW,
        ),
    )


def test_each_view_has_a_series_and_the_next_set_is_due_four_weeks_after_the_last(
    session: Session, alice: User, bob: User
) -> None:
    first = photo(session, alice, PhotoView.VERTEX, TODAY - 10 * WEEK)
    photo(session, alice, PhotoView.VERTEX, TODAY - WEEK)
    photo(session, alice, PhotoView.FRONTAL, TODAY - 2 * WEEK)
    photo(session, bob, PhotoView.FRONTAL, TODAY)
    diary = diary_of(session, alice)

    series = view_series(diary)
    by_view = {each.view: each for each in series}

    assert [each.view for each in series] == list(PhotoView)
    vertex = by_view[PhotoView.VERTEX]
    assert (vertex.count, vertex.first, vertex.last) == (2, TODAY - 10 * WEEK, TODAY - WEEK)
    assert by_view[PhotoView.MID_SCALP].count == 0
    assert next_set(series, TODAY) == NextSet(TODAY + 3 * WEEK, 21)
    compared = first_photo_to_compare(diary, vertex)
    assert compared is not None
    assert compared.id == first.id
    assert first_photo_to_compare(diary, by_view[PhotoView.FRONTAL]) is None
    assert first_photo_to_compare(diary, by_view[PhotoView.MID_SCALP]) is None


def test_a_set_that_is_overdue_is_due_now_and_without_photos_none_is(
    session: Session, alice: User
) -> None:
    assert next_set(view_series(diary_of(session, alice)), TODAY) is None

    photo(session, alice, PhotoView.VERTEX, TODAY - 9 * WEEK)

    assert next_set(view_series(diary_of(session, alice)), TODAY) == NextSet(TODAY - 5 * WEEK, 0)


def test_photos_and_reviews_are_the_owners(session: Session, alice: User, bob: User) -> None:
    own = photo(session, alice, PhotoView.VERTEX, TODAY)
    photo(session, bob, PhotoView.VERTEX, TODAY)
    for user, width in ((alice, 4.5), (bob, 6)):
        review = HairReview(
            id=hair_review_id(user.id, TODAY),
            user_id=user.id,
            on=TODAY,
            iso_week=iso_week(TODAY),
            part_width_mm=width,
            logged_at=NOW,
        )
        save(session, review)
    diary = diary_of(session, alice)

    assert [each.id for each in photos_on(diary, TODAY)] == [own.id]
    assert [each.part_width_mm for each in hair_reviews(diary)] == [4.5]


def test_a_blood_test_is_announced_three_days_ahead_and_on_its_day(
    session: Session, alice: User
) -> None:
    wrote = note(session, alice, TODAY)
    note(session, alice, TODAY + 3 * DAY, BLOOD_TEST)
    diary = diary_of(session, alice)

    today = notes_on(diary, TODAY)

    assert [each.id for each in today.notes] == [wrote.id]
    assert today.blood_test_on == TODAY + 3 * DAY
    assert notes_on(diary, TODAY + DAY).blood_test_on is None
    assert notes_on(diary, TODAY + 3 * DAY).blood_test_on == TODAY + 3 * DAY


def test_measurements_are_read_once_any_is_turned_on(session: Session, alice: User) -> None:
    reading = Measurement(
        id=uuid4(),
        user_id=alice.id,
        on=TODAY,
        iso_week=iso_week(TODAY),
        time_zone="Europe/Berlin",
        pulse_bpm=64,
        logged_at=NOW,
    )
    save(session, reading)
    assert list(measurements_on(diary_of(session, alice), TODAY)) == []

    alice.preferences.measures_on = (MeasurementKind.PULSE,)

    found = measurements_on(diary_of(session, alice), TODAY)
    assert [each.pulse_bpm for each in found] == [64]


def test_the_next_count_is_by_the_method_last_used(session: Session, alice: User) -> None:
    nothing_yet = next_count(diary_of(session, alice), TODAY)
    assert (nothing_yet.method, nothing_yet.latest) == (CountMethod.SIXTY_SECOND, None)
    assert (nothing_yet.is_due, nothing_yet.is_begun) == (True, False)

    count(session, alice, TODAY - 5 * WEEK, CountMethod.SIXTY_SECOND, 12)
    count(session, alice, TODAY - DAY, CountMethod.WASH, 60)
    begun = next_count(diary_of(session, alice), TODAY)
    assert begun.method is CountMethod.WASH
    assert (begun.is_due, begun.is_begun) == (True, True)

    later = next_count(diary_of(session, alice), TODAY + WEEK)
    assert (later.is_due, later.is_begun) == (False, False)
