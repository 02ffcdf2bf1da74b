import json
import re
from datetime import time
from pathlib import Path

import pytest

from app.domain import catalogue
from app.domain.catalogue import (
    CATALOGUE,
    GRADES,
    SETS,
    SUBSTANCES,
    Comparison,
    Grade,
    Interaction,
    ReadyMadeSet,
    Substance,
    Treatment,
    UpperLevel,
    WarnThreshold,
    elemental_amount,
    find,
    treatment_for,
)
from app.domain.quantities import UNITS, Amount
from app.domain.symptoms import SYMPTOMS
from app.domain.timing import DoseTime

TONES = {"mint", "blue", "amber", "copper", "violet", "teal", "rose", "sand"}
ICONS = {"pill", "capsule", "drop", "sun", "leaf", "bottle", "fish", "roller", "light", "syringe"}
MGT = "magnesium-l-threonate"

every_treatment = pytest.mark.parametrize("treatment", CATALOGUE.values(), ids=CATALOGUE)

HOLDERS: list[Substance | Treatment] = [*SUBSTANCES.values(), *CATALOGUE.values()]
UPPER_LEVELS = [level for holder in HOLDERS for level in holder.upper_levels]
THRESHOLDS = [threshold for holder in HOLDERS for threshold in holder.warn_at]
INTERACTIONS = [
    interaction for treatment in CATALOGUE.values() for interaction in treatment.interactions
]


def test_the_catalogue_has_the_twenty_one_treatments() -> None:
    assert list(CATALOGUE) == [
        "magnesium-l-threonate",
        "magnesium-other",
        "biotin",
        "saw-palmetto",
        "vitamin-d3",
        "omega-3",
        "zinc",
        "iron",
        "finasteride-oral",
        "finasteride-topical",
        "dutasteride-oral",
        "minoxidil-topical-solution",
        "minoxidil-topical-foam",
        "minoxidil-oral-low",
        "ketoconazole-shampoo",
        "microneedling",
        "lllt",
        "prp",
        "rosemary-oil",
        "pumpkin-seed-oil",
        "spironolactone",
    ]


@every_treatment
def test_every_treatment_says_how_good_the_evidence_is_and_where_it_comes_from(
    treatment: Treatment,
) -> None:
    assert treatment.grade in GRADES
    assert str(treatment.honest_line).endswith(".")
    assert {source.status for source in treatment.sources} <= {"verified"}
    assert treatment.reviewed_on == "2026-11"


@every_treatment
def test_no_lab_note_tells_anybody_to_stop(treatment: Treatment) -> None:
    for note in treatment.lab_notes:
        assert "stop" not in f"{note.title} {note.text}".lower()
        assert 2 <= note.weeks <= 26


def test_what_a_household_should_know_is_listed_apart() -> None:
    titles = {str(note.title) for each in CATALOGUE.values() for note in each.household_notes}
    others = {str(note.title) for each in CATALOGUE.values() for note in each.own_cautions}

    assert {"Pregnancy", "Children", "Infants", "Cats and dogs", "Blood donation"} <= titles
    assert not titles & others
    words = ("pregnan", "child", "infant", "pet", "cat ")
    assert [title for title in others if any(word in title.lower() for word in words)] == []


@every_treatment
def test_every_treatment_can_be_shown(treatment: Treatment) -> None:
    assert treatment.tone in TONES
    assert treatment.icon in ICONS
    assert treatment.unit in UNITS
    assert treatment.cautions
    assert all(passage.title and passage.text for passage in treatment.cautions)
    assert set(treatment.side_effects.symptoms) <= set(SYMPTOMS)
    assert str(treatment.side_effects.words).endswith(".")


@every_treatment
def test_the_weeks_of_a_comparison_come_in_order(treatment: Treatment) -> None:
    course = treatment.course

    assert 0 < course.leave_out_weeks <= course.look_weeks <= course.judge_weeks
    assert str(course.note).endswith(".")
    assert (course.shed_from_week is None) == (course.shed_to_week is None)
    if course.shed_from_week is not None and course.shed_to_week is not None:
        assert 0 < course.shed_from_week < course.shed_to_week <= course.leave_out_weeks


@every_treatment
def test_the_form_begins_with_a_dose_of_the_typical_range(treatment: Treatment) -> None:
    typical, usual = treatment.typical, treatment.usual

    assert typical.unit == usual.unit == treatment.unit
    assert 0 < typical.low <= typical.high
    assert 0 < usual.amount <= typical.high
    assert bool(usual.times) == usual.timing.has_slots
    a_day = sum(dose.amount for dose in usual.times)
    assert a_day <= typical.high or typical.per != "day"


@every_treatment
def test_the_dose_the_form_begins_with_warns_of_nothing(treatment: Treatment) -> None:
    usual = treatment.usual
    a_day = sum(dose.amount for dose in usual.times)
    a_week = usual.per_week_most or 7 * a_day / usual.every_days
    held = elemental_amount(treatment, a_day, usual.unit)

    for threshold in treatment.warn_at:
        amount = a_week if threshold.per == "week" else a_day
        if threshold.compares is Comparison.SUBSTANCE:
            assert held is not None
            assert held.unit == threshold.unit
            amount = held.value
        assert not threshold.is_reached_by(amount), threshold.code


@pytest.mark.parametrize("level", UPPER_LEVELS, ids=lambda level: str(level.substance))
def test_an_upper_level_is_a_positive_number_of_a_known_unit(level: UpperLevel) -> None:
    assert level.authority in {"NASEM", "EFSA", "EU"}
    assert level.amount > 0
    assert level.unit in UNITS
    assert level.substance in SUBSTANCES
    assert level.applies_to


@pytest.mark.parametrize("threshold", THRESHOLDS, ids=lambda threshold: str(threshold.code))
def test_a_threshold_is_a_positive_number_with_a_calm_sentence(threshold: WarnThreshold) -> None:
    assert threshold.amount > 0
    assert threshold.unit in UNITS
    assert threshold.per in {"day", "week"}
    assert threshold.operator in {">", ">="}
    assert str(threshold.sentence).endswith(".")
    assert "must" not in str(threshold.sentence)


def test_equal_codes_of_thresholds_say_the_same() -> None:
    by_code = {threshold.code: threshold for threshold in THRESHOLDS}

    assert all(by_code[threshold.code] == threshold for threshold in THRESHOLDS)


@pytest.mark.parametrize("interaction", INTERACTIONS, ids=lambda row: str(row.other_slug))
def test_an_interaction_that_speaks_of_hours_has_their_number(interaction: Interaction) -> None:
    hours = (interaction.hours_apart, interaction.hours_before, interaction.hours_after)

    assert any(number for number in hours) == bool(re.search(r"\d h\b", str(interaction.rule)))
    assert all(number is None or number > 0 for number in hours)
    assert str(interaction.sentence).startswith("People")
    assert set(interaction.catalogue_ids) <= set(CATALOGUE)


@pytest.mark.parametrize(
    ("catalogue_id", "codes_by_amount"),
    [
        (MGT, {2000: [], 2001: ["magnesium-l-threonate-trial-dose"]}),
        ("biotin", {999: [], 1000: ["biotin-blood-tests"]}),
        ("zinc", {25: [], 26: ["zinc-efsa"], 50: ["zinc-efsa", "zinc-nasem", "zinc-copper"]}),
        ("iron", {45: [], 65: ["iron-nasem"]}),
        ("vitamin-d3", {100: [], 125: ["vitamin-d"]}),
        ("omega-3", {1000: [], 1200: ["omega-3-heart-rhythm"]}),
        ("finasteride-oral", {1: [], 5: ["finasteride-oral"]}),
        ("minoxidil-topical-solution", {2: [], 3: ["minoxidil-topical-solution"]}),
        ("minoxidil-oral-low", {5: [], 10: ["minoxidil-oral-low"]}),
    ],
)
def test_a_dose_is_held_against_its_thresholds(
    catalogue_id: str, codes_by_amount: dict[float, list[str]]
) -> None:
    treatment = CATALOGUE[catalogue_id]
    # Magnesium L-threonate counts 0.072 towards magnesium: here only its own threshold.
    thresholds = [
        row for row in treatment.warn_at if catalogue_id != MGT or row.code.startswith(MGT)
    ]

    for amount, codes in codes_by_amount.items():
        assert [row.code for row in thresholds if row.is_reached_by(amount)] == codes


def test_both_magnesium_entries_share_the_levels_of_magnesium() -> None:
    levels = {
        (level.authority, level.amount) for level in CATALOGUE["magnesium-other"].upper_levels
    }

    assert levels == {("EFSA", 250), ("NASEM", 350)}
    assert {(level.authority, level.amount) for level in CATALOGUE[MGT].upper_levels} == {
        ("EFSA", 250),
        ("NASEM", 350),
        ("EU", 3000),
    }


@pytest.mark.parametrize(
    ("catalogue_id", "amount", "unit", "held"),
    [
        (MGT, 2000, "mg", Amount(144.0, "mg")),
        (MGT, 1500, "mg", Amount(108.0, "mg")),
        (MGT, 2, "g", Amount(144.0, "mg")),
        (MGT, 3, "capsule", None),
        ("magnesium-other", 100, "mg", Amount(100.0, "mg")),
        ("vitamin-d3", 1000, "IU", Amount(25.0, "ug")),
        ("biotin", 10, "mg", Amount(10_000.0, "ug")),
        ("minoxidil-topical-solution", 2, "mL", Amount(100.0, "mg")),
        ("minoxidil-topical-foam", 1, "g", Amount(50.0, "mg")),
        ("finasteride-topical", 4, "spray", Amount(0.455, "mg")),
        ("finasteride-topical", 0.2, "mL", Amount(0.455, "mg")),
        ("rosemary-oil", 1, "mL", None),
    ],
)
def test_an_amount_of_a_product_holds_so_much_of_its_substance(
    catalogue_id: str, amount: float, unit: str, held: Amount | None
) -> None:
    assert elemental_amount(CATALOGUE[catalogue_id], amount, unit) == held


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mgt", [MGT]),
        ("MAGTEIN", [MGT]),
        ("ma", [MGT, "magnesium-other", "rosemary-oil"]),
        ("rogaine", ["minoxidil-topical-solution", "minoxidil-topical-foam"]),
        ("propecia", ["finasteride-oral"]),
        ("l-threonate", [MGT]),
        ("vit d", ["vitamin-d3"]),
        ("shampoo keto", ["ketoconazole-shampoo"]),
        ("derma roller", ["microneedling"]),
        ("horsetail", []),
    ],
)
def test_the_search_knows_names_substances_and_synonyms(typed: str, found: list[str]) -> None:
    assert [treatment.id for treatment in find(typed)] == found


def test_a_name_that_begins_with_the_text_comes_before_one_that_contains_it() -> None:
    assert [treatment.id for treatment in find("iron")] == ["iron", "spironolactone"]


def test_an_empty_search_lists_everything() -> None:
    assert [treatment.id for treatment in find("  ")] == list(CATALOGUE)


def test_an_own_item_has_no_entry() -> None:
    assert treatment_for(None) is None
    assert treatment_for("horsetail") is None
    assert treatment_for("zinc") is CATALOGUE["zinc"]


def test_only_dutasteride_cannot_be_compared_by_the_day() -> None:
    assert [
        treatment.id
        for treatment in CATALOGUE.values()
        if not treatment.course.days_can_be_compared
    ] == ["dutasteride-oral"]


def test_every_limit_of_a_substance_has_a_source() -> None:
    levels = [level for row in SUBSTANCES.values() for level in row.upper_levels]

    assert all(level.sources for level in levels)
    assert {level.basis for level in levels} == {"total", "supplements"}


def test_every_grade_has_a_word_and_a_sentence() -> None:
    assert set(GRADES) == set(Grade)
    assert [str(meaning.word) for meaning in GRADES.values()] == [
        "strong",
        "some",
        "weak",
        "only if deficient",
        "lab only",
    ]


@pytest.mark.parametrize("ready_made", SETS, ids=lambda ready_made: str(ready_made.id))
def test_a_set_names_only_known_treatments_and_is_not_advice(ready_made: ReadyMadeSet) -> None:
    assert {item.catalogue_id for item in ready_made.items} <= set(CATALOGUE)
    assert str(ready_made.note).startswith("Not advice")
    assert any(item.ticked for item in ready_made.items)


def test_the_magnesium_set_leaves_biotin_unticked() -> None:
    ready_made = next(row for row in SETS if row.id == MGT)

    assert [item.catalogue_id for item in ready_made.items if not item.ticked] == ["biotin"]
    assert ready_made.items[0].usual.times == (DoseTime(time(20), 1000),)


def test_no_source_is_a_mere_web_address_and_nothing_is_shouted() -> None:
    text = Path(catalogue.__file__).with_name("catalogue.json").read_text(encoding="utf-8")

    assert not re.search(r"://|\b[a-z]+\.(com|org|net|de|ai|med)\b", text)
    assert set(re.findall(r"\b[A-Z]{5,}\b", text)) <= {"NASEM", "NCCIH", "CAMUS", "TOPHAT"}
    assert len(json.loads(text)["items"]) == len(CATALOGUE)
