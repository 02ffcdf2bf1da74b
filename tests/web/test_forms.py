"""Forms: what was typed is read, cleaned, or refused with one sentence a field."""

import importlib
import pkgutil
import re
import time as stopwatch
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time

import pytest
from pydantic import BaseModel, Field, create_model
from starlette.datastructures import FormData

from app import routers
from app.errors import Refused
from app.i18n import speaking
from app.web.http.reading import (
    Amount,
    ClockTime,
    Day,
    EntryForm,
    Instant,
    Line,
    LongText,
    Submission,
    WholeNumber,
    ZoneName,
    read_form,
)

ENTRY = "0190b0b0-0000-4000-8000-000000000001"


SCRIPTS = [
    "0",
    "\N{FULLWIDTH DIGIT ZERO}",
    "\N{ARABIC-INDIC DIGIT ZERO}",
    "\N{EXTENDED ARABIC-INDIC DIGIT ZERO}",
    "\N{DEVANAGARI DIGIT ZERO}",
    "\N{MATHEMATICAL BOLD DIGIT ZERO}",
]


def in_script(text: str, zero: str) -> str:
    """A text with the digits of the script that has this zero."""
    return "".join(chr(ord(zero) + int(each)) if each.isdigit() else each for each in text)


class EveryField(BaseModel):
    name: Line = ""
    text: LongText = ""
    amount: Amount = 1
    on: Day | None = None
    at: ClockTime | None = None
    instant: Instant | None = None
    zone: ZoneName = "UTC"
    whole: WholeNumber = 0
    lines: list[str] = Field(default_factory=list, max_length=2)


def test_what_cannot_be_is_said_in_german_too() -> None:
    with speaking("de"):
        said = [
            sentence("name", "x" * 81),
            sentence("amount", "0"),
            sentence("amount", "1000001"),
            sentence("on", "2026-02-30"),
            sentence("lines", "a", "b", "c"),
        ]

    assert said == [
        "Höchstens 80 Zeichen.",
        "Gib eine Zahl über 0 ein.",
        "Gib 1\N{NARROW NO-BREAK SPACE}000\N{NARROW NO-BREAK SPACE}000 oder weniger ein.",
        "Gib ein Datum wie 2026-11-23 ein.",
        "Höchstens 2 Zeilen.",
    ]


def sentence(field: str, *typed: str) -> str:
    submission = read_form(EveryField, FormData([(field, each) for each in typed]))
    assert submission.form is None
    assert set(submission.errors) == {field}
    return submission.sentence


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "x" * 81, "At most 80 characters."),
        ("text", "x" * 10_001, "At most 10000 characters."),
        ("amount", "abc", "Enter a number such as 0.5."),
        ("amount", "0", "Enter a number above 0."),
        ("amount", "1000001", "Enter 1,000,000 or less."),
        ("on", "2026-02-30", "Enter a date such as 2026-11-23."),
        ("on", "1850-01-01", "Enter a date from 1950 to 2200."),
        ("at", "25:00", "Enter a time such as 08:00."),
        ("zone", "../../etc/passwd", "Choose a time zone from the list."),
        ("zone", "+999999999999:0", "Choose a time zone from the list."),
        ("whole", "1.5", "Enter a whole number."),
        ("whole", "9" * 5000, "Enter a smaller number."),
        ("instant", "0001-01-01T00:00:00+14:00", "That time is not possible: enter another one."),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(field: str, typed: str, said: str) -> None:
    assert sentence(field, typed) == said


def test_too_many_lines_are_counted() -> None:
    assert sentence("lines", "a", "b", "c") == "At most 2 lines."


def test_what_was_typed_is_kept_and_what_no_database_holds_is_left_out() -> None:
    typed = [("name", " a\x00  b \ud800"), ("text", " x\r\ny "), ("at", "08:00:30+02:00")]
    submission = read_form(EveryField, FormData([*typed, ("lines", "1"), ("lines", "2")]))

    form = submission.form
    assert form is not None
    assert (form.name, form.text, form.at, form.lines) == ("a b ?", "x\ny", time(8), ["1", "2"])
    assert submission.values["lines"] == ["1", "2"]
    assert submission.values["text"] == " x\r\ny "


def test_an_empty_field_is_not_given_and_the_last_of_two_counts() -> None:
    form = read_form(EveryField, FormData([("amount", ""), ("name", "a"), ("name", "b")])).form
    assert form is not None
    assert (form.amount, form.name) == (1, "b")


def test_the_entry_is_called_as_the_outbox_calls_it() -> None:
    form = read_form(EntryForm, FormData([("entry_id", "7")]), ENTRY).form
    assert form is not None
    assert str(form.entry_id) == ENTRY
    assert read_form(EntryForm, FormData(), "first").errors == {
        "entry_id": "This no longer exists."
    }


def test_a_refusal_joins_what_was_typed() -> None:
    submission: Submission[EntryForm] = Submission(values={"note": "x"})
    refused = submission.refused(Refused("Not today.", "note"))
    assert (refused.form, refused.values, refused.sentence) == (None, {"note": "x"}, "Not today.")


def test_a_long_number_that_is_none_is_refused_at_once() -> None:
    started = stopwatch.monotonic()
    assert sentence("amount", "9" * 500_000 + "x") == "Enter a number such as 0.5."
    assert stopwatch.monotonic() - started < 2


@pytest.mark.parametrize("zero", SCRIPTS)
def test_a_whole_number_is_read_in_the_digits_of_any_script(zero: str) -> None:
    submission = read_form(EveryField, FormData({"whole": f" {in_script('64', zero)} "}))

    assert submission.form is not None, submission.errors
    assert submission.form.whole == 64


@pytest.mark.parametrize("zero", SCRIPTS)
def test_a_day_and_a_time_are_read_in_the_digits_of_any_script(zero: str) -> None:
    fields = {"on": in_script("2026-11-23", zero), "at": in_script("08:30", zero)}
    submission = read_form(EveryField, FormData(fields))

    assert submission.form is not None, submission.errors
    assert submission.form.on == date(2026, 11, 23)
    assert submission.form.at == time(8, 30)


@pytest.mark.parametrize("typed", ["0", "-1", "1764201600", "20261123", "1.5", "23.11.2026", "now"])
def test_a_number_is_not_a_day(typed: str) -> None:
    submission = read_form(EveryField, FormData({"on": typed}))

    assert submission.form is None
    assert submission.errors["on"] == "Enter a date such as 2026-11-23."


def test_every_whole_number_of_every_form_is_read_alike() -> None:
    for module in pkgutil.iter_modules(routers.__path__):
        importlib.import_module(f"app.routers.{module.name}")
    forms, found = [*EntryForm.__subclasses__()], []
    while forms:
        form = forms.pop()
        forms += form.__subclasses__()
        found += [
            f"{form.__name__}.{name}"
            for name, field in form.model_fields.items()
            if "int" in re.findall(r"\w+", str(field.annotation))
            and "_whole_number" not in f"{field.annotation}{field.metadata}"
        ]

    assert found == []


def test_the_first_forms_of_a_kind_may_come_at_once() -> None:
    """Pydantic builds a form's validator when the first is read."""
    kinds = [create_model(f"Form{number}", on=(date, ...)) for number in range(20)]
    assert not any(kind.__pydantic_complete__ for kind in kinds)

    with ThreadPoolExecutor(8) as threads:
        read = threads.map(lambda kind: kind(on="2026-11-23").on, kinds * 8)
    assert set(read) == {date(2026, 11, 23)}
