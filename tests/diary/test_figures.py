"""The figures of days and weeks are those of the ledger, cached or read from the database."""

from collections.abc import Callable
from datetime import date, time, timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlmodel import Session

from app.db import reading
from app.diary.figures import figures_by_day, figures_by_week
from app.diary.regimen import ledger_between
from app.domain.adherence import count_doses
from app.domain.figures import Figures
from app.domain.measurements import MeasurementKind, WeightUnit
from app.domain.shedding import CountMethod
from app.models import Hint, RegimenItem, SheddingCount, Theme, User
from app.models.shedding_count import shedding_count_id
from app.records import MEDICINE, PAUSE, SYMPTOM_REPORT
from app.services.check_ins import record_measure, record_symptom
from app.services.dose_input import Answer, DoseInput
from app.services.items import ItemEdit, edit_item, remove_item, stop_item
from app.services.measurements import choose_measures
from app.services.medicines import save_medicine
from app.services.pauses import save_pause
from app.services.preferences import SettingsInput, close_hint, save_settings
from tests.support.caches import forget_everything
from tests.support.clock import NOW
from tests.support.people import save
from tests.support.regimens import EVENING, MORNING, add, decided, log_dose, taken

TODAY = NOW.date()
LONG_AGO = TODAY - timedelta(days=60)


@pytest.fixture
def minoxidil(session: Session, alice: User) -> RegimenItem:
    return add(session, alice)


def weeks(session: Session, user: User, first: date, today: date = TODAY) -> list[Figures]:
    """The weeks as a session that only reads sees them: those are kept."""
    session.commit()

    with reading(session.get_bind().engine) as reader:
        return figures_by_week(reader, reader.get_one(User, user.id), first, TODAY, today=today)


@pytest.mark.slow
def test_weeks_days_and_the_ledger_agree_on_the_demonstrations_year(
    session: Session, alices_year: User
) -> None:
    alice = alices_year
    first = TODAY - timedelta(days=200)
    first -= timedelta(days=first.weekday())
    last = first + timedelta(days=139)
    days = figures_by_day(session, alice, first, last, today=TODAY)
    by_week = figures_by_week(session, alice, first, last, today=TODAY)
    rows = ledger_between(session, alice, first, last, today=TODAY)

    for number, week in enumerate(by_week):
        own_days = days[7 * number : 7 * number + 7]
        counted = count_doses(row for row in rows if week.first <= row.on <= week.last)
        assert week.doses == counted
        assert week.doses == tuple(map(sum, zip(*(day.doses for day in own_days), strict=True)))
        for key, tally in week.tallies.items():
            numbers = [day.tallies[key] for day in own_days if key in day.tallies]
            assert tally.n == sum(each.n for each in numbers)
            assert tally.total == sum(each.total for each in numbers)
        assert week.states == tuple(state for day in own_days for state in day.states)


@pytest.mark.slow
def test_cached_figures_equal_those_read_without_the_cache(
    session: Session, alices_year: User
) -> None:
    alice = alices_year
    first = TODAY - timedelta(days=300)
    warm = weeks(session, alice, first), weeks(session, alice, first)
    forget_everything()

    assert warm[0] == warm[1] == weeks(session, alice, first)


def close_a_hint(session: Session, user: User, _item: RegimenItem) -> None:
    close_hint(session, user, Hint.TRENDS, decided(user))


def choose_a_theme(session: Session, user: User, _item: RegimenItem) -> None:
    save_settings(session, user, SettingsInput(theme=Theme.DARK), decided(user))


def turn_weight_on(session: Session, user: User, _item: RegimenItem) -> None:
    choose_measures(session, user, [MeasurementKind.WEIGHT], WeightUnit.KG, decided(user))


def rename_it(session: Session, user: User, item: RegimenItem) -> None:
    edit_item(session, item, ItemEdit(name="Another name"), decided(user))


def list_a_medicine(session: Session, user: User, _item: RegimenItem) -> None:
    save_medicine(session, user, MEDICINE.row(id=uuid4(), name="Iron"), decided(user))


Change = Callable[[Session, User, RegimenItem], None]


@pytest.mark.parametrize(
    "change", [close_a_hint, choose_a_theme, turn_weight_on, rename_it, list_a_medicine]
)
def test_what_changes_no_figure_leaves_the_weeks_in_memory(
    session: Session, alice: User, minoxidil: RegimenItem, change: Change
) -> None:
    (before, *_later) = weeks(session, alice, LONG_AGO)

    change(session, alice, minoxidil)
    (after, *_later) = weeks(session, alice, LONG_AGO)

    assert after is before


def stop_it(session: Session, user: User, item: RegimenItem) -> None:
    stop_item(session, item, LONG_AGO, "", decided(user))


def pause_it(session: Session, user: User, item: RegimenItem) -> None:
    pause = PAUSE.row(
        id=uuid4(),
        regimen_item_id=item.id,
        starts_on=LONG_AGO,
        ends_on=LONG_AGO + timedelta(days=3),
    )
    save_pause(session, user, pause, decided(user))


def delete_it(session: Session, user: User, item: RegimenItem) -> None:
    remove_item(session, user, item, decided(user))


def begin_days_later(session: Session, user: User, _item: RegimenItem) -> None:
    save_settings(session, user, SettingsInput(day_starts_time=time(8)), decided(user))


def move_to_japan(session: Session, user: User, _item: RegimenItem) -> None:
    save_settings(session, user, SettingsInput(time_zone="Asia/Tokyo"), decided(user))


@pytest.mark.parametrize("change", [stop_it, pause_it, delete_it, begin_days_later, move_to_japan])
def test_what_may_change_figures_lets_the_weeks_be_read_again(
    session: Session, alice: User, minoxidil: RegimenItem, change: Change
) -> None:
    weeks(session, alice, LONG_AGO)

    change(session, alice, minoxidil)
    found = weeks(session, alice, LONG_AGO)
    forget_everything()

    assert found == weeks(session, alice, LONG_AGO)


@pytest.mark.parametrize("days_ago", [*range(12, 26), 60])
def test_a_write_to_any_day_shows_in_its_week_at_once(
    session: Session, alice: User, minoxidil: RegimenItem, days_ago: int
) -> None:
    on = TODAY - timedelta(days=days_ago)
    before = weeks(session, alice, on)[0].doses

    log_dose(session, alice, minoxidil, taken(on, EVENING))
    logged = weeks(session, alice, on)[0]
    log_dose(
        session,
        alice,
        minoxidil,
        DoseInput(due_on=on, due_time=EVENING, status=Answer.NOTHING),
        decided(alice, minutes_ago=-1),
    )
    undone = weeks(session, alice, on)[0].doses

    assert logged.doses.taken == before.taken + 1
    assert logged.doses.missed == before.missed - 1
    assert undone == before


def test_answers_of_long_ago_show_at_once(session: Session, alice: User) -> None:
    assert weeks(session, alice, LONG_AGO)[0].tallies == {}

    record_measure(session, alice, LONG_AGO, "mood", 4, decided(alice))
    assert weeks(session, alice, LONG_AGO)[0].mean("mood") == 4
    report = SYMPTOM_REPORT.row(on=LONG_AGO, symptom="headache", severity=0)
    record_symptom(session, alice, report, decided(alice))
    found = weeks(session, alice, LONG_AGO)[0]

    assert found.mean("headache") == 0
    assert found.tallies["headache"].above_zero == 0


def test_a_clock_that_was_ahead_leaves_no_stale_week(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    last_week = TODAY - timedelta(days=7)
    weeks(session, alice, last_week, today=TODAY + timedelta(days=60))

    log_dose(session, alice, minoxidil, taken(last_week), decided(alice))

    assert weeks(session, alice, last_week)[0].doses.taken == 1


def test_weeks_read_in_parts_and_any_order_are_the_same(
    session: Session, alices_year: User
) -> None:
    alice = alices_year
    whole = weeks(session, alice, TODAY - timedelta(days=250))
    forget_everything()
    places = list(range(0, len(whole), 5))
    Random(1).shuffle(places)
    for place in places:
        assert weeks(session, alice, whole[place].first) == whole[place:]


def test_a_set_is_the_readings_of_a_week_and_methods_are_kept_apart(
    session: Session, alice: User
) -> None:
    for offset, method, hairs in (
        (0, CountMethod.SIXTY_SECOND, 12),
        (1, CountMethod.SIXTY_SECOND, 9),
        (2, CountMethod.SIXTY_SECOND, 15),
        (2, CountMethod.WASH, 60),
    ):
        on = date(2026, 11, 16) + timedelta(days=offset)
        save(
            session,
            SheddingCount(
                id=shedding_count_id(alice.id, on, method, 1),
                user_id=alice.id,
                on=on,
                iso_week=202647,
                method=method,
                hairs=hairs,
                logged_at=NOW,
            ),
        )
    week = weeks(session, alice, date(2026, 11, 16))[0]

    assert (week.mean("shed_sixty_second"), week.n("shed_sixty_second")) == (12, 3)
    assert (week.mean("shed_wash"), week.n("shed_wash")) == (60, 1)
    assert "shed_daily" not in week.tallies


def test_morning_and_evening_are_two_doses(
    session: Session, alice: User, minoxidil: RegimenItem
) -> None:
    yesterday = TODAY - timedelta(days=1)
    log_dose(session, alice, minoxidil, taken(yesterday, MORNING))
    log_dose(session, alice, minoxidil, taken(yesterday, time(14)))
    day = figures_by_day(session, alice, yesterday, yesterday, today=TODAY)[0]

    assert (day.doses.due, day.doses.taken, day.doses.missed, day.doses.extra) == (2, 1, 1, 1)
    assert day.states == ("part",)
