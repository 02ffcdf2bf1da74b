"""Every statement of the catalogue: where it comes from, and what it must not say."""

import re
from collections.abc import Iterator

import pytest

from app.domain.catalogue import CATALOGUE, SOURCES, SUBSTANCES, Source
from app.domain.labels import Content
from app.domain.substance_totals import substance_totals
from app.domain.symptoms import mood_note
from tests.domain.test_substance_totals import ON, dosage, item, total_of

REMARKS = re.compile(
    r"from memory|\bread (?:as|in)\b|secondary|unchecked|not seen|source to cite|\(abstract\)|weak;"
    r"|several .*pages|\bcopy\b|\bcopies\b",
    re.IGNORECASE,
)
Statement = tuple[str, tuple[Source, ...]]


def statements() -> Iterator[Statement]:
    """Every sentence that a page prints, with its sources."""
    for substance in SUBSTANCES.values():
        yield str(substance.note), substance.note_sources
        for level in substance.upper_levels:
            yield f"{level.applies_to} {level.note}", level.sources
        for threshold in substance.warn_at:
            yield str(threshold.sentence), threshold.sources
    for each in CATALOGUE.values():
        yield str(each.honest_line), each.honest_sources
        yield str(each.limit_note), each.limit_sources
        yield str(each.typical.words), each.typical.sources
        yield str(each.course.note), each.course.sources
        yield str(each.side_effects.words), each.side_effects.sources
        yield from ((str(row.sentence), row.sources) for row in each.interactions)
        yield from ((str(row.sentence), row.sources) for row in each.warn_at)
        yield from ((str(row.text), row.sources) for row in (*each.cautions, *each.claims))
        yield from ((str(note.text), note.sources) for note in each.lab_notes)


def test_a_statement_names_checked_sources_in_one_line_and_no_remarks() -> None:
    for text, sources in statements():
        assert not REMARKS.search(text), text
        for source in sources:
            assert source.status == "verified", text
            assert not REMARKS.search(f"{source.cite} {source.text}"), source
            assert "\n" not in str(source.text)
            assert len(str(source.cite)) <= 30


def test_remarks_and_unchecked_sources_stay_in_the_data() -> None:
    assert {source.status for source in SOURCES.values()} == {"verified", "unchecked"}
    assert any(source.remark for source in SOURCES.values())


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_number_of_a_source_is_a_link(source: Source) -> None:
    assert bool(source.url) == bool(source.doi or source.pmc or source.pubmed)
    assert not source.url or source.url.startswith("https://")
    assert not source.pmc or re.fullmatch(r"PMC\d+", source.pmc)


def test_no_page_says_five_space_percent() -> None:
    assert not [text for text, _ in statements() if re.search(r"\d %", text)]


# What people say


@pytest.mark.parametrize(
    ("catalogue_id", "titles"),
    [
        (
            "magnesium-l-threonate",
            ["keratin", "inflammation", "blood-brain", "mind", "sleep", "stress"],
        ),
        ("saw-palmetto", ["DHT"]),
        ("omega-3", ["scalp"]),
    ],
)
def test_each_popular_claim_has_one_sentence_with_its_source(
    catalogue_id: str, titles: list[str]
) -> None:
    claims = CATALOGUE[catalogue_id].claims

    assert len(claims) == len(titles)
    for claim, word in zip(claims, titles, strict=True):
        assert word in str(claim.title)
        assert claim.sources
        assert str(claim.text).endswith(".")
        assert len(re.findall(r"[a-z0-9)]\. ", str(claim.text))) == 0


# Levels


def test_beta_carotene_does_not_count_as_vitamin_a() -> None:
    totals = substance_totals([item(dosage(4500, unit="ug"), Content("beta_carotene", 1))], ON)
    slugs = [total.substance.slug for total in totals.substances]

    assert slugs == ["beta_carotene"]
    assert totals.substances[0].levels_passed == ()
    sentence = totals.substances[0].highest_reached
    assert sentence is not None
    assert "hair" not in str(sentence.sentence)
    assert "smoke" in str(sentence.sentence)


def test_retinol_above_its_level_warns_of_hair_loss_and_of_pregnancy() -> None:
    total = total_of("vitamin_a", item(dosage(3500, unit="ug"), Content("vitamin_a", 1)))

    assert {level.authority for level in total.levels_passed} == {"EFSA", "NASEM"}
    assert total.highest_reached is not None
    assert "unborn child" in str(total.highest_reached.sentence)
    assert "teratogenic" in str(total.substance.note)


def test_efsas_safe_level_of_iron_is_described_as_total_intake_and_not_compared_with() -> None:
    total = total_of("iron", item(dosage(42), Content("iron", 1000)))
    (efsa,) = [level for level in SUBSTANCES["iron"].upper_levels if level.authority == "EFSA"]

    assert total.levels_passed == ()
    assert "food included" in str(efsa.applies_to)
    assert efsa not in SUBSTANCES["iron"].shown_limits


def test_only_the_level_of_vitamin_e_for_supplements_is_shown_as_theirs() -> None:
    (shown,) = SUBSTANCES["vitamin_e"].shown_limits

    assert (shown.authority, shown.amount, shown.basis) == ("NASEM", 1000, "supplements")
    bases = {level.authority: level.basis for level in SUBSTANCES["vitamin_e"].upper_levels}
    assert bases == {"EFSA": "total", "NASEM": "supplements"}


def test_epa_and_dha_add_up_with_omega_3() -> None:
    both = item(dosage(1, unit="capsule"), Content("epa", 300_000), Content("dha", 200_000))

    assert total_of("omega_3", both).amount == 500


def test_a_label_that_does_not_fit_the_unit_is_named_and_not_counted() -> None:
    other = item(dosage(1, unit="capsule"), Content("zinc", 1000, unit="mg"))
    totals = substance_totals([other], ON)

    assert totals.unlabelled == (other.id,)
    assert "zinc" not in [total.substance.slug for total in totals.substances]


# Medicines


@pytest.mark.parametrize("catalogue_id", ["minoxidil-topical-solution", "minoxidil-topical-foam"])
def test_minoxidil_says_what_tretinoin_does_and_no_more_than_often_reported(
    catalogue_id: str,
) -> None:
    treatment = CATALOGUE[catalogue_id]
    (tretinoin,) = [each for each in treatment.cautions if str(each.title) == "Tretinoin"]

    assert "19 healthy men, tretinoin cream nearly tripled" in str(tretinoin.text)
    assert [str(source.cite) for source in tretinoin.sources] == ["Ferry 1990"]
    assert "often reported in weeks 2 to 8" in str(treatment.course.note)
    assert not any("frequent" in text for text, _ in statements())


@pytest.mark.parametrize(
    ("catalogue_id", "wait"),
    [
        ("finasteride-oral", "4 weeks"),
        ("finasteride-topical", "4 weeks"),
        ("dutasteride-oral", "6 months"),
    ],
)
def test_the_wait_before_giving_blood_is_shown(catalogue_id: str, wait: str) -> None:
    (note,) = [each for each in CATALOGUE[catalogue_id].cautions if each.is_donation]

    assert wait in str(note.text)
    assert "differ by country" in str(note.text)
    assert note.is_household


def test_the_advice_on_tablets_is_not_given_for_the_spray() -> None:
    (_, tablets) = mood_note(["finasteride-oral"], emergency_line="")
    (_, spray) = mood_note(["finasteride-topical"], emergency_line="")

    assert "advises stopping" in tablets
    assert "sexual function" in tablets
    assert "advises stopping" not in spray
    assert "for finasteride tablets" in spray
    assert mood_note(["finasteride-oral", "finasteride-topical"], emergency_line="")[1:] == [
        tablets
    ]
