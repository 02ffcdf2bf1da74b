"""Messages, numbers and dates in the language that is spoken."""

import ast
from datetime import date, time
from pathlib import Path

import pytest

import app
from app.domain.quantities import format_amount, format_number, parse_number, typed_number
from app.i18n import (
    _,
    cached_per_language,
    current,
    in_every_language,
    lazy,
    ngettext,
    preferred,
    speaking,
)
from app.language import words

APP = Path(app.__file__).parent
# The functions behind messages and addresses.
FORMATTERS = {"i18n.py", "web/http/templating.py", "web/http/paths.py"}
FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,de;q=0.5", "de"),
        ("de;q=0.2,en;q=0.7", "en"),
        ("fr", "en"),
        ("", "en"),
        ("*", "en"),
        ("de;q=much", "de"),
        (",,;;q=", "en"),
    ],
)
def test_a_browser_is_answered_in_the_language_that_it_wants_most(header: str, code: str) -> None:
    assert preferred(header) == code


def test_a_language_is_spoken_within_its_block_only() -> None:
    with speaking("de"):
        assert _("Settings") == "Einstellungen"
        with speaking("en"):
            assert _("Settings") == "Settings"
        assert _("Settings") == "Einstellungen"
    assert _("Settings") == "Settings"


@pytest.mark.parametrize("code", [None, "", "tlh", "../de"])
def test_an_unknown_language_is_english(code: str | None) -> None:
    with speaking(code):
        assert current().code == "en"


def test_a_constant_is_translated_each_time_it_is_shown() -> None:
    title = lazy("Settings")
    assert f"{title}" == "Settings"
    with speaking("de"):
        assert f"{title}" == str(title) == "Einstellungen"


@pytest.mark.parametrize(("number", "said"), [(0, "0 Tage"), (1, "1 Tag"), (1.5, "1,5 Tage")])
def test_what_is_counted_takes_the_form_of_its_number(number: float, said: str) -> None:
    with speaking("de"):
        assert words.counted("{n} day", "{n} days", number) == said
    assert ngettext("{n} day", "{n} days", 1, n=1) == "1 day"


def test_numbers_are_written_as_their_readers_do_and_read_back_the_same() -> None:
    with speaking("de"):
        assert format_number(1333.5) == "1\N{NARROW NO-BREAK SPACE}333,5"
        assert format_amount(0.5, "mg") == "0,5\N{NO-BREAK SPACE}mg"
        assert words.percent(0.94) == "94\N{NO-BREAK SPACE}%"
        for number in (0.0, 0.5, 1.333, 12.0, 1333.0, 1_000_000.0):
            assert parse_number(format_number(number)) == number


def test_dates_are_written_as_their_readers_do() -> None:
    assert words.full_day(FRIDAY) == "Friday, 27 November 2026"
    with speaking("de"):
        assert words.full_day(FRIDAY) == "Freitag, 27. November 2026"
        assert words.short_day(FRIDAY) == "27. Nov."
        assert words.month(FRIDAY) == "November 2026"
        assert words.clock(time(8, 5)) == "08:05"


def test_a_cache_keeps_languages_apart() -> None:
    @cached_per_language(8)
    def title(name: str) -> str:
        return f"{_('Settings')} {name}"

    assert title("A") == "Settings A"
    with speaking("de"):
        assert title("A") == "Einstellungen A"
    assert title("A") == "Settings A"


def test_a_name_is_known_in_every_language() -> None:
    assert in_every_language(lazy("Zinc")) == ["Zinc", "Zinc", "Zink"]
    assert in_every_language("Zinc") == ["Zinc"]


def test_a_text_field_holds_a_number_as_its_reader_would_type_it() -> None:
    assert typed_number(None) == ""
    assert typed_number(1333.5) == "1333.5"
    with speaking("de"):
        assert typed_number(1333.5) == "1333,5"
        for number in (0.05, 1.333, 1333.5):
            assert parse_number(typed_number(number)) == number


def test_a_message_fills_its_own_placeholders() -> None:
    found = [
        f"{path.relative_to(APP)}:{node.lineno}"
        for path in sorted(APP.rglob("*.py"))
        if str(path.relative_to(APP)) not in FORMATTERS
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format"
    ]
    assert not found, 'write _("{n} times", n=3), or lazy("{n} times").of(n=3)'


def test_a_constant_fills_its_placeholders_in_the_language_that_is_spoken() -> None:
    ago = lazy("{n} days ago")
    assert ago.of(n=3) == "3 days ago"
    with speaking("de"):
        assert ago.of(n=3) == "Vor 3 Tagen"
