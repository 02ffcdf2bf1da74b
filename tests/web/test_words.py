"""Words for shares, times and counts."""

from datetime import UTC, datetime, time, timedelta

import pytest

from app.i18n import speaking
from app.language import words
from tests.support.words import plain

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
