"""Words for shares, times and counts."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.domain.timing import EVERY_WEEKDAY, DoseTime, Timing, TimingKind
from app.i18n import speaking
from app.language import words
from app.language.dosage_words import is_every_day, timing_words
from app.web.pages.item.costs import money, whole_money
from tests.support.words import plain

GERMAN_SUM = "1\N{NARROW NO-BREAK SPACE}234,50"
DUE = datetime(2026, 11, 23, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "\N{EN DASH}"),
        (0, "0"),
        (0.0001, "1"),
        (0.004, "1"),
        (0.5, "50"),
        (0.994, "99"),
        (0.996, "99"),
        (0.9999, "99"),
        (1, "100"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share: float | None, said: str) -> None:
    expected = said if share is None else f"{said}%"
    assert words.percent(share) == expected


@pytest.mark.parametrize(
    ("minutes_later", "said"),
    [
        (-91, "due 21:00"),
        (-90, "in 90 min"),
        (-6, "in 6 min"),
        (-5, "due now"),
        (0, "due now"),
        (5, "due now"),
        (6, "due 6 min ago"),
        (90, "due 90 min ago"),
        (91, "was due at 21:00"),
    ],
)
def test_when_a_dose_is_due_is_said_from_now(minutes_later: int, said: str) -> None:
    now = DUE + timedelta(minutes=minutes_later)
    assert plain(words.due_words(DUE, now, time(21))) == said


def test_counts_and_lists_read_as_sentences() -> None:
    assert [words.to_go(number) for number in (0, 1, 13)] == ["All done", "One to go", "13 to go"]
    assert words.counted("{n} day", "{n} days", 1) == "1 day"
    assert words.counted("{n} day", "{n} days", 0) == "0 days"
    assert words.joined([]) == ""
    assert words.joined(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("en", "Magnesium L-threonate", "Magnesium L=threonate"),
        ("en", "Beta-carotene", "Beta=carotene"),
        ("de", "Omega-3", "Omega=3"),
        ("de", "Magnesium-L-Threonat", "Magnesium-L=Threonat"),
        ("de", "Minoxidil-Schaum", "Minoxidil-Schaum"),
    ],
)
def test_a_name_breaks_at_the_hyphens_of_a_compound_in_german_only(
    language: str, name: str, said: str
) -> None:
    with speaking(language):
        assert words.unbroken(name).replace("\N{NON-BREAKING HYPHEN}", "=") == said


@pytest.mark.parametrize(
    ("currency", "english", "german"),
    [
        (
            "\N{EURO SIGN}",
            "\N{EURO SIGN}1,234.50",
            f"{GERMAN_SUM} \N{EURO SIGN}",
        ),
        ("EUR", "EUR 1,234.50", f"{GERMAN_SUM} EUR"),
        ("", "1,234.50", GERMAN_SUM),
    ],
)
def test_money_is_written_in_each_language(currency: str, english: str, german: str) -> None:
    assert plain(money(1234.5, currency)) == english
    with speaking("de"):
        assert plain(money(1234.5, currency)) == german
        assert plain(whole_money(75.2, "\N{EURO SIGN}")) == "75 \N{EURO SIGN}"


def test_weekdays_are_one_letter_in_english_and_two_in_german() -> None:
    assert words.every_second_weekday() == ["M", "", "W", "", "F", "", "S"]
    with speaking("de"):
        assert words.every_second_weekday() == ["Mo", "", "Mi", "", "Fr", "", "So"]
        assert words.short_day(date(2026, 5, 3)) == "3. Mai"


@pytest.mark.parametrize(
    ("timing", "english", "german", "is_daily"),
    [
        (Timing(TimingKind.DAILY, DUE.date()), "every day", "täglich", True),
        (
            Timing(TimingKind.WEEKDAYS, DUE.date(), times=(DoseTime(time(8), 1, EVERY_WEEKDAY),)),
            "every day",
            "täglich",
            True,
        ),
        (
            Timing(TimingKind.WEEKDAYS, DUE.date(), times=(DoseTime(time(8), 1, "15"),)),
            "Mon and Fri",
            "Mo und Fr",
            False,
        ),
        (
            Timing(TimingKind.DAYS_OF_MONTH, DUE.date(), days_of_month=(1, 15)),
            "on days 1 and 15 of the month",
            "am 1. und 15. des Monats",
            False,
        ),
        (
            Timing(TimingKind.CYCLE, DUE.date(), cycle_on=1, cycle_off=2),
            "1 day on, 2 off",
            "1 Tag nehmen, 2 Tage Pause",
            False,
        ),
    ],
)
def test_the_rule_of_a_dosage_is_said_in_both_languages(
    timing: Timing, english: str, german: str, is_daily: bool
) -> None:
    assert timing_words(timing) == english
    with speaking("de"):
        assert timing_words(timing) == german
        assert is_every_day(timing) is is_daily
