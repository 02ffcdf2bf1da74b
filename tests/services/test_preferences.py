"""Settings, saved without a form."""

from datetime import time

import pytest
from sqlmodel import Session

from app.errors import Refused
from app.models import Preferences, Theme, TrackedSymptom, User
from app.services.asked_questions import MOST_OWN_SYMPTOMS, choose_questions
from app.services.preferences import SettingsInput, save_settings
from tests.support.databases import Rows
from tests.support.regimens import decided


def test_only_the_settings_that_are_given_change(session: Session, rows: Rows, alice: User) -> None:
    save_settings(session, alice, SettingsInput(currency="€", language="de"), decided(alice))
    save_settings(session, alice, SettingsInput(theme=Theme.DARK), decided(alice))
    session.commit()

    (saved,) = rows(Preferences)
    assert (saved.theme, saved.currency, saved.language) == (Theme.DARK, "€", "de")


@pytest.mark.parametrize(
    "settings",
    [
        SettingsInput(day_starts_time=time(9)),
        SettingsInput(day_starts_time=time(3, 30)),
        SettingsInput(first_weekday=0),
        SettingsInput(language="tlh"),
        SettingsInput(time_zone="Mars/Olympus"),
        SettingsInput(currency="x" * 9),
        SettingsInput(emergency_line="x" * 201),
    ],
)
def test_a_value_that_a_setting_cannot_have_is_refused_by_its_name(
    session: Session, alice: User, settings: SettingsInput
) -> None:
    with pytest.raises(Refused) as refusal:
        save_settings(session, alice, settings, decided(alice))

    assert [refusal.value.field] == [*settings.changes]


def test_an_own_symptom_is_asked_from_now_on_and_is_listed_once(
    session: Session, rows: Rows, alice: User
) -> None:
    choose_questions(session, alice, ["mood"], ["Tight  scalp", "tight SCALP"], decided(alice, 1))
    choose_questions(session, alice, ["mood"], ["Tight scalp"], decided(alice))
    session.commit()

    own = [each for each in rows(TrackedSymptom) if each.name]
    assert [(each.slug, each.name) for each in own] == [("own-tight_scalp", "Tight scalp")]
    assert [each.slug for each in rows(TrackedSymptom) if each.is_asked] == ["mood"]


def test_own_symptoms_have_a_limit(session: Session, rows: Rows, alice: User) -> None:
    names = [f"Symptom {n}" for n in range(MOST_OWN_SYMPTOMS + 1)]

    with pytest.raises(Refused) as refusal:
        choose_questions(session, alice, [], names, decided(alice))

    assert refusal.value.field == "own"
    assert rows(TrackedSymptom) == []
