import pytest

from app.domain.life_events import LIFE_EVENTS, life_event_name
from app.domain.symptoms import (
    CHECK_IN_SCALES,
    DUTASTERIDE_AND_MOOD,
    ENERGY,
    FINASTERIDE_AND_MOOD,
    INTERFERENCE,
    MINOXIDIL_AND_HEART,
    MOOD,
    SEVERITY,
    SLEEP,
    SYMPTOMS,
    Scale,
    mood_note,
    red_flags_for,
    safety_note,
)

HELP = "112 or the crisis line 116 123"
GET_HELP_AT_112 = (
    "If your mood has changed, or you have thoughts of harming yourself, get help now:"
    " 112 or the crisis line 116 123."
)


def test_the_private_symptoms_are_those_of_sex_and_hormones() -> None:
    private = [symptom for symptom in SYMPTOMS.values() if symptom.is_private]

    assert [symptom.slug for symptom in private] == [
        "less_interest_in_sex",
        "erection_difficulty",
        "ejaculation_problem",
        "breast_tenderness",
        "period_changes",
    ]


@pytest.mark.parametrize("scale", [SEVERITY, INTERFERENCE, MOOD])
def test_every_answer_of_a_worded_scale_has_its_word(scale: Scale) -> None:
    assert [point.value for point in scale.points] == list(scale.values)
    assert scale.word(scale.lowest) == str(scale.low_word)
    assert scale.word(scale.highest) == str(scale.high_word)


def test_a_scale_with_named_ends_counts_between_them() -> None:
    assert [ENERGY.word(value) for value in ENERGY.values] == [
        "very low",
        "2",
        "3",
        "4",
        "very high",
    ]
    assert len(SLEEP.values) == 11


def test_the_check_in_has_five_scales() -> None:
    assert list(CHECK_IN_SCALES) == ["mood", "energy", "sleep", "stress", "focus"]


def test_low_mood_on_finasteride_shows_where_to_get_help_and_what_the_agency_says() -> None:
    note = safety_note({"finasteride-oral"}, {}, 2, emergency_line=HELP)

    assert note == [GET_HELP_AT_112, str(FINASTERIDE_AND_MOOD)]


def test_low_mood_on_dutasteride_shows_the_precaution() -> None:
    note = safety_note({"dutasteride-oral"}, {"low_mood": 1}, None, emergency_line=HELP)

    assert note == [GET_HELP_AT_112, str(DUTASTERIDE_AND_MOOD)]


@pytest.mark.parametrize(
    ("severities", "mood"), [({}, None), ({"low_mood": 0}, 3), ({"headache": 4}, 5)]
)
def test_an_ordinary_day_on_finasteride_shows_nothing(
    severities: dict[str, int], mood: int | None
) -> None:
    assert safety_note({"finasteride-oral"}, severities, mood, emergency_line=HELP) == []


@pytest.mark.parametrize(
    ("severities", "mood", "shown"),
    [({}, 2, False), ({"low_mood": 2}, 3, False), ({}, 1, True), ({"low_mood": 3}, None, True)],
)
def test_without_these_medicines_only_a_very_low_mood_shows_where_to_get_help(
    severities: dict[str, int], mood: int | None, shown: bool
) -> None:
    note = safety_note({"biotin"}, severities, mood, emergency_line=HELP)

    assert note == ([GET_HELP_AT_112] if shown else [])


def test_without_an_own_number_the_note_names_the_local_one() -> None:
    [note] = mood_note((), emergency_line=" ")

    assert note.endswith("get help now: your local emergency number or a crisis line.")


@pytest.mark.parametrize(
    ("severities", "shown"),
    [
        ({"swelling": 1}, True),
        ({"fast_heartbeat": 1}, True),
        ({"dizziness": 2}, True),
        ({"dizziness": 1}, False),
        ({"scalp_itch": 4}, False),
    ],
)
def test_signs_of_the_heart_on_minoxidil_show_the_urgent_ones(
    severities: dict[str, int], shown: bool
) -> None:
    note = safety_note({"minoxidil-oral-low"}, severities, 4, emergency_line=HELP)

    assert note == ([str(MINOXIDIL_AND_HEART)] if shown else [])


def test_the_same_signs_without_minoxidil_show_nothing() -> None:
    assert safety_note({"zinc"}, {"swelling": 4}, 4, emergency_line=HELP) == []


def test_the_red_flags_of_minoxidil_are_for_those_who_use_it() -> None:
    assert len(red_flags_for({"zinc"})) == 1
    signs = red_flags_for({"minoxidil-topical-foam"})[1].signs
    assert "chest pain" in map(str, signs)


def test_life_events_have_names_and_icons() -> None:
    assert " ".join(LIFE_EVENTS) == (
        "illness fever surgery stress childbirth diet haircut dye wash travel blood_test own"
    )
    assert all(event.name and event.icon for event in LIFE_EVENTS.values())
    assert life_event_name("blood_test") == "Blood test"
    assert life_event_name("Moved house") == "Moved house"
