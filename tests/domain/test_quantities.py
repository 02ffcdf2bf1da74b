import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import quantities
from app.domain.quantities import (
    UNITS,
    Amount,
    format_amount,
    format_number,
    from_micrograms,
    milligrams_at,
    parse_amount,
    parse_number,
    plain_number,
    share_of,
    to_micrograms,
    unit_word,
    vitamin_d_micrograms,
    vitamin_d_units,
    with_unit,
    with_units_of_vitamin_d,
)
from tests.support.words import plain

amounts = st.integers(min_value=1, max_value=10_000_000_000).map(lambda tenths: tenths / 10_000)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0,5", 0.5),
        ("0.5", 0.5),
        (",5", 0.5),
        (".5", 0.5),
        ("12,5", 12.5),
        ("0,625", 0.625),
        ("0,500", 0.5),
        ("1,333", 1333),
        ("12,000", 12000),
        ("1,000,000", 1_000_000),
        ("1,333.5", 1333.5),
        ("1.333,5", 1333.5),
        ("1.333", 1.333),
        ("1,3333", 1.3333),
        ("1333,25", 1333.25),
        ("1 333", 1333),
        ("1\u00a0333,5", 1333.5),
        ("  25 ", 25),
        ("0", 0),
        ("\uff15", 5),
        ("\uff10\uff0e\uff15", 0.5),
        ("\u0662\u066b\u0665", 2.5),
        ("\u0967,\u0968\u0969\u096a", 1234),
        ("1'333.5", 1333.5),
        ("1\u2019333", 1333),
    ],
)
def test_a_number_may_have_a_decimal_comma_a_decimal_point_or_thousands(
    typed: str, number: float
) -> None:
    assert parse_number(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        ",",
        "5.",
        "+1",
        "1e3",
        "nan",
        "inf",
        "1,2,3",
        "1.2.3",
        "1,33,333",
        "2 mg",
        "½",
    ],
)
def test_anything_but_a_number_is_refused_with_one_plain_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^Enter a number such as 0\.5\.$"):
        parse_number(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "Enter an amount above 0."),
        ("1,000,001", "Enter an amount up to 1,000,000."),
        ("0.00001", "Use at most 4 decimals."),
        ("ten", "Enter a number such as 0.5."),
    ],
)
def test_an_amount_that_cannot_be_stored_says_why(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 -- the sentence is compared below
        parse_amount(typed)

    assert str(error.value) == sentence


@pytest.mark.parametrize("typed", ["0.0001", "0,625", "1,333", "1000000"])
def test_the_smallest_and_the_largest_amount_can_be_stored(typed: str) -> None:
    assert 0 < parse_amount(typed) <= quantities.LARGEST_AMOUNT


@given(amounts)
def test_what_our_pages_print_reads_back_as_the_same_amount(amount: float) -> None:
    assert parse_amount(format_number(amount)) == amount


@given(st.floats(min_value=0, allow_infinity=False))
def test_a_number_in_a_file_is_exact_and_has_no_exponent(number: float) -> None:
    text = plain_number(number)

    assert float(text) == number
    assert set(text) <= set("0123456789.")


@given(st.from_regex(r"[0-9.,]{1,12}", fullmatch=True))
def test_digits_and_separators_are_a_number_or_a_sentence(typed: str) -> None:
    outcome: object
    try:
        outcome = parse_number(typed)
    except ValueError as error:
        outcome = str(error)

    assert isinstance(outcome, float) or outcome == "Enter a number such as 0.5."


def test_a_number_too_long_to_keep_is_refused() -> None:
    with pytest.raises(ValueError, match="Enter a number"):
        parse_number("9" * 400)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1333, "1,333"),
        (0.5, "0.5"),
        (0.625, "0.625"),
        (1000.0, "1,000"),
        (0.11375, "0.1138"),
        (0, "0"),
        (-0.00001, "0"),
    ],
)
def test_a_number_is_written_for_people(number: float, text: str) -> None:
    assert format_number(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(1333, "1333"), (1333.0, "1333"), (0.1, "0.1"), (1e-05, "0.00001"), (-0.0, "0")],
)
def test_a_number_is_written_for_files(number: float, text: str) -> None:
    assert plain_number(number) == text


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        (1333, "mg", "1,333 mg"),
        (25, "ug", "25 µg"),
        (1, "mL", "1 mL"),
        (1, "capsule", "1 capsule"),
        (0.5, "capsule", "0.5 capsule"),
        (2, "capsule", "2 capsules"),
        (1, "wash", "1 wash"),
        (3, "wash", "3 washes"),
        (2, "count", "2 pieces"),
        (2, "puffs", "2 puffs"),
        (2, "", "2"),
    ],
)
def test_an_amount_is_written_with_its_unit(amount: float, unit: str, text: str) -> None:
    assert plain(format_amount(amount, unit)) == text
    assert str(Amount(amount, unit)) == format_amount(amount, unit)


def test_no_line_breaks_between_a_number_and_its_unit() -> None:
    assert format_amount(2, "capsule") == "2\N{NO-BREAK SPACE}capsules"
    assert with_unit("128/82", "mmHg") == "128/82\N{NO-BREAK SPACE}mmHg"
    assert with_unit(3, "") == "3"


def test_a_unit_to_choose_is_in_the_plural() -> None:
    assert [unit_word(unit) for unit in ("tablet", "ug", "spray")] == ["tablets", "µg", "sprays"]


def test_the_units_are_the_ones_that_everything_else_uses() -> None:
    assert " ".join(UNITS) == "mg ug g mL IU capsule tablet drop spray wash session min count"


@pytest.mark.parametrize(
    ("amount", "unit", "micrograms"),
    [(1.5, "mg", 1500), (25, "ug", 25), (2, "g", 2_000_000), (1, "capsule", None), (1, "", None)],
)
def test_a_mass_becomes_micrograms_and_anything_else_is_unknown(
    amount: float, unit: str, micrograms: float | None
) -> None:
    assert to_micrograms(amount, unit) == micrograms


def test_micrograms_become_a_mass_but_no_capsule() -> None:
    assert from_micrograms(144_000, "mg") == 144
    with pytest.raises(ValueError, match="capsule is not a unit of mass"):
        from_micrograms(1, "capsule")


def test_vitamin_d_converts_at_40_units_a_microgram() -> None:
    assert vitamin_d_micrograms(2000) == 50.0
    assert vitamin_d_units(100) == 4000


@pytest.mark.parametrize(
    ("amount", "unit", "leading", "text"),
    [
        (25, "ug", "ug", "25 µg (1,000 IU)"),
        (25, "ug", "IU", "1,000 IU (25 µg)"),
        (1000, "IU", "ug", "25 µg (1,000 IU)"),
        (0.1, "mg", "ug", "100 µg (4,000 IU)"),
        (2, "drop", "ug", "2 drops"),
    ],
)
def test_vitamin_d_is_written_both_ways(amount: float, unit: str, leading: str, text: str) -> None:
    assert plain(with_units_of_vitamin_d(amount, unit, leading=leading)) == text


@pytest.mark.parametrize(
    ("percent", "amount", "times", "milligrams"), [(5, 1, 2, 100), (2, 1, 2, 40), (5, 1, 1, 50)]
)
def test_a_percentage_becomes_milligrams(
    percent: float, amount: float, times: int, milligrams: float
) -> None:
    assert milligrams_at(percent, amount) * times == milligrams


def test_a_salt_holds_its_share_of_the_element() -> None:
    assert share_of(325, 0.2) == 65.0
